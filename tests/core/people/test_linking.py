"""Linking two accounts to one person, the merge that comes with it, and separating them again."""

from typing import Any

import pytest
from sqlalchemy import select

from core.buttons.tables import ButtonSpec
from core.clock import MINUTE
from core.errors import Ambiguous, BadInput, Conflict, NexusError, NotAllowed, NotFound
from core.invites.tables import invite
from core.nexuses.members import is_suspended, standing_in
from core.nexuses.tables import membership
from core.notices.notices import waiting
from core.operations import Origin
from core.operations.run import Ask, Done
from core.people import linking
from core.people.people import account_of, accounts_of, here_of, new_person, person_of
from core.people.tables import account_history
from core.people.tables import link as link_table
from core.store import Unit
from tests.core.nexuses.test_tree import overlapping
from tests.world import World

NO_LINK = "That link code doesn't work (any more). Ask for a fresh one on your other account."


@pytest.fixture
def world(world: World) -> World:
    """Ana speaks from a terminal and, as somebody else until linked, from Telegram."""
    world.nexus("Parser", owner="Otto")
    world.person("Ana", username="ana")
    world.person("Ana T", platform="telegram", username="ana_t")
    world.join("Ana", "Parser")
    return world


def code_of(world: World, who: str) -> str:
    return str(world.do(who, "account.link").code)


def notices(world: World) -> list[Any]:
    return list(world.write(lambda unit: waiting(unit)))


def asked(world: World, first: str, second: str) -> list[ButtonSpec]:
    """Take the first two steps; gives the buttons that the first account gets."""
    world.do(second, "account.link", code=code_of(world, first))
    (notice,) = [n for n in notices(world) if n["account_id"] == world.person(first).account_id][-1:]
    return [ButtonSpec(*b) for b in notice["buttons"]]


def link(world: World, first: str, second: str) -> None:
    world.press(first, asked(world, first, second)[0].token)


def test_both_sides_see_who_the_other_is_before_anything_happens(world: World) -> None:
    first = world.call("Ana", "account.link")
    assert isinstance(first, Ask)
    assert first.arguments["question"] == "Get a code to link another account of yours?"
    done = world.press("Ana", first.buttons[0].token)
    assert isinstance(done, Done)
    card = world.call("Ana T", "account.link", code=done.result.code.lower())
    assert isinstance(card, Ask)
    assert card.arguments["question"] == (
        "That code was made by Ana (@ana) on Terminal. Is that you too, so that both should be one person?"
    )
    world.press("Ana T", card.buttons[0].token)
    (notice,) = notices(world)
    assert notice["person_id"] == world.id_of("Ana")
    assert notice["account_id"] == world.person("Ana").account_id
    assert notice["template"].format(**notice["data"]) == (
        "Ana T (@ana_t) on Telegram typed your link code and says they are you. Is that right?"
    )
    assert world.read(lambda unit: person_of(unit, world.id_of("Ana T"))).name == "Ana T"
    answer = world.press("Ana", notice["buttons"][0][1])
    assert isinstance(answer, Done)
    assert answer.result.other == "Ana T (@ana_t) on Telegram"
    assert world.read(lambda unit: person_of(unit, world.id_of("Ana T"))).id == world.id_of("Ana")
    assert {a.platform for a in world.do("Ana T", "account.list").items} == {"terminal", "telegram"}


def test_the_first_side_may_say_no(world: World) -> None:
    yes, no = asked(world, "Ana", "Ana T")
    world.press("Ana", no.token)
    with pytest.raises(Conflict):
        world.press("Ana", yes.token)
    assert len(world.do("Ana", "account.list").items) == 1


def test_only_the_first_side_may_answer(world: World) -> None:
    buttons = asked(world, "Ana", "Ana T")
    for who in ("Ana T", "Otto"):
        with pytest.raises(NotAllowed):
            world.press(who, buttons[0].token)
    assert len(world.do("Ana", "account.list").items) == 1


def test_unknown_used_and_expired_codes_sound_the_same(world: World) -> None:
    used, old = code_of(world, "Ana"), code_of(world, "Ana")
    world.do("Ana T", "account.link", code=used)
    world.clock.advance(15 * MINUTE)
    for code in ("KF3M-9TQ2-X7PD", used, old):
        for origin in (Origin.COMMAND, Origin.CLI):
            with pytest.raises(NotFound) as refusal:
                world.call("Otto", "account.link", code=code, at={"origin": origin})
            assert (refusal.value.message, refusal.value.code) == (NO_LINK, "no_such_link")


