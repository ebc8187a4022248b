"""The context of an operation: the actor, the place, the audience, the time, the transaction. Built by code alone."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from core.store import Unit


class Origin(StrEnum):
    """How an operation was chosen. It decides whether a human still has to confirm it."""

    TALK = "talk"  # a brain understood it from plain talk
    COMMAND = "command"  # a person typed the command
    BUTTON = "button"  # a person pressed a button that carries the operation with its arguments
    CLI = "cli"  # the operator's own shell
    SYSTEM = "system"  # a job of the bot


class AudienceKind(StrEnum):
    """Who will hear an answer: one person, the members of a Nexus, exactly some people, or anyone."""

    PERSON = "person"
    MEMBERS = "members"
    PEOPLE = "people"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Audience:
    """What is looked up and said is restricted to this audience before anything is looked up.

    PERSON: what `person_id` may see. MEMBERS: what someone may see whose only membership is `nexus_id`.
    PEOPLE: what every one of `people` may see (sorted ids; 0 stands for somebody whom nobody here knows).
    """

    kind: AudienceKind
    person_id: int = 0
    nexus_id: int = 0
    people: tuple[int, ...] = ()

    @property
    def anybody(self) -> bool:
        """Whether somebody whom nobody here knows may be listening: then it hears what the public may."""
        if self.kind is AudienceKind.PEOPLE:
            return not self.people or 0 in self.people
        return self.kind is AudienceKind.PUBLIC


@dataclass(frozen=True, slots=True)
class Actor:
    """A person who acts, through one of their accounts (0 for the system)."""

    person_id: int
    name: str
    account_id: int = 0


@dataclass(frozen=True, slots=True)
class Named:
    """An account of the platform that a message names: by a mention, or because it is answered. Maybe never heard."""

    external_id: str
    name: str
    username: str = ""
    workspace: str = ""
    bot: bool = False


@dataclass(frozen=True, slots=True)
class Answered:
    """The message that is answered, or that an entry of a context menu was used on: whose it is, and its words."""

    message_id: str
    author: Named | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Where:
    """The place an operation was called from. `place_id` is 0 on the command line.

    `roles` are the (id, name) pairs of the platform's own roles in that server or workspace, highest first.
    `manages`: the actor may change that server or workspace itself there, None if the platform does not say.
    `mentioned` says who is meant by an "@name" of this very message: the folded name without @, and the person's id.
    `thread` is the platform's id of the thread or topic, "" for none; most threads have no place of their own.
    `named` are all accounts that it mentions, known to us or not; `answered` is the message that it answers.
    """

    platform: str
    place_id: int = 0
    direct: bool = True
    roles: tuple[tuple[str, str], ...] = ()
    mentioned: tuple[tuple[str, int], ...] = ()
    manages: bool | None = None
    named: tuple[Named, ...] = ()
    answered: Answered | None = None
    thread: str = ""


@dataclass(slots=True)
class Context:
    """Everything an operation may know about its call.

    `key` identifies the call across retries (event id and position): the same key never has a second effect.
    `nexus_id` is "here". `facts` collects opaque ids for the audit row while the operation runs.
    """

    unit: Unit
    actor: Actor
    nexus_id: int
    audience: Audience
    where: Where
    origin: Origin
    key: str = ""
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def now(self) -> int:
        """The time of this unit, milliseconds since the epoch."""
        return self.unit.now

    def private(self) -> Context:
        """The same call, answered to the actor alone."""
        return replace(self, audience=Audience(AudienceKind.PERSON, self.actor.person_id))

    def note(self, **facts: int | str | None) -> None:
        """Add opaque ids and states to the audit row: never a person's words."""
        self.facts.update(facts)
