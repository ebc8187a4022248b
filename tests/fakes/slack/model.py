"""What exists in a workspace: people, messages, files, views; each knows its Web API JSON."""

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.fakes.slack.blocks import elements_of
from tests.fakes.wire import Json

if TYPE_CHECKING:
    from tests.fakes.slack.delivery import Delivery
    from tests.fakes.slack.room import Room
    from tests.fakes.slack.team import Team


@dataclass(slots=True, eq=False)
class User:
    """A person, or the account of a bot (`bot_id`); `app_id` names the app behind it.

    An owner is an admin as well, and the primary owner is both.
    """

    team: "Team" = field(repr=False)
    id: str
    name: str
    real_name: str
    email: str = ""
    admin: bool = False
    guest: bool = False
    owner: bool = False
    primary_owner: bool = False
    deleted: bool = False
    locale: str = "en-US"
    tz: str = "Europe/London"
    bot_id: str = ""
    app_id: str = ""

    @property
    def mention(self) -> str:
        """How messages name them: `<@U…>`."""
        return f"<@{self.id}>"

    @property
    def manages(self) -> bool:
        """Whether they run the workspace: admins and owners."""
        return self.admin or self.owner or self.primary_owner

    def json(self, *, email: bool = False, locale: bool = False) -> Json:
        """The API's user; the address needs users:read.email."""
        profile: Json = {
            "real_name": self.real_name,
            "real_name_normalized": self.real_name,
            "display_name": "" if self.bot_id else self.name,
            "display_name_normalized": "" if self.bot_id else self.name,
            "title": "",
            "status_text": "",
            "status_emoji": "",
            "team": self.team.id,
        }
        if self.email and email:
            profile["email"] = self.email
        if self.bot_id:
            profile |= {"bot_id": self.bot_id, "api_app_id": self.app_id, "always_active": False}
        data: Json = {
            "id": self.id,
            "team_id": self.team.id,
            "name": self.name,
            "deleted": self.deleted,
            "profile": profile,
            "is_bot": bool(self.bot_id),
            "is_app_user": False,
            "updated": 0,
        }
        if not self.deleted:
            data |= {
                "real_name": self.real_name,
                "tz": self.tz,
                "tz_label": "Time",
                "tz_offset": 0,
                "is_admin": self.manages,
                "is_owner": self.owner or self.primary_owner,
                "is_primary_owner": self.primary_owner,
                "is_restricted": self.guest,
                "is_ultra_restricted": False,
                "is_email_confirmed": True,
            }
        if locale:
            data["locale"] = self.locale
        return data

    def bot_profile(self) -> Json:
        """The API's bot_profile, inside messages of bots."""
        return {
            "id": self.bot_id,
            "app_id": self.app_id,
            "name": self.real_name,
            "icons": {},
            "deleted": self.deleted,
            "updated": 0,
            "team_id": self.team.id,
        }


@dataclass(slots=True, eq=False)
class StoredFile:
    """A file of a workspace; `url` needs a bearer token with files:read. `user` None: not yet completed."""

    id: str
    name: str
    title: str
    mime: str
    content: bytes
    url: str
    created: int
    user: User | None = None
    channels: list[str] = field(default_factory=list)
    expected: int = 0

    def json(self) -> Json:
        """The API's file."""
        kind = self.name.rpartition(".")[2].lower() if "." in self.name else "text"
        return {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": self.name,
            "title": self.title,
            "mimetype": self.mime,
            "filetype": kind,
            "pretty_type": kind.upper(),
            "user": self.user.id if self.user else "",
            "user_team": self.user.team.id if self.user else "",
            "editable": False,
            "size": len(self.content),
            "mode": "hosted",
            "is_external": False,
            "external_type": "",
            "is_public": True,
            "public_url_shared": False,
            "display_as_bot": False,
            "username": "",
            "url_private": self.url,
            "url_private_download": self.url.replace("/files-pri/", "/files-pri-download/"),
            "media_display_type": "unknown",
            "permalink": f"{self.url}/permalink",
            "permalink_public": f"{self.url}/public",
            "channels": [one for one in self.channels if one.startswith("C")],
            "groups": [one for one in self.channels if one.startswith("G")],
            "ims": [one for one in self.channels if one.startswith("D")],
            "is_starred": False,
            "has_rich_preview": False,
            "file_access": "visible",
        }