def test_an_answer_that_comes_too_late_does_nothing(world: World) -> None:
    buttons = asked(world, "Ana", "Ana T")
    world.clock.advance(15 * MINUTE)
    with pytest.raises(Conflict):
        world.press("Ana", buttons[0].token)
    assert len(world.do("Ana", "account.list").items) == 1


def test_ones_own_code_links_nothing(world: World) -> None:
    code = code_of(world, "Ana")
    with pytest.raises(Conflict, match="one person already"):
        world.call("Ana", "account.link", code=code)


def test_only_a_hash_of_a_code_is_kept(world: World) -> None:
    code = code_of(world, "Ana")
    card = world.call("Ana T", "account.link", code=code)
    assert isinstance(card, Ask)
    assert code.replace("-", "") not in repr(world.dump()).replace("-", "")


def test_memberships_unite_and_everything_goes_along(world: World) -> None:
    world.nexus("Other", owner="Otto")
    world.join("Ana T", "Other", "steward")
    world.join("Ana T", "Parser", "moderator", here=False)
    world.do("Ana T", "need.post", text="a tripod", nexus="Other")
    world.do("Ana T", "thought.add", text="my own")
    code = world.do("Ana T", "invite.create", nexus="Other").code
    card = world.call("Ana T", "need.post", text="a lens", nexus="Other", at={"origin": Origin.TALK})
    assert isinstance(card, Ask)
    link(world, "Ana", "Ana T")
    ana = world.id_of("Ana")
    held = world.read(lambda unit: unit.rows(select(membership).where(membership.c.person_id == ana)))
    names = {nexus.id: name for name, nexus in world.nexuses.items()}
    assert {(names[row["nexus_id"]], row["role"]) for row in held} == {
        ("Parser", "member"),
        ("Parser", "moderator"),
        ("Other", "member"),
        ("Other", "steward"),
    }
    assert [e.text for e in world.do("Ana", "thought.list").items] == ["my own"]
    assert {e.text for e in world.do("Ana", "person.show").needs} == {"a tripod"}
    world.press("Ana", card.buttons[0].token)
    assert {e.text for e in world.do("Ana", "need.list", nexus="Other").items} == {"a tripod", "a lens"}
    assert world.read(lambda unit: unit.value(select(invite.c.made_by))) == ana
    assert world.do("Eve", "invite.accept", code=code).nexus == "Other"
    assert "Eve" in repr(world.do("Ana", "audit.list", nexus="Other"))


def test_a_request_goes_along_and_can_be_approved(world: World) -> None:
    code = world.do("Otto", "invite.create", nexus="Parser", approval=True, role="moderator").code
    world.do("Ana T", "invite.accept", code=code)
    approve = [n for n in notices(world) if n["buttons"]][-1]["buttons"][0][1]
    link(world, "Ana", "Ana T")
    done = world.press("Otto", approve)
    assert isinstance(done, Done)
    assert (done.result.person_id, done.result.role) == (world.id_of("Ana"), "moderator")


@pytest.mark.parametrize("suspended", ["Ana", "Ana T"])
def test_a_suspension_on_either_side_follows(world: World, suspended: str) -> None:
    world.join("Ana T", "Parser", "steward")
    world.suspend(suspended, "Parser")
    link(world, "Ana", "Ana T")
    parser = world.nexuses["Parser"].id
    for who in ("Ana", "Ana T"):
        with pytest.raises(NotAllowed):
            world.do(who, "need.post", text="a desk", at={"here": "Parser"})
    assert world.read(lambda unit: is_suspended(unit, world.id_of("Ana"), parser))
    assert world.read(lambda unit: standing_in(unit, world.id_of("Ana"), parser))[0] == -1


def test_where_the_talk_was_is_kept_if_there_was_none(world: World) -> None:
    world.nexus("Other", owner="Otto")
    world.person("New", platform="telegram")
    world.join("Ana T", "Other")
    link(world, "New", "Ana T")
    assert world.read(lambda unit: here_of(unit, world.id_of("New"))) == world.nexuses["Other"].id
    link(world, "Ana", "New")
    assert world.read(lambda unit: here_of(unit, world.id_of("Ana"))) == world.nexuses["Parser"].id


