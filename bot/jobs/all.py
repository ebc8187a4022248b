"""All jobs of a process, in one list."""

from __future__ import annotations

from bot.jobs import books, moderation, retention
from bot.jobs.jobs import Chore, Periodic, Scheduler, Work
from bot.jobs.tidy import EVERY, tidy
from bot.payouts import chore as payouts
from bot.privacy import copies
from bot.privacy.copies import Copies
from bot.privacy.declared import SCRUB
from bot.privacy.scrub import Scrub
from bot.settings import Settings
from bot.unit import AsyncStore

WORKS: dict[str, Work] = {"tidy": tidy, retention.KIND: retention.retain, **books.WORKS, **moderation.WORKS}
PERIODIC = (Periodic("tidy", EVERY), Periodic(retention.KIND, retention.EVERY), *books.PERIODIC, *moderation.PERIODIC)


def make_scheduler(settings: Settings, store: AsyncStore, kept: Copies | None) -> Scheduler:
    """The scheduler of a process. `kept`: the copies of the store that lie beside it, if it looks after any."""
    chores: dict[str, Chore] = {SCRUB: Scrub(store)}
    periodic = PERIODIC
    if kept is not None:
        chores[copies.KIND] = kept
        periodic += (Periodic(copies.KIND, copies.EVERY),)
    paying = payouts.payout_chore(settings, store)
    if paying is not None:
        chores[payouts.KIND] = paying
        periodic += (Periodic(payouts.KIND, payouts.EVERY),)
    return Scheduler(store, WORKS, periodic, chores)
