"""Keeping a Nexus's own rules, and finding those that hold in it: its own and those from above.

A name stands for one rule wherever both could be meant: it is not taken twice on the way up or anywhere below.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete, insert, select
from sqlalchemy.engine import RowMapping

from core.errors import N_, BadInput
from core.moderation.guards import modes
from core.moderation.own.describe import reason_of
from core.moderation.own.sentence import LONGEST_NAME
from core.moderation.own.tables import guard_own
from core.moderation.signals.defaults import DEFAULT_RULES, Rule
from core.moderation.signals.own import Compiled, Look, Own, signal_of
from core.nexuses.tree import below, chain, nexus_of
from core.store import Unit

MOST = 25  # rules of one Nexus
MOST_PATTERNS = 5  # of them with an expression: those cost the most
RESERVED = frozenset({"all", "rule", "rules", "everything", "moderation", "none", "off", "shadow", "ask", "act"})
_CALLED = {
    "words": "words",
    "pattern": "expression",
    "link": "links",
    "link to": "links to",
    "link but": "links",
    "invite": "invitations",
    "hidden": "hidden links",
    "domain": "bad sites",
    "mentions": "mentions",
    "everyone": "calls to everyone",
    "caps": "capitals",
    "repeat": "repeats",
    "flood": "floods",
    "crowd": "crowds",
    "spam": "like spam",
    "abuse": "like abuse",
    "files": "files",
    "forwarded": "forwards",
    "length": "long messages",
    "first": "first messages",
    "joined": "just joined",
    "made": "young accounts",
    "newcomer": "newcomers",
    "wave": "waves",
}

_OF = select(guard_own).where(guard_own.c.nexus_id.in_(bindparam("nexuses", expanding=True))).order_by(guard_own.c.id)
_ADD = insert(guard_own)
_DROP = delete(guard_own).where(guard_own.c.id == bindparam("own_id"))


@dataclass(frozen=True, slots=True)
class Kept:
    """A rule of a Nexus's own, as it is kept."""

    id: int
    nexus_id: int
    name: str
    own: Own
    set_at: int

    @property
    def rule(self) -> Rule:
        """The same in the form of the rules that every Nexus has."""
        own = self.own
        return {
            "says": reason_of(own),
            "when": [{signal_of(self.name): 1.0}],
            "action": own.action,
            "seconds": own.seconds,
            "points": own.points,
        }

    @property
    def compiled(self) -> Compiled:
        """The same, ready to be tried."""
        return Compiled.of(str(self.id), self.own, reason_of(self.own))


def as_spec(own: Own) -> dict[str, Any]:
    """A rule as JSON values."""
    return {
        "groups": [
            [
                {
                    "what": one.what,
                    "least": one.least,
                    "seconds": one.seconds,
                    "words": [*one.words],
                    "every": one.every,
                }
                for one in group
            ]
            for group in own.groups
        ],
        "action": own.action,
        "seconds": own.seconds,
        "points": own.points,
        "times": own.times,
        "within": own.within,
    }


def from_spec(spec: Mapping[str, Any]) -> Own:
    """What `as_spec` made."""
    groups = tuple(
        tuple(Look(one["what"], one["least"], one["seconds"], tuple(one["words"]), one["every"]) for one in group)
        for group in spec["groups"]
    )
    return Own(groups, spec["action"], spec["seconds"], spec["points"], spec["times"], spec["within"])


def own_rules(unit: Unit, nexus_id: int) -> dict[str, Kept]:
    """The rules of a Nexus's own that hold in it, its own and those from above, by name.

    Where a Nexus was moved below one that has a rule of the same name, the one from above holds.
    """
    nearest_first = [one.id for one in chain(unit, nexus_id)]
    rows = sorted(unit.rows(_OF, nexuses=nearest_first), key=lambda row: nearest_first.index(row["nexus_id"]))
    return {row["name"]: _kept(row) for row in rows}


def rules_of(unit: Unit, nexus_id: int) -> dict[str, Kept]:
    """The rules that this very Nexus made, by name."""
    return {row["name"]: _kept(row) for row in unit.rows(_OF, nexuses=[nexus_id])}


