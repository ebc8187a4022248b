"""Everything about somebody as one document: all of theirs, nothing of others', readable by programs."""

from __future__ import annotations

import json
from typing import Any

import bot.tables  # noqa: F401 - the bot's tables are in it too
from core.privacy.copies import Copy, note
from core.privacy.export import FORMAT, VERSION
from core.rules.consents import set_consent
from core.rules.words import MEMBER, Action, spread
from tests.core.privacy.planted import NAME, SECRET, USER, plant
from tests.world import World


def exported(world: World, who: str) -> dict[str, Any]:
    result = world.do(who, "my.export")
    made: dict[str, Any] = json.loads(json.dumps(result.document))
    return made


def test_everything_of_theirs_is_in_it(world: World) -> None:
    plant(world)
    made = exported(world, "Xy")
    assert (made["format"], made["version"]) == (FORMAT, VERSION)
    assert made["about"].startswith("This is everything that the Nexus keeps about you")
    assert made["made_at"] == "2026-01-01T00:00:00.000+00:00"
    tables = made["tables"]
    assert [row["name"] for row in tables["person"]] == [NAME]
    assert [row["external_id"] for row in tables["account"]] == ["555777"]
    assert {(row["kind"], row["state"]) for row in tables["record"]} == {
        ("thought", "open"),
        ("need", "open"),
        ("need", "closed"),
        ("offer", "open"),
    }
    assert {"membership", "consent", "notice", "audit", "invite", "invite_request", "link", "quota_use"} <= {
        *tables,
        "quota_use",
    }
    assert {row["role"] for row in tables["membership"]} == {"member", "steward", "moderator"}
    names = made["nexuses"]
    assert {names[row["nexus_id"]] for row in tables["record"]} <= {"Parser", "Tools", "Home"}
    assert json.dumps(made).count(USER) >= 1


def test_nothing_of_others_is_in_it(world: World) -> None:
    plant(world)
    for who in ("Ana", "Ben", "Cleo"):
        text = json.dumps(exported(world, who), ensure_ascii=False)
        assert SECRET not in text, who
        assert USER not in text, who
    assert "a desk of my own" not in json.dumps(exported(world, "Xy"))


def test_consent_is_said_in_words(world: World) -> None:
    world.nexus("Parser", owner="Ana")
    world.do("Ana", "need.post", text="a lamp", nexus="Parser")
    (free,) = exported(world, "Ana")["tables"]["record"]
    assert free["consent"] is None
    word = spread(MEMBER, [Action.SEE])
    world.write(lambda unit: set_consent(unit, world.id_of("Ana"), kind="need", word=word))
    made = exported(world, "Ana")["tables"]
    nothing: list[str] = []
    wanted = {"see": ["member"], "quote": nothing, "aggregate": nothing, "derive": nothing, "export": nothing}
    assert [row["consent"] for row in made["record"]] == [wanted]
    assert [row["consent"] for row in made["consent"]] == [wanted]


def test_copies_that_have_it_too_are_named(world: World) -> None:
    world.person("Ana")
    gone = Copy("old.db", 1, world.clock.now() - 1)
    there = Copy("nexus-20260101-000000-until-2026-01-31.backup.db", world.clock.now(), 1_769_904_000_000)
    for one in (gone, there):
        world.write(lambda unit, one=one: note(unit, one))
    assert exported(world, "Ana")["copies"] == [
        {
            "name": there.name,
            "made_at": "2026-01-01T00:00:00.000+00:00",
            "expires_at": "2026-02-01T00:00:00.000+00:00",
        }
    ]


def test_somebody_of_whom_next_to_nothing_is_kept(world: World) -> None:
    made = exported(world, "Newcomer")
    assert made["tables"].keys() == {"person", "account"}
    assert made["nexuses"] == {}
