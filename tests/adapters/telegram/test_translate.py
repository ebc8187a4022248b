"""Raw updates as events."""

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import Account, Attachment, ButtonPress, Command, Event, EventKind, PlaceKind
from adapters.telegram.translate import Me, translate

Json = dict[str, Any]

ME = Me(77, "Nexus_Bot")
ANA: Json = {"id": 5, "is_bot": False, "first_name": "Ana", "last_name": "Li", "username": "ana", "language_code": "es"}
BOT: Json = {"id": 77, "is_bot": True, "first_name": "Nexus", "username": "Nexus_Bot"}
DIRECT: Json = {"id": 5, "type": "private", "first_name": "Ana"}
GROUP: Json = {"id": -1001, "type": "supergroup", "title": "Guild", "is_forum": True}


def said(text: str | None = "hello", chat: Json = GROUP, **more: Any) -> Json:
    message: Json = {"message_id": 9, "date": 1_700_000_000, "chat": chat, "from": ANA, **more}
    return message if text is None else {**message, "text": text}


def events(**update: Any) -> tuple[Event, ...]:
    return translate({"update_id": 41, **update}, ME)


def event(**update: Any) -> Event:
    (only,) = events(**update)
    return only


def mark(kind: str, text: str, part: str, **more: Any) -> Json:
    """An entity over the first `part` of `text`, in UTF-16 units."""
    before = text[: text.index(part)]
    return {
        "type": kind,
        "offset": len(before.encode("utf-16-le")) // 2,
        "length": len(part.encode("utf-16-le")) // 2,
        **more,
    }


def test_a_group_message() -> None:
    found = event(message=said())
    assert found.platform == "telegram"
    assert (found.event_id, found.workspace) == ("41", "77")
    assert (found.kind, found.text, found.message_id) == (EventKind.MESSAGE, "hello", "9")
    assert found.account == Account("5", "Ana Li", username="ana", language="es")
    assert (found.place.id, found.place.kind, found.place.title) == ("-1001", PlaceKind.GROUP, "Guild")
    assert found.sent_at == 1_700_000_000_000
    assert not found.addressed


def test_a_direct_message_is_addressed() -> None:
    found = event(message=said(chat=DIRECT))
    assert found.addressed
    assert found.place.kind is PlaceKind.DIRECT


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("@nexus_bot, who can weld?", "who can weld?"),
        ("🎉🎉 hey @NEXUS_BOT who can weld?", "🎉🎉 hey who can weld?"),
        ("who can weld @nexus_bot?", "who can weld?"),
        ("who can weld @nexus_bot", "who can weld"),
        ("@nexus_bot", ""),
        ("@nexus_bot @nexus_bot: hi", "hi"),
    ],
)
def test_a_mention_addresses_and_is_removed(text: str, left: str) -> None:
    start, entities = 0, []
    while (at := text.lower().find("@nexus_bot", start)) >= 0:
        units = len(text[:at].encode("utf-16-le")) // 2
        entities.append({"type": "mention", "offset": units, "length": 10})
        start = at + 10
    found = event(message=said(text, entities=entities))
    assert found.addressed
    assert found.text == left


def test_a_mention_by_link_counts_and_one_of_another_does_not() -> None:
    text = "Nexus, hello"
    assert event(message=said(text, entities=[mark("text_mention", text, "Nexus", user=BOT)])).text == "hello"
    text = "hi @nexus_bot_two"
    found = event(message=said(text, entities=[mark("mention", text, "@nexus_bot_two")]))
    assert (found.text, found.addressed) == (text, False)


def test_an_answer_to_the_bot_is_addressed() -> None:
    found = event(message=said(reply_to_message={**said("Which one?"), "message_id": 3, "from": BOT}))
    assert found.addressed
    assert found.reply_to == "3"
    assert found.reply_to_account == Account("77", "Nexus", username="Nexus_Bot", is_bot=True)
    other = event(message=said(reply_to_message={**said("Which one?"), "message_id": 3}))
    assert not other.addressed
    assert other.reply_to_account is not None
    assert other.reply_to_account.id == "5"


