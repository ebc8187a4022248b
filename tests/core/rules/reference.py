"""Who may do what with which data, by brute force: the rules in the words that people are told, over plain lists.

Nothing here knows how the engine does it. It is slow on purpose, and short enough to be checked by reading:

1. a locked deny anywhere on the chain from the root to the record's Nexus stands;
2. otherwise the nearest Nexus on that chain with a rule in force decides, and within one Nexus deny beats permit;
3. otherwise it is denied.
Somebody may act on a record when they are its author, or when one of the audiences that they belong to, relative to the
record's Nexus, is allowed and the author's consent covers it. Quoting needs seeing, exporting needs quoting.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from core.operations.context import Audience, AudienceKind
from core.rules.words import AUDIENCES, WIDTH, Action

T = TypeVar("T")
REACH_DOWN = ("owner", "steward", "treasurer", "moderator")
PRIVATE = ("thought",)
NEEDS = {Action.QUOTE: (Action.SEE,), Action.EXPORT: (Action.SEE, Action.QUOTE)}


@dataclass(frozen=True)
class Nexus:
    """A Nexus in the tree; the root has no parent."""

    id: int
    parent_id: int | None
    archived: bool = False


@dataclass(frozen=True)
class Membership:
    """A role of a person. state: active, suspended or left."""

    person_id: int
    nexus_id: int
    role: str
    state: str = "active"


@dataclass(frozen=True)
class Link:
    """Between two Nexuses. state: proposed, active or ended."""

    nexus_id: int
    other_id: int
    state: str = "active"


@dataclass(frozen=True)
class Rule:
    """A rule as it is stored: `actions` has bit n for action n; in force before `not_after` only."""

    nexus_id: int
    kind: str
    audience: str
    actions: int
    effect: str = "permit"
    scope: str = "subtree"
    locked: bool = False
    not_after: int | None = None


@dataclass(frozen=True)
class Consent:
    """What an author consents to: `word` has bit WIDTH * action + audience."""

    person_id: int
    kind: str
    record_id: int
    word: int


@dataclass(frozen=True)
class Record:
    """A piece of data. Ids sort by time."""

    id: int
    kind: str
    nexus_id: int
    author_id: int
    body: str = ""
    state: str = "open"


@dataclass(frozen=True)
class Reader:
    """Somebody real or synthetic: their active roles as (Nexus, role), and who they are, for what is their own."""

    roles: tuple[tuple[int, str], ...] = ()
    person_id: int = 0


@dataclass(frozen=True)
class Picture:
    """Everything that a decision rests upon, and the time of it."""

    now: int
    nexuses: tuple[Nexus, ...]
    people: tuple[int, ...]
    memberships: tuple[Membership, ...] = ()
    links: tuple[Link, ...] = ()
    rules: tuple[Rule, ...] = ()
    consents: tuple[Consent, ...] = ()
    records: tuple[Record, ...] = ()
    _found: dict[Hashable, Any] = field(default_factory=dict, compare=False, repr=False)  # nothing in it changes

    def but(self, **changes: Any) -> Picture:
        """The same with other lists."""
        return replace(self, _found={}, **changes)

    def _once(self, find: Callable[..., T], *values: Hashable) -> T:
        key = (find.__name__, *values)
        if key not in self._found:
            self._found[key] = find(*values)
        found: T = self._found[key]
        return found

    def nexus(self, nexus_id: int) -> Nexus:
        """The Nexus of an id."""
        return next(n for n in self.nexuses if n.id == nexus_id)

    def chain(self, nexus_id: int) -> list[int]:
        """The Nexus and all above it, nearest first."""
        found = [nexus_id]
        while (parent := self.nexus(found[-1]).parent_id) is not None:
            found.append(parent)
        return found

    def above(self, nexus_id: int) -> list[int]:
        """All strictly above a Nexus."""
        return self.chain(nexus_id)[1:]

    def linked(self, nexus_id: int) -> set[int]:
        """What is directly linked with a Nexus; nothing beyond that."""
        pairs = [(link.nexus_id, link.other_id) for link in self.links if link.state == "active"]
        return {b for a, b in pairs if a == nexus_id} | {a for a, b in pairs if b == nexus_id}

    def allowed(self, nexus_id: int, kind: str, action: Action, audience: str) -> bool:
        """What the rules say, for data of a kind in a Nexus: the author's consent aside."""
        return kind not in PRIVATE and self._once(self.ruled, nexus_id, kind, action, audience)

    def speaking(self, nexus_id: int, kind: str, action: Action, audience: str) -> list[list[Rule]]:
        """The rules in force that speak of this, for each Nexus on the chain, nearest first."""
        return [
            [
                rule
                for rule in self.rules
                if rule.nexus_id == one
                and self._holds(rule, nexus_id)
                and rule.kind in (kind, "*")
                and rule.audience == audience
                and rule.actions >> action & 1
            ]
            for one in self._once(self.chain, nexus_id)
        ]

    def ruled(self, nexus_id: int, kind: str, action: Action, audience: str) -> bool:
        """The three steps above, whatever the kind."""
        levels = self.speaking(nexus_id, kind, action, audience)
        if any(rule.effect == "deny" and rule.locked for level in levels for rule in level):
            return False
        for level in levels:
            if level:
                return all(rule.effect == "permit" for rule in level)
        return False

    def _holds(self, rule: Rule, nexus_id: int) -> bool:
        in_force = rule.not_after is None or self.now < rule.not_after
        return in_force and (rule.scope == "subtree" or rule.nexus_id == nexus_id)

    def consented(self, record: Record, action: Action, audience: str) -> bool:
        """Whether all that the author said covers this: about the record, about its kind, and about everything."""
        bit = 1 << (WIDTH * action + AUDIENCES.index(audience))
        said = [
            c
            for c in self.consents
            if c.person_id == record.author_id and c.kind in ("*", record.kind) and c.record_id in (0, record.id)
        ]
        return all(c.word & bit for c in said)

    def person(self, person_id: int) -> Reader:
        """A person with what counts of their roles. 0 is somebody who is nobody to us."""
        held = [m for m in self.memberships if m.person_id == person_id and m.state == "active"]
        return Reader(tuple((m.nexus_id, m.role) for m in held if not self.nexus(m.nexus_id).archived), person_id)

    def member_of(self, nexus_id: int) -> Reader:
        """Somebody whose only membership is this Nexus, and who wrote nothing."""
        return Reader() if self.nexus(nexus_id).archived else Reader(((nexus_id, "member"),))

    def audiences(self, reader: Reader, nexus_id: int) -> set[str]:
        """The audiences that somebody belongs to, relative to a Nexus."""
        if self.nexus(nexus_id).archived:
            return set()
        found = {"public"}
        above, linked = self.above(nexus_id), self.linked(nexus_id)
        for where, role in reader.roles:
            if role != "member" and (where == nexus_id or (where in above and role in REACH_DOWN)):
                found.add(role)
            if role == "guest":
                continue
            if where == nexus_id:
                found.add("member")
            if nexus_id in self.above(where):
                found.add("sub-member")
            if where in above:
                found.add("ancestor-member")
            if where in linked:
                found.add("linked-member")
        return found

    def reader_may(self, reader: Reader, record: Record, action: Action) -> bool:
        """Whether somebody may act on a record."""
        if reader.person_id and reader.person_id == record.author_id:
            return True
        theirs = self._once(self.audiences, reader, record.nexus_id)
        return all(
            any(
                self.allowed(record.nexus_id, record.kind, one, audience) and self.consented(record, one, audience)
                for audience in theirs
            )
            for one in (*NEEDS.get(action, ()), action)
        )

    def readers(self, audience: Audience) -> list[Reader]:
        """Those who all have to be allowed."""
        if audience.kind is AudienceKind.PERSON:
            return [self.person(audience.person_id)]
        if audience.kind is AudienceKind.MEMBERS:
            return [self.member_of(audience.nexus_id)]
        if audience.kind is AudienceKind.PUBLIC:
            return [Reader()]
        # In a room nobody counts as an author: whoever joins later can read what was said.
        return [replace(self.person(person_id), person_id=0) for person_id in audience.people or (0,)]

    def may(self, audience: Audience, record: Record, action: Action) -> bool:
        """Whether all of an audience may act on a record."""
        return all(self.reader_may(reader, record, action) for reader in self._once(self.readers, audience))

    def may_hear(self, audience: Audience, record: Record) -> bool:
        """Whether a record may be told: a person has to be allowed to see it, a channel also to hear it repeated."""
        return self.may(audience, record, Action.SEE if audience.kind is AudienceKind.PERSON else Action.QUOTE)

    def may_kind(self, audience: Audience, nexus_id: int, kind: str, action: Action) -> bool:
        """What the rules alone say, of data of a kind that nobody in the audience wrote."""
        return all(
            any(self.allowed(nexus_id, kind, one, name) for name in self._once(self.audiences, reader, nexus_id))
            for reader in self._once(self.readers, audience)
            for one in (*NEEDS.get(action, ()), action)
        )

    def newest(self, audience: Audience, **wanted: object) -> list[Record]:
        """The records with these attributes that an audience may hear of, newest first."""
        fits = [r for r in self.records if all(getattr(r, name) == value for name, value in wanted.items())]
        return sorted((r for r in fits if self.may_hear(audience, r)), key=lambda r: -r.id)

    def everybody(self) -> Iterator[Audience]:
        """Each person, somebody unknown, each channel, and a few rooms of people."""
        for person_id in (*self.people, 0):
            yield Audience(AudienceKind.PERSON, person_id)
        for nexus in self.nexuses:
            yield Audience(AudienceKind.MEMBERS, nexus_id=nexus.id)
        yield Audience(AudienceKind.PUBLIC)
        a, b, *rest = self.people
        for room in ((a, b), (0, b), (a, b, *rest), tuple(rest[:1]), ()):
            yield Audience(AudienceKind.PEOPLE, people=room)
