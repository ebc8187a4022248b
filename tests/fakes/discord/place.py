"""A channel's state: what stands in it, who sees and may do what; and waiting for it to change."""

import time
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

from tests.fakes.discord import permissions
from tests.fakes.discord.clock import iso
from tests.fakes.discord.model import App, Message, Role, User
from tests.fakes.wire import Json

if TYPE_CHECKING:
    from tests.fakes.discord.channel import Channel
    from tests.fakes.discord.guild import Guild
    from tests.fakes.discord.world import World

TEXT, DM, CATEGORY, NEWS, PUBLIC_THREAD, PRIVATE_THREAD = 0, 1, 4, 5, 11, 12
THREADS = (PUBLIC_THREAD, PRIVATE_THREAD)
_DM_RIGHTS = permissions.bits(
    "add_reactions view_channel send_messages embed_links attach_files read_message_history".split()
)
T = TypeVar("T")


class Place:
    """A text channel, category or thread of a server, or the direct messages of one person with one bot."""

    def __init__(
        self,
        world: "World",
        channel_id: int,
        kind: int,
        name: str = "",
        *,
        guild: "Guild | None" = None,
        topic: str = "",
        parent: "Channel | None" = None,
        person: User | None = None,
        app: App | None = None,
        owner: User | None = None,
    ) -> None:
        self.world = world
        self.id = channel_id
        self.type = kind
        self.name = name
        self.guild = guild
        self.topic = topic
        self.parent = parent
        self.position = 0
        # Direct messages: whose, and with which bot; `opened` once the person wrote first.
        self.person = person
        self.app = app
        self.opened = False
        # Threads: who began it, who is in it, and its life.
        self.owner = owner
        self.thread_members: list[User] = []
        self.archived = False
        self.locked = False
        # Slow mode: seconds between two messages of one person; and when each wrote last, in Unix seconds.
        self.slow = 0
        self.wrote: dict[int, float] = {}
        self.auto_archive_duration = 1440
        self.all: dict[int, Message] = {}
        # Id of a role or person → [allowed bits, denied bits].
        self.overwrites: dict[int, list[int]] = {}
        # Times somebody's bot showed that it is typing: Unix seconds.
        self.typing: list[float] = []
        self.deleted = False

    def __repr__(self) -> str:
        return f"<Channel {self.name or 'DM'} {self.id}>"

    @property
    def mention(self) -> str:
        """How a message names this channel."""
        return f"<#{self.id}>"

    # -- what people see -----------------------------------------------------------------------------------

    @property
    def messages(self) -> list[Message]:
        """The messages that stand in the channel for all, oldest first; no ephemeral ones."""
        return [message for message in self.all.values() if not message.deleted and not message.ephemeral]

    @property
    def bot_messages(self) -> list[Message]:
        """Those of bots under test, deferred answers that have not come yet left out."""
        return [message for message in self.messages if message.from_bot and not message.loading]

    @property
    def last(self) -> Message:
        """The newest message. Raises IndexError in an empty channel."""
        return self.messages[-1]

    def visible_to(self, user: User) -> list[Message]:
        """What this person sees here: the channel's messages if they may view it, and what is ephemeral for them."""
        seen = self.seen_by(user)
        return [
            one
            for one in self.all.values()
            if not one.deleted and (one.ephemeral_for is user or (seen and not one.ephemeral))
        ]

    def message(self, message_id: int) -> Message | None:
        """A message that stands here, by id."""
        found = self.all.get(message_id)
        return None if found is None or found.deleted else found

    # -- rights --------------------------------------------------------------------------------------------

    def rights(self, user: User) -> int:
        """Someone's permission bits here."""
        if self.guild is None:
            return _DM_RIGHTS if user in (self.person, self.app and self.app.user) else 0
        base = self.guild.rights(user)
        member = self.guild.members.get(user.id)
        if member is None or user is self.guild.owner:
            return base
        if self.type == PRIVATE_THREAD and user not in self.thread_members:
            manages = self.guild.rights(user) & permissions.bits(("manage_threads",))
            if not manages:
                return 0
        table = self.parent.overwrites if self.type in THREADS and self.parent else self.overwrites
        return permissions.overwritten(base, user.id, [role.id for role in member.roles], self.guild.id, table)

    def may(self, user: User, *names: str) -> bool:
        """Whether someone holds all these permissions here."""
        wanted = permissions.bits(names)
        return self.rights(user) & wanted == wanted

    def seen_by(self, user: User) -> bool:
        """Whether someone may view the channel."""
        return self.may(user, "view_channel")

    def allow(self, target: Role | User, *names: str) -> None:
        """An overwrite of this channel that allows (CHANNEL_UPDATE)."""
        self._overwrite(target, permissions.bits(names), 0)

    def deny(self, target: Role | User, *names: str) -> None:
        """An overwrite of this channel that denies."""
        self._overwrite(target, 0, permissions.bits(names))

    def bot_may(self, *names: str, app: App | None = None) -> None:
        """The bot has exactly these permissions here, whatever its roles say; none hides the channel from it."""
        wanted = permissions.bits(names)
        self.overwrites[(app or self.world.app).id] = [wanted, permissions.ALL & ~wanted]
        self.updated()

    def _overwrite(self, target: Role | User, allow: int, deny: int) -> None:
        old = self.overwrites.get(target.id, [0, 0])
        self.overwrites[target.id] = [old[0] & ~deny | allow, old[1] & ~allow | deny]
        self.updated()

    # -- changes -------------------------------------------------------------------------------------------

    def add(self, message: Message) -> Message:
        """A new message stands in the channel."""
        message.sequence = message.changed = self.world.tick()
        message.at = message.changed_at = time.perf_counter()
        self.all[message.id] = message
        self.world.happened(self)
        return message

    def touch(self, message: Message) -> None:
        """A message was changed."""
        message.changed = self.world.tick()
        message.changed_at = time.perf_counter()
        self.world.happened(self)

    def updated(self) -> None:
        """Tell that the channel's fields were changed."""
        if self.guild is not None:
            self.guild.tell("THREAD_UPDATE" if self.type in THREADS else "CHANNEL_UPDATE", self.json())

    def remove(self) -> None:
        """The channel is deleted, threads under it too."""
        body = self.json()
        self.deleted = True
        self.world.channels.pop(self.id, None)
        if self.guild is not None:
            self.guild.channels.pop(self.id, None)
            for one in list(self.guild.channels.values()):
                if one.type in THREADS and one.parent is self:
                    one.remove()
            self.guild.tell("THREAD_DELETE" if self.type in THREADS else "CHANNEL_DELETE", body)

    def apps(self) -> list[App]:
        """Bots that see the channel."""
        if self.app is not None:
            return [self.app]
        return [] if self.guild is None else [app for app in self.guild.apps if self.seen_by(app.user)]

    # -- waiting -------------------------------------------------------------------------------------------

    def wait_until(self, find: Callable[[], T | None], timeout: float = 5.0, what: str = "a change") -> Awaitable[T]:
        """What `find` returns once it is neither None nor False; see `World.until`."""
        return self.world.until(find, timeout, what)

    def wait_for_reply(
        self,
        *,
        after: Message | int | None = None,
        contains: str | None = None,
        matching: Callable[[Message], bool] | None = None,
        user: User | None = None,
        timeout: float = 5.0,
    ) -> Awaitable[Message]:
        """The first message of a bot made after `after` (a message or a sequence; None: after what a person last did).

        With `contains` (looked for in embeds too) or `matching`, the first that fits now or after an edit. With `user`
        also what is ephemeral for that person.
        """
        since = self._since(after)

        def find() -> Message | None:
            found = None
            for message in reversed(self.all.values()):
                if message.sequence <= since:
                    break
                if message.deleted or message.loading or not message.from_bot:
                    continue
                if message.ephemeral and message.ephemeral_for is not user:
                    continue
                if (contains is None or contains in message.words) and (matching is None or matching(message)):
                    found = message
            return found

        return self.world.until(find, timeout, f"a reply{f' with {contains!r}' if contains else ''} in {self!r}", self)

    def wait_for_edit(
        self, message: Message, *, after: Message | int | None = None, contains: str | None = None, timeout: float = 5.0
    ) -> Awaitable[Message]:
        """`message` once it was edited (text or components) after `after`; see `wait_for_reply`."""
        since = self._since(after)

        def find() -> Message | None:
            fits = contains is None or contains in message.words
            return message if message.edits and message.changed > since and fits else None

        return self.world.until(find, timeout, f"an edit of message {message.id}", self)

    def _since(self, after: Message | int | None) -> int:
        if isinstance(after, Message):
            return after.sequence
        return self.world.last_doing if after is None else after

    # -- JSON ----------------------------------------------------------------------------------------------

    def json(self) -> Json:
        """The API's Channel."""
        last = str(max(self.all)) if self.all else None
        data: Json = {"id": str(self.id), "type": self.type, "last_message_id": last, "flags": 0}
        if self.guild is None:
            assert self.person is not None
            return data | {"recipients": [self.person.json()]}
        data |= {
            "guild_id": str(self.guild.id),
            "name": self.name,
            "parent_id": str(self.parent.id) if self.parent else None,
            "rate_limit_per_user": self.slow,
        }
        if self.type in THREADS:
            assert self.owner is not None
            return data | {
                "owner_id": str(self.owner.id),
                "member_count": len(self.thread_members),
                "message_count": len(self.all),
                "total_message_sent": len(self.all),
                "thread_metadata": {
                    "archived": self.archived,
                    "auto_archive_duration": self.auto_archive_duration,
                    "archive_timestamp": iso(self.world.clock.now()),
                    "locked": self.locked,
                    "create_timestamp": iso(self.world.clock.now()),
                },
            }
        return data | {
            "topic": self.topic or None,
            "position": self.position,
            "nsfw": False,
            "permission_overwrites": [self._overwrite_json(*one) for one in self.overwrites.items()],
        }

    def _overwrite_json(self, target: int, value: Iterable[int]) -> Json:
        allow, deny = value
        kind = 0 if self.guild is not None and target in self.guild.roles else 1
        return {"id": str(target), "type": kind, "allow": str(allow), "deny": str(deny)}