def test_the_words_of_the_answered_message_come_along() -> None:
    bad = {**said("buy this"), "message_id": 3, "from": {"id": 6, "is_bot": False, "first_name": "Eve"}}
    report = event(message=said("/report spam", reply_to_message=bad))
    assert report.command == Command("report", "spam")
    assert (report.reply_to, report.reply_text) == ("3", "buy this")
    assert report.reply_to_account == Account("6", "Eve")
    photo = {**said(None, caption=" a caption", photo=[]), "message_id": 3}
    assert event(message=said("/warn", reply_to_message=photo)).reply_text == "a caption"
    assert event(message=said("/warn", reply_to_message={**said(None, sticker={}), "message_id": 3})).reply_text == ""
    assert event(message=said()).reply_text == ""
    assert event(edited_message=said("look", reply_to_message=bad)).reply_text == "buy this"


def test_a_report_on_who_is_no_person_says_so() -> None:
    channel = {"id": -1009, "type": "channel", "title": "News"}
    for chat in (channel, GROUP):
        post = {**said("post"), "message_id": 3, "sender_chat": chat, "from": {"id": 777000, "first_name": "Telegram"}}
        answered = event(message=said("/report", reply_to_message=post)).reply_to_account
        assert answered is not None
        assert (answered.id, answered.is_bot) == (str(chat["id"]), True)


def test_what_is_quoted_from_elsewhere_comes_along() -> None:
    origin = {"type": "channel", "chat": {"id": -1009, "type": "channel", "title": "Spam"}, "message_id": 4}
    found = event(message=said("look", external_reply={"origin": origin}, quote={"text": "buy this", "position": 0}))
    assert (found.reply_to, found.reply_to_account, found.reply_text) == ("", None, "buy this")
    assert event(message=said("look", external_reply={"origin": origin})).reply_text == ""


def test_what_was_written_elsewhere_is_marked() -> None:
    assert event(message=said(forward_origin={"type": "hidden_user", "sender_user_name": "X"})).forwarded
    post = said("news", sender_chat={"id": -1009, "type": "channel", "title": "News"}, is_automatic_forward=True)
    found = event(message={**post, "forward_origin": {"type": "channel"}})
    assert (found.forwarded, found.account.is_bot) == (True, True)
    assert not event(message=said()).forwarded
    assert not event(message=said(via_bot={"id": 8})).forwarded


def test_people_mentioned_by_a_link_are_told() -> None:
    text = "Nexus: warn Mira and Robo, and Mira again"
    mira = {"id": 8, "is_bot": False, "first_name": "Mira"}
    robo = {"id": 9, "is_bot": True, "first_name": "Robo"}
    entities = [
        mark("text_mention", text, "Nexus", user=BOT),
        mark("text_mention", text, "Mira and", user=mira),
        mark("text_mention", text, "Robo", user=robo),
        mark("text_mention", text, "Mira again", user=mira),
    ]
    found = event(message=said(text, entities=entities))
    assert found.mentions == (Account("8", "Mira"),)
    assert found.text == "warn Mira and Robo, and Mira again"


