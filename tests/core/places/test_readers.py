"""Who can read in a place: kept as the platform said last, who hears therefore, and who is told when there are more."""

from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import select

from core.clock import DAY, HOUR, MINUTE
from core.nexuses import members
from core.notices.tables import notice
from core.operations import Audience, AudienceKind
from core.people.people import speaker
from core.people.tables import account as table
from core.people.tables import person
from core.places.places import Place, add_server, audience_of, bind, known_place, place_of, thread_of
from core.places.readers import MOST, note_readers, widened
from core.places.tables import place_reader
from core.store import Unit
from tests.world import World

PUBLIC = Audience(AudienceKind.PUBLIC)
EVE = 5  # the id of somebody who speaks


@pytest.fixture
def world(world: World) -> World:
    """Ana decides for Parser, Ben is in it, Cleo in nothing; all of them on Slack."""
    world.nexus("Parser", owner="Ana")
    world.join("Ben", "Parser")
    for who in ("Ana", "Ben", "Cleo"):
        account(world, who)
    return world


def account(world: World, who: str, *, platform: str = "slack", workspace: str = "T1") -> int:
    """An account of that id on a platform; the person behind it."""

    def unit(unit: Unit) -> int:
        made = speaker(unit, platform=platform, workspace=workspace, external_id=who, name=who)
        return made.person_id

    person: int = world.write(unit)
    return person


def secret(world: World, **more: Any) -> Place:
    """A private channel."""
    return world.place("secret", **({"kind": "group", "platform": "slack", "workspace": "T1"} | more))


def note(world: World, place: Place, *who: str, asked_at: int | None = None) -> tuple[str, ...]:
    """The platform names these readers."""
    new: tuple[str, ...] = world.write(lambda unit: note_readers(unit, place.id, who, asked_at=asked_at))
    return new


def unknown(world: World, place: Place, **more: Any) -> None:
    """The platform does not name them."""
    assert world.write(lambda unit: note_readers(unit, place.id, None, **more)) == ()


def heard(world: World, place: Place, who: int = EVE) -> Audience:
    """Who hears what is said there to somebody."""
    found: Audience = world.read(lambda unit: audience_of(unit, place_of(unit, place.id), who))
    return found


def people(*ids: int) -> Audience:
    """Exactly these hear it."""
    return Audience(AudienceKind.PEOPLE, people=tuple(sorted(ids)))


def test_a_place_that_nobody_decided_about_hears_what_its_readers_may(world: World) -> None:
    there = secret(world)
    assert heard(world, there) == PUBLIC
    assert note(world, there, "Ana", "Ben") == ()
    ana, ben = account(world, "Ana"), account(world, "Ben")
    assert heard(world, there) == people(EVE, ana, ben)  # who speaks is among them in any case
    assert heard(world, there, ana) == people(ana, ben)
    note(world, there, "Ana", "Ben", "Stranger", "Other")
    assert heard(world, there, ana) == people(0, ana, ben)
    note(world, there)
    assert heard(world, there, ana) == people(ana)


def test_a_known_account_counts_on_its_own_platform_and_workspace_alone(world: World) -> None:
    there = secret(world, platform="discord", workspace="g1")
    note(world, there, "Ana", "Dora")
    dora = account(world, "Dora", platform="discord", workspace="")
    assert heard(world, there, dora) == people(0, dora)
    other = secret(world, workspace="T2")
    note(world, other, "Ana")
    assert heard(world, other, dora) == people(0, dora)


def test_two_accounts_of_one_person_are_one_reader(world: World) -> None:
    ana = account(world, "Ana")
    account(world, "Ana again")
    world.write(lambda unit: unit.execute(table.update().where(table.c.name == "Ana again").values(person_id=ana)))
    there = secret(world)
    note(world, there, "Ana", "Ana again")
    assert heard(world, there, ana) == people(ana)


@pytest.mark.parametrize("whole", [False, True])
def test_what_somebody_decided_comes_first(world: World, whole: bool) -> None:
    there, parser, ana = secret(world), world.nexuses["Parser"].id, account(world, "Ana")
    note(world, there, "Ana", "Stranger")
    bound = world.write(lambda unit: add_server(unit, "slack", "T1", "Office")) if whole else there
    for audience, wanted in (
        ("members", Audience(AudienceKind.MEMBERS, nexus_id=parser)),
        ("public", PUBLIC),
        ("people", people(0, ana)),
    ):
        world.write(lambda unit, a=audience: bind(unit, bound.id, parser, a, by=ana))
        assert heard(world, there, ana) == wanted
    world.write(lambda unit: bind(unit, bound.id, None, "public", by=ana))  # disconnected
    assert heard(world, there, ana) == PUBLIC


