"""Payloads of the Events API as events. Pure."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import Account, Command, EventKind, PlaceKind
from adapters.slack.translate import Channel, Known, Me, kind_of, needs, translate

ME = Me("T1", "U0", "B0", "Harbour")
ANA = Account("U1", "Ana", "ana", "T1", language="de-DE")
Json = dict[str, Any]


def envelope(**event: Any) -> Json:
    """An event in its envelope."""
    return {"type": "event_callback", "team_id": "T1", "event_id": "Ev1", "event_time": 1_700_000_000, "event": event}


def said(text: str = "hello", **more: Any) -> Json:
    """A message in a channel."""
    event = {
        "type": "message",
        "channel": "C1",
        "channel_type": "channel",
        "user": "U1",
        "text": text,
        "ts": "1.000001",
    }
    return envelope(**(event | more))


def test_kinds_of_places() -> None:
    assert kind_of("D1") is PlaceKind.DIRECT
    assert kind_of("G1") is PlaceKind.GROUP
    assert kind_of("C1") is PlaceKind.CHANNEL
    assert kind_of("C1", "group") is PlaceKind.GROUP
    assert kind_of("C1", "mpim") is PlaceKind.GROUP


def test_what_has_to_be_looked_up() -> None:
    assert needs(said("<@U0> meet <@U2>"), ME).users == ("U1", "U2")
    assert needs(said("<@U0> meet <@U2>"), ME).worth
    assert not needs(said("hello <@U2>"), ME).worth
    assert needs(said(thread_ts="0.1", parent_user_id="U0"), ME).worth
    assert needs(said(channel_type="im"), ME).worth
    assert not needs(said(channel_type="im", subtype="message_changed", message={"user": "U1"}), ME).worth
    assert needs(envelope(type="member_joined_channel", user="U1", channel="C1", inviter="U2"), ME).users == (
        "U1",
        "U2",
    )
    assert needs(envelope(type="reaction_added"), ME).channel == ""


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("/need post a desk", Command("need", "post a desk")),
        ("/Help", Command("help", "")),
        ("/nexus needs", Command("needs", "")),
        ("/nexus /need post a desk", Command("need", "post a desk")),
        ("/nexus", Command("nexus", "")),
        ("/etc/hosts is gone", None),
        ("what does /help do?", None),
    ],
)
def test_a_command_that_was_typed_as_a_message(text: str, command: Command | None) -> None:
    for event in (said(f"<@U0> {text}"), said(text, channel="D1", channel_type="im")):
        (told,) = translate(event, ME, Known())
        assert (told.kind, told.command) == (EventKind.COMMAND if command else EventKind.MESSAGE, command)
    (among_people,) = translate(said(text), ME, Known())
    assert (among_people.kind, among_people.command) == (EventKind.MESSAGE, None)


def test_a_private_channel_is_known_by_looking() -> None:
    mention = said("<@U0> hello") | {}
    del mention["event"]["channel_type"]
    mention["event"]["type"] = "app_mention"
    known = Known({"U1": ANA}, Channel("C1", PlaceKind.GROUP, "secret"))
    (event,) = translate(mention, ME, known)
    assert (event.place.kind, event.place.title) == (PlaceKind.GROUP, "secret")
    assert event.account is ANA


def test_roles_are_told_where_they_are_known() -> None:
    assert translate(said(), ME, Known())[0].account.roles is None
    assert translate(said(), ME, Known(roles={"U1": ("S1", "S2")}))[0].account.roles == ("S1", "S2")
    assert translate(said(), ME, Known(roles={}))[0].account.roles == ()


@pytest.mark.parametrize(
    "event",
    [
        said(subtype="channel_topic"),
        said(subtype="channel_join"),
        said(user="U0"),
        said(bot_id="B0", user="U0"),
        said(subtype="message_changed", message={"user": "U0", "ts": "1.0", "edited": {"ts": "2.0"}}),
        said(subtype="message_changed", message={"user": "U1", "ts": "1.0"}, previous_message={}),
        said(subtype="message_deleted", deleted_ts="1.0"),
        said(subtype="message_deleted", deleted_ts="1.0", previous_message={"user": "U0"}),
        envelope(type="reaction_added"),
        envelope(type="team_join", user={"id": "U3", "name": "helper", "is_bot": True}),
        envelope(type="tokens_revoked", tokens={"oauth": ["U1"]}),
        envelope(type="user_change", user={"id": "U1"}),
        envelope(type="subteam_members_changed", added_users=["U1"]),
    ],
)
def test_what_is_no_concern_of_ours(event: Json) -> None:
    assert translate(event, ME, Known()) == ()


def test_a_deleted_message_with_replies_leaves_a_tombstone() -> None:
    message = {"subtype": "tombstone", "ts": "1.000001", "user": "USLACKBOT"}
    before = {"user": "U1", "ts": "1.000001", "text": "oops"}
    (event,) = translate(
        said(subtype="message_changed", message=message, previous_message=before, event_ts="3.0"), ME, Known()
    )
    assert (event.kind, event.message_id, event.account.id, event.sent_at) == (EventKind.DELETE, "1.000001", "U1", 3000)
    (same,) = translate(
        said(subtype="message_deleted", deleted_ts="1.000001", previous_message=before, event_ts="3.0"), ME, Known()
    )
    assert same.event_id == event.event_id


def test_slackbot_and_apps_are_bots() -> None:
    assert translate(said(user="USLACKBOT"), ME, Known())[0].account.is_bot
    assert translate(said(bot_id="B2"), ME, Known())[0].account.is_bot
    (hook,) = translate(said(subtype="bot_message", bot_id="B2", username="Build", user=None), ME, Known())
    assert (hook.account.id, hook.account.name, hook.account.is_bot) == ("B2", "Build", True)


def test_the_first_message_of_a_thread_is_not_in_it() -> None:
    assert translate(said(thread_ts="1.000001"), ME, Known())[0].place.thread == ""
    assert translate(said(thread_ts="0.5"), ME, Known())[0].place.thread == "0.5"


def test_files_without_an_address_are_left_out() -> None:
    files = [
        {"id": "F1", "mode": "tombstone"},
        {"id": "F2", "url_private": "https://files.slack.com/F2", "name": "a.txt", "mimetype": "text/plain", "size": 3},
        {"id": "F3", "file_access": "check_file_info"},
    ]
    (event,) = translate(said(files=files), ME, Known())
    assert [(one.reference, one.name, one.size) for one in event.attachments] == [
        ("T1 https://files.slack.com/F2", "a.txt", 3)
    ]


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("<!channel> hello", True),
        ("hello <!here|@here>", True),
        ("<!everyone>", True),
        ("@channel &lt;!channel&gt;", False),
        ("<!subteam^S1|@crew> <!date^1^{date}|today>", False),
        ("<https://example.org/!channel>", False),
    ],
)
def test_calling_everybody(text: str, called: bool) -> None:
    assert translate(said(text), ME, Known())[0].everyone is called


def test_a_preview_of_a_link_is_not_forwarded() -> None:
    preview = {"is_msg_unfurl": True, "text": "words from elsewhere", "fallback": "words"}
    (event,) = translate(said("look", attachments=[preview]), ME, Known())
    assert (event.text, event.forwarded) == ("look", False)
    shared = {"is_share": True, "fallback": "[no text] a picture"}
    (event,) = translate(said("", attachments=[preview, shared]), ME, Known())
    assert (event.text, event.forwarded) == ("[no text] a picture", True)


def test_newcomers_have_the_roles_that_are_known() -> None:
    joined = envelope(type="team_join", user={"id": "U3", "name": "cleo", "is_bot": False, "is_admin": True})
    (event,) = translate(joined, ME, Known())
    assert event.account == Account("U3", "cleo", "cleo", "T1", roles=None, manages=True, joined_at=1_700_000_000_000)
    assert translate(joined, ME, Known(roles={}))[0].account.roles == ()


def test_the_app_is_taken_away() -> None:
    for event in (envelope(type="app_uninstalled"), envelope(type="tokens_revoked", tokens={"bot": ["U0"]})):
        (gone,) = translate(event, ME, Known())
        assert (gone.kind, gone.place.id, gone.workspace) == (EventKind.BOT_REMOVED, "", "T1")
    (left,) = translate(envelope(type="channel_left", channel="C1", actor_id="U1"), ME, Known({"U1": ANA}))
    assert (left.place.id, left.account.name) == ("C1", "Ana")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    "type subtype channel channel_type user text ts message previous_message deleted_ts thread_ts files tokens "
    "attachments root".split()
)
KINDS = st.sampled_from(
    "message app_mention member_joined_channel channel_left tokens_revoked user_change team_join".split()
)


@given(st.dictionaries(NAMES, JSON, max_size=8), KINDS)
def test_what_cannot_be_read_says_so_in_one_of_few_ways(event: Json, kind: str) -> None:
    body = envelope(**(event | {"type": kind}))
    try:
        needs(body, ME)
        found = translate(body, ME, Known())
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        return
    assert all(one.workspace == "T1" for one in found)
