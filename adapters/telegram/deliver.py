"""Replies out: sent in parts, resumed where a part failed, edited in place, and never lost for their formatting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from telegram import InputFile
from telegram.error import TelegramError

from adapters.common.bounded import Bounded
from adapters.common.files import load
from adapters.common.runs import plain
from adapters.common.text import utf16_units
from adapters.contract import Address, Gone, Reply, Sent, Unreachable
from adapters.telegram.api import Api, upload
from adapters.telegram.compose import (
    CAPTION_LIMIT,
    Part,
    Payload,
    caption_payload,
    compose,
    formatted,
    keyboard_markup,
    text_payload,
)
from adapters.telegram.pace import Pace
from adapters.telegram.refusals import Refused, contract_error

_REMEMBERED = 1_000
_PATIENCE = 15.0  # seconds to wait for an answer
_UPLOAD_PATIENCE = 60.0
_BAD_FORMATTING = ("can't parse entities", "entity_", "entities_")
_BAD_PHOTO = ("photo_", "image_process_failed", "too big for a photo", "maximum photo size")


@dataclass(frozen=True, slots=True)
class Destination:
    """A chat, and inside it a topic and the message to answer (empty when there is none)."""

    chat: str
    thread: str = ""
    reply_to: str = ""

    @property
    def direct(self) -> bool:
        """Whether this is one person's chat with the bot: groups and channels have negative ids."""
        return not self.chat.startswith("-")

    def parameters(self) -> Payload:
        """The address as request parameters. A message to answer that is gone does not stop the answer."""
        found: Payload = {"chat_id": int(self.chat)}
        if self.thread:
            found["message_thread_id"] = int(self.thread)
        if self.reply_to:
            found["reply_parameters"] = {
                "message_id": int(self.reply_to),
                "allow_sending_without_reply": True,
            }
        return found


def destination(to: Address) -> Destination:
    """Where an address leads. Private answers go to the person's direct chat, whose id is the person's.

    Raises `Unreachable` for a private answer to nobody in particular.
    """
    if not to.private or to.place_id == to.account_id:
        return Destination(to.place_id, to.thread, to.reply_to)
    if to.account_id:
        return Destination(to.account_id)
    if to.place_id.startswith("-"):
        raise Unreachable("a private answer needs an account")
    return Destination(to.place_id, to.thread, to.reply_to)


