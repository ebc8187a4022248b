"""What exists in the fake's world: people, bots, members, messages; each knows its Bot API JSON."""

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from tests.fakes.telegram.mailbox import Mailbox
from tests.fakes.wire import Json

if TYPE_CHECKING:
    from tests.fakes.telegram.room import Room
    from tests.fakes.telegram.webhook import Courier

Status = Literal["creator", "administrator", "member", "restricted", "left", "kicked"]

ADMIN_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_pin_messages",
    "can_manage_topics",
)
PERMISSIONS = (
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
)


def now() -> int:
    """Unix time in whole seconds, as every Telegram date."""
    return int(time.time())


@dataclass(slots=True, eq=False)
class User:
    """A person, or a bot's account."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language_code: str | None = "en"
    is_bot: bool = False

    def json(self) -> Json:
        """The API's User."""
        data: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        if self.last_name:
            data["last_name"] = self.last_name
        if self.username:
            data["username"] = self.username
        if self.language_code and not self.is_bot:
            data["language_code"] = self.language_code
        return data


@dataclass(slots=True, eq=False)
class Bot:
    """A bot under test: its account, token, privacy mode (BotFather's /setprivacy), mailbox and settings."""

    user: User
    token: str
    privacy_mode: bool = True
    revoked: bool = False
    mailbox: Mailbox = field(default_factory=Mailbox)
    courier: "Courier | None" = None
    # (scope as canonical JSON, language_code) → list of BotCommand
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    last_private_message: int = 0

    @property
    def id(self) -> int:
        """The bot's user id, which is also the front of its token."""
        return self.user.id


@dataclass(slots=True)
class Member:
    """Someone's place in a group; `rights` are admin rights or, when restricted, permissions left to them.

    `inside`: someone restricted can be there or not; the restriction waits for them.
    """

    user: User
    status: Status = "member"
    rights: frozenset[str] = frozenset()
    until_date: int = 0
    inside: bool = True

    @property
    def present(self) -> bool:
        """In the chat now."""
        return self.status not in ("left", "kicked") and self.inside

    @property
    def admin(self) -> bool:
        """Owner or administrator."""
        return self.status in ("creator", "administrator")

    def may(self, right: str) -> bool:
        """Whether an admin right is held; the owner holds all."""
        return self.status == "creator" or (self.status == "administrator" and right in self.rights)

    def json(self) -> Json:
        """The API's ChatMember of this status, with every required field."""
        data: Json = {"status": self.status, "user": self.user.json()}
        if self.status == "creator":
            data["is_anonymous"] = False
        elif self.status == "administrator":
            data |= {"can_be_edited": False, "is_anonymous": False}
            data |= {right: right in self.rights for right in ADMIN_RIGHTS}
        elif self.status == "restricted":
            data |= {"is_member": self.inside, "until_date": self.until_date}
            data |= {right: right in self.rights for right in PERMISSIONS}
        elif self.status == "kicked":
            data["until_date"] = self.until_date
        return data


@dataclass(slots=True, eq=False)
class Message:
    """A message as a person sees it now; earlier texts are in `history`.

    `text` is the caption for files. `keyboard` is the inline keyboard's rows of buttons as the API has them, `markup`
    another kind of reply markup. `made` and `changed` order the bot's doings (see `Chat.wait_for_reply`); `at` is the
    time.perf_counter() of its arrival at the server, in seconds.
    """

    chat: "Room"
    message_id: int
    sender: User | None
    text: str = ""
    entities: list[Json] = field(default_factory=list)
    extra: Json = field(default_factory=dict)
    sender_chat: "Room | None" = None
    reply_to: "Message | None" = None
    thread: int | None = None
    keyboard: list[list[Json]] = field(default_factory=list)
    markup: Json | None = None
    date: int = field(default_factory=now)
    edit_date: int | None = None
    edits: int = 0
    history: list[str] = field(default_factory=list)
    deleted: bool = False
    reactions: dict[int, list[str]] = field(default_factory=dict)
    made: int = 0
    changed: int = 0
    at: float = field(default_factory=time.perf_counter)
    changed_at: float = 0.0

    @property
    def is_file(self) -> bool:
        """A document or a photo, whose text is a caption."""
        return "document" in self.extra or "photo" in self.extra

    @property
    def is_service(self) -> bool:
        """Telegram's own line: someone joined, a topic was made."""
        return bool(self.extra) and not self.is_file

    @property
    def buttons(self) -> list[str]:
        """Labels of the inline buttons, row by row."""
        return [button["text"] for row in self.keyboard for button in row]

    @property
    def from_bot(self) -> bool:
        """Written by a bot under test."""
        return self.sender is not None and self.chat.tg.bot_of(self.sender) is not None

    def json(self, *, nested: bool = False) -> Json:
        """The API's Message; a `nested` one (in reply_to_message) leaves out its own reply."""
        data: Json = {"message_id": self.message_id, "date": self.date, "chat": self.chat.json()}
        if self.sender is not None:
            data["from"] = self.sender.json()
        if self.sender_chat is not None:
            data["sender_chat"] = self.sender_chat.json()
        if self.thread is not None:
            data["message_thread_id"] = self.thread
            if self.chat.forum:
                data["is_topic_message"] = True
        if self.reply_to is not None and not nested:
            data["reply_to_message"] = self.reply_to.json(nested=True)
        data |= self.extra
        if self.text:
            words, marks = ("caption", "caption_entities") if self.is_file else ("text", "entities")
            data[words] = self.text
            if self.entities:
                data[marks] = self.entities
        if self.edit_date is not None:
            data["edit_date"] = self.edit_date
        if self.keyboard:
            data["reply_markup"] = {"inline_keyboard": self.keyboard}
        return data

    def view(self) -> Json:
        """A flat summary for people and for the control port."""
        return {
            "message_id": self.message_id,
            "from": self.sender.first_name if self.sender else None,
            "from_id": self.sender.id if self.sender else None,
            "from_bot": self.from_bot,
            "text": self.text,
            "buttons": self.buttons,
            "edits": self.edits,
            "reply_to": self.reply_to.message_id if self.reply_to else None,
            "thread": self.thread,
            "extra": self.extra,
            "made": self.made,
        }


@dataclass(slots=True)
class Answer:
    """A press on a button and what the bot answered: None in `text` until it did, "" for an empty answer."""

    query_id: str
    user: User
    message: Message = field(repr=False)
    data: str
    pressed: float
    text: str | None = None
    alert: bool = False
    url: str | None = None
    answers: int = 0
    expired: bool = False
    update_id: int = 0


@dataclass(slots=True)
class StoredFile:
    """A file on Telegram's servers; ids work like the real ones: `file_id` fetches, `unique_id` only compares."""

    file_id: str
    unique_id: str
    name: str
    mime: str
    path: str
    content: bytes

    def json(self) -> Json:
        """The API's Document."""
        return {
            "file_id": self.file_id,
            "file_unique_id": self.unique_id,
            "file_name": self.name,
            "mime_type": self.mime,
            "file_size": len(self.content),
        }


@dataclass(slots=True)
class Request:
    """A recorded call. `params` are decoded JSON values (uploads as name, size, type); `time` is Unix seconds.

    `status` is the HTTP status answered, 0 while under way or when the connection was cut.
    """

    method: str
    params: dict[str, Any]
    time: float
    token: str
    status: int = 0
    description: str = ""

    def json(self) -> Json:
        """For the control port."""
        return {name: getattr(self, name) for name in self.__slots__}
