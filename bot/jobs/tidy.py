"""The one periodic job of now: forgetting what nobody needs any more."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, delete

from bot.inbox import inbox
from bot.moderation import seen
from bot.outbox import outbox
from bot.talk import memory, questions
from core.audit.tables import effect
from core.buttons import buttons
from core.clock import DAY, HOUR
from core.moderation.cases.cases import forget_evidence
from core.quotas import quotas
from core.rules.masks import end_what_is_over
from core.store import Unit

EVERY = HOUR
_OLD_EFFECTS = delete(effect).where(effect.c.at < bindparam("before"))


def tidy(unit: Unit, payload: dict[str, Any]) -> None:
    """Delete done inbox and outbox rows, old buttons, quotas, questions, talk, evidence, keys; note what rules end."""
    for forget in (
        inbox.forget_old,
        outbox.forget_old,
        buttons.forget_old,
        quotas.forget_old,
        questions.forget_old,
        memory.forget_old,
        seen.forget_old,
        forget_evidence,
    ):
        forget(unit)
    end_what_is_over(unit)
    # A key is needed as long as its event can come again: as long as its inbox row.
    unit.changed(_OLD_EFFECTS, before=unit.now - 8 * DAY)