def test_where_a_link_leads_is_not_hidden() -> None:
    text = "🎉 free money here @nexus_bot"
    entities = [
        mark("text_link", text, "money", url="https://evil.example/x"),
        mark("mention", text, "@nexus_bot"),
    ]
    found = event(message=said(text, entities=entities))
    assert (found.text, found.addressed) == ("🎉 free money (https://evil.example/x) here", True)
    same = "see example.org/x"
    plain = [mark("text_link", same, "example.org/x", url="https://example.org/x/")]
    assert event(message=said(same, entities=plain)).text == same
    bad = {**said(text, entities=entities[:1]), "message_id": 3}
    reported = event(message=said("/report", reply_to_message=bad)).reply_text
    assert reported == "🎉 free money (https://evil.example/x) here @nexus_bot"


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("/need post a designer", Command("need", "post a designer")),
        ("/need_post a designer", Command("need", "post a designer")),
        ("/need_post@nexus_bot   a designer", Command("need", "post a designer")),
        ("/Need_Post\ntwo lines\nhere", Command("need", "Post two lines\nhere")),
        ("/grant_round_open", Command("grant", "round_open")),
        ("/start CODE-1", Command("start", "CODE-1")),
        ("/help", Command("help")),
    ],
)
def test_commands(text: str, command: Command) -> None:
    found = event(message=said(text))
    assert (found.kind, found.command, found.addressed) == (EventKind.COMMAND, command, True)
    assert "@" not in found.text


def test_a_command_after_a_mention_is_a_command() -> None:
    text = "@nexus_bot /help"
    assert event(message=said(text, entities=[mark("mention", text, "@nexus_bot")])).command == Command("help")


@pytest.mark.parametrize("text", ["/help@other_bot", "/ help", "see /help", "//help", "/"])
def test_what_is_no_command_of_ours(text: str) -> None:
    found = event(message=said(text))
    assert (found.kind, found.text, found.addressed) == (EventKind.MESSAGE, text, False)


def test_quoted_and_forwarded_commands_do_nothing() -> None:
    assert event(message=said("/help", entities=[mark("code", "/help", "/help")])).command is None
    assert event(message=said("/help", forward_origin={"type": "hidden_user"})).command is None
    assert event(message=said("/help", via_bot={"id": 8})).command is None


def test_a_thread_is_a_topic_and_nothing_else() -> None:
    root = {**said(None, forum_topic_created={"name": "Jobs"}), "message_id": 3, "from": BOT}
    found = event(message=said(message_thread_id=3, is_topic_message=True, reply_to_message=root))
    assert (found.place.thread, found.reply_to, found.addressed) == ("3", "", False)
    assert event(message=said(message_thread_id=3)).place.thread == ""
    bare = event(message=said(message_thread_id=3, is_topic_message=True, reply_to_message={**said(), "message_id": 3}))
    assert bare.reply_to == ""


def test_an_edit_never_is_a_command() -> None:
    found = event(edited_message=said("/need post it", chat=DIRECT, edit_date=1_700_000_009))
    assert (found.kind, found.command, found.text) == (EventKind.EDIT, None, "/need post it")
    assert (found.message_id, found.sent_at) == ("9", 1_700_000_009_000)
    assert events(edited_message=said(None, location={"latitude": 1, "longitude": 2})) == ()


def test_a_pressed_button() -> None:
    query = {"id": "444", "from": ANA, "chat_instance": "1", "data": "tok", "message": {**said("Sure?"), "from": BOT}}
    found = event(callback_query=query)
    assert found.kind is EventKind.BUTTON
    assert found.press == ButtonPress("tok", "9", "444")
    assert (found.account.id, found.place.id, found.addressed) == ("5", "-1001", True)


def test_a_button_on_a_message_too_old_to_be_told() -> None:
    query = {"id": "444", "from": ANA, "data": "tok", "message": {"chat": GROUP, "message_id": 9, "date": 0}}
    assert event(callback_query=query).press == ButtonPress("tok", "9", "444")
    assert events(callback_query={"id": "4", "from": ANA, "inline_message_id": "x", "data": "tok"}) == ()
    assert events(callback_query={"id": "4", "from": ANA, "message": said(), "game_short_name": "x"}) == ()


def membership(old: Json, new: Json, user: Json = BOT, chat: Json = GROUP) -> Json:
    return {
        "chat": chat,
        "from": ANA,
        "date": 1_700_000_000,
        "old_chat_member": {"user": user, **old},
        "new_chat_member": {"user": user, **new},
    }