def test_chains_of_links_lead_to_one_person(world: World) -> None:
    world.person("Ana D", platform="discord")
    link(world, "Ana T", "Ana D")
    link(world, "Ana", "Ana T")
    ids = {world.read(lambda unit, n=name: person_of(unit, world.id_of(n)).id) for name in ("Ana", "Ana T", "Ana D")}
    assert ids == {world.id_of("Ana")}
    assert len(world.do("Ana D", "account.list").items) == 3
    history = world.read(lambda unit: unit.rows(select(account_history)))
    assert {(row["account_id"], row["person_id"]) for row in history} == {
        (world.person("Ana D").account_id, world.id_of("Ana D")),
        (world.person("Ana D").account_id, world.id_of("Ana T")),
        (world.person("Ana T").account_id, world.id_of("Ana T")),
    }


def test_unlinking_makes_a_guest_and_keeps_everything(world: World) -> None:
    link(world, "Ana", "Ana T")
    world.do("Ana T", "need.post", text="a desk", nexus="Parser")
    done = world.do("Ana", "account.unlink", account="Telegram account")
    assert (done.platform, done.username) == ("telegram", "ana_t")
    assert [e.text for e in world.do("Ana", "person.show").needs] == ["a desk"]
    rows = world.read(lambda unit: accounts_of(unit, world.id_of("Ana")))
    assert [row["platform"] for row in rows] == ["terminal"]
    telegram = world.read(lambda unit: account_of(unit, world.person("Ana T").account_id))
    assert telegram["person_id"] not in (world.id_of("Ana"), world.id_of("Ana T"))


def test_unlinking_is_no_way_out_of_a_suspension(world: World) -> None:
    link(world, "Ana", "Ana T")
    world.suspend("Ana", "Parser")
    world.do("Ana", "account.unlink", account="telegram")
    owner = world.read(lambda unit: account_of(unit, world.person("Ana T").account_id))["person_id"]
    assert world.read(lambda unit: is_suspended(unit, owner, world.nexuses["Parser"].id))


def test_the_only_account_cannot_be_unlinked_and_no_other_can_be_named(world: World) -> None:
    with pytest.raises(Conflict, match="only account"):
        world.do("Ana", "account.unlink", account="terminal")
    with pytest.raises(BadInput, match=r"Yours are: terminal\."):
        world.do("Ana", "account.unlink", account="ana_t")


def test_which_of_several_accounts_is_a_question(world: World) -> None:
    world.person("Ana T2", platform="telegram", username="ana_2")
    link(world, "Ana", "Ana T")
    link(world, "Ana", "Ana T2")
    with pytest.raises(Ambiguous, match=r"@ana_t.*@ana_2"):
        world.do("Ana", "account.unlink", account="telegram")
    assert world.do("Ana", "account.unlink", account="ana_2").username == "ana_2"
    assert world.do("Ana T", "account.unlink", account="telegram").username == "ana_t"


@pytest.mark.parametrize("engine", ["postgres"])
def test_two_merges_in_opposite_directions_at_once_leave_one_person(world: World) -> None:
    """Ana's code was typed by Ben's second account, and Ben's by Ana's second: both are confirmed at one moment."""
    for name in ("Ben", "Ana b", "Ben b"):
        world.person(name)
    link(world, "Ana", "Ana b")
    link(world, "Ben", "Ben b")
    everybody = [world.person(name) for name in ("Ana", "Ana b", "Ben", "Ben b")]
    asked(world, "Ana", "Ben b")
    asked(world, "Ben", "Ana b")
    rows = world.read(lambda unit: unit.rows(select(link_table).where(link_table.c.state == "asked")))
    links = {row["account_id"]: row["id"] for row in rows}  # whose code it was: the store gives them in any order

    def confirm(who: str) -> Any:
        account_id = world.person(who).account_id
        return lambda unit: linking.complete(unit, links[account_id], account_id)["id"] and None

    results = overlapping(world, confirm("Ana"), confirm("Ben"))
    assert not any(isinstance(r, Exception) and not isinstance(r, NexusError) for r in results)
    owners = {world.read(lambda unit, a=a: account_of(unit, a.account_id)["person_id"]) for a in everybody}
    assert owners == {world.id_of("Ana")}
    assert {world.read(lambda unit, a=a: person_of(unit, a.person_id)).id for a in everybody} == owners


def test_merging_somebody_with_themselves_changes_nothing(world: World) -> None:
    before = world.dump()

    def unit(unit: Unit) -> None:
        linking.merge(unit, old=world.id_of("Ana"), new=world.id_of("Ana"))

    world.write(unit)
    assert world.dump() == before
    assert world.write(lambda unit: new_person(unit, "Nobody")) > 0
