"""A believable Slack (Web API, Socket Mode, signed HTTP, OAuth): `FakeSlack` is the way in, `faults` the troubles.

    async with FakeSlack() as slack:
        team = slack.team("Harbour")
        ana = team.user("Ana")
        general = team.channel("general", [ana])
        ...  # start the app: AsyncWebClient(token=team.bot_token, base_url=slack.api_base_url), slack.app_token
        await slack.wait_connected()
        said = general.say(ana, "<@BOT> hello")
        reply = await general.wait_for_reply(after=said, contains="Hello")
        await general.press(ana, reply, "Go").acked()
        await slack.wait_until_acknowledged()

Most is in `World` (the app, faults, records), `Team` with `Interactions`, and `Channel` with `Room`.
"""

from tests.fakes.slack import faults
from tests.fakes.slack.channel import Channel
from tests.fakes.slack.delivery import Delivery
from tests.fakes.slack.forms import CannotSubmitError
from tests.fakes.slack.hooks import Hook, sign
from tests.fakes.slack.model import Message, Request, User
from tests.fakes.slack.server import FakeSlack
from tests.fakes.slack.sockets import Connection
from tests.fakes.slack.team import Team, Usergroup
from tests.fakes.slack.views import View

__all__ = [
    "CannotSubmitError",
    "Channel",
    "Connection",
    "Delivery",
    "FakeSlack",
    "Hook",
    "Message",
    "Request",
    "Team",
    "User",
    "Usergroup",
    "View",
    "faults",
    "sign",
]
