"""Forms, commands, response handles and the manifest. Pure."""

import json

import pytest

from adapters.contract import Account, Command, MenuEntry, MenuOption, OptionKind, PlaceKind, Suggestion
from adapters.slack.forms import Origin, filled, modal, open_button, read_noted, suggestions
from adapters.slack.interact import named_entry, press_event, pressed_in, typed_command
from adapters.slack.manifest import manifest
from adapters.slack.respond import LASTS, pack, unpack
from adapters.slack.scopes import BOT_EVENTS, BOT_SCOPES, lacking
from adapters.slack.translate import Me
from tests.adapters.slack.conftest import MENU
from tests.fakes.slack.blocks import valid_view

HERE = Origin("C1", PlaceKind.CHANNEL, "1.0", "2.0", "handle", "U2", "what was said")


@pytest.mark.parametrize("entry", MENU, ids=lambda entry: entry.name)
def test_every_entry_makes_a_form_that_slack_takes(entry: MenuEntry) -> None:
    view = valid_view(modal(entry, HERE), "modal")
    assert read_noted(view["private_metadata"]) == (entry.name, HERE)


def test_a_long_command_still_fits() -> None:
    about = "x" * 3_000
    options = tuple(
        MenuOption(f"o{index}", about, kind, choices=tuple(f"c{i}" for i in range(150)), maximum=9_000, minimum=1)
        for index, kind in enumerate(OptionKind)
    )
    entry = MenuEntry("x.y", about, options=options)
    valid_view(modal(entry, HERE, {"o0": "y" * 9_000}), "modal")
    long = Origin("C1", PlaceKind.CHANNEL, respond="r" * 3_000)
    assert read_noted(modal(entry, long)["private_metadata"])[1] == Origin("C1", PlaceKind.CHANNEL)
    wordy = Origin("C1", PlaceKind.CHANNEL, respond="handle", author="U2", words="так " * 3_000)
    kept = read_noted(modal(entry, wordy)["private_metadata"])[1]
    assert (kept.respond, kept.author) == ("handle", "U2")
    assert wordy.words.startswith(kept.words)
    assert len(kept.words) > 1_000
    earlier = '["need.post","C1","channel","1.0","2.0","handle"]'  # a form that was open over an update
    assert read_noted(earlier)[1] == Origin("C1", PlaceKind.CHANNEL, "1.0", "2.0", "handle")
    assert "rrr" not in repr(long)
    assert open_button(entry)["text"]["text"].endswith("…")


def test_what_is_known_is_filled_in() -> None:
    entry = MENU[2]
    given = {"role": "steward", "days": "7", "tell": "no"}
    blocks = {one["block_id"]: one["element"] for one in modal(entry, HERE, given)["blocks"] if "element" in one}
    assert blocks["role"]["initial_option"]["value"] == "steward"
    assert blocks["days"]["initial_value"] == "7"
    assert blocks["tell"]["initial_option"]["value"] == "no"
    blocks = {
        one["block_id"]: one["element"] for one in modal(entry, HERE, {"days": "x"})["blocks"] if "element" in one
    }
    assert "initial_value" not in blocks["days"]


def state(**values: object) -> dict[str, object]:
    """The state of a view, as Slack sends it."""
    return {"values": {name: {"nexus_value": value} for name, value in values.items()}}


def test_values_are_read_and_checked() -> None:
    found = filled(
        MENU[2],
        state(
            person={"type": "users_select", "selected_user": "U2"},
            role={"type": "static_select", "selected_option": {"value": "member"}},
            nexus={"type": "external_select", "selected_option": None},
            days={"type": "number_input", "value": "many"},
        ),
        {"U2": Account("U2", "Ben", "ben")},
    )
    assert found.arguments == {"person": "@ben", "role": "member", "days": "many"}
    assert found.people == {"person": "U2"}
    assert found.errors == {"days": "Please give a number."}
    assert filled(MENU[2], {}).errors == {"person": "Please fill this in.", "role": "Please fill this in."}


def test_suggestions_are_short_enough() -> None:
    found = suggestions([Suggestion("l" * 100, "v" * 200), Suggestion("none", "")])["options"]
    assert len(found) == 1
    assert (len(found[0]["text"]["text"]), len(found[0]["value"])) == (75, 150)


@pytest.mark.parametrize(
    ("command", "text", "expected"),
    [
        ("/nexus", "", Command("help")),
        ("/nexus", "  need post a designer ", Command("need", "post a designer")),
        ("/nexus", "/Need post", Command("need", "post")),
        ("/nexus", "who", Command("who")),
        ("/grant", "", Command("help", "grant")),
        ("/grant", "help", Command("help", "grant")),
        ("/grant", "propose A greenhouse", Command("grant", "propose A greenhouse")),
    ],
)
def test_typed_commands(command: str, text: str, expected: Command) -> None:
    assert typed_command(command, text) == expected