@dataclass(slots=True, eq=False)
class Message:
    """A message as people see it now; earlier texts are in `history`.

    `text` is the source text (escaped, with `<@U…>`), `shown` what the client displays. `made` and `changed` order the
    bot's doings (see `Channel.wait_for_reply`); `at` and `changed_at` are time.perf_counter() seconds. `ephemeral_to`
    is the only one who sees it. `streaming` is "", "in_progress" or "completed". `deliveries` are the events of it.
    """

    channel: "Room" = field(repr=False)
    ts: str
    user: User | None
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    files: list[StoredFile] = field(default_factory=list)
    thread_ts: str = ""
    subtype: str = ""
    extra: Json = field(default_factory=dict)
    metadata: Json | None = None
    ephemeral_to: User | None = None
    broadcast: bool = False
    streaming: str = ""
    stream_ends: float = 0.0
    stopped_by: User | None = None
    chunks: list[Json] = field(default_factory=list)
    edited_ts: str = ""
    edits: int = 0
    history: list[str] = field(default_factory=list)
    reactions: dict[str, list[str]] = field(default_factory=dict)
    deleted: bool = False
    made: int = 0
    changed: int = 0
    at: float = field(default_factory=time.perf_counter)
    changed_at: float = 0.0
    deliveries: list["Delivery"] = field(default_factory=list)

    @property
    def from_bot(self) -> bool:
        """Written by the app under test."""
        return self.user is not None and self.user is self.channel.team.bot

    @property
    def ephemeral(self) -> bool:
        """Only one person sees it."""
        return self.ephemeral_to is not None

    @property
    def shown(self) -> str:
        """What the client displays: the blocks' texts where there are blocks, else the text."""
        said = [part for block in self.blocks for part in _texts(block)]
        return "\n".join(said) if said else self.text

    @property
    def elements(self) -> list[tuple[Json, Json]]:
        """Every interactive element with its block."""
        return [(block, element) for block in self.blocks for element in elements_of(block)]

    @property
    def buttons(self) -> list[str]:
        """Labels of the buttons."""
        return [element["text"]["text"] for _, element in self.elements if element["type"] == "button"]

    def json(self) -> Json:
        """The API's message."""
        data: Json = {"type": "message", "text": self.text, "ts": self.ts}
        if self.subtype:
            data["subtype"] = self.subtype
        if self.user is not None:
            data |= {"user": self.user.id, "team": self.user.team.id}
            if self.user.bot_id:
                data |= {
                    "bot_id": self.user.bot_id,
                    "app_id": self.user.app_id,
                    "bot_profile": self.user.bot_profile(),
                }
        data |= self.extra
        for name in ("blocks", "attachments", "metadata"):
            if value := getattr(self, name):
                data[name] = value
        if self.files:
            data |= {"files": [one.json() for one in self.files], "upload": False}
        if self.thread_ts:
            data |= self.channel.thread_fields(self)
            root = self.channel.find(self.thread_ts)
            if self.subtype == "thread_broadcast" and root is not None:
                data["root"] = root.json()
        if self.edited_ts and self.user is not None:
            data["edited"] = {"user": self.user.id, "ts": self.edited_ts}
        if self.streaming:
            data["streaming_state"] = self.streaming
        if self.reactions:
            data["reactions"] = [
                {"name": name, "users": users, "count": len(users)} for name, users in self.reactions.items()
            ]
        return data

    def view(self) -> Json:
        """A flat summary for the control port."""
        return {
            "ts": self.ts,
            "from": self.user.real_name if self.user else None,
            "from_id": self.user.id if self.user else None,
            "from_bot": self.from_bot,
            "text": self.text,
            "shown": self.shown,
            "buttons": self.buttons,
            "edits": self.edits,
            "thread_ts": self.thread_ts,
            "ephemeral_to": self.ephemeral_to.id if self.ephemeral_to else None,
            "streaming": self.streaming,
            "files": [one.name for one in self.files],
            "made": self.made,
        }


@dataclass(slots=True)
class Request:
    """A recorded request: a Web API method, or "response_url", "upload", "download", "authorize".

    `arguments` are decoded JSON values (uploads as name and size), never the token; `http` is "POST application/json"
    and the like; `time` is Unix seconds. `status` is the HTTP status answered, 0 while under way or when the
    connection was cut; `error` the word of a refusal.
    """

    method: str
    arguments: dict[str, Any]
    http: str
    time: float
    team: str = ""
    status: int = 0
    error: str = ""
    files: list[Json] = field(default_factory=list)

    def json(self) -> Json:
        """For the control port."""
        return {name: getattr(self, name) for name in self.__slots__}


def _texts(block: Json) -> list[str]:
    """The texts of a block in reading order, without its buttons."""
    kind = block["type"]
    found: list[Any] = []
    if kind in ("section", "header", "markdown", "alert"):
        found = [block.get("text"), *block.get("fields", [])]
    elif kind == "context":
        found = [one for one in block["elements"] if one["type"] != "image"]
    elif kind == "input":
        found = [block["label"]]
    elif kind in ("card", "task_card", "plan", "image"):
        found = [block.get(name) for name in ("title", "subtitle", "body", "alt_text")]
    elif kind == "rich_text":
        return ["".join(_rich(block["elements"]))]
    elif kind == "table":
        return [" | ".join(str(cell.get("text", "")) for cell in row) for row in block["rows"]]
    return [one["text"] if isinstance(one, dict) else one for one in found if one]


def _rich(elements: list[Json]) -> list[str]:
    said: list[str] = []
    for one in elements:
        if "elements" in one:
            said += _rich(one["elements"])
        elif one["type"] == "user":
            said.append(f"<@{one['user_id']}>")
        else:
            said.append(one.get("text") or one.get("url") or "")
    return said