def test_the_bot_comes_and_goes() -> None:
    added = event(my_chat_member=membership({"status": "left"}, {"status": "member"}))
    assert (added.kind, added.account.id, added.place.title) == (EventKind.BOT_ADDED, "5", "Guild")
    removed = event(my_chat_member=membership({"status": "administrator"}, {"status": "kicked"}))
    assert removed.kind is EventKind.BOT_REMOVED
    blocked = event(my_chat_member=membership({"status": "member"}, {"status": "kicked"}, chat=DIRECT))
    assert (blocked.kind, blocked.place.kind) == (EventKind.BOT_REMOVED, PlaceKind.DIRECT)
    assert events(my_chat_member=membership({"status": "member"}, {"status": "administrator"})) == ()


def test_people_come_and_go() -> None:
    joined = event(chat_member=membership({"status": "left"}, {"status": "restricted", "is_member": True}, user=ANA))
    assert (joined.kind, joined.account.id) == (EventKind.JOINED, "5")
    left = event(chat_member=membership({"status": "member"}, {"status": "restricted", "is_member": False}, user=ANA))
    assert left.kind is EventKind.LEFT
    assert event(message=said(None, left_chat_member=ANA)).kind is EventKind.LEFT
    assert events(message=said(None, left_chat_member=BOT)) == ()


def test_when_somebody_came_is_told_where_it_is_known() -> None:
    joined = event(chat_member=membership({"status": "left"}, {"status": "member"}, user=ANA))
    assert (joined.account.joined_at, joined.account.made_at) == (1_700_000_000_000, 0)
    assert event(message=said(None, new_chat_members=[ANA])).account.joined_at == 1_700_000_000_000
    left = event(chat_member=membership({"status": "member"}, {"status": "kicked"}, user=ANA))
    assert (left.kind, left.account.joined_at) == (EventKind.LEFT, 0)
    assert event(message=said()).account.joined_at == 0
    muted = {"status": "restricted", "is_member": True}
    assert events(chat_member=membership({"status": "member"}, muted, user=ANA)) == ()
    assert events(chat_member=membership({"status": "left"}, {"status": "kicked"}, user=ANA)) == ()


def test_several_people_in_one_update_are_several_events() -> None:
    people = [ANA, BOT, {"id": 6, "is_bot": True, "first_name": "Other"}]
    first, second = events(message=said(None, new_chat_members=people))
    assert (first.event_id, first.account.id) == ("41", "5")
    assert (second.event_id, second.account.id, second.account.is_bot) == ("41.1", "6", True)


def test_a_group_that_became_a_supergroup() -> None:
    moved = event(message=said(None, chat={"id": -5, "type": "group", "title": "Guild"}, migrate_to_chat_id=-1001))
    assert (moved.kind, moved.place.id, moved.text) == (EventKind.PLACE_MOVED, "-5", "-1001")
    assert events(message=said(None, migrate_from_chat_id=-5)) == ()


@pytest.mark.parametrize(
    ("more", "attachment"),
    [
        (
            {"document": {"file_id": "D", "file_name": "a.pdf", "mime_type": "application/pdf", "file_size": 7}},
            Attachment("D", "a.pdf", "application/pdf", 7),
        ),
        (
            {
                "photo": [
                    {"file_id": "S", "width": 90, "height": 90, "file_size": 1},
                    {"file_id": "L", "width": 800, "height": 600, "file_size": 5},
                ]
            },
            Attachment("L", "photo.jpg", "image/jpeg", 5),
        ),
        ({"voice": {"file_id": "V", "duration": 3}}, Attachment("V", "voice.ogg", "audio/ogg")),
        ({"video": {"file_id": "M", "mime_type": "video/mp4"}}, Attachment("M", "video.mp4", "video/mp4")),
    ],
)
def test_files(more: Json, attachment: Attachment) -> None:
    found = event(message=said(None, caption="see /this", **more))
    assert (found.text, found.attachments) == ("see /this", (attachment,))


