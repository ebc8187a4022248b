"""Being forgotten: nothing is left that names a person or repeats their words, and what others have stands."""

from __future__ import annotations

import pytest
from sqlalchemy import select

import bot.tables  # noqa: F401 - the bot's tables are forgotten too
from core.audit.tables import audit
from core.errors import BadInput, Conflict, NotFound
from core.nexuses.members import memberships_of
from core.operations import Origin
from core.operations.run import Ask
from core.people.people import person_of
from core.people.tables import account, person
from core.privacy.copies import Copy, note
from core.privacy.what import What
from core.records.tables import record
from core.store import Unit
from tests.core.privacy.planted import NAME, SECRET, USER, WORDS, plant, traces
from tests.world import World


def test_nothing_is_left_in_any_table_or_index(world: World) -> None:
    plant(world)
    assert {"person", "account", "record", "notice", "record_text"} <= traces(world, *WORDS).keys()
    before = world.id_of("Xy")
    done = world.do("Xy", "my.forget")
    assert done.what == "everything"
    assert done.count == 4
    assert traces(world, *WORDS, "555777") == {}
    left = world.read(lambda unit: person_of(unit, before))
    assert left.forgotten
    assert world.read(lambda unit: memberships_of(unit, before)) == []
    assert world.read(lambda unit: unit.rows(select(account).where(account.c.person_id == before))) == []


def test_who_comes_back_is_somebody_new(world: World) -> None:
    plant(world)
    before = world.id_of("Xy")
    world.do("Xy", "my.forget")
    del world.people["Xy"]
    assert world.person("Xy", platform="telegram", external_id="555777").person_id != before
    assert world.do("Xy", "record.mine").items == ()
    assert world.do("Xy", "my.data").things == ()


def test_what_others_have_stands(world: World) -> None:
    plant(world)
    before = world.id_of("Xy")
    granted = world.read(lambda unit: memberships_of(unit, world.id_of("Ben")))
    world.do("Xy", "my.forget")
    assert world.read(lambda unit: memberships_of(unit, world.id_of("Ben"))) == granted
    assert [one.text for one in world.do("Ben", "record.mine").items] == ["a desk of my own"]
    history = world.do("Ana", "audit.list").items
    assert "Somebody who left" in {one.person for one in history}
    mine = world.read(lambda unit: unit.rows(select(audit.c.seq).where(audit.c.person_id == before)))
    assert len(mine) > 5


def test_an_invitation_of_theirs_lets_nobody_in_any_more(world: World) -> None:
    world.nexus("Parser", owner="Ana")
    world.join("Xy", "Parser")
    code = world.do("Xy", "invite.create", uses=5).code
    world.do("Xy", "my.forget")
    with pytest.raises(NotFound):
        world.do("Ben", "invite.accept", code=code)


def test_the_card_says_what_goes_what_stays_and_which_copies_have_it(world: World) -> None:
    plant(world)
    copy = Copy("nexus.db.before-0009-1-until-2026-01-25", world.clock.now(), world.clock.now() + 25 * 86_400_000)
    world.write(lambda unit: note(unit, copy))
    asked = world.call("Xy", "my.forget")
    assert isinstance(asked, Ask)
    question = asked.arguments["question"]
    assert "Xy on Telegram" in question
    assert "1 thought, 2 needs, 1 offer" in question
    assert "What stays:" in question
    assert "The messages themselves lie with Telegram; delete them there." in question
    assert "nexus.db.before-0009-1-until-2026-01-25 (25 Jan 2026)" in question
    assert [button.style for button in asked.buttons] == ["danger", "plain"]
    assert traces(world, NAME).keys() >= {"person"}, "nothing is done before it is confirmed"


def test_the_last_owner_has_to_hand_over_first(world: World) -> None:
    world.nexus("Parser", owner="Ana")
    world.nexus("Tools", owner="Ana")
    world.join("Ben", "Tools", "owner")
    for origin in (Origin.COMMAND, Origin.CLI):
        with pytest.raises(Conflict, match="You are the only owner of Parser, and a Nexus needs one"):
            world.call("Ana", "my.forget", at={"origin": origin})
    world.join("Ben", "Parser", "owner")
    assert world.do("Ana", "my.forget").what == "everything"


def test_one_kind_goes_with_what_is_closed_and_the_rest_stays(world: World) -> None:
    plant(world)
    done = world.do("Xy", "my.forget", what="my needs")
    assert (done.what, done.count) == ("need", 2)
    mine = world.read(lambda unit: unit.rows(select(record.c.kind).where(record.c.author_id == world.id_of("Xy"))))
    assert sorted(row["kind"] for row in mine) == ["offer", "thought"]
    assert traces(world, f"someone for {SECRET}", f"closed: {SECRET}") == {}
    with pytest.raises(NotFound, match="I keep no needs of yours"):
        world.call("Xy", "my.forget", what="needs")


def test_one_thing_goes_by_its_short_name(world: World) -> None:
    handle = plant(world)
    asked = world.call("Xy", "my.forget", what=f"#{handle}")
    assert isinstance(asked, Ask)
    assert f"Forget “someone for {SECRET}” (#{handle})?" in asked.arguments["question"]
    world.press("Xy", asked.buttons[0].token)
    assert traces(world, f"someone for {SECRET}", handle) == {}
    assert traces(world, f"a thought about {SECRET}").keys() == {"record"}
    with pytest.raises(NotFound):
        world.call("Ben", "my.forget", what=f"#{world.do('Ana', 'need.post', text='a lamp').handle}")


def test_a_namesake_stays_what_they_are(world: World) -> None:
    world.nexus("Parser", owner="Ana")
    world.person("Other Ana", external_id="other")

    def call_her_ana(unit: Unit) -> None:
        from core.notices.notices import notify
        from core.people.people import rename

        rename(unit, world.id_of("Other Ana"), "Ana")
        notify(unit, world.id_of("Ben"), "{who} is here", {"who": "Ana"})

    world.person("Ben")
    world.write(call_her_ana)
    world.do("Other Ana", "my.forget")
    assert traces(world, "'Ana'").keys() >= {"person", "account"}
    assert "notice" in traces(world, "Ana")


def test_whoever_was_joined_to_them_goes_along(world: World) -> None:
    from core.people.linking import merge

    world.person("Xy", username=USER)
    world.person("Xylo", platform="discord", external_id="zx9")
    world.write(lambda unit: merge(unit, old=world.id_of("Xylo"), new=world.id_of("Xy")))
    world.do("Xy", "my.forget")
    assert traces(world, "Xy", "Xylo", USER, "zx9") == {}
    rows = world.read(lambda unit: unit.rows(select(person.c.name, person.c.forgotten_at)))
    assert {row["name"] for row in rows} == {"Somebody who left"}
    assert None not in {row["forgotten_at"] for row in rows}


@pytest.mark.parametrize(
    ("typed", "what"),
    [
        ("everything", "everything"),
        ("me", "everything"),
        ("all my data", "everything"),
        ("our talk", "talk"),
        ("my thoughts", "thought"),
        ("all my needs", "need"),
        ("Offers", "offer"),
        ("facts", "fact"),
        ("#k7m2p", "#k7m2p"),
        ("K7M2P", "#k7m2p"),
    ],
)
def test_what_people_type_is_read(typed: str, what: str) -> None:
    assert What("it").read(typed) == what


def test_what_is_not_understood_is_answered_with_what_there_is() -> None:
    with pytest.raises(BadInput, match="everything, our talk, all your thoughts"):
        What("it").read("the weather")
