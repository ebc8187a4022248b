"""What exists in the fake's world: people, applications, roles, members, files, messages; each knows its API JSON."""

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from tests.fakes.discord.clock import born, iso
from tests.fakes.wire import Json

if TYPE_CHECKING:
    from tests.fakes.discord.channel import Channel
    from tests.fakes.discord.interaction import Interaction
    from tests.fakes.discord.world import World

EPHEMERAL, LOADING, SUPPRESS_EMBEDS, COMPONENTS_V2, HAS_THREAD = 1 << 6, 1 << 7, 1 << 2, 1 << 15, 1 << 5
PRESENCES, MEMBERS, CONTENT = 1 << 8, 1 << 1, 1 << 15
Privileged = Literal["presences", "members", "message_content"]
PRIVILEGED: dict[Privileged, int] = {"presences": PRESENCES, "members": MEMBERS, "message_content": CONTENT}
# The application flags that tell which privileged intents are switched on (the "limited" ones of unverified apps).
_APP_FLAGS: dict[Privileged, int] = {"presences": 1 << 13, "members": 1 << 15, "message_content": 1 << 19}


@dataclass(slots=True, eq=False)
class User:
    """A person, or a bot's account. `accepts_dms` False refuses direct messages (50007)."""

    world: "World" = field(repr=False)
    id: int
    username: str
    global_name: str | None = None
    bot: bool = False
    locale: str = "en-US"
    accepts_dms: bool = True

    @property
    def mention(self) -> str:
        """How a message names this person."""
        return f"<@{self.id}>"

    def dm(self, app: "App | None" = None) -> "Channel":
        """The direct messages of this person with a bot (the first one)."""
        return self.world.dm(self, app)

    def json(self) -> Json:
        """The API's User."""
        data: Json = {
            "id": str(self.id),
            "username": self.username,
            "global_name": self.global_name,
            "discriminator": "0001" if self.bot else "0",
            "avatar": None,
            "banner": None,
            "accent_color": None,
            "avatar_decoration_data": None,
            "collectibles": None,
            "primary_guild": None,
            "public_flags": 0,
            "flags": 0,
        }
        if self.bot:
            data["bot"] = True
        return data


@dataclass(slots=True, eq=False)
class App:
    """An application with its bot: account, token, privileged intents switched on, commands, sessions left."""

    user: User
    owner: User
    name: str
    token: str
    privileged: set[Privileged] = field(default_factory=set)
    revoked: bool = False
    # None holds the global commands, a guild's id its own.
    commands: dict[int | None, list[Json]] = field(default_factory=dict)
    session_starts: int = 1000
    gateway_shards: int = 1
    max_concurrency: int = 1

    @property
    def id(self) -> int:
        """The application's id, which is also the bot account's."""
        return self.user.id

    @property
    def flags(self) -> int:
        """The application's flags."""
        return sum(_APP_FLAGS[one] for one in self.privileged)

    def json(self) -> Json:
        """The API's application as it sees itself."""
        return {
            "id": str(self.id),
            "name": self.name,
            "icon": None,
            "description": "",
            "type": None,
            "bot": self.user.json(),
            "summary": "",
            "bot_public": True,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "flags": self.flags,
            "flags_new": str(self.flags),
            "owner": self.owner.json(),
            "team": None,
            "tags": [],
            "redirect_uris": [],
            "interactions_endpoint_url": None,
            "role_connections_verification_url": None,
            "approximate_guild_count": 0,
            "approximate_user_install_count": 0,
            "approximate_user_authorization_count": 0,
            "event_webhooks_url": None,
            "event_webhooks_status": 1,
            "integration_types_config": {"0": {}},
        }


def make_token(application_id: int, number: int) -> str:
    """A bot token of the real shape: the id in base64, then two secret parts."""
    front = base64.urlsafe_b64encode(str(application_id).encode()).decode().rstrip("=")
    return f"{front}.Gfake{number}.{'fake-secret-of-a-bot-'}{number:017d}"