def test_a_caption_can_mention_and_command() -> None:
    photo = {"file_id": "L", "width": 1, "height": 1}
    text = "@nexus_bot look"
    found = event(
        message=said(None, caption=text, caption_entities=[mark("mention", text, "@nexus_bot")], photo=[photo])
    )
    assert (found.text, found.addressed) == ("look", True)
    assert event(message=said(None, caption="/need_post x", photo=[photo])).command == Command("need", "post x")


def test_wordless_messages_are_events_and_service_messages_are_not() -> None:
    assert event(message=said(None, sticker={"emoji": "👍"})).text == "👍"
    assert event(message=said(None, location={"latitude": 1, "longitude": 2})).text == ""
    assert events(message=said(None, pinned_message=said())) == ()
    assert events(message=said(None, new_chat_title="New")) == ()
    assert events(poll={"id": "1"}) == ()


def test_who_is_no_person() -> None:
    anonymous = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
    admin = event(message={**said(sender_chat=GROUP), "from": anonymous})
    assert (admin.account.id, admin.account.name, admin.account.is_bot) == ("-1001", "Guild", True)
    telegram = {"id": 777000, "is_bot": False, "first_name": "Telegram"}
    assert event(message={**said(), "from": telegram}).account.is_bot
    channel = {"id": -1009, "type": "channel", "title": "News"}
    post = said("/help", chat=channel, sender_chat=channel)
    del post["from"]
    found = event(channel_post=post)
    assert (found.account.id, found.account.is_bot, found.place.kind) == ("-1009", True, PlaceKind.CHANNEL)
    del post["sender_chat"]
    assert event(edited_channel_post=post).account == Account("-1009", "News", is_bot=True)


def test_names_without_the_usual_parts() -> None:
    nameless = {"id": 8, "is_bot": False, "first_name": "", "username": "x"}
    assert event(message={**said(), "from": nameless}).account.name == "x"
    assert event(message={**said(), "from": {"id": 8, "is_bot": False, "first_name": " "}}).account.name == "8"
    assert event(message=said("a\x00b\ud800")).text == "a b\N{REPLACEMENT CHARACTER}"


TEXTS = st.text(alphabet="a @/🎉é,\u200d\n", max_size=30)


@given(TEXTS, TEXTS)
def test_only_the_mention_goes(before: str, after: str) -> None:
    text = f"{before}@Nexus_Bot{after}"
    entity = {"type": "mention", "offset": len(before.encode("utf-16-le")) // 2, "length": 10}
    found = event(message=said(text, entities=[entity]))
    assert found.addressed
    kept = f"{found.command.name}{found.command.rest}" if found.command else found.text
    wanted = f"{before}{after}"
    strip = str.maketrans("", "", " \n,/")
    assert kept.translate(strip) == wanted.translate(strip)


NONSENSE: st.SearchStrategy[Any] = st.sampled_from(
    [None, True, -1, 2.5, "", "x", [], [1], [{}], {}, {"id": 5}, {"id": "x"}, {"type": "group"}]
)
FIELDS = st.sampled_from(
    "message_id chat from date text entities photo document sticker reply_to_message sender_chat new_chat_members "
    "left_chat_member migrate_to_chat_id message data old_chat_member new_chat_member caption is_topic_message".split()
)
KINDS = st.sampled_from(
    ["message", "edited_message", "callback_query", "my_chat_member", "chat_member", "channel_post"]
)


@given(st.integers(), KINDS, st.dictionaries(FIELDS, NONSENSE, max_size=6), st.booleans())
def test_any_nonsense_is_refused_in_a_known_way(update_id: int, kind: str, broken: Json, whole: bool) -> None:
    body = {**said(), **broken} if whole else broken
    with contextlib.suppress(KeyError, TypeError, ValueError, AttributeError, IndexError):
        translate({"update_id": update_id, kind: body}, ME)
