"""Running operations: arguments, confirmation, keys, quotas, audit."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from core.audit.stream import events, fingerprint
from core.audit.tables import audit, effect
from core.catalogue import REGISTRY
from core.clock import DAY, HOUR
from core.errors import BadInput, Conflict, LimitReached, Missing, NexusError, NotAllowed, NotFound
from core.operations import Confirm, Origin
from core.operations.run import Ask, Dismissed, Done, as_json, read_arguments
from core.quotas.quota import CODE_GUESSES, GUEST_NEXUSES, GUEST_WRITES
from tests.world import PUBLIC, World

TALK, CLI, SYSTEM = {"origin": Origin.TALK}, {"origin": Origin.CLI}, {"origin": Origin.SYSTEM}


@pytest.fixture
def world(world: World) -> World:
    world.nexus("Parser", owner="Ana")
    world.join("Ben", "Parser")
    return world


def audited(world: World) -> list[Any]:
    return list(world.read(lambda unit: events(unit, 0)))


def test_unknown_arguments_are_refused_with_those_there_are(world: World) -> None:
    with pytest.raises(BadInput, match=r"need\.post has no argument colour\. It takes: text, nexus\."):
        world.call("Ben", "need.post", text="a desk", colour="red")
    with pytest.raises(BadInput, match="It takes: none"):
        world.call("Ben", "account.list", all=True)


def test_missing_arguments_are_named_in_order(world: World) -> None:
    with pytest.raises(Missing) as refusal:
        world.call("Ana", "role.grant", nexus="Parser", person="", role=None)
    assert refusal.value.data["names"] == ["person", "role"]
    assert refusal.value.message == "Something is missing: the person and which role."


def test_nothing_given_is_the_default(world: World) -> None:
    operation = REGISTRY.get("invite.create")
    assert read_arguments(operation, {"role": None, "uses": "", "approval": "no"}) == {"approval": False}


def test_a_write_leaves_one_audit_row_with_its_reason(world: World) -> None:
    place = world.place("Lobby")
    before = len(audited(world))
    posted = world.call("Ben", "need.post", text="a desk", at={"place": place, "here": "Parser", "key": "e1"})
    assert isinstance(posted, Done)
    (row,) = audited(world)[before:]
    parser, ben = world.nexuses["Parser"], world.person("Ben")
    assert dict(row) | {"seq": 0} == {
        "seq": 0,
        "at": world.clock.now(),
        "operation": "need.post",
        "person_id": ben.person_id,
        "account_id": ben.account_id,
        "nexus_id": parser.id,
        "platform": "telegram",
        "place_id": place.id,
        "origin": "command",
        "key": "e1",
        "allowed_by": f"member of {parser.id}",
        "facts": {"nexus": parser.id, "record_id": posted.result.record_id},
    }


def test_the_reason_may_be_that_anyone_may_or_a_role_from_above(world: World) -> None:
    world.do("Eve", "thought.add", text="hello")
    assert audited(world)[-1]["allowed_by"] == "anyone"
    world.join("Otto", "Home", "owner")
    world.do("Otto", "nexus.rename", name="Parsers", nexus="Parser")
    assert audited(world)[-1]["allowed_by"] == "owner of 1"
    world.call("Ben", "need.post", text="a desk", nexus="Parsers", at=SYSTEM)
    assert audited(world)[-1]["allowed_by"] == "system"


def test_reads_and_questions_leave_none(world: World) -> None:
    before = world.dump("button")
    world.call("Ben", "need.list")
    world.call("Ben", "help")
    asked = world.call("Ben", "need.post", text="a desk", at=TALK)
    assert isinstance(asked, Ask)
    assert world.dump("button") == before


def test_an_audit_row_holds_no_words(world: World) -> None:
    world.do("Ben", "need.post", text="purple elephant", at={"key": "k"})
    world.do("Ben", "thought.add", text="purple elephant")
    world.do("Ben", "person.rename", name="Purple Elephant")
    rows = world.dump()["audit"]
    assert "lephant" not in repr(rows)


def test_the_same_key_again_gives_the_same_result_and_no_second_effect(world: World) -> None:
    arguments = {"text": "a desk", "nexus": "Parser"}
    first = world.call("Ben", "need.post", at={"key": "e1:0"}, **arguments)
    before = world.dump()
    again = world.call("Ben", "need.post", at={"key": "e1:0"}, **arguments)
    assert isinstance(first, Done)
    assert isinstance(again, Done)
    assert again.repeated
    assert not first.repeated
    assert again.result == as_json(first.result) | {"text": ""}
    assert world.dump() == before
    world.call("Ben", "need.post", at={"key": "e1:1"}, **arguments)
    assert len(world.do("Ben", "need.list").items) == 2


def test_the_same_key_with_another_body_is_a_conflict(world: World) -> None:
    world.call("Ben", "need.post", text="a desk", at={"key": "e1"})
    before = world.dump()
    for operation, text in (("need.post", "a chair"), ("offer.post", "a desk")):
        with pytest.raises(Conflict) as refusal:
            world.call("Ben", operation, text=text, at={"key": "e1"})
        assert refusal.value.code == "key_reused"
    assert world.dump() == before


def test_a_failed_call_does_not_use_up_its_key(world: World) -> None:
    with pytest.raises(NotFound):
        world.call("Ben", "need.close", need="a desk", at={"key": "e1"})
    world.do("Ben", "need.post", text="a desk")
    assert isinstance(world.call("Ben", "need.close", need="a desk", at={"key": "e1"}), Done)


def test_a_code_is_not_kept_with_its_key(world: World) -> None:
    invitation = world.do("Ana", "invite.create", at={"key": "e1"})
    link = world.do("Ana", "account.link", at={"key": "e2", **CLI})
    kept = repr(world.dump())
    for code in (invitation.code, link.code):
        assert len(code) == 14
        assert code not in kept
        assert code.replace("-", "") not in kept
    repeated = world.call("Ana", "invite.create", at={"key": "e1"})
    assert isinstance(repeated, Done)
    assert repeated.result["code"] == ""
    assert repeated.result["handle"] == invitation.handle


def test_fingerprints_tell_bodies_apart_whatever_is_in_them() -> None:
    assert fingerprint("a.b", {"x": 1, "y": "2"}) == fingerprint("a.b", {"y": "2", "x": 1})
    assert fingerprint("a.b", {"x": 1}) != fingerprint("a.c", {"x": 1})
    assert fingerprint("a.b", {"x": "\ud800"}) != fingerprint("a.b", {"x": "\ud801"})
    assert fingerprint("a.b", {"x": object})


def test_what_a_model_may_send_is_never_more_than_refused(world: World) -> None:
    for text in ("\ud800\ud801", "\x00", "\u202e"):
        with pytest.raises(BadInput):
            world.call("Ben", "need.post", text=text, at={"key": "e1"})
    kept = world.do("Ben", "need.post", text="a\x00 \ud800desk\u202e!", at={"key": "e1"})
    assert kept.text == "a desk!"


def expected_ask(confirm: Confirm, origin: Origin) -> bool:
    if origin in (Origin.BUTTON, Origin.CLI, Origin.SYSTEM):
        return False
    return confirm is Confirm.ALWAYS or (confirm is Confirm.WHEN_GUESSED and origin is Origin.TALK)


@pytest.mark.parametrize("origin", list(Origin))
@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("thought.add", {"text": "a thought"}),
        ("need.post", {"text": "a desk"}),
        ("nexus.leave", {}),
        ("need.list", {}),
        ("person.rename", {"name": "Benjamin"}),
    ],
)
def test_who_must_confirm(world: World, origin: Origin, operation: str, arguments: dict[str, Any]) -> None:
    outcome = world.call("Ben", operation, at={"origin": origin}, **arguments)
    assert isinstance(outcome, Ask) == expected_ask(REGISTRY.get(operation).confirm, origin)


def test_a_card_repeats_what_was_understood_and_the_press_does_exactly_that(world: World) -> None:
    asked = world.call("Ana", "role.grant", person="ben", role="admin", nexus="the parser", at=TALK)
    assert isinstance(asked, Ask)
    assert asked.question.format(**asked.arguments) == "Make Ben steward of Parser?"
    assert [b.style for b in asked.buttons] == ["primary", "plain"]
    world.do("Ana", "nexus.rename", name="Other", nexus="Parser")
    world.nexus("Parser two", owner="Ana")
    done = world.press("Ana", asked.buttons[0].token)
    assert isinstance(done, Done)
    assert (done.result.person, done.result.role, done.result.nexus) == ("Ben", "steward", "Other")


def test_saying_no_does_nothing(world: World) -> None:
    asked = world.call("Ben", "need.post", text="a desk", at=TALK)
    assert isinstance(asked, Ask)
    before = world.dump("button")
    assert isinstance(world.press("Ben", asked.buttons[1].token), Dismissed)
    assert world.dump("button") == before
    with pytest.raises(Conflict):
        world.press("Ben", asked.buttons[0].token)


def test_nobody_is_asked_to_confirm_what_cannot_be_done(world: World) -> None:
    before = world.dump("quota_use")
    for who, operation, arguments in (
        ("Ben", "role.grant", {"person": "Ana", "role": "steward"}),
        ("Ana", "role.grant", {"person": "Ben", "role": "member"}),
        ("Ana", "role.revoke", {"person": "Ben", "role": "steward"}),
        ("Ben", "role.revoke", {"person": "Ana", "role": "owner"}),
        ("Ana", "nexus.move", {"nexus": "Parser", "parent": "Parser"}),
        ("Ben", "invite.accept", {"code": "KF3M-9TQ2-X7PD"}),
        ("Ben", "account.link", {"code": "KF3M-9TQ2-X7PD"}),
    ):
        with pytest.raises(NexusError):
            world.call(who, operation, at=TALK, **arguments)
    assert world.dump("quota_use") == before


@pytest.mark.parametrize("name", [o.name for o in REGISTRY if o.internal])
def test_internal_operations_take_a_button(world: World, name: str) -> None:
    for origin in (Origin.TALK, Origin.COMMAND):
        with pytest.raises(NotAllowed, match="button"):
            world.call("Ben", name, link="=1", at={"origin": origin})
    for link in ("=1", "1", "abc", "=" + "9" * 30):
        with pytest.raises(NexusError):
            world.call("Ben", name, link=link, at=CLI)


def test_a_thought_is_understood_from_talk_only_where_nobody_else_listens(world: World) -> None:
    place = world.place("Lobby")
    with pytest.raises(NotAllowed, match="direct chat"):
        world.call("Ben", "thought.add", text="a thought", at={"place": place, **TALK})
    assert isinstance(world.call("Ben", "thought.add", text="a thought", at=TALK), Done)
    assert isinstance(world.call("Ben", "thought.add", text="typed", at={"place": place}), Done)


def test_a_private_answer_is_looked_up_for_the_caller_alone(world: World) -> None:
    world.do("Ben", "thought.add", text="a thought")
    assert [e.text for e in world.do("Ben", "thought.list", at={"audience": PUBLIC}).items] == ["a thought"]


def test_a_refusal_names_who_could_help_as_far_as_the_audience_may_know(world: World) -> None:
    with pytest.raises(NotAllowed) as refusal:
        world.call("Ben", "nexus.rename", name="Mine")
    assert refusal.value.message == "That takes a steward of Parser, which you are not. Ana could help."
    with pytest.raises(NotAllowed) as refusal:
        world.call("Ben", "nexus.rename", name="Mine", at={"audience": PUBLIC})
    assert refusal.value.message == "That takes a steward of Parser, which you are not."
    with pytest.raises(NotAllowed) as refusal:
        world.call("Eve", "need.post", text="a desk", at={"here": "Parser"})
    assert "Ana" not in refusal.value.message


def test_guests_have_a_daily_quota_of_writes_and_members_have_none(world: World) -> None:
    for number in range(GUEST_WRITES.most):
        world.do("Eve", "thought.add", text=f"thought {number}")
        world.do("Ben", "thought.add", text=f"thought {number}")
    world.do("Ben", "thought.add", text="one more")
    with pytest.raises(LimitReached, match=r"try again in 1 day"):
        world.do("Eve", "thought.add", text="one more")
    world.clock.advance(DAY)
    world.do("Eve", "thought.add", text="a new day")


def test_a_member_who_talks_at_the_top_is_no_guest_where_they_post(world: World) -> None:
    for number in range(GUEST_WRITES.most + 1):
        world.do("Ben", "need.post", text=f"need {number}", nexus="Parser", at={"here": "Home"})


def test_the_system_has_no_quota(world: World) -> None:
    for number in range(GUEST_WRITES.most + 1):
        world.call("Eve", "thought.add", text=f"thought {number}", at=SYSTEM)


def test_guests_may_start_a_few_nexuses_a_day(world: World) -> None:
    for number in range(GUEST_NEXUSES.most):
        world.do("Eve", "nexus.create", name=f"Idea {number}", at={"here": "Home"})
    with pytest.raises(LimitReached):
        world.do("Eve", "nexus.create", name="One more", at={"here": "Home"})
    world.do("Eve", "nexus.create", name="Inside", parent="Idea 0")


@pytest.mark.parametrize("operation", [o.name for o in REGISTRY if o.quota is CODE_GUESSES])
def test_guessing_codes_costs_even_though_it_fails(world: World, operation: str) -> None:
    for _ in range(CODE_GUESSES.most):
        with pytest.raises(NotFound):
            world.call("Eve", operation, code="KF3M-9TQ2-X7PD", at=TALK)
    with pytest.raises(LimitReached):
        world.call("Eve", operation, code="KF3M-9TQ2-X7PD")
    makes: dict[str, Callable[[], str]] = {
        "invite.accept": lambda: world.do("Ana", "invite.create").code,
        "owner.claim": lambda: world.claim_code,
        "account.link": lambda: world.do("Ben", "account.link", at=CLI).code,
    }
    with pytest.raises(LimitReached):
        world.call("Eve", operation, code=makes[operation](), at=CLI)
    world.clock.advance(HOUR)
    assert isinstance(world.call("Eve", operation, code=makes[operation](), at=CLI), Done)


def test_results_become_json_with_ids_as_text(world: World) -> None:
    posted = world.do("Ben", "need.post", text="a desk")
    value = as_json(posted)
    assert value["record_id"] == str(posted.record_id)
    assert json.loads(json.dumps(as_json(world.do("Ben", "need.list")))) == as_json(world.do("Ben", "need.list"))
    assert as_json({1: (posted.handle, object)}) == {"1": [posted.handle, str(object)]}


def test_nothing_of_a_failed_operation_stays(world: World) -> None:
    world.do("Ana", "role.grant", person="Ben", role="steward")
    before = world.dump("quota_use")
    with pytest.raises(Conflict) as refusal:
        world.call("Ana", "nexus.leave", at=CLI)
    assert refusal.value.code == "last_owner"
    assert world.dump("quota_use") == before
    assert world.read(lambda unit: unit.rows(effect.select())) == []
    assert world.read(lambda unit: len(unit.rows(audit.select()))) == 1