def with_own(own: Mapping[str, Kept]) -> dict[str, Rule]:
    """The rules that every Nexus has and these of its own, by name. Pure."""
    return DEFAULT_RULES | {name: one.rule for name, one in own.items()}


def rules_in(unit: Unit, nexus_id: int) -> dict[str, Rule]:
    """All rules that there are in a Nexus, by name: those of every Nexus and its own."""
    return with_own(own_rules(unit, nexus_id))


def rule_in(unit: Unit, nexus_id: int, name: str) -> Rule | None:
    """The rule of that name in a Nexus; None if there is none (any more)."""
    return DEFAULT_RULES.get(name) or rules_in(unit, nexus_id).get(name)


def keep(unit: Unit, nexus_id: int, name: str, own: Own, by_id: int) -> Kept:
    """Make or change a rule. What it may do is for the caller to say; what others said of it as it was is forgotten."""
    before = rules_of(unit, nexus_id).get(name)
    if before is not None:
        remove(unit, before)
    own_id = unit.new_id()
    row = {
        "id": own_id,
        "nexus_id": nexus_id,
        "name": name,
        "spec": as_spec(own),
        "set_by": by_id,
        "set_at": unit.now,
    }
    unit.execute(_ADD, row)
    unit.wake("guards")
    return Kept(own_id, nexus_id, name, own, unit.now)


def remove(unit: Unit, kept: Kept) -> None:
    """Take a rule back, with all that was said of what it may do here and below."""
    unit.changed(_DROP, own_id=kept.id)
    modes.forget(unit, [kept.nexus_id, *below(unit, kept.nexus_id)], kept.name)


def check_name(unit: Unit, nexus_id: int, name: str) -> None:
    """Raises `BadInput` where a new rule cannot be called that."""
    if not name.replace(" ", "").replace("-", "").isalnum() or len(name) > LONGEST_NAME:
        raise BadInput(
            N_("A rule is called by letters and digits, {most} at most, such as “nitro”."), most=LONGEST_NAME
        )
    if name in DEFAULT_RULES or name in RESERVED:
        raise BadInput(N_("“{name}” is something else already. What shall I call your rule?"), name=name)
    taken = _taken(unit, nexus_id).get(name)
    if taken is not None and taken != nexus_id and name not in rules_of(unit, nexus_id):
        raise BadInput(
            N_("{nexus} has a rule called “{name}” already. What shall I call yours?"),
            nexus=nexus_of(unit, taken).name,
            name=name,
        )


def free_name(unit: Unit, nexus_id: int, own: Own) -> str:
    """What a rule is called that nobody gave a name."""
    taken = {*_taken(unit, nexus_id), *DEFAULT_RULES}
    first = own.groups[0][0]
    base = _CALLED[first.what]
    return next(name for name in (base, *(f"{base} {number}" for number in range(2, 1000))) if name not in taken)


def check_room(unit: Unit, nexus_id: int, own: Own, name: str) -> None:
    """Raises `BadInput` where a Nexus has enough rules of its own."""
    here = [one for one in rules_of(unit, nexus_id).values() if one.name != name]
    if len(here) >= MOST:
        raise BadInput(N_("There is room for {most} rules of your own. Take one back first."), most=MOST)
    if has_pattern(own) and sum(has_pattern(one.own) for one in here) >= MOST_PATTERNS:
        raise BadInput(
            N_("There is room for {most} rules with an expression. Take one back first."), most=MOST_PATTERNS
        )


def has_pattern(own: Own) -> bool:
    """Whether a rule tries an expression on messages."""
    return any(look.what == "pattern" for group in own.groups for look in group)


def _taken(unit: Unit, nexus_id: int) -> dict[str, int]:
    """Names in use on the way up and below, with the Nexus of each."""
    ids = [*(one.id for one in chain(unit, nexus_id)), *below(unit, nexus_id)]
    return {row["name"]: row["nexus_id"] for row in unit.rows(_OF, nexuses=ids)}


def _kept(row: RowMapping) -> Kept:
    return Kept(row["id"], row["nexus_id"], row["name"], from_spec(row["spec"]), row["set_at"])