@dataclass(slots=True, eq=False)
class Role:
    """A role of a server; the one whose id is the server's is @everyone."""

    id: int
    name: str
    permissions: int = 0
    position: int = 1
    managed_by: int | None = None
    boosts: bool = False  # Discord gives it to who boosts the server
    mentionable: bool = False
    color: int = 0
    hoist: bool = False

    @property
    def height(self) -> int:
        """For comparing: by position, and of two at one position the older one is the higher."""
        return (self.position + 1 << 64) - self.id

    @property
    def mention(self) -> str:
        """How a message names this role."""
        return f"<@&{self.id}>"

    def json(self) -> Json:
        """The API's Role."""
        data: Json = {
            "id": str(self.id),
            "name": self.name,
            "description": None,
            "permissions": str(self.permissions),
            "position": self.position,
            "color": self.color,
            "colors": {"primary_color": self.color, "secondary_color": None, "tertiary_color": None},
            "hoist": self.hoist,
            "managed": self.boosts or self.managed_by is not None,
            "mentionable": self.mentionable,
            "icon": None,
            "unicode_emoji": None,
            "flags": 0,
        }
        if self.managed_by is not None:
            data["tags"] = {"bot_id": str(self.managed_by)}
        elif self.boosts:
            data["tags"] = {"premium_subscriber": None}
        return data


@dataclass(slots=True, eq=False)
class Member:
    """Someone's place on a server; `timeout_until` in Unix seconds, 0 for none."""

    user: User
    joined: float
    roles: list[Role] = field(default_factory=list)
    nick: str | None = None
    timeout_until: float = 0.0

    def json(self, *, with_user: bool = True) -> Json:
        """The API's GuildMember."""
        data: Json = {
            "roles": [str(role.id) for role in self.roles],
            "nick": self.nick,
            "avatar": None,
            "banner": None,
            "premium_since": None,
            "joined_at": iso(self.joined),
            "pending": False,
            "deaf": False,
            "mute": False,
            "flags": 0,
            "communication_disabled_until": iso(self.timeout_until) if self.timeout_until else None,
        }
        if with_user:
            data["user"] = self.user.json()
        return data


@dataclass(slots=True, eq=False)
class Attachment:
    """A file of a message, kept on the fake's CDN."""

    id: int
    filename: str
    content: bytes
    url: str
    content_type: str = "application/octet-stream"
    description: str | None = None

    def json(self) -> Json:
        """The API's Attachment."""
        data: Json = {
            "id": str(self.id),
            "filename": self.filename,
            "size": len(self.content),
            "url": self.url,
            "proxy_url": self.url,
            "content_type": self.content_type,
        }
        return data if self.description is None else data | {"description": self.description}


