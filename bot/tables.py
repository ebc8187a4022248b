"""Every table of the program in one MetaData: core's subjects and the bot's own rooms. Migrations compare with it."""

from bot.cluster import tables as _cluster
from bot.inbox import tables as _inbox
from bot.installations import tables as _installations
from bot.jobs import tables as _jobs
from bot.outbox import tables as _outbox
from bot.privacy import declared as _declared
from bot.talk import tables as _talk
from core.catalogue import TABLES as _CORE
from core.store.schema import metadata

TABLES = (*_CORE, _cluster, _inbox, _installations, _jobs, _outbox, _talk)

DECLARED = _declared  # and what they keep about people

__all__ = ["DECLARED", "TABLES", "metadata"]
