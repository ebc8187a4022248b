"""Raw messages as events, without any network."""

from collections.abc import Sequence
from typing import Any

import pytest

from adapters.contract import Command, EventKind, PlaceKind
from adapters.discord.respond import moment, snowflake_at
from adapters.discord.translate import Channel, bot_moved, deleted, edited, member, place, readable, said, stamp

ME = "900"
GENERAL = Channel("20", "general")


class Names:
    """A server with one channel and one role beside the bot's own."""

    me = ME

    def server(self, guild_id: str) -> str:
        return "Makers" if guild_id == "10" else ""

    def channel(self, guild_id: str, channel_id: str) -> Channel | None:
        return GENERAL if channel_id == "20" else None

    def role(self, guild_id: str, role_id: str) -> str:
        return "Builders" if role_id == "30" else ""

    def manages(self, guild_id: str, user_id: str, roles: Sequence[str] | None) -> bool | None:
        return None if roles is None else "30" in roles

    def own_role(self, guild_id: str) -> str:
        return "31" if guild_id else ""


NAMES = Names()
ANA = {"id": "1", "username": "ana", "global_name": "Ana"}


def message(content: str = "", **more: Any) -> dict[str, Any]:
    """A message of Ana's."""
    return {
        "id": "4194304000",
        "channel_id": "20",
        "guild_id": "10",
        "type": 0,
        "author": ANA,
        "content": content,
    } | more


@pytest.mark.parametrize(
    ("content", "text", "ours"),
    [
        (f"<@{ME}> hello", "hello", True),
        (f"<@!{ME}>, hello", "hello", True),
        (f"hello <@{ME}>!", "hello!", True),
        (f"so <@{ME}> and <@31> then", "so and @someone then", True),
        ("<@&31>: hello", "hello", True),
        (f"<@{ME}> <@{ME}> twice", "twice", True),
        ("<@2> <@&30> <@&77> <#20> <#21>", "@ben @Builders @role #general #channel", False),
        ("<:party:5> <a:dance:6> </need post:7> <t:1>", ":party: :dance: /need post <t:1>", False),
        ("plain @everyone", "plain @everyone", False),
    ],
)
def test_mentions_in_words(content: str, text: str, ours: bool) -> None:
    ben = {"id": "2", "username": "ben", "member": {"nick": "Benny", "roles": ["30"]}}
    robot = {"id": "3", "username": "robot", "bot": True}
    found, accounts, meant = readable(content, [ben, robot], "10", NAMES)
    assert (found, meant) == (text, ours)
    assert [(one.id, one.name, one.roles) for one in accounts] == [("2", "Benny", ("30",))]


def test_an_answer_that_pings_the_bot_without_naming_it() -> None:
    (event,) = said(message("yes", mentions=[{"id": ME, "username": "Nexus", "bot": True}]), GENERAL, NAMES)
    assert event.addressed


def test_webhooks_are_no_people() -> None:
    (event,) = said(message("hello", webhook_id="5"), GENERAL, NAMES)
    assert event.account.is_bot


@pytest.mark.parametrize("kind", [1, 6, 7, 18, 20, 21])
def test_sentences_of_discord_are_nothing(kind: int) -> None:
    assert said(message("x", type=kind), GENERAL, NAMES) == ()


def test_our_own_words_and_hidden_ones_are_nothing() -> None:
    assert said(message("x", author={"id": ME, "username": "Nexus"}), GENERAL, NAMES) == ()
    assert said(message(""), GENERAL, NAMES) == ()


def test_what_is_no_text_in_words() -> None:
    forwarded = {"message_reference": {"type": 1}, "message_snapshots": [{"message": {"content": "from elsewhere"}}]}
    for more, text in (
        ({"sticker_items": [{"id": "1", "name": "wave"}]}, ":wave:"),
        ({"poll": {"question": {"text": "Tea?"}}}, "Tea?"),
        (forwarded, "from elsewhere"),
    ):
        (event,) = said(message(**more), GENERAL, NAMES)
        assert event.text == text


@pytest.mark.parametrize(
    ("content", "command"),
    [
        ("/need post a desk", Command("need", "post a desk")),
        ("/Help", Command("help", "")),
        ("/frobnicate\nnow", Command("frobnicate", "now")),
        (f"<@{ME}> /needs", Command("needs", "")),
        ("</need post:7> a desk", Command("need", "post a desk")),
        ("/etc/hosts is gone", None),
        ("/ is the root", None),
        ("what does /help do?", None),
    ],
)
def test_a_command_that_was_typed_as_a_message(content: str, command: Command | None) -> None:
    direct = message(content, mentions=[{"id": ME, "username": "Nexus", "bot": True}] if ME in content else [])
    del direct["guild_id"]
    (event,) = said(direct, Channel("7", direct=True), NAMES)
    assert (event.kind, event.command) == (EventKind.COMMAND if command else EventKind.MESSAGE, command)
    (change,) = edited(direct | {"edited_timestamp": "2026-01-01T00:00:00+00:00"}, Channel("7", direct=True), NAMES)
    assert (change.kind, change.command) == (EventKind.EDIT, None)


