"""What somebody is to each Nexus: the audiences they belong to there, from their memberships and the tree.

- In a Nexus where they hold a role: that role; any role but guest makes a member.
- In every Nexus above one where they are a member: sub-member; below it: ancestor-member; linked to it: linked-member.
- The roles of those who decide (owner, steward, treasurer, moderator) hold in everything below as well.
- Everywhere: public.
What is said of those below is kept once, with the Nexus that it comes from, and looked up along the chain.
"""

from __future__ import annotations

from collections.abc import Iterable

from core.nexuses.roles import GUEST, INHERITED
from core.rules.structure import Structure
from core.rules.words import ANCESTOR_MEMBER, BITS, LINKED_MEMBER, MEMBER, PUBLIC, SUB_MEMBER
from core.store import Unit
from core.store.unit import Raw

KEPT = 8_192  # reaches of this process
_REACHES = "rules.reach"
_MEMO = 16_384  # Nexuses that one reach remembers

_EPOCHS = Raw("SELECT (SELECT epoch FROM rule_epoch), epoch FROM person WHERE id = ?")
_MEMBERSHIPS = Raw("SELECT nexus_id, role FROM membership WHERE person_id = ? AND state = 'active'")

Memberships = tuple[tuple[int, str], ...]


class Reach:
    """What somebody is to each Nexus, in one picture of the structure."""

    __slots__ = ("_memo", "asked", "candidates", "direct", "down", "memberships", "person_epoch", "structure")

    def __init__(self, structure: Structure, memberships: Memberships, person_epoch: int = 0) -> None:
        self.structure = structure
        self.memberships = memberships
        self.person_epoch = person_epoch
        self.direct: dict[int, int] = {}  # audiences in this very Nexus
        self.down: dict[int, int] = {}  # audiences in everything below this one
        # By kind: where something may be seen, and the same as it is asked for. Both are filled by `core.rules.lists`.
        self.candidates: dict[str, frozenset[int] | None] = {}
        self.asked: dict[str, tuple[int | str, ...]] = {}
        self._memo: dict[int, int] = {}
        for nexus_id, role in memberships:
            if nexus_id in structure.closed:
                continue
            self._is(nexus_id, BITS[role])
            if role in INHERITED:
                self.down[nexus_id] = self.down.get(nexus_id, 0) | BITS[role]
            if role != GUEST:
                self._member(nexus_id)

    def _member(self, nexus_id: int) -> None:
        self._is(nexus_id, MEMBER)
        self.down[nexus_id] = self.down.get(nexus_id, 0) | ANCESTOR_MEMBER
        for above in self.structure.above(nexus_id):
            self._is(above, SUB_MEMBER)
        for beside in self.structure.links.get(nexus_id, ()):
            self._is(beside, LINKED_MEMBER)

    def _is(self, nexus_id: int, audience: int) -> None:
        self.direct[nexus_id] = self.direct.get(nexus_id, 0) | audience

    def at(self, nexus_id: int) -> int:
        """The audience bits in a Nexus."""
        known = self._memo.get(nexus_id)
        if known is not None:
            return known
        bits = self.direct.get(nexus_id, 0) | PUBLIC
        down = self.down
        if down:
            parents = self.structure.parents
            above = parents.get(nexus_id)
            while above is not None:
                if above in down:
                    bits |= down[above]
                above = parents.get(above)
        if len(self._memo) >= _MEMO:
            self._memo.clear()
        self._memo[nexus_id] = bits
        return bits


def epochs_of(unit: Unit, person_id: int) -> tuple[int, int]:
    """The numbers of the newest changes that this transaction sees: of the structure, and of a person's memberships."""
    found = unit.fetch(_EPOCHS, person_id)
    return (int(found[0][0] or 0), int(found[0][1])) if found else (-1, 0)


def reach_of(unit: Unit, structure: Structure, person_id: int, person_epoch: int) -> Reach:
    """A person's reach as this transaction sees it."""
    known: dict[int, Reach] = unit.pictures.setdefault(_REACHES, {})
    found = known.get(person_id)
    if found is not None and found.person_epoch == person_epoch and found.structure is structure:
        return found
    if found is not None and found.person_epoch == person_epoch:
        memberships = found.memberships  # the tree changed, the person did not
    else:
        memberships = tuple((row[0], row[1]) for row in unit.fetch(_MEMBERSHIPS, person_id))
    made = Reach(structure, memberships, person_epoch)

    def keep() -> None:
        if len(known) >= KEPT:
            for old in list(known)[: KEPT // 8]:
                known.pop(old, None)
        known[person_id] = made

    if unit.writable:
        unit.then.append(keep)
    else:
        keep()
    return made


def reach_from(structure: Structure, memberships: Iterable[tuple[int, str]]) -> Reach:
    """The reach of somebody who is thought up: a synthetic reader."""
    return Reach(structure, tuple(memberships))