def test_a_direct_chat_is_one_persons_whatever_was_noted(world: World) -> None:
    direct = secret(world, kind="direct")
    note(world, direct, "Ana", "Ben")
    assert heard(world, direct) == Audience(AudienceKind.PERSON, EVE)


def test_what_the_platform_said_counts_for_ten_minutes(world: World) -> None:
    there, ana = secret(world), account(world, "Ana")
    note(world, there, "Ana")
    world.clock.advance(10 * MINUTE)
    assert heard(world, there, ana) == people(ana)
    world.clock.advance(1)
    assert heard(world, there, ana) == PUBLIC
    note(world, there, "Ana")
    assert heard(world, there, ana) == people(ana)


def test_what_cannot_be_read_any_more_is_not_known(world: World) -> None:
    there, ana = secret(world), account(world, "Ana")
    note(world, there, "Ana")
    unknown(world, there)
    assert heard(world, there, ana) == PUBLIC
    assert world.read(lambda unit: place_of(unit, there.id)).readers is None
    # Who came meanwhile is new all the same, once it is known again.
    assert note(world, there, "Ana", "Ben") == ("Ben",)
    assert heard(world, there, ana) == people(ana, account(world, "Ben"))


def test_too_many_readers_are_nobody_in_particular(world: World) -> None:
    there = secret(world)
    note(world, there, *(f"U{n}" for n in range(MOST)))
    assert heard(world, there) == people(0, EVE)
    note(world, there, *(f"U{n}" for n in range(MOST + 1)))
    assert heard(world, there) == PUBLIC


def test_an_older_answer_changes_nothing(world: World) -> None:
    there, ana = secret(world), account(world, "Ana")
    now = world.clock.now()
    note(world, there, "Ana", "Ben")
    assert note(world, there, "Ana", asked_at=now - 1) == ()
    unknown(world, there, asked_at=now - 1)
    assert heard(world, there, ana) == people(ana, account(world, "Ben"))
    note(world, there, "Ana", asked_at=now)
    assert heard(world, there, ana) == people(ana)


def test_noting_tells_who_is_new_and_forgets_who_is_gone(world: World) -> None:
    there = secret(world)
    assert note(world, there, "A", "B") == ()  # nobody was known before
    assert note(world, there, "A", "B") == ()
    assert note(world, there, "C", "A", "D") == ("C", "D")
    assert note(world, there, "C") == ()
    assert note(world, there, "C", "A") == ("A",)

    def unit(unit: Unit) -> list[str]:
        return [row["external_id"] for row in unit.rows(select(place_reader).order_by(place_reader.c.external_id))]

    assert world.read(unit) == ["A", "C"]
    found = world.read(lambda unit: known_place(unit, "slack", "T1", "secret"))
    assert (found.readers, found.readers_at) == (2, world.clock.now())


def test_a_thread_has_the_readers_of_its_chat(world: World) -> None:
    there, ana = secret(world), account(world, "Ana")
    note(world, there, "Ana")
    for thread in ("1", "2"):
        assert heard(world, secret(world, thread=thread), ana) == people(ana)
        world.write(lambda unit, t=thread: thread_of(unit, there, t))
        assert heard(world, secret(world, thread=thread), ana) == people(ana)
    own = secret(world, thread="2")
    world.write(lambda unit: bind(unit, own.id, world.nexuses["Parser"].id, "public", by=ana))
    assert heard(world, own, ana) == PUBLIC
    assert heard(world, there, ana) == people(ana)


def test_a_thread_that_not_everybody_can_read_has_readers_of_its_own(world: World) -> None:
    there, ana, ben = secret(world), account(world, "Ana"), account(world, "Ben")
    note(world, there, "Ana", "Ben", "Cleo")
    thread = world.write(lambda unit: thread_of(unit, there, "1"))
    assert heard(world, thread, ana) == people(ana, ben, account(world, "Cleo"))
    note(world, thread, "Ana", "Ben")
    assert heard(world, secret(world, thread="1"), ana) == people(ana, ben)
    assert heard(world, secret(world, thread="2"), ana) == people(ana, ben, account(world, "Cleo"))
    unknown(world, thread)
    assert heard(world, thread, ana) == PUBLIC
    unknown(world, there)
    note(world, thread, "Ana")
    assert heard(world, thread, ana) == people(ana)
    assert world.read(lambda unit: place_of(unit, thread.id)).bound == ""


# -- growing ----------------------------------------------------------------------------------------------------------


def grow(world: World, place: Place, *who: str) -> int:
    """The platform names these readers; how many the place has to be told of."""

    def unit(unit: Unit) -> int:
        return widened(unit, place.id, note_readers(unit, place.id, who))

    told: int = world.write(unit)
    return told


