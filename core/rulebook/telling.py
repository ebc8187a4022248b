"""A comparison of rules before and after, in words. Pure.

Numbers below the least size of a group are "a few", so that nobody can be made out in them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.errors import N_
from core.rulebook.describe import WHO, capital, doing, kinds_come_to, listing
from core.rulebook.preview import Comparison, Shift
from core.rules.kinds import KINDS, SHARED

LEAST = 5  # the least size of a group
MOST_LINES = 8  # changes on one card


def number_of(kind: str, count: int) -> str:
    """Some open things of a kind: "12 needs", "a few offers", "needs (none yet)"."""
    many = KINDS[kind].many
    if count == 0:
        return N_("{things} (none yet)").format(things=many)
    if count < LEAST:
        return N_("a few {things}").format(things=many)
    return f"{count} {many}"


def people_counted(shift: Shift) -> str:
    """How many people a change concerns: "31 people", "a few people", or nothing where it is anybody."""
    if shift.people is None:
        return ""
    if shift.people == 0:
        return N_("nobody at the moment")
    if shift.people < LEAST:
        return N_("a few people")
    if shift.more:
        return N_("more than {count} people").format(count=shift.people)
    return N_("{count} people").format(count=shift.people)


def shift_in_words(shift: Shift) -> str:
    """One change: "Members of linked Nexuses (31 people) could then see 12 needs and count them."."""
    what = listing([number_of(kind, count) for kind, count in shift.counts])
    known = people_counted(shift)
    who = WHO[shift.audience] if shift.gained or shift.audience != "public" else N_("the public")
    who = capital(f"{who} ({known})" if known else who)
    if shift.gained:
        return N_("{who} could then {done}.").format(who=who, done=doing(shift.actions, what))
    return N_("{who} could no longer {done}.").format(who=who, done=doing(shift.actions, what, joined=N_("or")))


def shifts_in_words(comparison: Comparison, most: int = MOST_LINES) -> list[str]:
    """All changes, the most telling first; one line if there are none."""
    if not comparison.shifts:
        return [N_("Nobody would see more or less than now; it only stays so if the rules above change.")]
    lines = [shift_in_words(shift) for shift in comparison.shifts]
    if len(lines) > most:
        lines[most - 1 :] = [N_("And {count} more changes.").format(count=len(lines) - most + 1)]
    return lines


def outcome_in_words(comparison: Comparison) -> list[str]:
    """What the kinds that change come to in the Nexus itself."""
    if not comparison.changed:
        return []
    lines = kinds_come_to({kind: comparison.after[kind] for kind in SHARED if kind in comparison.changed})
    return [N_("Then it would be: {lines}").format(lines=" ".join(lines))]


def reach_in_words(comparison: Comparison, names: Mapping[int, str], *, here_only: bool, nexus: str) -> str:
    """How far a change reaches, and which Nexuses inside stay as they are. `names` of those that may be named."""
    if here_only:
        return N_("It holds in {nexus} alone, not in what is inside it.").format(nexus=nexus)
    if not comparison.inside:
        return N_("It would count for whatever is started inside {nexus} as well.").format(nexus=nexus)
    if comparison.inside == 1:
        counts = N_("It counts for the Nexus inside {nexus} as well.").format(nexus=nexus)
    else:
        counts = N_("It counts for the {count} Nexuses inside {nexus} as well.").format(
            count=comparison.inside, nexus=nexus
        )
    if not comparison.keeping:
        return counts
    kept = _named(comparison.keeping, names)
    if len(comparison.keeping) == 1:
        return counts + " " + N_("{names} has rules of its own about this and keeps them.").format(names=kept)
    return counts + " " + N_("{names} have rules of their own about this and keep them.").format(names=kept)


def _named(ids: Sequence[int], names: Mapping[int, str], most: int = 4) -> str:
    known = [names[one] for one in ids if one in names][:most]
    rest = len(ids) - len(known)
    if not known:
        return N_("One of them") if rest == 1 else N_("{count} of them").format(count=rest)
    return listing([*known, N_("{count} more").format(count=rest)] if rest else known)


def opened_in_words(comparison: Comparison, names: Mapping[int, str], most: int = 20) -> list[str]:
    """What newly becomes visible, Nexus by Nexus: "Lab: 12 needs and a few offers"."""
    lines: list[str] = []
    for where, counts in comparison.opened.items():
        there = [number_of(kind, counts[kind]) for kind in SHARED if counts.get(kind)]
        if there and where in names and len(lines) < most:
            lines.append(f"{names[where]}: {listing(there)}")
    return lines
