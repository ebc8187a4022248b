"""Operations as tools: what is within reach, and how the rest is found."""

import json
import re

import pytest

from bot.cofounder.model.finding import EXAMPLES, Finder
from bot.cofounder.model.toolkit import FIND, MOST_DIRECT, USE, Toolkit, Use, described, problem, signature
from core.catalogue import REGISTRY
from core.operations import Operation, Who
from tests.bot.model.conftest import EVERY, allowed, use
from tests.fakes.openai.schemas import check_schema

KIT = Toolkit([o for o in EVERY if o.common], EVERY)
# What people ask for most, by how often that was expected when the first turn was laid out.
MOST_ASKED = """
    people.find need.post offer.post thought.add record.search nexus.create nexus.show invite.create invite.accept
    nexus.join role.grant role.revoke need.close help person.show nexus.members need.list offer.list account.link
    nexus.leave
""".split()
SAMPLES = {"person": "Ana", "nexus": "Parser", "code": "KF3M-9TQ2-X7PD", "uses": "3", "expires": "7 days"}


def test_the_most_asked_for_is_within_reach_of_one_call() -> None:
    tools = {tool["function"]["name"]: tool["function"].get("description", "") for tool in KIT.tools}
    for name in MOST_ASKED:
        operation = REGISTRY.get(name)
        assert operation.tool_name in tools or f" {signature(operation)}" in tools[USE], name
        # Whatever may be given is known without a look-up.
        for parameter in operation.parameters:
            assert parameter.name in tools[USE] or parameter.required, (name, parameter.name)


def test_schemas_are_strict() -> None:
    for tool in KIT.tools:
        function = tool["function"]
        assert function["strict"] is True
        assert check_schema(function["parameters"], strict=True) is None


def test_free_text_has_a_tool_of_its_own() -> None:
    def names(direct: bool) -> list[str]:
        every = allowed(Who.MEMBER, direct=direct)
        return [t["function"]["name"] for t in Toolkit([o for o in every if o.common], every).tools]

    assert names(True) == ["need_post", "offer_post", "thought_add", "people_find", FIND, USE]
    assert names(False) == ["need_post", "offer_post", "people_find", "record_search", FIND, USE]
    assert len(names(True)) == MOST_DIRECT + 2


def test_nobody_without_operations_has_tools() -> None:
    assert Toolkit([], []).tools == []


def phrases(operation: Operation) -> list[str]:
    said = [
        re.sub(r"\{(\w+)\}", lambda m: SAMPLES.get(m[1], "designer"), phrase) for phrase in operation.says[:EXAMPLES]
    ]
    return [operation.name, operation.summary, *operation.says[:EXAMPLES], *said]


@pytest.mark.parametrize("operation", EVERY, ids=lambda o: o.name)
def test_every_operation_is_found_by_its_words(operation: Operation) -> None:
    for phrase in phrases(operation):
        found = KIT.read(FIND, json.dumps({"query": phrase}))
        assert isinstance(found, str)
        assert described(operation) in found.splitlines(), phrase


def test_found_first_where_it_was_meant() -> None:
    finder = Finder(EVERY)
    hits = [finder.find(phrase)[0] is operation for operation in EVERY for phrase in phrases(operation)]
    assert sum(hits) / len(hits) > 0.9


@pytest.mark.parametrize("query", ["", "zzz", "  ", 3, None])
def test_a_search_that_finds_nothing(query: object) -> None:
    found = KIT.read(FIND, json.dumps({"query": query}))
    assert isinstance(found, str)
    assert "Nothing here does that" in found or "Give a query" in found


def test_only_what_is_allowed_is_found_or_used() -> None:
    kit = Toolkit([], allowed(Who.ANYONE, direct=True))
    assert "audit.list" not in str(kit.read(FIND, '{"query": "what happened here lately"}'))
    assert isinstance(kit.read(USE, json.dumps(use("audit.list"))), str)
    assert isinstance(kit.read("audit_list", "{}"), str)


def test_an_operation_is_described_with_its_types() -> None:
    assert described(REGISTRY.get("invite.create")) == (
        "invite.create(role?: owner|steward|treasurer|moderator|member|guest, uses?: whole, expires?: duration, "
        "approval?: yesno, nexus?: nexus) - Make an invitation code."
    )


@pytest.mark.parametrize("raw", ["", "{}", '{"nexus": null}', '{"nexus": ""}'])
def test_nothing_given_where_nothing_is_needed(raw: str) -> None:
    assert isinstance(KIT.read("nexus.show", raw), Use)


@pytest.mark.parametrize("raw", ["nothing", "[]", "[" * 100_000, '"{}"', "{'text': 1}"])
def test_what_is_no_object_is_said_to_be_none(raw: str) -> None:
    assert "one complete JSON object" in str(KIT.read("need_post", raw))


@pytest.mark.parametrize(
    ("name", "arguments", "wrong"),
    [
        ("invite.create", {"uses": 3, "expires": "7 days", "approval": True}, ""),
        ("invite.create", {"uses": "three", "approval": "yes", "nexus": None}, ""),
        ("invite.create", {"expires": True}, "expires has the wrong type"),
        ("invite.create", {"nexus": {"name": "Parser"}}, "nexus has the wrong type"),
        ("invite.create", {"colour": "red"}, "no such argument (colour)"),
        ("role.grant", {"person": "Ana"}, "role is missing"),
    ],
)
def test_problems_of_arguments(name: str, arguments: dict[str, object], wrong: str) -> None:
    found = problem(REGISTRY.get(name), arguments)
    assert wrong in found
    assert bool(found) is bool(wrong)
