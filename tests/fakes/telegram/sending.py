"""Methods that write into chats: messages, edits, deletions, drafts, files, reactions."""

import time
from typing import TYPE_CHECKING, Any

from tests.fakes.telegram.chat import GENERAL_TOPIC, Chat
from tests.fakes.telegram.errors import ApiError, bad_request
from tests.fakes.telegram.files import UPLOAD_LIMIT
from tests.fakes.telegram.keyboards import read_markup
from tests.fakes.telegram.model import Bot, Message, now
from tests.fakes.telegram.moderation import may_send
from tests.fakes.telegram.params import Params, Upload, flag, integer, mapping, string, upload
from tests.fakes.telegram.registry import find_chat, method
from tests.fakes.telegram.text import entity_text, found_entities, parse_html, trimmed, utf16
from tests.fakes.wire import Json

if TYPE_CHECKING:
    from tests.fakes.telegram.server import FakeTelegram

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
DELETABLE_SECONDS = 48 * 3600
ACTIONS = frozenset(
    "typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker "
    "find_location record_video_note upload_video_note".split()
)
# The emoji of ReactionTypeEmoji, in the documentation's order.
REACTIONS = frozenset(
    "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 "
    "❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 "
    "😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ "
    "😡".split()
)
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)


def formatted(tg: "FakeTelegram", params: Params, words: str, marks: str) -> tuple[str, list[Json]]:
    """Text and entities of a call, parsed and trimmed; both empty when there is no text."""
    text = string(params, words)
    mode = string(params, "parse_mode").lower()
    entities: list[Json] = []
    if mode == "html":
        text, entities = parse_html(text)
    elif mode in ("markdown", "markdownv2"):
        # Said aloud instead of being sent as it stands: a test that relies on it must not pass by accident.
        raise ApiError(501, "Not Implemented: the fake reads parse_mode HTML only")
    elif mode:
        raise bad_request("unsupported parse_mode")
    else:
        entities = [_checked(text, entity) for entity in params.get(marks) or []]
    for entity in entities:
        if entity["type"] == "text_mention":
            person = tg.users.get(entity["user"]["id"])
            if person is not None:
                entity["user"] = person.json()
    entities = [e for e in entities if e["type"] != "text_mention" or "first_name" in e["user"]]
    text, entities = trimmed(text, entities)
    return text, found_entities(text, entities)


def _checked(text: str, entity: Json) -> Json:
    if entity["offset"] < 0 or entity["offset"] + entity["length"] > utf16(text) or not entity_text(text, entity):
        raise bad_request("ENTITY_BOUNDS_INVALID")
    return dict(entity)


def _placed(chat: Chat, params: Params) -> tuple[Message | None, int | None]:
    """The message answered and the topic of a new message, both checked."""
    thread = integer(params, "message_thread_id") or None
    # The General topic has no id of its own for sending; nor is a reply chain of a plain supergroup a topic.
    if thread is not None and (not chat.forum or thread not in chat.topics):
        raise bad_request("message thread not found")
    reply = mapping(params, "reply_parameters", "reply parameters")
    if reply is None:
        return None, thread
    target = chat.message(integer(reply, "message_id"))
    if target is None or target.deleted:
        if not reply.get("allow_sending_without_reply"):
            raise bad_request("message to be replied not found")
        return None, thread
    quote = reply.get("quote")
    if quote and quote not in target.text:
        raise bad_request("QUOTE_TEXT_INVALID")
    return target, thread


def _post(chat: Chat, bot: Bot, params: Params, text: str, entities: list[Json], extra: Json) -> Json:
    reply_to, thread = _placed(chat, params)
    keyboard, markup = read_markup(params.get("reply_markup"))
    message = Message(chat, chat.next_id(), bot.user, text, entities, extra, reply_to=reply_to)
    message.keyboard, message.markup = keyboard, markup
    chat.put_in_thread(message, thread)
    chat.drafts.clear()
    return chat.add(message).json()