@dataclass(slots=True, eq=False)
class Message:
    """A message as people see it now; earlier texts are in `history`.

    `components` are as the API has them. `sequence` and `changed` order everything that happens in the fake (see
    `Channel.wait_for_reply`), `at` and `changed_at` are the time.perf_counter() of it. `ephemeral_for` is the only
    person who sees an ephemeral one. `pings` tells whom it notified: ids of people and roles, or "everyone".
    """

    channel: "Channel" = field(repr=False)
    id: int
    author: User
    text: str = ""
    embeds: list[Json] = field(default_factory=list)
    components: list[Json] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    flags: int = 0
    type: int = 0
    reply_to: "Message | None" = None
    nonce: str | int | None = None
    tts: bool = False
    ephemeral_for: User | None = None
    interaction: "Interaction | None" = field(default=None, repr=False)
    mentions: list[User] = field(default_factory=list)
    mention_roles: list[Role] = field(default_factory=list)
    mention_everyone: bool = False
    pinned: bool = False
    deleted: bool = False
    edited: float = 0.0
    edits: int = 0
    history: list[str] = field(default_factory=list)
    reactions: dict[str, list[User]] = field(default_factory=dict)
    thread: "Channel | None" = field(default=None, repr=False)
    sequence: int = 0
    changed: int = 0
    at: float = 0.0
    changed_at: float = 0.0

    @property
    def ephemeral(self) -> bool:
        """Shown to one person only."""
        return self.ephemeral_for is not None

    @property
    def loading(self) -> bool:
        """A deferred answer that has not come yet: "Nexus is thinking…"."""
        return bool(self.flags & LOADING)

    @property
    def from_bot(self) -> bool:
        """Written by a bot under test."""
        return self.channel.world.app_of(self.author) is not None

    @property
    def parts(self) -> list[Json]:
        """All components, however deep, in order."""
        return list(flat(self.components))

    @property
    def buttons(self) -> list[str]:
        """Labels of the buttons, row by row."""
        return [part.get("label", "") for part in self.parts if part["type"] == 2]

    @property
    def words(self) -> str:
        """Everything that can be read: the text, then the embeds and text displays."""
        found = [self.text]
        for embed in self.embeds:
            found += [embed.get("title") or "", embed.get("description") or ""]
            for one in embed.get("fields", ()):
                found += [one["name"], one["value"]]
            found.append((embed.get("footer") or {}).get("text") or "")
        found += [part["content"] for part in self.parts if part["type"] == 10]
        return "\n".join(one for one in found if one)

    @property
    def pings(self) -> list[int | str]:
        """Whom this notified: ids of people and of roles, or "everyone"."""
        listed: list[int | str] = [user.id for user in self.mentions]
        listed += [role.id for role in self.mention_roles]
        return [*listed, "everyone"] if self.mention_everyone else listed

    def json(self, *, viewer: User | None = None, hidden: bool = False, nested: bool = False) -> Json:
        """The API's Message; `hidden` empties what the message content intent guards; `nested` leaves out its reply."""
        data: Json = {
            "id": str(self.id),
            "channel_id": str(self.channel.id),
            "type": self.type,
            "author": self.author.json(),
            "content": "" if hidden else self.text,
            "timestamp": iso(born(self.id)),
            "edited_timestamp": iso(self.edited) if self.edited else None,
            "tts": self.tts,
            "mention_everyone": self.mention_everyone,
            "mentions": [user.json() for user in self.mentions],
            "mention_roles": [str(role.id) for role in self.mention_roles],
            "attachments": [] if hidden else [one.json() for one in self.attachments],
            "embeds": [] if hidden else self.embeds,
            "components": [] if hidden else self.components,
            "pinned": self.pinned,
            "flags": self.flags,
        }
        if self.reactions:
            data["reactions"] = [_reaction(emoji, users, viewer) for emoji, users in self.reactions.items()]
        if self.nonce is not None:
            data["nonce"] = self.nonce
        if self.from_bot:
            data["application_id"] = str(self.author.id)
        if self.interaction is not None:
            data["webhook_id"] = str(self.author.id)
            data["interaction_metadata"] = self.interaction.metadata()
        if self.thread is not None and not nested:
            data["thread"] = self.thread.json()
        if self.reply_to is not None:
            data["message_reference"] = self.reply_to.reference()
            if not nested:
                gone = self.reply_to.deleted
                data["referenced_message"] = None if gone else self.reply_to.json(hidden=hidden, nested=True)
        return data

    def reference(self) -> Json:
        """The API's MessageReference to this message."""
        data: Json = {"type": 0, "message_id": str(self.id), "channel_id": str(self.channel.id)}
        return data if self.channel.guild is None else data | {"guild_id": str(self.channel.guild.id)}

    def view(self) -> Json:
        """A flat summary for people and for the control port."""
        return {
            "id": str(self.id),
            "from": self.author.username,
            "from_bot": self.from_bot,
            "text": self.text,
            "words": self.words,
            "buttons": self.buttons,
            "edits": self.edits,
            "ephemeral_for": str(self.ephemeral_for.id) if self.ephemeral_for else None,
            "sequence": self.sequence,
        }


def _reaction(emoji: str, users: list[User], viewer: User | None) -> Json:
    name, _, number = emoji.partition(":")
    return {
        "count": len(users),
        "count_details": {"burst": 0, "normal": len(users)},
        "me": viewer in users,
        "me_burst": False,
        "emoji": {"id": number or None, "name": name},
        "burst_colors": [],
    }


def flat(components: list[Json]) -> list[Json]:
    """Components and all inside them, depth first."""
    found: list[Json] = []
    for one in components:
        found.append(one)
        inner = [one[name] for name in ("accessory", "component") if isinstance(one.get(name), dict)]
        found += flat([*one.get("components", ()), *inner])
    return found
