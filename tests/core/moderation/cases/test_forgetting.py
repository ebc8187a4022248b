"""What people are given of cases, and what is left of them when they are forgotten."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import insert

import bot.tables  # noqa: F401 - the bot's tables are in it too
from core.clock import DAY, HOUR
from core.moderation.cases import acts, undo
from core.moderation.cases.cases import points_of
from core.moderation.cases.tables import mod_act, mod_appeal, mod_case, mod_evidence, mod_note, mod_seen
from core.people.people import account_of, is_forgotten
from core.places.places import Place
from core.store import Unit
from tests.core.moderation.cases.acting import NUMBERS, Chats, answering, case, queued, suspended
from tests.world import World

TABLES = ("mod_case", "mod_note", "mod_evidence", "mod_act", "mod_seen", "mod_appeal")
SECRET = "zeppelins"


def much(world: World, lobby: Place, chats: Chats) -> None:
    """Ben in every corner of it; and Mo, who decided."""
    at = {"place": lobby, "answered": answering(world, "Ben", f"buy {SECRET}"), "key": "telegram::e1"}
    world.do("Mo", "ban", reason=f"sells {SECRET}", duration="7d", at=at)
    world.do("Max", "note", case="1", text=f"again {SECRET}")
    world.do("Ben", "appeal", case=f"={case(world, 1).id}", text=f"my {SECRET} are fine")
    world.do("Sue", "uphold", case="1", answer=f"no {SECRET} here")
    world.do("Tim", "report", reason=f"{SECRET} everywhere", at={"place": lobby, "answered": at["answered"]})
    chats.carry()
    world.write(_seen)


def _seen(unit: Unit) -> None:
    for number, message in ((NUMBERS["Ben"], "501"), (NUMBERS["Tim"], "502")):
        unit.execute(
            insert(mod_seen),
            {
                "platform": "telegram",
                "workspace": "",
                "place": "-Lobby",
                "thread": "",
                "message_id": message,
                "account": number,
                "at": unit.now,
            },
        )


def exported(world: World, who: str) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(world.do(who, "my.export").document))
    tables: dict[str, Any] = made["tables"]
    return tables


def rows(world: World, table: Any) -> list[Any]:
    return list(world.read(lambda unit: unit.rows(table.select())))


def test_the_export_has_all_that_is_kept_about_somebody(world: World, lobby: Place, chats: Chats) -> None:
    much(world, lobby, chats)
    tables = exported(world, "Ben")
    assert [(row["number"], row["reason"]) for row in tables["mod_case"]] == [(1, f"sells {SECRET}")]
    assert [row["words"] for row in tables["mod_evidence"]] == [f"buy {SECRET}"] * 2
    assert [(row["words"], row["answer"]) for row in tables["mod_appeal"]] == [
        (f"my {SECRET} are fine", f"no {SECRET} here")
    ]
    assert [(row["power"], row["state"]) for row in tables["mod_act"]] == [("ban", "done")]
    assert [row["message_id"] for row in tables["mod_seen"]] == ["501"]
    assert not tables.get("mod_note")


def test_nobody_gets_what_is_kept_about_others(world: World, lobby: Place, chats: Chats) -> None:
    much(world, lobby, chats)
    assert [row["words"] for row in exported(world, "Max")["mod_note"]] == [f"again {SECRET}"]
    assert [row["words"] for row in exported(world, "Tim")["mod_note"]] == [f"{SECRET} everywhere"]
    for who in ("Tim", "Gus", "Max", "Mo"):
        tables = exported(world, who)
        for name in ("mod_case", "mod_evidence", "mod_appeal", "mod_act"):
            assert not tables.get(name), (who, name)
    assert str(world.id_of("Tim")) not in json.dumps(exported(world, "Ben")), "who reported is told to nobody"


def test_of_the_forgotten_numbers_stay_and_no_word(world: World, lobby: Place, chats: Chats) -> None:
    much(world, lobby, chats)
    number = world.id_of("Ben")
    world.do("Ben", "my.forget")
    dump = world.dump()
    for table in TABLES:
        text = repr(dump[table])
        for word in (SECRET, "Ben", NUMBERS["Ben"]):
            assert word not in text, (table, word)
    (found, report) = rows(world, mod_case)
    assert (found["person_id"], found["account_id"], found["number"], found["points"]) == (number, None, 1, 3)
    assert report["account_id"] is None
    assert rows(world, mod_evidence) == []
    assert [row["message_id"] for row in rows(world, mod_seen)] == ["502"]
    assert [(row["words"], row["answer"], row["state"]) for row in rows(world, mod_appeal)] == [("", "", "upheld")]
    assert {row["words"] for row in rows(world, mod_note)} == {""}
    assert [(row["power"], row["account_id"], row["state"]) for row in rows(world, mod_act)] == [("ban", None, "done")]
    view = world.do("Sue", "case", case="1")
    assert (view.kind, view.points, view.evidence) == ("ban", 3, ())
    assert view.name != "Ben"


def test_what_was_not_done_yet_to_the_forgotten_is_not_done_any_more(world: World, lobby: Place) -> None:
    world.do("Mo", "kick", person="Ben", at={"place": lobby, "key": "telegram::e1"})
    world.do("Ben", "my.forget")
    assert queued(world) == []
    (row,) = rows(world, mod_act)
    assert (row["state"], row["account_id"], row["done_at"]) == ("dropped", None, world.clock.now())
    assert world.read(lambda unit: acts.untold(unit, unit.now)) == ["telegram::e1"], "who asked is not left waiting"


def test_the_end_of_a_ban_of_the_forgotten_is_asked_of_no_platform(world: World, lobby: Place, chats: Chats) -> None:
    """Nobody knows any more whose it was; and an act without anybody must not be one on everybody."""
    world.do("Mo", "ban", person="Ben", duration="1h", at={"place": lobby})
    world.do("Mo", "timeout", person="Tim", duration="1h", at={"place": lobby})
    chats.carry()
    world.do("Ben", "my.forget")
    world.clock.advance(HOUR)
    world.write(undo.sweep)
    assert queued(world) == [("release", NUMBERS["Tim"], "-Lobby")]
    assert {row["state"] for row in rows(world, mod_case)} == {"lifted"}


def test_being_forgotten_is_no_way_back_in_and_a_moderator_opens_the_door(world: World, lobby: Place) -> None:
    world.do("Mo", "ban", person="Ben", at={"place": lobby})
    world.do("Ben", "my.forget")
    again = world.people.pop("Ben")
    world.person("Ben", platform="telegram", external_id=NUMBERS["Ben"])
    assert world.id_of("Ben") != again.person_id
    assert suspended(world, "Ben")
    assert world.do("Mo", "cases", person=NUMBERS["Ben"], at={"place": lobby}).items == ()
    world.do("Mo", "unban", person=NUMBERS["Ben"], at={"place": lobby})
    assert not suspended(world, "Ben")


def test_a_moderator_who_is_forgotten_has_decided_all_the_same(world: World, lobby: Place, chats: Chats) -> None:
    number = world.id_of("Mo")
    world.do("Mo", "ban", person="Ben", reason="spam", at={"place": lobby, "key": "telegram::e1"})
    world.do("Mo", "note", case="1", text=f"my {SECRET}")
    chats.carry()
    world.do("Mo", "my.forget")
    assert world.read(lambda unit: is_forgotten(unit, number))
    dump = world.dump()
    for table in TABLES:
        assert SECRET not in repr(dump[table])
        assert "Mo" not in repr(dump[table]), table
    (row,) = rows(world, mod_act)
    assert (row["by_id"], row["asker_id"], row["turn"], row["account_id"]) == (
        None,
        None,
        "",
        world.person("Ben").account_id,
    )
    assert case(world, 1).by_id == number
    assert case(world, 1).reason == "spam", "that is about Ben"
    world.do("Max", "undo", case="1", at={"place": lobby})
    chats.carry()
    assert chats.banned == {}


def test_who_reported_is_forgotten_and_the_report_stays(world: World, lobby: Place) -> None:
    world.do("Tim", "report", reason=f"{SECRET}!", at={"place": lobby, "answered": answering(world, "Ben")})
    world.do("Tim", "my.forget")
    view = world.do("Mo", "case", case="1")
    assert view.name == "Ben"
    assert "Tim" not in repr(view)
    assert not any(SECRET in note for note in view.notes)


def test_points_of_the_forgotten_are_nobodys(world: World, lobby: Place) -> None:
    world.do("Mo", "warn", person="Ben", at={"place": lobby})
    account = world.person("Ben").account_id
    world.do("Ben", "my.forget")
    world.people.pop("Ben")
    world.clock.advance(DAY)
    new = world.person("Ben", platform="telegram", external_id=NUMBERS["Ben"])
    assert new.account_id != account
    where = world.nexuses["Parser"].id
    assert world.read(lambda unit: points_of(unit, new.person_id, where)) == 0
    assert world.read(lambda unit: account_of(unit, new.account_id))["person_id"] == new.person_id