@method("sendMessage")
def send_message(tg: "FakeTelegram", bot: Bot, params: Params) -> Json:
    """A text; the message."""
    if not string(params, "text"):
        raise bad_request("message text is empty")
    chat = find_chat(tg, bot, params)
    text, entities = formatted(tg, params, "text", "entities")
    if not text:
        raise bad_request("text must be non-empty")
    if utf16(text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    may_send(chat, bot, "can_send_messages", "text messages", integer(params, "message_thread_id"))
    return _post(chat, bot, params, text, entities, {})


@method("sendMessageDraft")
def send_message_draft(tg: "FakeTelegram", bot: Bot, params: Params) -> bool:
    """A text that grows in front of the person: kept in `chat.drafts` until the next message."""
    chat = find_chat(tg, bot, params)
    if chat.person is None:
        raise bad_request("TEXTDRAFT_PEER_INVALID")
    if not integer(params, "draft_id"):
        raise bad_request("RANDOM_ID_INVALID")
    text, _ = formatted(tg, params, "text", "entities")
    if utf16(text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    chat.drafts.append(text)
    chat.draft_at = chat.draft_at or time.perf_counter()
    chat.changed()
    return True


def _content(tg: "FakeTelegram", name: str, given: Upload | str) -> Json:
    """The file's field of the Message. Raises ApiError 400 or 413."""
    if isinstance(given, str):
        if "://" in given:
            raise bad_request("failed to get HTTP URL content")
        stored = tg.files.by_id(given)
        return {"document": stored.json()} if name == "document" else tg.files.photo(stored.content)
    if not given.content:
        raise bad_request("file must be non-empty")
    if len(given.content) > UPLOAD_LIMIT:
        raise ApiError(413, "Request Entity Too Large")
    if name == "document":
        return {"document": tg.files.keep(given.name, given.mime, given.content).json()}
    return tg.files.photo(given.content)


def _file(tg: "FakeTelegram", bot: Bot, params: Params, name: str) -> Json:
    given = upload(params, name)
    if not given:
        raise bad_request(f"there is no {name} in the request")
    chat = find_chat(tg, bot, params)
    text, entities = formatted(tg, params, "caption", "caption_entities")
    if utf16(text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    may_send(chat, bot, f"can_send_{name}s", f"{name}s", integer(params, "message_thread_id"))
    extra = _content(tg, name, given)
    return _post(chat, bot, params, text, entities, extra)


@method("sendDocument")
def send_document(tg: "FakeTelegram", bot: Bot, params: Params) -> Json:
    """A file, uploaded or by file_id."""
    return _file(tg, bot, params, "document")


@method("sendPhoto")
def send_photo(tg: "FakeTelegram", bot: Bot, params: Params) -> Json:
    """A picture, uploaded or by file_id."""
    return _file(tg, bot, params, "photo")


def _own(chat: Chat, bot: Bot, params: Params) -> Message:
    message = chat.message(integer(params, "message_id"))
    if message is None or message.deleted:
        raise bad_request("message to edit not found")
    if message.sender is not bot.user:
        raise bad_request("message can't be edited")
    return message


def _edited(
    message: Message, text: str, entities: list[Json], keyboard: list[list[Json]], *, new_file: bool = False
) -> Json:
    if not new_file and (text, entities, keyboard) == (message.text, message.entities, message.keyboard):
        raise bad_request(NOT_MODIFIED)
    if text != message.text:
        message.history.append(message.text)
    message.text, message.entities, message.keyboard = text, entities, keyboard
    message.edits += 1
    message.edit_date = now()
    message.chat.touch(message)
    return message.json()


@method("editMessageText")
def edit_message_text(tg: "FakeTelegram", bot: Bot, params: Params) -> Json:
    """New text (and buttons: those not given again are gone)."""
    if not string(params, "text"):
        raise bad_request("message text is empty")
    chat = find_chat(tg, bot, params)
    message = _own(chat, bot, params)
    if message.is_file:
        raise bad_request("there is no text in the message to edit")
    text, entities = formatted(tg, params, "text", "entities")
    if not text:
        raise bad_request("text must be non-empty")
    if utf16(text) > TEXT_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    return _edited(message, text, entities, read_markup(params.get("reply_markup"))[0])


@method("editMessageCaption")
def edit_message_caption(tg: "FakeTelegram", bot: Bot, params: Params) -> Json:
    """New caption of a file."""
    chat = find_chat(tg, bot, params)
    message = _own(chat, bot, params)
    if not message.is_file:
        raise bad_request("there is no caption in the message to edit")
    text, entities = formatted(tg, params, "caption", "caption_entities")
    if utf16(text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    return _edited(message, text, entities, read_markup(params.get("reply_markup"))[0])


@method("editMessageMedia")
def edit_message_media(tg: "FakeTelegram", bot: Bot, params: Params) -> Json:
    """Another photo or document with its caption, also in the place of a text."""
    media = mapping(params, "media", "input media") or {}
    kind = str(media.get("type"))
    if kind not in ("photo", "document"):
        raise bad_request("can't parse InputMedia: Unsupported type")
    chat = find_chat(tg, bot, params)
    message = _own(chat, bot, params)
    given = upload({**params, "media": media.get("media")}, "media")
    if not given:
        raise bad_request("media not found")
    text, entities = formatted(tg, media, "caption", "caption_entities")
    if utf16(text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    message.extra = _content(tg, kind, given)
    return _edited(message, text, entities, read_markup(params.get("reply_markup"))[0], new_file=True)


@method("editMessageReplyMarkup")
def edit_message_reply_markup(tg: "FakeTelegram", bot: Bot, params: Params) -> Json:
    """New buttons, or none."""
    chat = find_chat(tg, bot, params)
    message = _own(chat, bot, params)
    return _edited(message, message.text, message.entities, read_markup(params.get("reply_markup"))[0])


def _may_delete(tg: "FakeTelegram", chat: Chat, bot: Bot, message: Message) -> None:
    """Bots delete nothing that is 48 hours old, nor the line that made a topic."""
    member = chat.members.get(bot.id)
    own = message.sender is bot.user or chat.person is not None
    if not own and not (member is not None and member.may("can_delete_messages")):
        raise bad_request("message can't be deleted")
    if message.date <= tg.now() - DELETABLE_SECONDS or "forum_topic_created" in message.extra:
        raise bad_request("message can't be deleted for everyone")


def _delete(message: Message) -> None:
    message.deleted = True
    message.chat.touch(message)


@method("deleteMessage")
def delete_message(tg: "FakeTelegram", bot: Bot, params: Params) -> bool:
    """One message: the bot's own, or anyone's with the right to."""
    chat = find_chat(tg, bot, params)
    message = chat.message(integer(params, "message_id"))
    if message is None or message.deleted:
        raise bad_request("message to delete not found")
    _may_delete(tg, chat, bot, message)
    _delete(message)
    return True


@method("deleteMessages")
def delete_messages(tg: "FakeTelegram", bot: Bot, params: Params) -> bool:
    """1 to 100 messages; those that are not there are skipped, and one that cannot be deleted keeps all the others."""
    chat = find_chat(tg, bot, params)
    ids = params.get("message_ids")
    if not isinstance(ids, list) or not ids:
        raise bad_request("message identifiers are not specified")
    if len(ids) > 100:
        raise bad_request("too many message identifiers specified")
    if not all(isinstance(one, int) and one > 0 for one in ids):
        raise bad_request("invalid message identifier specified")
    found = [message for one in ids if (message := chat.message(one)) is not None and not message.deleted]
    for message in found:
        _may_delete(tg, chat, bot, message)
    for message in found:
        _delete(message)
    return True


@method("sendChatAction")
def send_chat_action(tg: "FakeTelegram", bot: Bot, params: Params) -> bool:
    """ "typing" and its like, kept in `chat.actions`."""
    chat = find_chat(tg, bot, params)
    thread = integer(params, "message_thread_id")
    if thread not in (0, GENERAL_TOPIC) and thread not in chat.topics:
        raise bad_request("message thread not found")
    action = string(params, "action")
    if action not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat.actions.append(action)
    chat.changed()
    return True


@method("setMessageReaction")
def set_message_reaction(tg: "FakeTelegram", bot: Bot, params: Params) -> bool:
    """At most one reaction of a bot per message; an empty list takes it away."""
    chat = find_chat(tg, bot, params)
    message = chat.message(integer(params, "message_id"))
    if message is None or message.deleted:
        raise bad_request("message to react not found")
    reactions: list[Any] = params.get("reaction") or []
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    emoji = [str(one.get("emoji")).replace("\ufe0f", "") for one in reactions if one.get("type") == "emoji"]
    if len(emoji) != len(reactions) or any(one not in REACTIONS for one in emoji):
        raise bad_request("REACTION_INVALID")
    message.reactions[bot.id] = emoji
    chat.touch(message)
    return True


@method("answerCallbackQuery")
def answer_callback_query(tg: "FakeTelegram", bot: Bot, params: Params) -> bool:
    """What the person who pressed sees: nothing, a line (at most 200 characters) or an alert."""
    answer = tg.callbacks.get(string(params, "callback_query_id"))
    if answer is None or answer.expired or answer.message.sender is not bot.user:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    text = string(params, "text")
    if utf16(text) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    answer.text, answer.alert = text, flag(params, "show_alert")
    answer.url = string(params, "url") or None
    answer.answers += 1
    answer.message.chat.changed()
    return True
