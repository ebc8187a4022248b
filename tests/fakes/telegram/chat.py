"""What people do in a chat: talk, press, edit, join; each returns the id of the update the bots are told, or 0."""

import time
from collections.abc import Iterable, Sequence
from typing import Any

from tests.fakes.telegram.model import ADMIN_RIGHTS, Answer, Member, Message, Status, User
from tests.fakes.telegram.room import Room
from tests.fakes.telegram.text import found_entities
from tests.fakes.wire import Json

# Telegram's own account behind which anonymous administrators of a group write.
ANONYMOUS = User(1087968824, "Group", username="GroupAnonymousBot", language_code=None, is_bot=True)
# … and the one behind which people write as a channel of theirs.
CHANNEL_BOT = User(136817688, "Channel", username="Channel_Bot", language_code=None, is_bot=True)
GENERAL_TOPIC = 1


class Chat(Room):
    """The people's side. An update id of 0 means that no bot was told (privacy mode, allowed_updates)."""

    def say(
        self,
        user: User | None,
        text: str,
        *,
        reply_to: Message | int | None = None,
        thread: int | None = None,
        entities: Sequence[Json] | None = None,
        extra: Json | None = None,
    ) -> int:
        """`user` writes; None is an anonymous administrator. `thread` is a topic of a forum.

        Raises ValueError for someone who may not: banned, restricted, removed, or the chat or topic is locked.
        `entities` replaces those Telegram finds by itself; `extra` adds fields to the API's Message.
        """
        sender, sender_chat = (user, None) if user is not None else (ANONYMOUS, self)
        message = Message(
            self,
            self.next_id(),
            sender,
            text,
            list(entities) if entities is not None else found_entities(text),
            dict(extra or {}),
            sender_chat,
        )
        if user is not None:
            self._may_post(user, "can_send_messages", thread)
        return self._posted(message, reply_to, thread)

    def speak_as(self, channel: Json, text: str, **extra: Any) -> int:
        """A channel (the API's Chat) writes here: somebody's who hides behind it, or the one linked to this group.

        The linked one's posts are forwarded by Telegram itself: pass `is_automatic_forward=True` and so on.
        """
        message = Message(
            self, self.next_id(), CHANNEL_BOT, text, found_entities(text), {"sender_chat": channel, **extra}
        )
        return self._posted(message, None, None)

    def start(self, user: User, payload: str = "") -> int:
        """Follow a deep link t.me/BOT?start=PAYLOAD, or press Start."""
        if self.person is None:
            raise ValueError("only a private chat can be started")
        text = f"/start {payload}".rstrip()
        return self.say(user, text, entities=[{"type": "bot_command", "offset": 0, "length": 6}])

    def send_file(
        self,
        user: User,
        name: str,
        content: bytes,
        *,
        mime: str = "application/octet-stream",
        caption: str = "",
        photo: bool = False,
        reply_to: Message | int | None = None,
        thread: int | None = None,
    ) -> int:
        """Send a document, or with `photo` a picture in three sizes (Telegram drops its name)."""
        self._may_post(user, "can_send_photos" if photo else "can_send_documents", thread)
        extra = self.tg.files.photo(content) if photo else {"document": self.tg.files.keep(name, mime, content).json()}
        message = Message(self, self.next_id(), user, caption, found_entities(caption), extra)
        return self._posted(message, reply_to, thread)

    def edit(self, user: User, message: Message | int, text: str) -> int:
        """`user` edits their message. Raises ValueError for someone else's."""
        found = self._find(message)
        if found.sender is not user:
            raise ValueError("people edit only their own messages")
        self._may_post(user, "can_send_messages", found.thread)
        found.history.append(found.text)
        found.text, found.entities = text, found_entities(text)
        found.edit_date = int(self.tg.now())
        found.edits += 1
        self.tg.tick()
        return self._announce("edited_message", found)

    def delete(self, message: Message | int) -> None:
        """A person deletes a message: bots are never told."""
        self._find(message).deleted = True
        self.changed()

    def press(self, user: User, message: Message | int, button: str) -> int:
        """Press the inline button with that label or callback data. Raises LookupError when it is not there."""
        found = self._find(message)
        buttons = [b for row in found.keyboard for b in row]
        fitting = [b for b in buttons if b["text"] == button] or [
            b for b in buttons if b.get("callback_data") == button
        ]
        if not fitting:
            raise LookupError(f"no button {button!r} among {found.buttons}")
        if "callback_data" not in fitting[0]:
            raise LookupError(f"button {button!r} opens something else and sends no callback")
        return self.callback(user, found, fitting[0]["callback_data"])

    def callback(self, user: User, message: Message | int, data: str) -> int:
        """A callback query with any data: an old or forged client. `press` is what an honest one does."""
        found = self._find(message)
        bots = [bot for bot in self.bots() if bot.user is found.sender]
        seen = {"chat": self.json(), "message_id": found.message_id, "date": 0} if found.deleted else found.json()
        self.tg.tick()
        query_id = self.tg.new_query_id()
        body: Json = {
            "id": query_id,
            "from": user.json(),
            "message": seen,
            "chat_instance": str(self.id),
            "data": data,
        }
        answer = Answer(query_id, user, found, data, time.perf_counter())
        self.answers.append(answer)
        self.tg.callbacks[query_id] = answer
        answer.update_id = self.tell("callback_query", {"callback_query": body}, bots)
        return answer.update_id

    def react(self, user: User, message: Message | int, *emoji: str) -> int:
        """Set a person's reactions; bots hear of it as administrators only (or in private), if they asked to."""
        found = self._find(message)
        before = found.reactions.get(user.id, [])
        found.reactions[user.id] = list(emoji)
        self.tg.tick()
        body = {
            "chat": self.json(),
            "message_id": found.message_id,
            "user": user.json(),
            "date": int(self.tg.now()),
            "old_reaction": [{"type": "emoji", "emoji": one} for one in before],
            "new_reaction": [{"type": "emoji", "emoji": one} for one in emoji],
        }
        bots = [bot for bot in self.bots() if self.person is not None or self.members[bot.id].admin]
        return self.tell("message_reaction", {"message_reaction": body}, bots)

    # -- coming, going, rank -------------------------------------------------------------------------------

    def join(self, user: User, by: User | None = None) -> int:
        """`user` (or a bot's account) joins, or is added `by` someone; the id of the membership update.

        Raises ValueError for somebody banned whom no administrator adds. A restriction waits for who had one.
        """
        member = self.standing(user)
        if member.status == "kicked" and self.tg.bot_of(user) is None and not (by and self.standing(by).admin):
            raise ValueError(f"{user.first_name} is banned from this chat")
        if member.status == "restricted":
            return self.set_status(user, "restricted", by=by, rights=member.rights, until_date=member.until_date)
        return self.set_status(user, "member", by=by)

    def leave(self, user: User, by: User | None = None) -> int:
        """`user` leaves, or is removed `by` someone (status "kicked" for a bot or a banned person)."""
        member = self.standing(user)
        if by is None and member.status == "restricted":
            return self.set_status(user, "restricted", rights=member.rights, until_date=member.until_date, inside=False)
        return self.set_status(user, "left" if by is None else "kicked", by=by)

    def promote(self, user: User, rights: Iterable[str] = ADMIN_RIGHTS, by: User | None = None) -> int:
        """Make someone, or the bot, an administrator with these rights."""
        return self.set_status(user, "administrator", by=by, rights=rights)

    def demote(self, user: User, by: User | None = None) -> int:
        """Back to an ordinary member."""
        return self.set_status(user, "member", by=by)

    def set_status(
        self,
        user: User,
        status: Status,
        *,
        by: User | None = None,
        rights: Iterable[str] = (),
        until_date: int = 0,
        inside: bool = True,
    ) -> int:
        """Change someone's place and say so: my_chat_member to the bot itself, chat_member to administrators."""
        before = self.standing(user)
        after = Member(user, status, frozenset(rights), until_date, inside)
        self.members[user.id] = after
        actor = by or user
        self.tg.tick()
        body = {
            "chat": self.json(),
            "from": actor.json(),
            "date": int(self.tg.now()),
            "old_chat_member": before.json(),
            "new_chat_member": after.json(),
        }
        itself = self.tg.bot_of(user)
        if itself is not None and after.present and not before.present and not itself.privacy_mode:
            self.all_seeing.add(itself.id)
        # The service line and the update travel separately, and a bot that was removed still hears of that.
        if itself is not None:
            update = self.tell("my_chat_member", {"my_chat_member": body}, [itself])
        else:
            admins = [bot for bot in self.bots() if self.members[bot.id].admin]
            update = self.tell("chat_member", {"chat_member": body}, admins)
        if before.present != after.present:
            extra = {"new_chat_members": [user.json()]} if after.present else {"left_chat_member": user.json()}
            self._posted(Message(self, self.next_id(), actor, extra=extra), None, None)
        return update

    def block(self) -> int:
        """The person of a private chat blocks the bot."""
        return self._blocked(True)

    def unblock(self) -> int:
        """… and lifts that."""
        return self._blocked(False)

    def topic(self, user: User, name: str) -> int:
        """A new topic of a forum; its thread id."""
        if not self.forum:
            raise ValueError("topics exist in forums only")
        made = {"forum_topic_created": {"name": name, "icon_color": 7322096}}
        message = Message(self, self.next_id(), user, extra=made)
        message.thread = message.message_id
        self.topics[message.message_id] = message
        self._posted(message, None, None)
        return message.message_id

    def close_topic(self, user: User, thread: int, *, closed: bool = True) -> int:
        """`user` closes a topic of a forum, or opens it again."""
        (self.closed_topics.add if closed else self.closed_topics.discard)(thread)
        line = Message(
            self, self.next_id(), user, extra={"forum_topic_closed" if closed else "forum_topic_reopened": {}}
        )
        return self._posted(line, None, thread)

    def migrate(self) -> "Chat":
        """The basic group becomes a supergroup; the old id answers with migrate_to_chat_id from now on."""
        if self.kind != "group":
            raise ValueError("only basic groups become supergroups")
        new = self.tg.group(self.title, bots=[])
        new.members, new.all_seeing = self.members, self.all_seeing
        new.default_permissions = self.default_permissions
        old_line = Message(self, self.next_id(), ANONYMOUS, extra={"migrate_to_chat_id": new.id})
        self._posted(old_line, None, None)
        self.migrated_to = new.id
        new._posted(Message(new, new.next_id(), ANONYMOUS, extra={"migrate_from_chat_id": self.id}), None, None)
        return new

    def _may_post(self, user: User, permission: str, thread: int | None) -> None:
        if self.person is None and (problem := self.kept_from(user, permission, thread)):
            raise ValueError(f"{user.first_name} may not post here: {problem}")

    # -- inside --------------------------------------------------------------------------------------------

    def _posted(self, message: Message, reply_to: Message | int | None, thread: int | None) -> int:
        if self.person is not None:
            if self.blocked:
                raise ValueError("the person has blocked the bot: unblock first")
            self.opened = True
        self.draft_at = 0.0
        message.reply_to = None if reply_to is None else self._find(reply_to)
        self.put_in_thread(message, thread)
        self.add(message)
        return self._announce("message", message)

    def put_in_thread(self, message: Message, thread: int | None) -> None:
        """Give a new message its message_thread_id, with two habits of Telegram that mislead bots.

        In a topic, a message that answers nothing names the topic's creation as reply_to_message. In a supergroup
        without topics a reply carries a message_thread_id too, which sendMessage refuses.
        """
        if self.forum:
            if thread is None and message.reply_to is not None:
                thread = message.reply_to.thread
            if thread is not None and thread != GENERAL_TOPIC:
                message.thread = thread
                if message.reply_to is None and message.message_id != thread:
                    message.reply_to = self.topics[thread]
        elif self.kind == "supergroup" and message.reply_to is not None:
            message.thread = message.reply_to.thread or message.reply_to.message_id

    def _announce(self, kind: str, message: Message) -> int:
        self.changed()
        bots = [bot for bot in self.bots() if bot.user is not message.sender and self.sees(bot, message)]
        return self.tell(kind, {kind: message.json()}, bots)

    def _blocked(self, blocked: bool) -> int:
        if self.bot is None or self.person is None:
            raise ValueError("only a private chat can be blocked")
        self.blocked = blocked
        states: list[Any] = [
            Member(self.bot.user, "member").json(),
            Member(self.bot.user, "kicked").json(),
        ]
        old, new = states if blocked else reversed(states)
        body = {"chat": self.json(), "from": self.person.json(), "date": int(self.tg.now())}
        self.tg.tick()
        return self.tell(
            "my_chat_member",
            {"my_chat_member": {**body, "old_chat_member": old, "new_chat_member": new}},
            [self.bot],
        )

    def _find(self, message: Message | int) -> Message:
        found = self.message(message) if isinstance(message, int) else message
        if found is None:
            raise LookupError(f"no message {message} in this chat")
        return found
