"""A believable Discord: REST API v10, gateway and CDN; `FakeDiscord` is the way in, `faults` what may go wrong."""

from tests.fakes.discord import faults
from tests.fakes.discord.channel import Channel
from tests.fakes.discord.guild import Guild
from tests.fakes.discord.interaction import Interaction, Modal
from tests.fakes.discord.model import App, Member, Message, Role, User
from tests.fakes.discord.record import Request
from tests.fakes.discord.server import FakeDiscord

__all__ = [
    "App",
    "Channel",
    "FakeDiscord",
    "Guild",
    "Interaction",
    "Member",
    "Message",
    "Modal",
    "Request",
    "Role",
    "User",
    "faults",
]
