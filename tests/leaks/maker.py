"""Writes a random world into a store: nested Nexuses, rules on all levels, links, consents, places of every sort."""

from __future__ import annotations

from random import Random
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from core.clock import DAY, HOUR
from core.errors import NexusError
from core.ids import ALPHABET
from core.invites import invites
from core.nexuses.members import join, suspend
from core.nexuses.roles import ROLES
from core.nexuses.tables import membership
from core.nexuses.tree import ROOT_ID, add_nexus, archive, nexus_of
from core.people.tables import account, person
from core.places.maps import EVERYONE, add_mapping
from core.places.places import Place, bind, place_at, place_of
from core.places.readers import note_readers
from core.records.records import index
from core.records.tables import record
from core.rules import links
from core.rules.consents import ceiling_for, set_consent
from core.rules.rules import apply_preset, set_rule
from core.rules.words import ALL, AUDIENCES, BITS, NOTHING, Action, pack_actions, spread
from core.store import Unit
from tests.core.rules.built import look
from tests.leaks.worlds import COMMON, KINDS, LENGTH, LETTERS, PLATFORM, POISON, Someone, Words, World

_OF = select(record.c.author_id, record.c.kind).where(record.c.id == bindparam("wanted"))


class Maker:
    """Writes one world into a store that holds a root and nothing else."""

    def __init__(self, unit: Unit, seed: int) -> None:
        self._unit = unit
        self._seed = seed
        self._random = Random(seed)
        self._used: set[str] = set()
        self._deeds: set[int] = set()

    def make(self) -> World:
        """Everything, as of the time of the unit."""
        unit, random, now = self._unit, self._random, self._unit.now
        unit.now = now - 2 * HOUR
        people = self._people(random.randint(6, 8))
        nexuses, doors = self._nexuses(random.randint(5, 9))
        self._members(people, list(nexuses))
        self._rules(people, list(nexuses))
        self._links(people, list(nexuses))
        self._consents(people)
        records, handles = self._records(people, list(nexuses))
        self._consents(people, records)
        waiting = self._requests(people, list(nexuses))
        self._archive(list(nexuses))
        unit.now = now
        places, readers = self._places(people, list(nexuses))
        return World(
            self._seed, people, nexuses, doors, records, handles, places, readers, waiting, look(unit), self._deeds
        )

    def _word(self) -> str:
        while True:
            word = "".join(self._random.choices(LETTERS, k=LENGTH))
            if word not in self._used:
                self._used.add(word)
                return word

    def _handle(self) -> str:
        """As `core.ids.new_handle` makes them, but the same for the same seed."""
        while True:
            handle = "".join(self._random.choices(ALPHABET, k=5)).lower()
            if any(c.isdigit() for c in handle) and any(c.isalpha() for c in handle) and handle not in self._used:
                self._used.add(handle)
                return handle

    def _words(self) -> Words:
        return Words(self._word(), self._word())

    def _people(self, how_many: int) -> list[Someone]:
        unit = self._unit
        made = []
        for number in range(how_many):
            made.append(Someone(unit.new_id(), unit.new_id(), str(7000 + number), self._words()))
        unit.execute(
            insert(person),
            [
                {
                    "id": one.id,
                    "name": one.words.both.title(),
                    "folded": one.words.both,
                    "language": "",
                    "here_id": 0,
                    "merged_into": None,
                    "created_at": unit.now,
                }
                for one in made
            ],
        )
        unit.execute(
            insert(account),
            [
                {
                    "id": one.account_id,
                    "person_id": one.id,
                    "platform": PLATFORM,
                    "workspace": "",
                    "external_id": one.external_id,
                    "name": one.words.both.title(),
                    "username": one.words.loud,
                    "direct_place": "",
                    "created_at": unit.now,
                    "seen_at": unit.now,
                }
                for one in made
            ],
        )
        return made

    def _nexuses(self, how_many: int) -> tuple[dict[int, Words], dict[int, str]]:
        unit, random = self._unit, self._random
        made: dict[int, Words] = {}
        doors = {ROOT_ID: nexus_of(unit, ROOT_ID).door}
        for _ in range(how_many):
            words, door = self._words(), random.choice(("private", "private", "members", "open"))
            above = random.choice([ROOT_ID, *list(made)[-2:], *made])
            one = add_nexus(unit, words.both.title(), parent_id=above, door=door)
            made[one.id], doors[one.id] = words, door
        return made, doors

    def _members(self, people: list[Someone], nexuses: list[int]) -> None:
        unit, random = self._unit, self._random
        star = people[0]  # sees much: it is their tongue that the model has
        for nexus_id in random.sample(nexuses, len(nexuses) * 2 // 3):
            role = random.choice(("owner", "steward", "moderator", "member", "member", "member"))
            join(unit, star.id, nexus_id, role, granted_by=star.id)
        for one in people[1:-1]:  # the last one is in nothing
            for nexus_id in random.sample([ROOT_ID, *nexuses], random.randint(1, 3)):
                role = random.choice((*ROLES, "member", "member", "member"))
                join(unit, one.id, nexus_id, role, granted_by=star.id)
        for one in people[1:-1]:
            if random.random() < 0.25:
                suspend(unit, one.id, random.choice(nexuses))
            if random.random() < 0.1:
                left = (membership.c.person_id == one.id, membership.c.nexus_id == random.choice(nexuses))
                unit.changed(update(membership).where(*left).values(state="left"))

    def _rules(self, people: list[Someone], nexuses: list[int]) -> None:
        unit, random = self._unit, self._random
        if random.random() < 0.3:
            apply_preset(unit, random.choice(nexuses), random.choice(("open", "private")), by=0)
        everything = ([Action.SEE], [Action.QUOTE], [Action.SEE, Action.QUOTE], [Action.AGGREGATE], list(Action))
        for _ in range(random.randint(2, 9)):
            effect = random.choice(("permit", "permit", "permit", "deny"))
            set_rule(
                unit,
                random.choice([ROOT_ID, *nexuses, *nexuses]),
                kind=random.choice(("*", "*", "need", "offer", "fact")),
                audience=random.choice((*AUDIENCES, "member", "public", "linked-member")),
                actions=pack_actions(random.choice(everything)),
                effect=effect,
                scope=random.choice(("subtree", "subtree", "self")),
                locked=effect == "deny" and random.random() < 0.4,
                not_after=random.choice((None, None, None, unit.now + HOUR, unit.now + 3 * HOUR)),
                by=0,
            )

    def _links(self, people: list[Someone], nexuses: list[int]) -> None:
        unit, random = self._unit, self._random
        pairs = {tuple(sorted(random.sample(nexuses, 2))) for _ in range(random.randint(0, 3))}
        for one, other in sorted(pairs):
            self._deeds |= {one, other}
            link_id = links.propose(unit, one, other, by=people[0].id)
            state = random.choice(("active", "active", "proposed", "ended"))
            if state != "proposed":
                links.accept(unit, link_id, by=people[0].id)
            if state == "ended":
                links.end(unit, link_id, by=people[0].id)

    def _consents(self, people: list[Someone], records: dict[int, Words] | None = None) -> None:
        """On kinds before anything is written, on records afterwards."""
        unit, random = self._unit, self._random
        for _ in range(random.randint(0, 3)):
            audiences = sum(BITS[name] for name in random.sample(AUDIENCES, random.randint(1, 6)))
            some = spread(audiences, random.choice(([Action.SEE], [Action.SEE, Action.QUOTE], list(Action))))
            word = random.choice((some, ALL & ~some, ALL & ~spread(BITS["member"], [Action.QUOTE]), NOTHING))
            if records is None:
                kind = random.choice(("*", "need", "offer", "fact"))
                set_consent(unit, random.choice(people).id, kind=kind, word=word)
            else:
                record_id = random.choice(list(records))
                row = unit.row(_OF, wanted=record_id)
                assert row is not None
                set_consent(unit, row["author_id"], kind=row["kind"], record_id=record_id, word=word)

    def _records(self, people: list[Someone], nexuses: list[int]) -> tuple[dict[int, Words], dict[int, str]]:
        unit, random = self._unit, self._random
        rows: list[dict[str, Any]] = []
        words: dict[int, Words] = {}
        for _ in range(random.randint(14, 22)):
            unit.now += 1
            made = self._words()
            body = [*random.sample(COMMON, random.randint(1, 2)), made.both]
            if random.random() < 0.3:
                body.append(random.choice(POISON))
            kind, author_id = random.choice(KINDS), random.choice([people[0], *people]).id
            state = random.choice(("open",) * 7 + ("closed", "removed"))
            rows.append(
                {
                    "id": unit.new_id(),
                    "handle": self._handle(),
                    "kind": kind,
                    "nexus_id": random.choice([ROOT_ID, *nexuses, *nexuses]),
                    "author_id": author_id,
                    "body": "" if state == "removed" else " ".join(body),
                    "ceiling": ceiling_for(unit, author_id, kind),
                    "state": state,
                    "outcome": "",
                    "version": 1,
                    "created_at": unit.now,
                    "closed_at": None,
                }
            )
            words[rows[-1]["id"]] = made
        unit.execute(insert(record), rows)
        index(unit, [(r["id"], r["body"], r["nexus_id"], r["author_id"]) for r in rows if r["state"] == "open"])
        return words, {row["id"]: row["handle"] for row in rows}

    def _requests(self, people: list[Someone], nexuses: list[int]) -> list[tuple[int, int]]:
        unit, random = self._unit, self._random
        if random.random() < 0.5:
            return []
        where, who = random.choice(nexuses), people[-1]
        self._deeds.add(where)
        invite_id, _, _ = invites.add_invite(
            unit,
            nexus_id=where,
            role="member",
            uses=3,
            approval=True,
            made_by=people[0].id,
            expires_at=unit.now + DAY,
        )
        invites.add_request(unit, invite_id, where, who.id, "waiting")
        return [(who.id, where)]

    def _archive(self, nexuses: list[int]) -> None:
        for nexus_id in reversed(nexuses):
            if self._random.random() < 0.2:
                try:
                    archive(self._unit, nexus_of(self._unit, nexus_id))
                except NexusError:
                    continue  # something in it is active

    def _places(self, people: list[Someone], nexuses: list[int]) -> tuple[list[Place], dict[int, tuple[int, ...]]]:
        """One of each sort. Where the people are known they are a few, sometimes with a stranger among them."""
        unit, random = self._unit, self._random
        alive = [n for n in nexuses if nexus_of(unit, n).state == "active"] or [ROOT_ID]
        found: list[Place] = []
        readers: dict[int, tuple[int, ...]] = {}
        for number, sort in enumerate(("unbound", "members", "public", "people", "people")):
            made = place_at(
                unit,
                platform=PLATFORM,
                workspace="",
                external_id=f"-{900 + number}",
                thread="",
                kind="group",
                title=f"chat {number}",
            )
            if sort != "unbound" and not (sort == "people" and random.random() < 0.3):
                where = random.choice(alive)
                self._deeds.add(where)
                bind(unit, made.id, where, sort, by=people[0].id)
            if sort == "people":
                here = random.sample(people[:-1], random.randint(1, 3))
                strangers = ["404"] if random.random() < 0.15 else []
                note_readers(unit, made.id, [*(one.external_id for one in here), *strangers])
                readers[made.id] = tuple(one.id for one in here) + (0,) * len(strangers)
            if random.random() < 0.3:
                where = random.choice(alive)
                self._deeds.add(where)
                add_mapping(
                    unit,
                    platform=PLATFORM,
                    ground=made.external_id,
                    external_role=EVERYONE,
                    title="everyone",
                    nexus_id=where,
                    role="member",
                    made_by=people[0].id,
                )
            found.append(place_of(unit, made.id))
        return found, readers


def make(unit: Unit, seed: int) -> World:
    """The world of a seed, written into a store that holds a root and nothing else."""
    return Maker(unit, seed).make()
