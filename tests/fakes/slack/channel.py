"""What people do in a conversation: write, edit, delete, press, react, share files, come and go."""

from collections.abc import Sequence
from mimetypes import guess_type

from tests.fakes.slack.delivery import Delivery
from tests.fakes.slack.model import Message, StoredFile, User
from tests.fakes.slack.room import Room, without_metadata
from tests.fakes.slack.text import rich_text, typed
from tests.fakes.wire import Json


class Channel(Room):
    """The people's side. Deliveries are None when the app is not told (it is not in the channel, not subscribed)."""

    def say(
        self,
        user: User,
        text: str,
        *,
        thread_ts: Message | str = "",
        broadcast: bool = False,
        files: Sequence[StoredFile] = (),
        extra: Json | None = None,
    ) -> Message:
        """`user` writes; `<@BOT>` in it names the app. A bot's account writes as bots do.

        Its events are in the message's `deliveries`. `thread_ts` is the message replied to (or one of its thread);
        `broadcast`: a reply shown in the channel too. Raises ValueError for a person whom Slack does not let write.
        """
        self._may_write(user)
        source = text if user.bot_id else typed(text, self.team.bot.id)
        subtype = "thread_broadcast" if broadcast else "file_share" if files else ""
        fields = dict(extra or {})
        if not user.bot_id:
            fields.setdefault("client_msg_id", self.team.slack.ids.uuid())
        return self.add(
            user,
            source,
            blocks=rich_text(source),
            files=list(files),
            thread_ts=self._root_of(thread_ts),
            broadcast=broadcast,
            subtype=subtype,
            extra=fields,
        )

    def share_file(
        self, user: User, name: str, content: bytes, text: str = "", *, thread_ts: Message | str = "", mime: str = ""
    ) -> Message:
        """`user` uploads a file with a message."""
        stored = self.team.files.keep(name, content, mime or guess_type(name)[0] or "application/octet-stream", user)
        stored.channels.append(self.id)
        return self.say(user, text, thread_ts=thread_ts, files=[stored])

    def forward(self, user: User, original: Message, text: str = "") -> Message:
        """`user` forwards a message from elsewhere, perhaps with words of their own."""
        self._may_write(user)
        author = original.user
        shared: Json = {
            "id": 1,
            "ts": original.ts,
            "author_id": author.id if author else "",
            "author_name": author.real_name if author else "",
            "channel_id": original.channel.id,
            "is_msg_unfurl": True,
            "is_share": True,
            "fallback": original.text,
            "text": original.text,
            "mrkdwn_in": ["text"],
        }
        source = typed(text, self.team.bot.id)
        extra = {"client_msg_id": self.team.slack.ids.uuid()}
        return self.add(user, source, blocks=rich_text(source), attachments=[shared], extra=extra)

    def _may_write(self, user: User) -> None:
        """Apps may write where they are not; people only where they are, with an account that is not deactivated."""
        if self.archived:
            raise ValueError("nobody writes in an archived channel")
        if user.deleted:
            raise ValueError(f"the account of {user.name} is deactivated")
        if user.id not in self.members and not user.bot_id:
            raise ValueError(f"{user.name} is not in {self.name or self.id}")

    def webhook(self, name: str, text: str) -> Message:
        """An incoming webhook posts: a bot_message without a user."""
        extra = {"username": name, "bot_id": self.team.slack.ids.new("B")}
        return self.add(None, text, subtype="bot_message", extra=extra)

    def edit(self, user: User, message: Message, text: str) -> Delivery | None:
        """`user` edits their message. Raises ValueError for someone else's."""
        if message.user is not user:
            raise ValueError("people edit only their own messages")
        count = len(message.deliveries)
        source = typed(text, self.team.bot.id)
        self.change(message, source, rich_text(source))
        return message.deliveries[count] if len(message.deliveries) > count else None

    def unfurl(self, message: Message, title: str = "A page") -> None:
        """Slack shows a preview of a link: a message_changed without an edit of the text."""
        before = without_metadata(message.json())
        message.attachments = [{"id": 1, "title": title, "fallback": title}]
        self.tell_changed(message, before)

    def delete(self, user: User, message: Message) -> Delivery | None:
        """`user` deletes their message. Raises ValueError for someone else's unless `user` is an admin."""
        if message.user is not user and not user.manages:
            raise ValueError("people delete only their own messages")
        count = len(message.deliveries)
        self.remove(message)
        return message.deliveries[count] if len(message.deliveries) > count else None

    def stop_stream(self, user: User, message: Message) -> None:
        """`user` stops a message that is being streamed: nothing can be appended any more (stopped_by_user)."""
        message.streaming = "completed"
        message.stopped_by = user
        self.touched(message)

    def press(self, user: User, message: Message, button: str) -> Delivery:
        """Press the button with that label or action_id. Raises LookupError when this person sees none such."""
        return self.team.press_in(self, user, message, button)

    def choose(self, user: User, message: Message, element: str, option: str | User) -> Delivery:
        """Choose from the menu with that action_id or placeholder: an option by label or value, or a person."""
        return self.team.choose_in(self, user, message, element, option)

    def react(self, user: User, message: Message, name: str) -> Delivery | None:
        """Add a reaction."""
        message.reactions.setdefault(name, []).append(user.id)
        return self._reaction("reaction_added", user, message, name)

    def unreact(self, user: User, message: Message, name: str) -> Delivery | None:
        """Take a reaction back. Raises ValueError when there was none."""
        message.reactions[name].remove(user.id)
        if not message.reactions[name]:
            del message.reactions[name]
        return self._reaction("reaction_removed", user, message, name)

    # -- coming and going ----------------------------------------------------------------------------------

    def join(self, user: User, by: User | None = None) -> Delivery | None:
        """`user` (or the app's account) joins, or is invited `by` someone. Raises ValueError for a deactivated one."""
        if user.deleted:
            raise ValueError(f"the account of {user.name} is deactivated")
        self.members[user.id] = user
        event: Json = {"type": "member_joined_channel", "user": user.id, **self._letter()}
        if by is not None:
            event["inviter"] = by.id
        joined = self.tell(event)
        extra = {"inviter": by.id} if by is not None else {}
        self.add(user, f"{user.mention} has joined the channel", subtype="channel_join", extra=extra)
        return joined

    def leave(self, user: User) -> Delivery | None:
        """`user` leaves or is removed; when it is the app, it hears channel_left (or group_left) at the end."""
        left = self.tell({"type": "member_left_channel", "user": user.id, **self._letter()})
        if user is self.team.bot:
            kind = "channel_left" if self.kind == "channel" else "group_left"
            left = self.tell({"type": kind, "channel": self.id, "event_ts": self.team.slack.clock.ts()})
        else:
            self.add(user, f"{user.mention} has left the channel", subtype="channel_leave")
        self.members.pop(user.id, None)
        self.team.slack.tick()
        return left

    def rename(self, name: str) -> Delivery | None:
        """Another name."""
        self.name = name
        created = {"id": self.id, "name": name, "created": 1700000000}
        kind = "channel_rename" if self.kind == "channel" else "group_rename"
        return self.tell({"type": kind, "channel": created, "event_ts": self.team.slack.clock.ts()})

    def archive(self, user: User) -> Delivery | None:
        """Nobody can write any more."""
        self.archived = True
        kind = "channel_archive" if self.kind == "channel" else "group_archive"
        event = {"type": kind, "channel": self.id, "user": user.id, "is_moved": 0}
        return self.tell(event | {"event_ts": self.team.slack.clock.ts()})

    def _root_of(self, thread: Message | str) -> str:
        message = self.find(thread) if isinstance(thread, str) else thread
        return (message.thread_ts or message.ts) if message is not None else str(thread)

    def _letter(self) -> Json:
        letter = "C" if self.kind == "channel" else "G"
        ts = self.team.slack.clock.ts()
        return {"channel": self.id, "channel_type": letter, "team": self.team.id, "event_ts": ts}

    def _reaction(self, kind: str, user: User, message: Message, name: str) -> Delivery | None:
        self.team.slack.tick()
        event: Json = {
            "type": kind,
            "user": user.id,
            "reaction": name,
            "item": {"type": "message", "channel": self.id, "ts": message.ts},
            "event_ts": self.team.slack.clock.ts(),
        }
        if message.user is not None:
            event["item_user"] = message.user.id
        return self.tell(event)
