"""Invitations: made, accepted, withdrawn, approved; and one refusal for every code that does not open anything."""

from typing import Any

import pytest
from sqlalchemy import select

from core.clock import DAY
from core.errors import BadInput, Conflict, NexusError, NotAllowed, NotFound
from core.invites.invites import REFUSAL
from core.invites.tables import invite, invite_request
from core.nexuses.members import roles_here
from core.notices.notices import waiting
from core.operations import Origin
from core.operations.run import Ask, Done
from tests.core.nexuses.test_tree import together
from tests.world import World

TALK, CLI = {"origin": Origin.TALK}, {"origin": Origin.CLI}


@pytest.fixture
def world(world: World) -> World:
    world.nexus("Parser", owner="Ana")
    world.join("Sue", "Parser", "steward")
    world.join("Ben", "Parser")
    return world


def roles(world: World, who: str) -> set[str]:
    return set(world.read(lambda unit: roles_here(unit, world.id_of(who), world.nexuses["Parser"].id)))


def told(world: World, who: str) -> list[Any]:
    return [n for n in world.write(lambda unit: waiting(unit)) if n["person_id"] == world.id_of(who)]


def refusal_of(world: World, who: str, code: str, **at: Any) -> tuple[str, str]:
    with pytest.raises(NotFound) as refusal:
        world.call(who, "invite.accept", code=code, at=at)
    return refusal.value.message, refusal.value.code


def test_the_card_says_what_the_invitation_will_be(world: World) -> None:
    asked = world.call("Ben", "invite.create", uses="three", expires="2 weeks", approval="yes", at=TALK)
    assert isinstance(asked, Ask)
    assert asked.question.format(**asked.arguments) == (
        "Make an invitation to Parser for 3 people as member, valid 14 days, after a steward's yes?"
    )
    done = world.press("Ben", asked.buttons[0].token)
    assert isinstance(done, Done)
    assert (done.result.uses, done.result.expires, done.result.approval) == (3, "14 days", True)


def test_accepting_shows_what_it_opens_and_makes_a_member(world: World) -> None:
    code = world.do("Ben", "invite.create").code
    card = world.call("Eve", "invite.accept", code=f" {code.lower().replace('-', ' ')} ", at=TALK)
    assert isinstance(card, Ask)
    assert card.question.format(**card.arguments) == "That invitation lets you into Parser as member. Shall I?"
    done = world.press("Eve", card.buttons[0].token)
    assert isinstance(done, Done)
    assert (done.result.nexus, done.result.waiting) == ("Parser", False)
    assert roles(world, "Eve") == {"member"}
    assert world.do("Eve", "nexus.show").name == "Parser"
    (notice,) = told(world, "Ben")
    assert notice["template"].format(**notice["data"]) == "Eve used your invitation and is in Parser now."


def test_only_a_hash_is_stored_also_while_a_card_waits(world: World) -> None:
    code = world.do("Ben", "invite.create", at={"key": "k"}).code
    assert isinstance(world.call("Eve", "invite.accept", code=code, at=TALK), Ask)
    assert isinstance(world.call("Ben", "invite.revoke", invite=code, at=TALK), Ask)
    stored = repr(world.dump())
    assert code not in stored
    assert code.replace("-", "") not in stored


def test_every_code_that_opens_nothing_gets_the_same_kind_refusal(world: World) -> None:
    codes = {}
    codes["unknown"] = "KF3M-9TQ2-X7PD"
    codes["used up"] = world.do("Ben", "invite.create").code
    world.do("Eve", "invite.accept", code=codes["used up"])
    revoked = world.do("Ben", "invite.create")
    codes["revoked"] = revoked.code
    world.do("Ben", "invite.revoke", invite=f"#{revoked.handle}")
    codes["expired"] = world.do("Ben", "invite.create", expires="1 day").code
    codes["from one who left"] = world.do("Sue", "invite.create", uses=9).code
    world.do("Sue", "nexus.leave")
    codes["of a closed Nexus"] = _code_of_a_closed_nexus(world)
    world.clock.advance(DAY)
    refusals = {
        (name, *refusal_of(world, "Zed", code, origin=origin))
        for name, code in codes.items()
        for origin in (Origin.TALK,)
    }
    world.clock.advance(DAY)
    refusals |= {(name, *refusal_of(world, "Zed", code)) for name, code in codes.items()}
    assert {(text, code) for _, text, code in refusals} == {(REFUSAL, "no_such_invite")}


