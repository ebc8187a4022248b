"""Being forgotten ends no suspension: whoever has the account stays out, and nothing tells who that was."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from core.errors import Conflict, NexusError
from core.nexuses.members import is_suspended
from core.people.linking import merge
from core.people.people import speaker
from core.privacy.tables import kept_ban, secret
from core.store import Unit
from tests.core.privacy.planted import traces
from tests.world import World


def back(world: World, platform: str, external_id: str, workspace: str = "") -> int:
    """The account speaks for the first time after that; returns its person."""

    def unit(unit: Unit) -> int:
        return speaker(
            unit, platform=platform, workspace=workspace, external_id=external_id, name="Somebody else"
        ).person_id

    person_id: int = world.write(unit)
    return person_id


def suspended(world: World, person_id: int, nexus: str) -> bool:
    found: bool = world.read(lambda unit: is_suspended(unit, person_id, world.nexuses[nexus].id))
    return found


def bans(world: World) -> int:
    return len(world.read(lambda unit: unit.rows(select(kept_ban))))


@pytest.fixture
def banned(world: World) -> World:
    """Xy is suspended in Parser, left Tools, and is a member of Yard."""
    for name in ("Parser", "Tools", "Yard"):
        world.nexus(name, owner="Ana", door="open")
    world.person("Xy", platform="telegram", external_id="555777")
    for name in ("Parser", "Tools", "Yard"):
        world.join("Xy", name)
    world.suspend("Xy", "Parser")
    world.do("Xy", "nexus.leave", nexus="Tools")
    return world


def test_the_suspension_is_back_with_the_first_word(banned: World) -> None:
    banned.do("Xy", "my.forget")
    person_id = back(banned, "telegram", "555777")
    assert suspended(banned, person_id, "Parser")
    assert not suspended(banned, person_id, "Tools")
    assert not suspended(banned, person_id, "Yard")
    banned.people.pop("Xy")
    banned.person("Xy", platform="telegram", external_id="555777")
    with pytest.raises(NexusError, match="suspended"):
        banned.call("Xy", "nexus.join", nexus="Parser")
    assert banned.do("Xy", "nexus.join", nexus="Tools").name == "Tools"


def test_it_can_be_forgotten_again_and_again(banned: World) -> None:
    for _ in range(3):
        banned.do("Xy", "my.forget")
        del banned.people["Xy"]
        banned.person("Xy", platform="telegram", external_id="555777")
        assert suspended(banned, banned.id_of("Xy"), "Parser")


def test_each_of_their_accounts_brings_it_back(banned: World) -> None:
    banned.person("Xd", platform="discord", external_id="d9")
    banned.write(lambda unit: merge(unit, old=banned.id_of("Xd"), new=banned.id_of("Xy")))
    banned.do("Xy", "my.forget")
    assert bans(banned) == 2
    assert suspended(banned, back(banned, "discord", "d9"), "Parser")
    assert suspended(banned, back(banned, "telegram", "555777"), "Parser")
    assert bans(banned) == 0, "from then on it stands in the membership"


def test_nobody_else_is_taken_for_them(banned: World) -> None:
    banned.do("Xy", "my.forget")
    for account in (("telegram", "555778", ""), ("discord", "555777", ""), ("telegram", "555777", "w")):
        assert not suspended(banned, back(banned, *account), "Parser")
    assert bans(banned) == 1


def test_what_is_kept_names_nobody_and_is_this_stores_own(banned: World, new_store: object) -> None:
    banned.do("Xy", "my.forget")
    assert traces(banned, "555777", "telegram:555777") == {}
    rows = banned.read(lambda unit: unit.rows(select(kept_ban)))
    keys = banned.read(lambda unit: unit.rows(select(secret)))
    assert [len(row["digest"]) for row in rows] == [32]
    assert [len(row["value"]) for row in keys] == [32]


def test_who_was_not_suspended_leaves_nothing(banned: World) -> None:
    banned.do("Ana", "role.grant", person=f"={banned.id_of('Xy')}", role="moderator", nexus="Yard")
    banned.join("Ben", "Yard")
    banned.do("Ben", "my.forget")
    assert bans(banned) == 0
    assert banned.read(lambda unit: unit.rows(select(secret))) == []


def test_a_steward_may_let_them_in_again_as_before(banned: World) -> None:
    banned.do("Xy", "my.forget")
    person_id = back(banned, "telegram", "555777")
    with pytest.raises(Conflict, match="suspended"):
        banned.do(
            "Ana",
            "role.grant",
            person="@somebody",
            role="member",
            nexus="Parser",
            at={"mentioned": (("somebody", person_id),)},
        )


@pytest.mark.parametrize("engine", ["sqlite"])
def test_however_a_person_comes_to_be_it_holds(banned: World) -> None:
    """Every way to a new account goes through `people.speaker`: also being mentioned, and the command line."""
    import ast
    from pathlib import Path

    banned.do("Xy", "my.forget")
    root = Path(__file__).resolve().parents[3]
    makers = {
        path.relative_to(root).as_posix()
        for package in ("core", "bot", "adapters")
        for path in (root / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("insert", "insert_into")
        and node.args
        and isinstance(node.args[0], ast.Name)
        and node.args[0].id in ("account", "person")
    }
    assert makers == {"core/people/people.py"}
