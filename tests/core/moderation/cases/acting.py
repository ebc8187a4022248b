"""A community with moderators, on a platform that is made of a few sets: what is queued for it can be carried out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from core.moderation.cases import acts, outcome
from core.moderation.cases.cases import Case, case_numbered
from core.moderation.cases.tables import mod_act, mod_case
from core.nexuses.members import is_suspended
from core.notices.notices import settle, waiting
from core.operations import Answered, Named
from core.places.places import Place, bind
from core.places.workspaces import note_workspace
from core.store import Unit
from tests.world import World

SERVER = "guild"
PLATFORMS = ("telegram", "discord", "terminal")
NUMBERS = {"Ana": "100001", "Sue": "100002", "Mo": "100003", "Max": "100004", "Ben": "100005", "Tim": "100006"}
NUMBERS |= {"Gus": "100007", "Eve": "100008"}
ROLES = {"Ana": "owner", "Sue": "steward", "Mo": "moderator", "Max": "moderator", "Ben": "member", "Tim": "member"}
ROLES |= {"Gus": "guest"}


def gather(world: World) -> Place:
    """Everybody of `NUMBERS` on Telegram, with their roles in Parser. Returns its group there."""
    world.nexus("Parser")
    for name, number in NUMBERS.items():
        world.person(name, platform="telegram", external_id=number, username=name.casefold())
        if name in ROLES:
            world.join(name, "Parser", ROLES[name])
    return group(world, "Lobby")


def group(world: World, title: str, nexus: str = "Parser", **more: Any) -> Place:
    """A place that is bound to a Nexus."""
    place = world.place(title, external_id=f"-{title}", **more)
    world.write(lambda unit: bind(unit, place.id, world.nexuses[nexus].id, "members", by=None))
    found: Place = world.place(title, external_id=f"-{title}", **more)
    return found


def server(world: World, title: str, nexus: str = "Parser") -> Place:
    """A channel of a server, on a platform that acts on whole servers."""
    world.write(lambda unit: note_workspace(unit, "discord", SERVER, "The server", ()))
    return group(world, title, nexus, platform="discord", workspace=SERVER, kind="channel")


def answering(world: World, who: str, words: str = "BUY NOW", message_id: str = "77") -> Answered:
    """A message of somebody, as it is when it is answered."""
    return Answered(message_id, Named(world.person(who).external_id, who), words)


def case(world: World, number: int, nexus: str = "Parser") -> Case:
    """The case of that number."""
    found: Case | None = world.read(lambda unit: case_numbered(unit, world.nexuses[nexus].id, number))
    assert found is not None
    return found


def cases(world: World) -> list[dict[str, Any]]:
    """All cases as they are stored, oldest first."""
    return [dict(row) for row in world.read(lambda unit: unit.rows(select(mod_case).order_by(mod_case.c.id)))]


def queued(world: World) -> list[tuple[str, str, str]]:
    """What waits to be done: the power, to whom (their id there) and in which place."""
    rows = world.read(lambda unit: unit.rows(select(mod_act.c.case_id).where(mod_act.c.state == "waiting").distinct()))
    numbers = [row["case_id"] for row in rows]
    found = world.read(lambda unit: acts.acts_of_cases(unit, numbers))
    return [(row["power"], row["whom"] or "", row["place"]) for row in found if row["state"] == "waiting"]


def suspended(world: World, who: str, nexus: str = "Parser") -> bool:
    """Whether somebody is suspended."""
    return bool(world.read(lambda unit: is_suspended(unit, world.id_of(who), world.nexuses[nexus].id)))


def told(world: World, who: str) -> list[Any]:
    """What somebody was told and has not been shown here yet."""

    def take(unit: Unit) -> list[Any]:
        mine = [row for row in waiting(unit, 1000) if row["person_id"] == world.id_of(who)]
        for row in mine:
            settle(unit, row["id"], "given")
        return mine

    found: list[Any] = world.write(take)
    return found


def words(notice: Any) -> str:
    """The sentence of a notice."""
    return str(notice["template"].format(**notice["data"]))


def button(notice: Any, label: str) -> str:
    """The token of a button of a notice."""
    return str(next(token for name, token, _ in notice["buttons"] if name == label))


@dataclass
class Chats:
    """Platforms, and who can do what on them. Everything is keyed by the spot, and then by whom or where."""

    world: World
    banned: dict[tuple[str, str, str, str], int] = field(default_factory=dict)  # until when (ms), 0: for good
    muted: dict[tuple[str, str, str, str], int] = field(default_factory=dict)
    locked: set[tuple[str, str, str]] = field(default_factory=set)
    slow: dict[tuple[str, str, str], int] = field(default_factory=dict)  # seconds
    did: list[str] = field(default_factory=list)

    def carry(self, *, most: int = 1000) -> int:
        """Carry out what is due, in order, as the bot does. Returns how many acts that were."""
        done = 0
        while done < most:
            rows = self.world.read(lambda unit: acts.due(unit, PLATFORMS, 1))
            if not rows:
                break
            for row in rows[: most - done]:
                self.one(row)
                done += 1
        return done

    def one(self, row: Any) -> None:
        """Carry out one act."""
        if row["reverses"] is None and row["before"] is None:
            self.prepare(row)
        self.act(row)
        self.world.write(lambda unit: outcome.settled(unit, row, "done", "", ()))

    def refuse(self, said: str = "Their role is above mine.") -> int:
        """No platform does what is due. Returns how many acts that were."""
        rows = self.world.read(lambda unit: acts.due(unit, PLATFORMS, 1000))
        for row in rows:
            self.world.write(lambda unit, row=row: outcome.settled(unit, row, "refused", said, ()))
        return len(rows)

    def prepare(self, row: Any) -> None:
        """Store the state before it."""
        before = self.before(row)
        self.world.write(lambda unit: acts.prepared(unit, row["id"], before))

    def before(self, row: Any) -> dict[str, str]:
        """What has to be known to take it back."""
        place = (row["platform"], row["workspace"], row["place"])
        if row["power"] == "slow":
            return {"seconds": str(self.slow.get(place, 0))}
        return {"locked": "yes" if place in self.locked else ""} if row["power"] == "lock" else {}

    def act(self, row: Any) -> None:
        """The effect on the platform. An act that is repeated has the effect of once."""
        place = (row["platform"], row["workspace"], row["place"])
        whom = (*place, row["whom"] or "")
        self.did.append(row["power"])
        match row["power"]:
            case "ban":
                self.banned[whom] = row["until"] or 0
            case "unban":
                self.banned.pop(whom, None)
            case "timeout":
                self.muted[whom] = row["until"]
            case "release":
                self.muted.pop(whom, None)
            case "lock":
                self.locked.add(place)
            case "unlock":
                (self.locked.add if (row["before"] or {}).get("locked") else self.locked.discard)(place)
            case "slow":
                self.slow[place] = row["seconds"]

    def later(self, milliseconds: int) -> None:
        """Time goes by; the platform ends by itself what it was told the end of."""
        self.world.clock.advance(milliseconds)
        now = self.world.clock.now()
        self.muted = {whom: until for whom, until in self.muted.items() if until > now}
        self.banned = {whom: until for whom, until in self.banned.items() if not until or until > now}