class Deliverer:
    """Sends and edits for one bot."""

    def __init__(self, api: Api, pace: Pace) -> None:
        self._api = api
        self._pace = pace
        self._sent: Bounded[str, Sent] = Bounded(_REMEMBERED)  # by outbox key: what has gone out so far
        self._keys: Bounded[tuple[str, str], str] = Bounded(_REMEMBERED)  # of that, by chat and first id
        self._grown: Bounded[tuple[str, str], tuple[str, ...]] = Bounded(_REMEMBERED)  # by chat and first id
        self._moved: Bounded[str, str] = Bounded(_REMEMBERED)  # groups that became supergroups

    async def send(self, to: Address, reply: Reply, key: str) -> Sent:
        """Send all parts. Called again with the same key, it goes on after the last part that went out."""
        where = destination(to)
        done = self._sent.get(key) or Sent(self._moved.get(where.chat) or where.chat, ())
        for part in compose(reply)[len(done.message_ids) :]:
            first = not done.message_ids
            target = replace(where, chat=done.place_id, reply_to=where.reply_to if first else "")
            chat, message_id = await self._send_part(target, part)
            done = Sent(chat, (*done.message_ids, message_id))
            self._sent.put(key, done)
            self._keys.put((done.place_id, done.message_ids[0]), key)
        return done

    async def edit(self, to: Address, sent: Sent, reply: Reply) -> Sent:
        """Make what was sent look like `reply`: messages edited, added at the end or deleted."""
        try:
            return await self._edit(to, sent, reply)
        except Gone:
            if sent.message_ids:  # somebody deleted it: under the same key it can be said anew
                self._sent.pop(self._keys.pop((sent.place_id, sent.message_ids[0])) or "")
            raise

    async def _edit(self, to: Address, sent: Sent, reply: Reply) -> Sent:
        where = replace(destination(to), chat=sent.place_id, reply_to="")
        key = (sent.place_id, sent.message_ids[0] if sent.message_ids else "")
        ids = list(sent.message_ids)
        grown = self._grown.get(key) or ()
        if grown[: len(ids)] == sent.message_ids:  # an earlier edit failed after it had added messages
            ids = list(grown)
        parts = compose(reply)
        for index, part in enumerate(parts):
            if index < len(ids):
                ids[index] = await self._edit_part(where, ids[index], part)
                continue
            _, message_id = await self._send_part(where, part)
            ids.append(message_id)
            self._grown.put(key, tuple(ids))
        for surplus in ids[len(parts) :]:
            await self._delete(where, surplus)
        self._grown.pop(key)
        return Sent(sent.place_id, tuple(ids[: len(parts)]))

    async def typing(self, to: Address) -> None:
        """Show "typing" for some seconds. Raises a `DeliveryError`."""
        where = replace(destination(to), reply_to="")
        try:
            await self._api.call("sendChatAction", {**where.parameters(), "action": "typing"})
        except TelegramError as error:
            raise contract_error(error, direct=where.direct) from None

    async def _send_part(self, where: Destination, part: Part) -> tuple[str, str]:
        """The chat it went to (a group may have moved) and the message's id."""
        content = upload(part.file.name, await load(part.file)) if part.file else None
        as_photo = part.photo

        def request(as_plain: bool) -> tuple[str, Payload]:
            if content is None:
                return "sendMessage", {**where.parameters(), **text_payload(part, as_plain=as_plain)}
            kind = "photo" if as_photo else "document"
            file = {kind: content, **caption_payload(part, as_plain=as_plain)}
            return f"send{kind.capitalize()}", {**where.parameters(), **file}

        while True:
            try:
                message = await self._attempt(where, request)
            except Refused as error:
                if error.moved_to and error.moved_to != where.chat:
                    self._moved.put(where.chat, error.moved_to)
                    where = Destination(error.moved_to)
                elif as_photo and error.says(*_BAD_PHOTO):
                    as_photo = False  # too large or too long for a picture, still a file
                else:
                    raise contract_error(error, direct=where.direct) from None
            else:
                return where.chat, str(message["message_id"])

    async def _edit_part(self, where: Destination, message_id: str, part: Part) -> str:
        """The id afterwards: the same, unless the message could not be turned into this part."""
        target: Payload = {"chat_id": int(where.chat), "message_id": int(message_id)}
        content = upload(part.file.name, await load(part.file)) if part.file else None

        def request(as_plain: bool) -> tuple[str, Payload]:
            if content is None:
                return "editMessageText", {**target, **text_payload(part, as_plain=as_plain)}
            media = {"type": "photo" if part.photo else "document", "media": "attach://content"}
            media |= formatted(part, "caption", as_plain=as_plain)
            return "editMessageMedia", {
                **target,
                "media": media,
                "content": content,
                **keyboard_markup(part),
            }

        def caption(as_plain: bool) -> tuple[str, Payload]:
            return "editMessageCaption", {**target, **caption_payload(part, as_plain=as_plain)}

        try:
            try:
                await self._attempt(where, request, edit=True)
            except Refused as error:
                if not error.says("no text in the message"):
                    raise
                if utf16_units(plain(part.runs)) > CAPTION_LIMIT:  # it stands under a picture, and is too long for that
                    _, replacement = await self._send_part(where, part)
                    await self._delete(where, message_id)
                    return replacement
                await self._attempt(where, caption, edit=True)
        except Refused as error:
            if part.photo and error.says(*_BAD_PHOTO):
                return await self._edit_part(where, message_id, replace(part, photo=False))
            if not error.says("message is not modified"):
                raise contract_error(error, direct=where.direct) from None
        return message_id

    async def _delete(self, where: Destination, message_id: str) -> None:
        """Take a message back as far as the platform still lets us (48 hours)."""
        try:
            await self._call(where.chat, "deleteMessage", {"chat_id": int(where.chat), "message_id": int(message_id)})
        except Refused as error:
            if not error.says("not found", "can't be deleted", "message_id_invalid"):
                raise contract_error(error, direct=where.direct) from None

    async def _attempt(
        self, where: Destination, request: Callable[[bool], tuple[str, Payload]], *, edit: bool = False
    ) -> Any:
        """One request; when its formatting is refused, the same once more as plain text."""
        try:
            return await self._call(where.chat, *request(False), edit=edit)
        except Refused as error:
            if not error.says(*_BAD_FORMATTING):
                raise
        return await self._call(where.chat, *request(True), edit=edit)

    async def _call(self, chat: str, method: str, data: Payload, *, edit: bool = False) -> Any:
        """Raises `Refused` for what the caller may know an answer to, a `DeliveryError` otherwise."""
        await self._pace.wait(chat, edit=edit)
        uploads = any(isinstance(value, InputFile) for value in data.values())
        try:
            return await self._api.call(method, data, patience=_UPLOAD_PATIENCE if uploads else _PATIENCE)
        except Refused as error:
            if error.code == 429:
                self._pace.block(chat, error.retry_after)
            raise
        except TelegramError as error:
            raise contract_error(error) from None