def test_a_slash_that_is_not_for_the_bot_commands_nothing() -> None:
    (among_people,) = said(message("/need post a desk"), GENERAL, NAMES)
    assert (among_people.kind, among_people.command) == (EventKind.MESSAGE, None)
    second_hand = message(
        message_reference={"type": 1},
        message_snapshots=[{"message": {"content": "/need post a desk"}}],
        mentions=[{"id": ME, "username": "Nexus", "bot": True}],
    )
    (event,) = said(second_hand, GENERAL, NAMES)
    assert (event.kind, event.addressed) == (EventKind.MESSAGE, True)


def test_what_moderators_look_at() -> None:
    (plain,) = said(message("hello"), GENERAL, NAMES)
    assert (plain.everyone, plain.forwarded, plain.reply_to, plain.reply_text) == (False, False, "", "")
    (loud,) = said(message("@everyone look", mention_everyone=True), GENERAL, NAMES)
    assert loud.everyone
    second_hand = message(message_reference={"type": 1}, message_snapshots=[{"message": {"content": "elsewhere"}}])
    (event,) = said(second_hand, GENERAL, NAMES)
    assert (event.forwarded, event.text, event.reply_to, event.reply_text) == (True, "elsewhere", "", "")
    ben = {"id": "2", "username": "ben"}
    first = {"id": "7", "author": ben, "content": "so says <@1>", "mentions": [ANA]}
    answer = message("no", type=19, message_reference={"message_id": "7"}, referenced_message=first)
    for events in (
        said(answer, GENERAL, NAMES),
        edited(answer | {"edited_timestamp": "2026-01-01T00:00:00+00:00"}, GENERAL, NAMES),
    ):
        (event,) = events
        assert (event.reply_to, event.reply_text) == ("7", "so says @ana")
        assert event.reply_to_account is not None
        assert event.reply_to_account.id == "2"
    (event,) = said(answer | {"referenced_message": None}, GENERAL, NAMES)  # it is deleted
    assert (event.reply_to, event.reply_text, event.reply_to_account) == ("7", "", None)


def test_how_old_an_account_is() -> None:
    born = 1_700_000_000_000
    user = {"id": str(snowflake_at(born)), "username": "ana"}
    (event,) = said(message("x", author=user, member={"joined_at": "2026-01-01T00:00:00+00:00"}), GENERAL, NAMES)
    assert (event.account.made_at, event.account.joined_at) == (born, 1767225600000)
    (event,) = said(message("x", author=user), GENERAL, NAMES)
    assert (event.account.made_at, event.account.joined_at) == (born, 0)
    (left,) = member({"guild_id": "10", "user": user}, EventKind.LEFT, stamp("s", 2), NAMES)
    assert (left.account.made_at, left.account.joined_at) == (born, 0)


def test_edits_have_ids_of_their_own() -> None:
    assert edited(message("x", edited_timestamp=None), GENERAL, NAMES) == ()
    assert (
        edited({"id": "5", "channel_id": "20", "edited_timestamp": "2026-01-01T00:00:00+00:00"}, GENERAL, NAMES) == ()
    )
    (one,) = edited(message("x", edited_timestamp="2026-01-01T00:00:00.123000+00:00"), GENERAL, NAMES)
    (two,) = edited(message("y", edited_timestamp="2026-01-01T00:00:01+00:00"), GENERAL, NAMES)
    assert (one.kind, one.message_id, one.sent_at) == (EventKind.EDIT, "4194304000", 1767225600123)
    assert len({one.event_id, two.event_id, "4194304000"}) == 3


def test_places() -> None:
    assert place("", Channel("7", direct=True)).kind is PlaceKind.DIRECT
    thread = place("10", Channel("8", "jobs", "20", "general"))
    assert (thread.id, thread.thread, thread.title, thread.kind) == ("20", "8", "general", PlaceKind.GROUP)


def test_many_deleted_at_once() -> None:
    events = deleted({"ids": ["5", "6"], "channel_id": "20", "guild_id": "10"}, GENERAL, NAMES)
    assert [(event.kind, event.message_id) for event in events] == [(EventKind.DELETE, "5"), (EventKind.DELETE, "6")]


def test_members() -> None:
    joined = {"guild_id": "10", "user": ANA, "roles": ["30"], "joined_at": "2026-01-01T00:00:00+00:00"}
    (one,) = member(joined, EventKind.JOINED, stamp("s", 1), NAMES)
    (again,) = member(joined, EventKind.JOINED, stamp("s2", 9), NAMES)
    assert one.event_id == again.event_id
    assert (one.account.joined_at, one.sent_at) == (1767225600000, 1767225600000)
    (left,) = member({"guild_id": "10", "user": ANA}, EventKind.LEFT, stamp("s", 2), NAMES)
    assert (left.account.roles, left.place.id) == (None, "10")
    assert member(joined | {"user": {"id": ME, "username": "Nexus"}}, EventKind.ROLES, "", NAMES) == ()
    (added,) = bot_moved({"id": "10", "name": "Makers", "owner_id": "1"}, EventKind.BOT_ADDED, one.place, "a", NAMES)
    assert (added.account.id, added.workspace_title) == ("1", "Makers")


def test_ids_and_moments() -> None:
    assert moment("4194304000") == 1_420_070_401_000
    assert moment(str(snowflake_at(1_700_000_000_000))) == 1_700_000_000_000
    assert snowflake_at(0) == 0
