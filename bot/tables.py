"""Every table of the program in one MetaData: core's subjects and the bot's own rooms. Migrations compare with it."""

from bot.inbox import tables as _inbox
from bot.jobs import tables as _jobs
from bot.outbox import tables as _outbox
from bot.talk import tables as _talk
from core.catalogue import TABLES as _CORE
from core.store.schema import metadata

TABLES = (*_CORE, _inbox, _jobs, _outbox, _talk)

__all__ = ["TABLES", "metadata"]