@pytest.mark.parametrize(
    ("text", "name", "rest"),
    [
        ("need post", "need.post", ""),
        ("Need POST a designer  now", "need.post", "a designer  now"),
        ("need.post a designer", "need.post", "a designer"),
        ("help", "help", ""),
        ("help me out", "help", "me out"),
        ("need", None, "need"),
        ("", None, ""),
        ("nothing of ours", None, "nothing of ours"),
    ],
)
def test_the_entry_that_is_named(text: str, name: str | None, rest: str) -> None:
    entry, left = named_entry(MENU, text)
    assert (entry.name if entry else None, left) == (name, rest)


def test_handles_last_and_tell_nothing() -> None:
    packed = pack("https://hooks.slack.com/secret", 1_000, "1.0", ephemeral=True)
    handle = unpack(packed)
    assert handle is not None
    assert (handle.url, handle.message, handle.ephemeral) == ("https://hooks.slack.com/secret", "1.0", True)
    assert handle.lasts(1_000 + LASTS - 1)
    assert not handle.lasts(1_000 + LASTS)
    assert "secret" not in repr(handle)
    assert pack("", 1_000) == ""
    assert unpack("") is None
    assert unpack("[1]") is None
    assert unpack("not ours") is None


def test_presses_of_other_elements_are_none_of_ours() -> None:
    account = Account("U1", "Ana")
    body = {"actions": [{"action_id": "other", "value": "x", "action_ts": "1.0"}]}
    from adapters.slack.interact import place_of

    assert press_event(body, Me("T1", "U0"), account, place_of("C1", PlaceKind.CHANNEL), 0) is None
    assert pressed_in({"container": {"type": "view"}}) == ("", "")
    assert pressed_in({"container": {"channel_id": "C1", "message_ts": "2.0", "thread_ts": "1.0"}}) == ("C1", "1.0")
    assert pressed_in({"container": {"channel_id": "C1", "message_ts": "2.0", "thread_ts": "2.0"}}) == ("C1", "")


def test_the_manifest_for_socket_mode() -> None:
    made = manifest(MENU)
    assert made["settings"]["socket_mode_enabled"] is True
    assert made["oauth_config"] == {"scopes": {"bot": list(BOT_SCOPES)}}
    assert made["settings"]["event_subscriptions"] == {"bot_events": list(BOT_EVENTS)}
    commands = {one["command"]: one for one in made["features"]["slash_commands"]}
    assert set(commands) == {"/nexus", "/grant"}
    assert commands["/nexus"]["usage_hint"].startswith("help | need post")
    assert commands["/grant"]["usage_hint"] == "propose"
    assert all(one["should_escape"] and "url" not in one for one in commands.values())
    assert made["features"]["bot_user"]["always_online"] is True
    assert [one["name"] for one in made["features"]["shortcuts"]] == [
        "Report message",
        "Keep message",
    ]  # none for people
    json.dumps(made)


def test_the_manifest_keeps_to_slacks_limits() -> None:
    long = [MenuEntry(f"subject{i}.verb", "about " * 50) for i in range(40)]
    made = manifest(long)
    assert len(made["display_information"]["description"]) <= 140
    assert 174 <= len(made["display_information"]["long_description"]) <= 4_000
    assert all(len(one["usage_hint"]) <= 120 for one in made["features"]["slash_commands"])
    assert "shortcuts" not in made["features"]


def test_the_manifest_for_http_and_several_workspaces() -> None:
    made = manifest(MENU, public_url="https://nexus.example.org/", oauth=True)
    address = "https://nexus.example.org/slack/events"
    assert made["settings"]["socket_mode_enabled"] is False
    assert made["settings"]["event_subscriptions"]["request_url"] == address
    assert made["settings"]["interactivity"]["request_url"] == address
    assert made["settings"]["interactivity"]["message_menu_options_url"] == address
    assert made["oauth_config"]["redirect_urls"] == ["https://nexus.example.org/slack/oauth_redirect"]
    assert all(one["url"] == address for one in made["features"]["slash_commands"])
    mixed = manifest(MENU, public_url="https://nexus.example.org", oauth=True, socket_mode=True)
    assert mixed["settings"]["socket_mode_enabled"] is True
    assert "request_url" not in mixed["settings"]["event_subscriptions"]


def test_missing_scopes_have_reasons() -> None:
    assert lacking(",".join(BOT_SCOPES)) == []
    assert [scope for scope, _ in lacking("chat:write, commands")] == [
        scope for scope in BOT_SCOPES if scope not in ("chat:write", "commands")
    ]
