"""A change of a policy: what is to be said instead, what that makes of what holds, and whether anything gets easier.

Decision rule for who may make it: an owner, here or above. A steward may make things stricter, as that serves
nobody's interest in being given something and should not wait for an owner; and may say which dollar `$` is, as it is
repeated on every card. Approvals asked for "from 500 EUR" leave one below that, unless something is said of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.errors import N_, BadInput, Conflict, Missing, NotAllowed
from core.ledger.units import Money
from core.nexuses.members import standing_in
from core.nexuses.tree import Nexus
from core.operations.context import Context
from core.operations.declare import Who
from core.policies.describe import POINTS, unit_name
from core.policies.policies import DOLLAR, Speaks, dollar_of, levels, set_terms
from core.policies.terms import ANY, Said, Terms, count_at, for_unit, is_stricter, said_for, with_step

EVERYTHING = "everything"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to hold; None: as it was. `code`: the unit that they named. `drop`: a point of `Said`."""

    approvals: int | None = None
    amount: Money | None = None
    code: str | None = None
    roles: tuple[str, ...] | None = None
    per_person: Money | None = None
    limit: Money | None = None
    window_ms: int | None = None
    role_age_ms: int | None = None
    dollar: str | None = None
    drop: str | None = None

    @property
    def about_terms(self) -> bool:
        """Whether it is about more than the dollar."""
        return replace(self, dollar=None, code=None) != Wish()


@dataclass(frozen=True, slots=True)
class Change:
    """What is said of a unit instead, and what holds before and after. `code` "" : only the dollar changes."""

    where: Nexus
    code: str
    said: Said
    before: Terms
    after: Terms
    chain: tuple[Speaks, ...]  # as it will be
    dollar: str

    @property
    def own(self) -> list[str]:
        """Units of which this Nexus says something itself, where the change is about all others."""
        here = next((one.said for one in self.chain if one.depth == 0), {})
        return sorted(code for code in here if code != ANY) if self.code == ANY else []


def plan(context: Context, where: Nexus, wish: Wish) -> Change:
    """Work out a change. Raises what making it would raise."""
    chain = levels(context.unit, where.id)
    here = next((one.said for one in chain if one.depth == 0), {})
    nothing = Change(where, "", Said(), Terms(), Terms(), tuple(chain), wish.dollar or "")
    if not wish.about_terms:
        if wish.dollar is None:
            raise Missing(N_("Something is missing: {about}."), about=N_("what it takes"), names=["approvals"])
        if dollar_of(context.unit, where.id) == wish.dollar:
            raise Conflict(N_("$ is {dollar} in {nexus} already."), dollar=wish.dollar, nexus=where.name)
        return nothing
    if wish.amount is not None and wish.approvals is None:
        raise Missing(
            N_("Something is missing: {about}."), about=N_("how many approvals it takes"), names=["approvals"]
        )
    code = _code(wish, here)
    said = _said(wish, here.get(code, Said()))
    if said == here.get(code, Said()):
        raise Conflict(N_("That holds in {nexus} already."), nexus=where.name)
    then = [
        Speaks(where.id, 0, {**{c: s for c, s in here.items() if c != code}, **({code: said} if said else {})}),
        *(one for one in chain if one.depth),
    ]
    now = [one.said for one in chain]
    after = [one.said for one in then]
    if standing_in(context.unit, context.actor.person_id, where.id)[0] < Who.OWNER:
        codes = {code, ANY, *(one for level in (*now, *after) for one in level)}
        if not all(is_stricter(for_unit(one, after), for_unit(one, now)) for one in codes):
            raise NotAllowed(
                N_("That would make giving easier, which takes an owner of {nexus}. A steward can make it stricter."),
                nexus=where.name,
            )
    return replace(
        nothing, code=code, said=said, before=for_unit(code, now), after=for_unit(code, after), chain=tuple(then)
    )


def make(context: Context, change: Change) -> None:
    """Let it hold from now on. The Nexus is locked."""
    unit, me = context.unit, context.actor.person_id
    if change.code:
        set_terms(unit, change.where.id, change.code, change.said.as_json(), me)
    if change.dollar:
        set_terms(unit, change.where.id, DOLLAR, {"means": change.dollar}, me)


def _code(wish: Wish, here: dict[str, Said]) -> str:
    """The unit that a wish is about."""
    named = {money.unit for money in (wish.amount, wish.per_person, wish.limit) if money is not None}
    if wish.code is not None:
        named.add(wish.code)
    if len(named) > 1:
        raise BadInput(
            N_("That is about {units}. Please tell me one at a time."),
            units=N_(" and ").join(unit_name(code) for code in sorted(named)),
        )
    if named:
        return named.pop()
    if wish.drop is None:
        return ANY
    saying = [code for code, said in here.items() if wish.drop == EVERYTHING or getattr(said, wish.drop) is not None]
    if len(saying) > 1:
        raise Missing(N_("Something is missing: {about}."), about=N_("the currency, or hours"), names=["unit"])
    return saying[0] if saying else ANY


def _said(wish: Wish, now: Said) -> Said:
    if wish.drop is not None:
        now = Said() if wish.drop == EVERYTHING else replace(now, **{wish.drop: None})
    if wish.approvals is not None:
        start = wish.amount.minor if wish.amount is not None else 0
        steps = now.approvals or ((0, 1),)
        if count_at(tuple(step for step in steps if step[0] < start), start) > wish.approvals:
            raise BadInput(
                N_(
                    "Smaller amounts take more than that already, and a larger one never takes less. "
                    "Change those first."
                )
            )
        now = replace(now, approvals=with_step(steps, start, wish.approvals))
    if wish.roles is not None:
        now = replace(now, roles=wish.roles)
    if wish.per_person is not None:
        now = replace(now, per_person=wish.per_person.minor)
    if wish.limit is not None:
        now = replace(now, limit=wish.limit.minor)
    if wish.window_ms is not None:
        now = replace(now, window_ms=wish.window_ms)
    if wish.role_age_ms is not None:
        now = replace(now, role_age_ms=wish.role_age_ms)
    return now


def changed_points(change: Change) -> list[str]:
    """The points in which something else holds then."""
    window = change.before.window_ms != change.after.window_ms
    found = [point for point in POINTS if getattr(change.before, point) != getattr(change.after, point)]
    if window:  # the sentences on limits name it
        found += [p for p in ("per_person", "limit") if p not in found and getattr(change.after, p) is not None]
    return found


def above_that_asks(change: Change) -> Sequence[int]:
    """The Nexuses above that say something of the same unit, nearest first."""
    return [one.nexus_id for one in change.chain if one.depth and said_for(change.code, one.said)]