def notices(world: World) -> Sequence[tuple[int, str]]:
    """Whom something was told, and what, oldest first."""

    def unit(unit: Unit) -> list[tuple[int, str]]:
        rows = unit.rows(select(notice).order_by(notice.c.id))
        return [(row["person_id"], row["template"].format(**row["data"])) for row in rows]

    found: list[tuple[int, str]] = world.read(unit)
    return found


def test_a_place_is_told_of_newcomers_once(world: World) -> None:
    there = secret(world)
    assert grow(world, there, "Ana", "Ben") == 0
    assert grow(world, there, "Ana", "Ben", "Cleo", "Stranger") == 2
    assert grow(world, there, "Ana", "Ben", "Cleo", "Stranger") == 0
    assert grow(world, there, "Ana") == 0
    assert notices(world) == []  # nobody connected it


def test_those_who_come_within_the_hour_are_told_of_together(world: World) -> None:
    there = secret(world)
    grow(world, there, "Ana")
    assert grow(world, there, "Ana", "B") == 1
    world.clock.advance(HOUR - 1)
    assert grow(world, there, "Ana", "B", "C") == 0
    assert grow(world, there, "Ana", "B", "C", "D") == 0
    world.clock.advance(1)
    assert grow(world, there, "Ana", "B", "C", "D") == 2
    assert grow(world, there, "Ana", "B", "C", "D") == 0


def test_whoever_connected_the_place_is_told_too(world: World) -> None:
    there, ana = secret(world), world.id_of("Ana")
    world.write(lambda unit: bind(unit, there.id, world.nexuses["Parser"].id, "people", by=ana))
    grow(world, there, "Ana", "Ben")
    assert grow(world, there, "Ana", "Ben", "Cleo") == 1
    assert notices(world) == [
        (
            ana,
            "New in secret since I told you last: 1. They can read what I said there before. "
            "From now on I say there only what everybody there may see.",
        )
    ]


def test_where_everyone_counts_as_a_member_strangers_are_told_to_who_decided_so_once_a_day(world: World) -> None:
    there, ana = secret(world), world.id_of("Ana")
    ben = account(world, "Ben")
    world.write(lambda unit: members.join(unit, ben, world.nexuses["Parser"].id, "member", granted_by=ana))
    world.write(lambda unit: bind(unit, there.id, world.nexuses["Parser"].id, "members", by=ana))
    grow(world, there, "Ana")
    assert grow(world, there, "Ana", "Ben") == 0
    assert notices(world) == []  # a member
    assert grow(world, there, "Ana", "Ben", "Cleo", "Stranger") == 0
    told = (
        "New in secret since I told you last: 2 who are not in Parser. "
        "Everyone there counts as a member, so they hear what members hear."
    )
    assert notices(world) == [(ana, told)]
    assert heard(world, there).kind is AudienceKind.MEMBERS
    world.clock.advance(DAY - 1)
    assert grow(world, there, "Ana", "Ben", "Cleo", "Stranger", "Third") == 0
    assert len(notices(world)) == 1
    world.clock.advance(1)
    assert grow(world, there, "Ana", "Ben", "Cleo", "Stranger", "Third") == 0
    assert notices(world)[1:] == [(ana, told.replace("2 who", "1 who"))]


def test_where_anybody_listens_nobody_is_told(world: World) -> None:
    there, ana = secret(world), world.id_of("Ana")
    world.write(lambda unit: bind(unit, there.id, world.nexuses["Parser"].id, "public", by=ana))
    grow(world, there, "Ana")
    assert grow(world, there, "Ana", "Ben") == 0
    world.write(lambda unit: bind(unit, there.id, world.nexuses["Parser"].id, "people", by=ana))
    assert grow(world, there, "Ana", "Ben") == 0  # they were there when that began
    assert notices(world) == []


def test_what_is_told_follows_merges_and_outlives_who_is_gone(world: World) -> None:
    there, ana = secret(world), world.id_of("Ana")
    ben = world.id_of("Ben")
    world.write(lambda unit: unit.execute(person.update().where(person.c.id == ben).values(merged_into=ana)))
    for decided, told in ((ben, [ana]), (404, [])):
        world.write(lambda unit, by=decided: bind(unit, there.id, None, "people", by=by))
        world.write(lambda unit: unit.execute(notice.delete()))
        world.clock.advance(HOUR)
        grow(world, there, "Ana")
        assert grow(world, there, "Ana", "Ben") == 1
        assert [who for who, _ in notices(world)] == told
        grow(world, there, "Ana")
