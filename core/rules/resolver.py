"""May this audience do that with this record? The one place where it is decided.

Somebody may if they are its author, or if one of the audiences that they belong to, relative to the record's Nexus, is
allowed by the rules and the author's consent covers it. A shared audience may what each of its readers may, and what is
said to it needs QUOTE beside SEE.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from core.nexuses.roles import MEMBER
from core.operations.context import Audience, AudienceKind
from core.rules.reach import Reach, epochs_of, reach_from, reach_of
from core.rules.structure import Structure, epoch_of, structure_at
from core.rules.words import NEEDS, WIDTH, Action
from core.store import Unit

_SHIFTS = {action: tuple(WIDTH * needed for needed in NEEDS[action]) for action in Action}
"""How far audience bits are moved for an action, and for those that it needs: all of them have to be allowed."""
_VIEW = "rules.view"


class Guarded(Protocol):
    """What a decision needs to know of a record."""

    @property
    def kind(self) -> str:
        """Its kind."""

    @property
    def nexus_id(self) -> int:
        """The Nexus that it is in."""

    @property
    def author_id(self) -> int:
        """The person who wrote it."""

    @property
    def ceiling(self) -> int:
        """What its author consents to: a word."""


class Eye:
    """One reader, real or thought up, in one picture of the structure. `person_id` is 0 for one who is no author."""

    __slots__ = ("person_id", "reach", "structure")

    def __init__(self, person_id: int, reach: Reach) -> None:
        self.person_id = person_id
        self.reach = reach
        self.structure = reach.structure

    def may(self, row: Guarded, action: Action) -> bool:
        """Whether this reader may do that with that."""
        if self.person_id and row.author_id == self.person_id:
            return True
        word = self.structure.word(row.nexus_id, row.kind) & row.ceiling
        return word != 0 and _covers(word, self.reach.at(row.nexus_id), action)

    def may_kind(self, nexus_id: int, kind: str, action: Action) -> bool:
        """Whether the rules let this reader do that with what others have of a kind in a Nexus."""
        return _covers(self.structure.word(nexus_id, kind), self.reach.at(nexus_id), action)


def _covers(word: int, bits: int, action: Action) -> bool:
    for shift in _SHIFTS[action]:  # noqa: SIM110 - all() costs twice as much, in the hottest line of all
        if not word & (bits << shift):
            return False
    return True


class View:
    """The eyes of a unit, as fresh as its transaction."""

    __slots__ = ("changes", "epoch", "eyes", "structure")

    def __init__(self, structure: Structure, epoch: int, changes: int) -> None:
        self.structure = structure
        self.epoch = epoch
        self.changes = changes
        self.eyes: dict[Audience, tuple[Eye, ...]] = {}


def eyes_of(unit: Unit, audience: Audience) -> tuple[Eye, ...]:
    """The readers of an audience: what it may is what all of them may."""
    view: View | None = unit.kept.get(_VIEW)
    if view is not None and view.changes == unit.changes:
        eyes = view.eyes.get(audience)
        if eyes is not None:
            return eyes
    else:
        view = None
    if audience.kind is AudienceKind.PERSON:
        epoch, person_epoch = epochs_of(unit, audience.person_id)
        if epoch < 0:  # nobody of that id
            epoch = epoch_of(unit)
        view = _view(unit, view, epoch)
        reach = reach_of(unit, view.structure, audience.person_id, person_epoch)
        view.eyes[audience] = (Eye(audience.person_id, reach),)
    else:
        view = _view(unit, view, view.epoch if view is not None else epoch_of(unit))
        view.eyes[audience] = tuple(_others(unit, view.structure, audience))
    return view.eyes[audience]


def _view(unit: Unit, view: View | None, epoch: int) -> View:
    if view is None or view.epoch != epoch:
        view = View(structure_at(unit, epoch), epoch, unit.changes)
        unit.kept[_VIEW] = view
    return view


def _others(unit: Unit, structure: Structure, audience: Audience) -> Iterator[Eye]:
    """The readers of a shared audience. None counts as an author: whoever joins later can read what was said."""
    if audience.kind is AudienceKind.PUBLIC:
        yield Eye(0, reach_from(structure, ()))
    elif audience.kind is AudienceKind.MEMBERS:
        yield Eye(0, reach_from(structure, ((audience.nexus_id, MEMBER),)))
    else:
        for person_id in audience.people or (0,):
            if person_id:
                yield Eye(0, reach_of(unit, structure, person_id, epochs_of(unit, person_id)[1]))
            else:
                yield Eye(0, reach_from(structure, ()))


def may(unit: Unit, audience: Audience, row: Guarded, action: Action = Action.SEE) -> bool:
    """Whether everybody in the audience may do that with that."""
    return all(eye.may(row, action) for eye in eyes_of(unit, audience))


def may_hear(unit: Unit, audience: Audience, row: Guarded) -> bool:
    """Whether it may be said to the audience: seen by one person, seen and quoted where others listen."""
    return may(unit, audience, row, said_as(audience))


def may_kind(unit: Unit, audience: Audience, nexus_id: int, kind: str, action: Action) -> bool:
    """Whether the rules allow that with what others have of a kind in a Nexus, consent aside."""
    return all(eye.may_kind(nexus_id, kind, action) for eye in eyes_of(unit, audience))


def said_as(audience: Audience) -> Action:
    """The action that saying something to this audience is."""
    return Action.SEE if audience.kind is AudienceKind.PERSON else Action.QUOTE