def _code_of_a_closed_nexus(world: World) -> str:
    world.nexus("Closed", owner="Ana")
    code = str(world.do("Ana", "invite.create", nexus="Closed", expires="30 days").code)
    world.do("Ana", "nexus.archive", nexus="Closed")
    return code


def test_an_invitation_ends_at_its_time_and_with_its_last_use(world: World) -> None:
    code = world.do("Ben", "invite.create", uses=2, expires="1 day").code
    world.do("Eve", "invite.accept", code=code)
    world.clock.advance(DAY - 1)
    world.do("Zed", "invite.accept", code=code)
    assert refusal_of(world, "Tom", code)[1] == "no_such_invite"
    other = world.do("Ben", "invite.create", uses=2, expires="1 day").code
    world.clock.advance(DAY)
    assert refusal_of(world, "Tom", other)[1] == "no_such_invite"


def test_one_person_uses_it_once(world: World) -> None:
    code = world.do("Ben", "invite.create", uses=5).code
    world.do("Eve", "invite.accept", code=code)
    with pytest.raises(Conflict, match="in Parser already"):
        world.do("Eve", "invite.accept", code=code)
    world.do("Eve", "nexus.leave")
    assert refusal_of(world, "Eve", code)[0] == REFUSAL
    assert world.read(lambda unit: unit.value(select(invite.c.uses_left))) == 4


def test_whoever_is_suspended_is_not_let_in_by_a_code(world: World) -> None:
    code = world.do("Ana", "invite.create", role="steward").code
    world.suspend("Ben", "Parser")
    assert refusal_of(world, "Ben", code, **CLI)[0] == REFUSAL
    assert world.read(lambda unit: unit.value(select(invite.c.uses_left))) == 1


def test_a_role_takes_a_steward_who_holds_it_when_made_and_when_used(world: World) -> None:
    for who, role in (("Ben", "steward"), ("Ben", "moderator"), ("Sue", "owner")):
        with pytest.raises(NotAllowed):
            world.do(who, "invite.create", role=role)
    steward, guest = world.do("Sue", "invite.create", role="steward").code, world.do("Sue", "invite.create").code
    world.do("Ana", "role.revoke", person="Sue", role="steward")
    assert refusal_of(world, "Eve", steward)[0] == REFUSAL
    world.do("Eve", "invite.accept", code=guest)
    assert roles(world, "Eve") == {"member"}
    world.do("Ana", "role.revoke", person="Sue", role="member")
    assert [line.handle for line in world.do("Ana", "invite.list").items] == []


def test_strangers_and_guests_invite_nobody(world: World) -> None:
    world.join("Gus", "Parser", "guest")
    for who in ("Gus", "Zed"):
        with pytest.raises(NotAllowed):
            world.do(who, "invite.create", at={"here": "Parser"})


def test_lists_show_ones_own_or_for_stewards_all(world: World) -> None:
    world.do("Ben", "invite.create", uses=3, expires="1 day")
    world.do("Ana", "invite.create", role="guest", approval=True)
    assert [(line.maker, line.role, line.uses) for line in world.do("Sue", "invite.list").items] == [
        ("Ben", "member", 3),
        ("Ana", "guest", 1),
    ]
    (line,) = world.do("Ben", "invite.list").items
    assert (line.maker, line.until) == ("Ben", "2 Jan 2026")
    world.clock.advance(DAY)
    assert world.do("Ben", "invite.list").items == ()


def test_withdrawing_is_for_its_maker_and_stewards_and_tells_others_nothing(world: World) -> None:
    made = world.do("Ana", "invite.create", uses=2)
    refusals = set()
    for words in (made.handle, f"#{made.handle}", made.code, "k0000", "KF3M-9TQ2-X7PD", "designers"):
        with pytest.raises(NotFound) as refusal:
            world.do("Ben", "invite.revoke", invite=words)
        refusals.add(refusal.value.message.replace(words, "X"))
    assert refusals == {"I know no open invitation X of yours."}
    world.do("Eve", "invite.accept", code=made.code)
    assert world.do("Sue", "invite.revoke", invite=made.code.lower()).handle == made.handle
    assert refusal_of(world, "Zed", made.code)[0] == REFUSAL
    with pytest.raises(NotFound):
        world.do("Ana", "invite.revoke", invite=made.handle)


