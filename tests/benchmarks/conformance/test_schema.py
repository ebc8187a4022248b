"""Requests against contracts in JSON Schema: Discord, Slack, OpenAI. What a contract does not name is a violation."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from benchmarks.conformance.openapi import match
from benchmarks.conformance.platforms import Discord, OpenAI
from benchmarks.conformance.requests import Problem
from benchmarks.conformance.schema import strict
from benchmarks.conformance.slack import Slack, sharper
from tests.benchmarks.conformance.contracts import DISCORD, GATEWAY, OPENAI, SLACK, request

MESSAGES = "/api/v10/channels/12/messages"
UNKNOWN = "the contract has no such argument"


def shown(problems: list[Problem]) -> list[str]:
    return [f"{one.where}: {one.why}" for one in problems]


def discord(path: str, body: Any = None, **more: Any) -> list[str]:
    return shown(Discord(DISCORD, GATEWAY).check(request("discord", path, body, **more)))


def slack(method: str, body: Any = None, **more: Any) -> list[str]:
    return shown(Slack(copy.deepcopy(SLACK)).check(request("slack", method, body, **more)))


def openai(body: Any) -> list[str]:
    return shown(OpenAI(OPENAI).check(request("openai", "/v1/chat/completions", body)))


@pytest.mark.parametrize(
    ("path", "body", "more"),
    [
        ("/api/v10/users/@me", None, {"verb": "GET"}),
        ("/users/12", None, {"verb": "GET"}),
        (MESSAGES, None, {"verb": "GET", "query": {"limit": "50"}}),
        (MESSAGES, {"content": None, "metadata": {"anything": 1}}, {}),
        (MESSAGES, {"components": [{"type": 1, "components": [{"type": 2, "label": None}]}]}, {}),
        (MESSAGES, {"content": "a file"}, {"files": ["files[0]"]}),
        ("/channels/12/typing", None, {}),
        ("HEARTBEAT", {"op": 1, "d": None}, {"verb": "GATEWAY"}),
        ("RESUME", {"op": 6, "d": {"seq": 5}}, {"verb": "GATEWAY"}),
    ],
)
def test_discord_allows(path: str, body: Any, more: dict[str, Any]) -> None:
    assert discord(path, body, **more) == []


@pytest.mark.parametrize(
    ("path", "body", "more", "expected"),
    [
        ("/holograms", None, {}, "/holograms: the contract has no such path"),
        ("/users/12", None, {"verb": "PUT"}, "PUT: the contract has no such verb for /users/{user_id}"),
        ("/users/ada", None, {"verb": "GET"}, "path.user_id: 'ada' does not match '^[0-9]+$'"),
        (
            MESSAGES,
            None,
            {"verb": "GET", "query": {"limit": "500"}},
            "query.limit: 500 is greater than the maximum of 100",
        ),
        (MESSAGES, None, {"verb": "GET", "query": {"x": "1"}}, f"query.x: {UNKNOWN}"),
        (MESSAGES, None, {}, "body: is required"),
        (MESSAGES, {"contents": "x"}, {}, f"contents: {UNKNOWN}"),
        (MESSAGES, {"content": "longer than ten"}, {}, "content: 'longer than ten' is too long"),
        ("/channels/12/typing", {"x": 1}, {}, "body: the contract has no body here"),
        ("/channels/12/typing", None, {"files": ["files[0]"]}, "body: the contract has no body here"),
        (
            MESSAGES,
            {"components": [{"type": 1, "components": [{"type": 2, "label": "x", "colour": 1}]}]},
            {},
            f"components[0].components[0].colour: {UNKNOWN}",
        ),
        (
            MESSAGES,
            {"components": [{"type": 2, "label": 5}]},
            {},
            "components[0].label: 5 is not of type 'string', 'null'",
        ),
        ("RESUME", {"op": 6, "d": {}}, {"verb": "GATEWAY"}, "d: 'seq' is a required property"),
        ("RESUME", {"op": 6, "d": {"seq": 1, "x": 1}}, {"verb": "GATEWAY"}, f"d.x: {UNKNOWN}"),
    ],
)
def test_discord_does_not(path: str, body: Any, more: dict[str, Any], expected: str) -> None:
    assert discord(path, body, **more) == [expected]


SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "x"}}


@pytest.mark.parametrize(
    ("method", "body", "form"),
    [
        ("chat.postMessage", {"channel": "C1", "text": "x"}, False),
        ("chat.postMessage", {"channel": "C1", "text": "x", "blocks": [SECTION, {"type": "divider"}]}, False),
        (
            "chat.postMessage",
            {"channel": "1", "text": "5", "blocks": '[{"type": "divider"}]', "unfurl_links": "0"},
            True,
        ),
        ("conversations.list", {"limit": "200", "all": "true", "cursor": "7"}, True),
        ("auth.test", {}, True),
        ("upload", {"name": "a.txt"}, True),
        ("response_url", {"text": "x", "blocks": [SECTION], "replace_original": True}, False),
    ],
)
def test_slack_allows(method: str, body: Any, form: bool) -> None:
    assert slack(method, body, form=form) == []


@pytest.mark.parametrize(
    ("method", "body", "form", "expected"),
    [
        ("chat.shout", {}, False, ["chat.shout: the contract has no such method"]),
        ("chat.postMessage", {"channel": "C1", "text": "x", "thread": "1.2"}, False, [f"thread: {UNKNOWN}"]),
        ("chat.postMessage", {"text": "x"}, False, [": 'channel' is a required property"]),
        (
            "chat.postMessage",
            {"channel": "C1", "blocks": [{**SECTION, "colour": 1}]},
            False,
            [f"blocks[0].colour: {UNKNOWN}"],
        ),
        (
            "chat.postMessage",
            {"channel": "C1", "blocks": [{"type": "section"}]},
            False,
            ["blocks[0]: 'text' is a required property"],
        ),
        (
            "chat.postMessage",
            {"channel": "C1", "blocks": '[{"type": "hologram"}]'},
            True,
            ["blocks[0]: fits none of the alternatives (divider, section)"],
        ),
        (
            "chat.postMessage",
            {"channel": "C1", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 31}}]},
            False,
            [f"blocks[0].text.text: '{'x' * 31}' is too long"],
        ),
        (
            "chat.postMessage",
            {"channel": "C1", "blocks": [{**SECTION, "block_id": "ten letters"}]},
            False,
            ["blocks[0].block_id: 'ten letters' is too long"],
        ),
        (
            "chat.postMessage",
            {"channel": "C1", "text": "x", "blocks": [{**SECTION, "colour": 1}]},  # the words alone would do
            False,
            [f"blocks[0].colour: {UNKNOWN}"],
        ),
        ("response_url", {"text": "x", "replace": True}, False, [f"replace: {UNKNOWN}"]),
        ("auth.test", {"team": "T1"}, True, [f"team: {UNKNOWN}"]),
        (
            "assistant.threads.setSuggestedPrompts",
            {"channel_id": "D1", "prompts": '[{"title": "x"}]'},
            True,
            ["prompts[0]: 'message' is a required property"],
        ),
        ("conversations.list", {"limit": "many"}, True, ["limit: 'many' is not of type 'number'"]),
    ],
)
def test_slack_does_not(method: str, body: Any, form: bool, expected: list[str]) -> None:
    assert slack(method, body, form=form) == expected


def test_openai() -> None:
    def with_parameters(schema: Any) -> dict[str, Any]:
        return {"model": "m", "tools": [{"type": "function", "function": {"parameters": schema}}]}

    assert openai(with_parameters({"type": "object", "properties": {"x": {"type": "string"}}})) == []
    assert openai({"model": "m", "modle": "n"}) == [f"modle: {UNKNOWN}"]
    assert openai({}) == [": 'model' is a required property"]
    (problem,) = openai(with_parameters({"type": "object", "properties": {"x": {"type": "strng"}}}))
    assert problem.startswith("tools[0].function.parameters.properties.x.type: ")


def test_a_place_is_closed_and_an_alternative_is_not() -> None:
    one: dict[str, Any] = {"type": "object", "properties": {"a": {"type": "string", "nullable": True}}}
    assert strict({"oneOf": [one]}, closed=True) == {
        "anyOf": [{"type": "object", "properties": {"a": {"type": ["string", "null"]}}}],
        "unevaluatedProperties": False,
    }
    assert strict({"type": "object"}, closed=True) == {"type": "object", "additionalProperties": True}
    assert strict({**one, "additionalProperties": True}, closed=True)["unevaluatedProperties"] is False


@pytest.mark.parametrize(
    ("says", "limit"),
    [
        ("An array of elements. Maximum number of items is 10.", 10),
        ("There is a maximum of 25 elements in each action block.", 25),
        ("Maximum 100 rows. Each row object is an array with a max of 20 table cells.", 100),
        ("An array of options.", None),
    ],
)
def test_limits_are_read_from_descriptions(says: str, limit: int | None) -> None:
    assert sharper({"type": "array", "description": says}).get("maxItems") == limit


def test_the_more_literal_path_goes_first() -> None:
    templates = ["/users/{user_id}", "/users/@me", "/users/{user_id}/x"]
    assert match("/users/@me", templates) == "/users/@me"
    assert match("/users/12", templates) == "/users/{user_id}"
    assert match("/users/", templates) is None
