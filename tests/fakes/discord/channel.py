"""What people do in a channel: talk, edit, react, open threads. Their commands and presses are in `asks`."""

import mimetypes
from collections.abc import Iterable

from tests.fakes.discord.asks import Asks
from tests.fakes.discord.mentions import find_mentions
from tests.fakes.discord.model import HAS_THREAD, App, Attachment, Message, User
from tests.fakes.discord.place import CATEGORY, DM, NEWS, PRIVATE_THREAD, PUBLIC_THREAD, TEXT, THREADS
from tests.fakes.wire import Json

__all__ = ["CATEGORY", "DM", "NEWS", "PRIVATE_THREAD", "PUBLIC_THREAD", "TEXT", "THREADS", "Channel"]


class Channel(Asks):
    """The people's side; see `Place` for what is there and `Asks` for interactions."""

    def say(
        self,
        user: User,
        text: str = "",
        *,
        reply_to: Message | None = None,
        files: Iterable[tuple[str, bytes]] = (),
        embeds: Iterable[Json] = (),
        kind: int = 0,
        ping_reply: bool = True,
    ) -> Message:
        """`user` writes. `files` are names with contents; `kind` is the API's message type (6 is "pinned a message").

        "<@bot>" in the text stands for a mention of the first bot. Raises PermissionError when the person may not.
        """
        if self.guild is not None and not user.bot:
            self._let_speak(user)
        if self.guild is None:
            self.opened = True
        text = text.replace("<@bot>", f"<@{(self.app or self.world.app).id}>")
        message = Message(self.as_channel(), self.world.ids.new(), user, text, list(embeds), type=kind)
        message.attachments = [self.store(name, content) for name, content in files]
        message.reply_to = reply_to
        if reply_to is not None:
            message.type = 19
        find_mentions(message, allowed=None, ping_reply=ping_reply, everyone=self.may(user, "mention_everyone"))
        self.add(message)
        self.world.last_doing = message.sequence
        self.announce("MESSAGE_CREATE", message)
        return message

    def edit(self, user: User, message: Message, text: str) -> None:
        """`user` edits their message (MESSAGE_UPDATE). Raises ValueError for someone else's."""
        if message.author is not user:
            raise ValueError("people edit only their own messages")
        self.rewrite(message, text)
        find_mentions(message, allowed=None, everyone=self.may(user, "mention_everyone"))
        self.touch(message)
        self.world.last_doing = message.changed
        self.announce("MESSAGE_UPDATE", message)

    def unfurl(self, message: Message, embed: Json) -> None:
        """Discord adds a preview to a link: MESSAGE_UPDATE without an edit, as happens after every link."""
        message.embeds = [*message.embeds, embed]
        self.touch(message)
        self.announce("MESSAGE_UPDATE", message)

    def delete(self, message: Message) -> None:
        """A message goes (MESSAGE_DELETE)."""
        message.deleted = True
        self.touch(message)
        body: Json = {"id": str(message.id), "channel_id": str(self.id)}
        author = self.world.app_of(message.author)
        if message.ephemeral and author is not None:
            self.world.gateway.tell(author, None, "MESSAGE_DELETE", body, private=True)
            return
        if self.guild is not None:
            body["guild_id"] = str(self.guild.id)
        for app in self.apps():
            self.world.gateway.tell(app, self._guild_id, "MESSAGE_DELETE", body, private=self.guild is None)

    def react(self, user: User, message: Message, emoji: str) -> None:
        """`user` adds a reaction (MESSAGE_REACTION_ADD). Raises PermissionError when the person may not."""
        if self.guild is not None and not user.bot and not self.may(user, "view_channel", "add_reactions"):
            raise PermissionError(f"{user.username} may not react in {self.name}")
        users = message.reactions.setdefault(emoji, [])
        if user not in users:
            users.append(user)
            self._reacted("MESSAGE_REACTION_ADD", user, message, emoji)

    def unreact(self, user: User, message: Message, emoji: str) -> None:
        """… and takes it back (MESSAGE_REACTION_REMOVE)."""
        users = message.reactions.get(emoji, [])
        if user in users:
            users.remove(user)
            if not users:
                del message.reactions[emoji]
            self._reacted("MESSAGE_REACTION_REMOVE", user, message, emoji)

    def thread(
        self,
        user: User,
        name: str,
        *,
        message: Message | None = None,
        private: bool = False,
        members: Iterable[User] = (),
        auto_archive_duration: int = 1440,
    ) -> "Channel":
        """A new thread (THREAD_CREATE), of a message or on its own; `members` are there besides its owner."""
        if self.guild is None:
            raise ValueError("direct messages have no threads")
        number = message.id if message is not None else self.world.ids.new()
        kind = PRIVATE_THREAD if private else PUBLIC_THREAD
        made = Channel(self.world, number, kind, name, guild=self.guild, parent=self.as_channel(), owner=user)
        made.thread_members = list(dict.fromkeys([user, *members]))
        made.auto_archive_duration = auto_archive_duration
        self.guild.channels[number] = self.world.channels[number] = made
        if message is not None:
            message.thread, message.flags = made, message.flags | HAS_THREAD
        for app in self.guild.apps:
            if made.seen_by(app.user):
                body = {**made.json(), "newly_created": True}
                if app.user in made.thread_members:
                    body["member"] = made.thread_member(app.user)
                self.world.gateway.tell(app, self.guild.id, "THREAD_CREATE", body)
        self.world.happened()
        return made

    def enter(self, user: User) -> None:
        """Somebody joins, or is added to, this thread (THREAD_MEMBERS_UPDATE; to a bot THREAD_CREATE)."""
        if user in self.thread_members:
            return
        assert self.guild is not None
        self.thread_members.append(user)
        app = self.world.app_of(user)
        if app is not None:
            body = {**self.json(), "member": self.thread_member(user)}
            self.world.gateway.tell(app, self.guild.id, "THREAD_CREATE", body)
        self._moved({"added_members": [self.thread_member(user)]}, None)

    def exit(self, user: User) -> None:
        """Somebody leaves, or is removed from, this thread (THREAD_MEMBERS_UPDATE)."""
        if user in self.thread_members:
            told = self.world.app_of(user)
            self.thread_members.remove(user)
            self._moved({"removed_member_ids": [str(user.id)]}, told)

    def _moved(self, change: Json, also: App | None) -> None:
        assert self.guild is not None
        body = {
            "id": str(self.id),
            "guild_id": str(self.guild.id),
            "member_count": len(self.thread_members),
            **change,
        }
        for app in {*self.apps(), *([also] if also else [])}:
            self.world.gateway.tell(app, self.guild.id, "THREAD_MEMBERS_UPDATE", body)
        self.world.happened()

    def thread_member(self, user: User) -> Json:
        """The API's ThreadMember."""
        return {"id": str(self.id), "user_id": str(user.id), "join_timestamp": self.world.clock.iso(), "flags": 0}

    # -- for the REST side too -----------------------------------------------------------------------------

    def speaking(self) -> tuple[str, ...]:
        """The permission that writing here needs."""
        return ("send_messages_in_threads",) if self.type in THREADS else ("send_messages",)

    def _let_speak(self, user: User) -> None:
        """What Discord's client lets people do: nothing without the right, in a locked thread, or too soon."""
        if not self.may(user, "view_channel", *self.speaking()):
            raise PermissionError(f"{user.username} may not write in {self.name}")
        if self.locked and not self.may(user, "manage_threads"):
            raise PermissionError(f"{self.name} is locked")
        now = self.world.clock.now()
        if now < self.wrote.get(user.id, 0.0) + self.slow and not (
            self.may(user, "manage_messages") or self.may(user, "manage_channels")
        ):
            raise PermissionError(f"{user.username} has to wait in {self.name}")
        self.wrote[user.id] = now

    def rewrite(self, message: Message, text: str) -> None:
        """New words in an old message."""
        message.history.append(message.text)
        message.text = text.replace("<@bot>", f"<@{(self.app or self.world.app).id}>")
        message.edited = self.world.clock.now()
        message.edits += 1

    def store(
        self, name: str, content: bytes, *, mime: str | None = None, description: str | None = None
    ) -> Attachment:
        """Put a file on the CDN."""
        kind = mime or mimetypes.guess_type(name)[0] or "application/octet-stream"
        return self.world.cdn.keep(self.id, self.world.ids.new(), name, content, kind, description)

    def announce(self, kind: str, message: Message) -> None:
        """MESSAGE_CREATE or MESSAGE_UPDATE to every bot that sees the channel; an ephemeral one to its author alone."""
        author = self.world.app_of(message.author)
        for app in [author] if message.ephemeral and author is not None else self.apps():
            self.world.gateway.tell_message(app, kind, message)

    def _reacted(self, kind: str, user: User, message: Message, emoji: str) -> None:
        self.touch(message)
        name, _, number = emoji.partition(":")
        body: Json = {
            "user_id": str(user.id),
            "channel_id": str(self.id),
            "message_id": str(message.id),
            "emoji": {"id": number or None, "name": name},
            "burst": False,
            "type": 0,
        }
        if kind == "MESSAGE_REACTION_ADD":
            body["message_author_id"] = str(message.author.id)
        if self.guild is not None:
            body["guild_id"] = str(self.guild.id)
            if kind == "MESSAGE_REACTION_ADD" and user.id in self.guild.members:
                body["member"] = self.guild.member(user).json()
        for app in self.apps():
            self.world.gateway.tell(app, self._guild_id, kind, body, private=self.guild is None)
