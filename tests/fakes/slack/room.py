"""A conversation as both sides see it: its messages, who is in it, and what the app is told of it."""

import time
from typing import TYPE_CHECKING, Any, Literal

from tests.fakes.slack.changes import Changes
from tests.fakes.slack.delivery import Delivery
from tests.fakes.slack.model import Message, StoredFile, User
from tests.fakes.wire import Json

if TYPE_CHECKING:
    from tests.fakes.slack.team import Team

Kind = Literal["channel", "group", "im", "mpim"]


class Room:
    """A channel, private channel ("group"), direct message ("im") or group direct message ("mpim")."""

    def __init__(self, team: "Team", id: str, kind: Kind, name: str, members: list[User]) -> None:
        self.team = team
        self.id = id
        self.kind = kind
        self.name = name
        self.members: dict[str, User] = {one.id: one for one in members}
        self.archived = False
        self.shared_outside = False  # by Slack Connect, with another organisation
        self.topic = ""
        self.opened = True
        self.assistant_threads: dict[str, Json] = {}
        self.statuses: dict[str, Json] = {}
        self._all: dict[str, Message] = {}
        # The same by their last change, so that waiting costs nothing in a long conversation.
        self._by_change: dict[Message, None] = {}
        self._threads: set[str] = set()
        self._changes = Changes()

    @property
    def has_bot(self) -> bool:
        """The app under test is a member."""
        return self.team.bot.id in self.members

    @property
    def person(self) -> User | None:
        """The other side of a direct message."""
        return next((one for one in self.members.values() if not one.bot_id), None) if self.kind == "im" else None

    def json(self) -> Json:
        """The API's conversation."""
        data: Json = {
            "id": self.id,
            "created": 1700000000,
            "updated": 1700000000000,
            "is_archived": self.archived,
            "context_team_id": self.team.id,
            "is_org_shared": False,
            "is_im": self.kind == "im",
        }
        if self.kind == "im":
            person = self.person
            return data | {"user": person.id if person else "", "is_user_deleted": bool(person and person.deleted)}
        return data | {
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": self.kind == "channel",
            "is_group": self.kind == "group",
            "is_mpim": self.kind == "mpim",
            "is_private": self.kind != "channel",
            "is_general": self.name == "general",
            "is_shared": self.shared_outside,
            "is_ext_shared": self.shared_outside,
            "is_member": self.has_bot,
            "creator": next(iter(self.members), ""),
            "num_members": len(self.members),
            "topic": {"value": self.topic, "creator": "", "last_set": 0},
            "purpose": {"value": "", "creator": "", "last_set": 0},
        }

    # -- what is to be seen --------------------------------------------------------------------------------

    @property
    def messages(self) -> list[Message]:
        """What everybody in it sees, oldest first, threads included."""
        return [one for one in self._all.values() if not one.deleted and not one.ephemeral]

    @property
    def bot_messages(self) -> list[Message]:
        """What the app under test wrote, ephemeral ones included."""
        return [one for one in self._all.values() if one.from_bot and not one.deleted]

    def visible_to(self, user: User) -> list[Message]:
        """What this person sees, ephemeral ones included (in threads only where somebody has replied already)."""
        return [
            one
            for one in self._all.values()
            if not one.deleted
            and one.ephemeral_to in (None, user)
            and (not one.ephemeral or not one.thread_ts or one.thread_ts in self._threads)
        ]

    def thread(self, root: Message | str) -> list[Message]:
        """The replies under a message."""
        ts = root if isinstance(root, str) else root.ts
        return [one for one in self.messages if one.thread_ts == ts and one.ts != ts]

    def find(self, ts: str) -> Message | None:
        """A message, ephemeral and deleted ones included."""
        return self._all.get(ts)

    def thread_state(self, thread_ts: str) -> Json:
        """What the app set in a thread: status and earlier statuses, and of an assistant's also title, prompts."""
        return self.assistant_threads.get(thread_ts) or self.statuses.setdefault(thread_ts, {})

    def thread_fields(self, message: Message) -> Json:
        """What a message in a thread says of the thread."""
        root = self._all.get(message.thread_ts)
        if root is message:
            replies = self.thread(message)
            people = list(dict.fromkeys(one.user.id for one in replies if one.user))
            return {
                "thread_ts": message.ts,
                "reply_count": len(replies),
                "reply_users": people,
                "reply_users_count": len(people),
                "latest_reply": replies[-1].ts if replies else message.ts,
            }
        fields: Json = {"thread_ts": message.thread_ts}
        if root is not None and root.user is not None:
            fields["parent_user_id"] = root.user.id
        return fields

    async def wait_for_reply(
        self,
        *,
        after: Message | Delivery | int | None = None,
        contains: str | None = None,
        user: User | None = None,
        thread_ts: str | None = None,
        timeout: float = 10.0,  # noqa: ASYNC109
    ) -> Message:
        """The app's first message made or changed after something, its text complete (not streaming any more).

        `after` is a message of a person or a delivery; `contains` a piece of what is shown; `user` limits it to what
        that person sees. Raises AssertionError after `timeout` seconds, naming what there was.
        """
        mark = after if isinstance(after, int) else after.made if after is not None else 0
        found: list[Message] = []

        def fits(one: Message) -> bool:
            return (
                one.from_bot
                and not one.deleted
                and one.streaming != "in_progress"
                and (contains is None or contains in one.text or contains in one.shown)
                and (user is None or one.ephemeral_to in (None, user))
                and (thread_ts is None or one.thread_ts == thread_ts)
            )

        def seen() -> bool:
            found.clear()
            for one in reversed(self._by_change):
                if one.changed <= mark:
                    break
                if fits(one):
                    found.append(one)
            return bool(found)

        await self._changes.wait_for(seen, timeout, lambda: f"no reply; {[one.shown for one in self.bot_messages]}")
        return found[-1]

    # -- changes -------------------------------------------------------------------------------------------

    def add(
        self,
        user: User | None,
        text: str = "",
        *,
        blocks: list[Json] | None = None,
        files: list[StoredFile] | None = None,
        thread_ts: str = "",
        broadcast: bool = False,
        subtype: str = "",
        extra: Json | None = None,
        ephemeral_to: User | None = None,
        silent: bool = False,
        **fields: Any,
    ) -> Message:
        """A new message; the app is told unless it is ephemeral or `silent`."""
        message = Message(
            self,
            self.team.slack.clock.ts(),
            user,
            text,
            blocks or [],
            files=files or [],
            thread_ts=thread_ts,
            broadcast=broadcast,
            subtype=subtype,
            extra=extra or {},
            ephemeral_to=ephemeral_to,
            **fields,
        )
        if thread_ts and ephemeral_to is None:
            self._threads.add(thread_ts)
            if (root := self._all.get(thread_ts)) is not None:
                root.thread_ts = root.ts
        self._all[message.ts] = message
        if message.from_bot and thread_ts:
            # The status of a thread is gone when the app writes there.
            self.thread_state(thread_ts)["status"] = ""
        self.touched(message)
        message.made, message.changed_at = message.changed, message.at
        if not silent and ephemeral_to is None:
            self.announce(message)
        return message

    def change(
        self, message: Message, text: str, blocks: list[Json] | None = None, *, marked: bool = True, **fields: Any
    ) -> None:
        """Another text and other blocks; the app is told with message_changed. `marked`: people see "(edited)"."""
        before = without_metadata(message.json())
        message.history.append(message.text)
        message.text, message.blocks = text, blocks or []
        for name, value in fields.items():
            setattr(message, name, value)
        message.edits += 1
        if marked:
            message.edited_ts = self.team.slack.clock.ts()
        self.touched(message)
        if not message.ephemeral:
            self.tell_changed(message, before)

    def touched(self, message: Message) -> None:
        """Note that a message changed."""
        message.changed = self.team.slack.tick()
        message.changed_at = time.perf_counter()
        self._by_change.pop(message, None)
        self._by_change[message] = None
        self._changes.notify()

    def tell_changed(self, message: Message, before: Json) -> None:
        """The event message_changed."""
        self._subtyped(
            message, "message_changed", {"message": without_metadata(message.json()), "previous_message": before}
        )

    def remove(self, message: Message) -> None:
        """Gone; the app is told with message_deleted."""
        before = without_metadata(message.json())
        message.deleted = True
        self.touched(message)
        if not message.ephemeral:
            self._subtyped(message, "message_deleted", {"previous_message": before, "deleted_ts": message.ts})

    def announce(self, message: Message) -> None:
        """The events of a new message: `message`, and `app_mention` where the app is named."""
        event = {**without_metadata(message.json()), **self.place(), "event_ts": message.ts}
        thread = self.assistant_threads.get(message.thread_ts)
        if thread is not None and not message.from_bot:
            event["assistant_thread"] = {"action_token": thread["action_token"]}
        made = [self.tell(event)]
        named = f"<@{self.team.bot.id}>" in message.text
        if named and self.kind != "im" and not message.from_bot and message.subtype in ("", "file_share"):
            mention = {**event, "type": "app_mention"}
            del mention["channel_type"]
            made.append(self.tell(mention))
        message.deliveries += [one for one in made if one is not None]

    def tell(self, event: Json) -> Delivery | None:
        """An event of this conversation, if the app is in it."""
        return self.team.emit(event) if self.has_bot else None

    def place(self) -> Json:
        """Where it happened, as every event of a conversation says."""
        return {"channel": self.id, "channel_type": self.kind}

    def _subtyped(self, message: Message, subtype: str, fields: Json) -> None:
        ts = self.team.slack.clock.ts()
        event = {"type": "message", "subtype": subtype, "hidden": True, "ts": ts, "event_ts": ts, **self.place()}
        if (made := self.tell(event | fields)) is not None:
            message.deliveries.append(made)


def without_metadata(message: Json) -> Json:
    """The API's message as events and history have it: metadata only comes to who asks for it (or subscribes to it)."""
    return {name: value for name, value in message.items() if name != "metadata"}
