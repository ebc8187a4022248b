"""A small world to test in: people who speak from accounts, Nexuses, and operations called as somebody.

Set-up that is not the subject of a test (`nexus`, `join`) is written directly; what is tested goes through `call`
and `press`, which do what the bot does: one unit, with refusals caught inside it, so that what they cost is kept.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from typing import Any

from core.catalogue import REGISTRY, metadata
from core.clock import ManualClock
from core.errors import NexusError
from core.grants.conflicts import tell_terminals_apart
from core.nexuses import founding, members, tree
from core.nexuses.tree import ROOT_ID, Nexus
from core.operations import Actor, Answered, Audience, AudienceKind, Context, Named, Origin, Where
from core.operations.run import Ask, Done, Outcome, run, run_press
from core.people.people import Speaker, here_of, person_of, set_here, speaker
from core.places.places import Place, audience_of, place_at, place_of
from core.store import Store, Unit

PUBLIC = Audience(AudienceKind.PUBLIC)


@dataclass(frozen=True, slots=True)
class Someone:
    """An account that somebody speaks from."""

    account_id: int
    person_id: int
    name: str
    platform: str
    external_id: str


class World:
    """A store with its root Nexus, and everybody in it by name."""

    def __init__(self, store: Store, clock: ManualClock) -> None:
        self.store = store
        self.clock = clock
        tell_terminals_apart(store)
        self.claim_code = store.write(founding.found).result() or ""
        self.people: dict[str, Someone] = {}
        self.roles: tuple[tuple[str, str], ...] = ()  # of the platform, in every shared place
        self.manages: bool | None = None  # whether who acts may change the server, as the platform says
        self.nexuses: dict[str, Nexus] = {"Home": self.read(lambda unit: tree.nexus_of(unit, ROOT_ID))}

    def read(self, unit: Any) -> Any:
        """Run a unit on a snapshot."""
        return self.store.read(unit).result()

    def write(self, unit: Any) -> Any:
        """Run a unit in a transaction."""
        return self.store.write(unit).result()

    def person(self, name: str, *, platform: str = "terminal", username: str = "", external_id: str = "") -> Someone:
        """Somebody with an account, made on first use; `name` is also how the other methods know them."""
        if name not in self.people:
            assert not threading.current_thread().name.startswith("nexus-"), f"{name} has to be made before the unit"
            spoke: Speaker = self.write(
                lambda unit: speaker(
                    unit,
                    platform=platform,
                    workspace="",
                    external_id=external_id or name.casefold(),
                    name=name,
                    username=username,
                )
            )
            self.people[name] = Someone(
                spoke.account_id, spoke.person_id, spoke.name, platform, external_id or name.casefold()
            )
        return self.people[name]

    def id_of(self, name: str) -> int:
        """The row id of a person."""
        return self.person(name).person_id

    def nexus(self, name: str, *, owner: str = "", parent: str = "Home", door: str = "members") -> Nexus:
        """A Nexus, with an owner if one is named."""

        def make(unit: Unit) -> Nexus:
            return tree.add_nexus(unit, name, parent_id=self.nexuses[parent].id, door=door)

        self.nexuses[name] = self.write(make)
        if owner:
            self.join(owner, name, "owner")
        return self.nexuses[name]

    def join(self, who: str, nexus: str, role: str = "member", *, here: bool = True) -> None:
        """Give somebody a role; with `here` their direct talk is about that Nexus from now on."""
        person_id, nexus_id = self.id_of(who), self.nexuses[nexus].id

        def make(unit: Unit) -> None:
            members.join(unit, person_id, nexus_id, role, granted_by=person_id)
            if here:
                set_here(unit, person_id, nexus_id)

        self.write(make)

    def suspend(self, who: str, nexus: str) -> None:
        """Suspend a membership."""
        self.write(lambda unit: members.suspend(unit, self.id_of(who), self.nexuses[nexus].id))

    def place(
        self,
        title: str,
        *,
        kind: str = "group",
        external_id: str = "",
        thread: str = "",
        platform: str = "telegram",
        workspace: str = "",
    ) -> Place:
        """A place on a platform, added when it is new."""
        found: Place = self.write(
            lambda unit: place_at(
                unit,
                platform=platform,
                workspace=workspace,
                external_id=external_id or title,
                thread=thread,
                kind=kind,
                title=title,
            )
        )
        return found

    def context(
        self,
        unit: Unit,
        who: str,
        *,
        origin: Origin = Origin.COMMAND,
        here: str = "",
        audience: Audience | None = None,
        place: Place | None = None,
        key: str = "",
        mentioned: tuple[tuple[str, int], ...] = (),
        named: tuple[Named, ...] = (),
        answered: Answered | None = None,
        thread: str = "",
    ) -> Context:
        """The context of a call, as the bot makes it: merges followed, here and audience from the place."""
        someone = self.person(who)
        person = person_of(unit, someone.person_id)
        where = Where(someone.platform, mentioned=mentioned)
        nexus_id = self.nexuses[here].id if here else here_of(unit, person.id) or ROOT_ID
        if place is not None:
            place = place_of(unit, place.id)
            where = Where(
                place.platform, place.id, place.direct, () if place.direct else self.roles, mentioned, self.manages
            )
            nexus_id = self.nexuses[here].id if here else place.nexus_id or ROOT_ID
            audience = audience or audience_of(unit, place, person.id)
        where = replace(where, named=named, answered=answered, thread=thread)
        return Context(
            unit,
            Actor(person.id, person.name, someone.account_id),
            nexus_id,
            audience or Audience(AudienceKind.PERSON, person.id),
            where,
            origin,
            key,
        )

    def call(self, who: str, operation: str, /, *, at: dict[str, Any] | None = None, **arguments: Any) -> Outcome:
        """Run an operation as somebody. `at` is handed to `context`. Raises what it raised, after the commit."""
        self.person(who)

        def unit(unit: Unit) -> Outcome | NexusError:
            try:
                return run(REGISTRY, self.context(unit, who, **(at or {})), operation, arguments)
            except NexusError as error:
                return error

        return _raised(self.write(unit))

    def press(self, who: str, token: str, *, at: dict[str, Any] | None = None) -> Outcome:
        """Press a button as somebody."""
        self.person(who)

        def unit(unit: Unit) -> Outcome | NexusError:
            try:
                return run_press(REGISTRY, self.context(unit, who, **(at or {})), token)
            except NexusError as error:
                return error

        return _raised(self.write(unit))

    def do(self, who: str, operation: str, /, *, at: dict[str, Any] | None = None, **arguments: Any) -> Any:
        """Run an operation, confirm it if it asks, and give its result."""
        outcome = self.call(who, operation, at=at, **arguments)
        if isinstance(outcome, Ask):
            outcome = self.press(who, outcome.buttons[0].token, at=at)
        assert isinstance(outcome, Done)
        return outcome.result

    def dump(self, *without: str) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table but those named, to compare before and after."""

        def unit(unit: Unit) -> dict[str, list[tuple[Any, ...]]]:
            return {
                table.name: sorted((tuple(row) for row in unit.execute(table.select())), key=repr)
                for table in metadata.sorted_tables
                if table.name not in without
            }

        found: dict[str, list[tuple[Any, ...]]] = self.read(unit)
        return found


def _raised(outcome: Outcome | NexusError) -> Outcome:
    if isinstance(outcome, NexusError):
        raise outcome
    return outcome