def ask_in(world: World, who: str = "Eve", role: str = "member") -> None:
    code = world.do("Ana", "invite.create", approval=True, role=role).code
    accepted = world.do(who, "invite.accept", code=code)
    assert accepted.waiting
    assert roles(world, who) == set()


def test_with_approval_a_steward_decides(world: World) -> None:
    ask_in(world)
    (notice,) = told(world, "Sue")
    assert notice["template"].format(**notice["data"]) == (
        "Eve would like to come into Parser as member, with an invitation."
    )
    assert told(world, "Ben") == []
    done = world.press("Sue", notice["buttons"][0][1])
    assert isinstance(done, Done)
    assert roles(world, "Eve") == {"member"}
    assert "welcome to Parser" in told(world, "Eve")[-1]["template"].format(**told(world, "Eve")[-1]["data"])
    (other,) = told(world, "Ana")
    with pytest.raises(Conflict, match="not waiting"):
        world.press("Ana", other["buttons"][1][1])
    assert roles(world, "Eve") == {"member"}


def test_asking_twice_says_that_it_waits(world: World) -> None:
    code = world.do("Ana", "invite.create", approval=True, uses=3).code
    world.do("Eve", "invite.accept", code=code)
    with pytest.raises(Conflict, match="steward of Parser still has to say yes"):
        world.do("Eve", "invite.accept", code=code)
    assert world.read(lambda unit: unit.value(select(invite.c.uses_left))) == 2


def test_turned_down_is_final_for_that_invitation(world: World) -> None:
    code = world.do("Ana", "invite.create", approval=True, uses=3).code
    world.do("Eve", "invite.accept", code=code)
    world.do("Ana", "invite.reject", person="Eve")
    assert roles(world, "Eve") == set()
    assert refusal_of(world, "Eve", code)[0] == REFUSAL
    assert world.read(lambda unit: unit.value(select(invite_request.c.state))) == "rejected"


def test_members_do_not_decide_and_nobody_lets_themselves_in(world: World) -> None:
    ask_in(world)
    for operation in ("invite.approve", "invite.reject"):
        with pytest.raises(NotAllowed):
            world.do("Ben", operation, person="Eve")
    ask_in(world, "Otto", "owner")
    with pytest.raises(NotAllowed, match="owner"):
        world.do("Sue", "invite.approve", person="Otto")
    world.join("Eve", "Home", "steward", here=False)
    with pytest.raises(NotAllowed, match="Nobody lets themselves in"):
        world.do("Eve", "invite.approve", person="me", nexus="Parser")


def test_a_steward_from_above_who_was_told_can_decide(world: World) -> None:
    world.join("Root", "Home", "owner")
    ask_in(world)
    (notice,) = told(world, "Root")
    assert isinstance(world.press("Root", notice["buttons"][0][1]), Done)


def test_a_code_is_refused_before_anything_is_looked_up(world: World) -> None:
    for words in ("?", "12345"):
        with pytest.raises(BadInput, match="KF3M-9TQ2-X7PD"):
            world.do("Eve", "invite.accept", code=words)


@pytest.mark.parametrize("engine", ["postgres"])
def test_two_at_once_for_the_last_use(world: World) -> None:
    for round_ in range(5):
        code = world.do("Ana", "invite.create").code
        names = [f"{name}{round_}" for name in ("Eve", "Zed", "Tom")]
        for name in names:
            world.person(name)

        def accept(name: str, code: str = code) -> str | NexusError:
            try:
                return str(world.do(name, "invite.accept", code=code, at=CLI).role)
            except NexusError as error:
                return error

        results = together(*(lambda n=name, a=accept: a(n) for name in names))
        assert [r for r in results if isinstance(r, str)] == ["member"]
        assert {r.code for r in results if isinstance(r, NexusError)} == {"no_such_invite"}
        assert sum(bool(roles(world, name)) for name in names) == 1
