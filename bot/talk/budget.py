"""What the model has used per person, Nexus and day, and whether there is room for one more turn."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, func, insert, select, update

from bot.cofounder.brain import Usage
from bot.talk.tables import model_use
from core.clock import DAY
from core.store import Unit


@dataclass(frozen=True, slots=True)
class Caps:
    """Tokens a day; 0 is no cap."""

    person: int
    nexus: int
    overall: int


_TOKENS = func.coalesce(func.sum(model_use.c.prompt_tokens + model_use.c.completion_tokens), 0)
_TODAY = model_use.c.day == bindparam("day")
_USED = select(
    select(_TOKENS).where(_TODAY, model_use.c.person_id == bindparam("who")).scalar_subquery().label("person"),
    select(_TOKENS).where(_TODAY, model_use.c.nexus_id == bindparam("where")).scalar_subquery().label("nexus"),
    select(_TOKENS).where(_TODAY).scalar_subquery().label("overall"),
)
_BUMP = (
    update(model_use)
    .where(
        model_use.c.day == bindparam("on_day"),
        model_use.c.person_id == bindparam("who"),
        model_use.c.nexus_id == bindparam("where"),
    )
    .values(
        requests=model_use.c.requests + bindparam("r"),
        prompt_tokens=model_use.c.prompt_tokens + bindparam("p"),
        cached_tokens=model_use.c.cached_tokens + bindparam("c"),
        completion_tokens=model_use.c.completion_tokens + bindparam("o"),
    )
)
_ADD = insert(model_use)


def room(unit: Unit, caps: Caps, person_id: int, nexus_id: int) -> str:
    """The cap that is reached today: "person", "nexus" or "overall"; "" while there is room."""
    limits = {"person": caps.person, "nexus": caps.nexus, "overall": caps.overall}
    if not any(limits.values()):
        return ""
    used = unit.row(_USED, day=unit.now - unit.now % DAY, who=person_id, where=nexus_id)
    assert used is not None
    return next((whose for whose, limit in limits.items() if limit and used[whose] >= limit), "")


def spend(unit: Unit, person_id: int, nexus_id: int, usage: Usage) -> None:
    """Count what a turn used."""
    if not usage.requests:
        return
    day = unit.now - unit.now % DAY
    counted = {
        "r": usage.requests,
        "p": usage.prompt_tokens,
        "c": usage.cached_tokens,
        "o": usage.completion_tokens,
    }
    if unit.changed(_BUMP, on_day=day, who=person_id, where=nexus_id, **counted) == 0:
        unit.execute(
            _ADD,
            {
                "day": day,
                "person_id": person_id,
                "nexus_id": nexus_id,
                "requests": usage.requests,
                "prompt_tokens": usage.prompt_tokens,
                "cached_tokens": usage.cached_tokens,
                "completion_tokens": usage.completion_tokens,
            },
        )
