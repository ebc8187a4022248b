"""Replies out: in the place of an interaction while its token lives, otherwise as messages; edited in place.

Where a reply goes:
- an answer to a command takes the place of its waiting answer; what follows it is a follow-up (see `exchange`);
- an answer to a press is a follow-up; an edit of the pressed message goes by the press;
- a private answer is ephemeral there, and without a living interaction goes to the direct chat;
- what answers a command whose answers are for the asker alone stays with the asker by whatever way.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from adapters.common.bounded import Bounded
from adapters.contract import Address, Gone, NotPermitted, Reply, Sent, Unreachable
from adapters.discord.answers import ORIGINAL, Answers
from adapters.discord.compose import Part, compose, nonce, payload
from adapters.discord.exchange import Exchange, Exchanges
from adapters.discord.files import prepared
from adapters.discord.refusals import Expired, Unknown
from adapters.discord.respond import Kind, load
from adapters.discord.rest import Rest, Upload
from adapters.discord.world import World

_REMEMBERED = 2_000

_MESSAGES = "/channels/{channel_id}/messages"
_MESSAGE = "/channels/{channel_id}/messages/{message_id}"


@dataclass(frozen=True, slots=True)
class _Way:
    """How a message of ours was sent, for its edits: by which interaction, and whether only one person sees it."""

    respond: str
    ephemeral: bool


class Deliverer:
    """Sends and edits for one bot. `clock` gives milliseconds since the epoch."""

    def __init__(self, rest: Rest, world: World, exchanges: Exchanges, clock: Callable[[], int]) -> None:
        self._rest, self._world, self._exchanges, self._clock = rest, world, exchanges, clock
        self._sent: Bounded[str, Sent] = Bounded(_REMEMBERED)  # by outbox key: what has gone out so far
        self._grown: Bounded[str, tuple[str, ...]] = Bounded(_REMEMBERED)  # by first id
        self._ways: Bounded[str, _Way] = Bounded(_REMEMBERED)  # by message id
        self._direct: Bounded[str, str] = Bounded(_REMEMBERED)  # direct chats by account
        self.answers = Answers(rest, self._ways)

    async def send(self, to: Address, reply: Reply, key: str) -> Sent:
        """Send all parts. Called again with the same key, it goes on after the last part that went out."""
        parts, uploads = await prepared(reply, self._world.upload_limit(to.workspace))
        done = self._sent.get(key) or Sent(to.thread or to.place_id, ())
        for index in range(len(done.message_ids), len(parts)):
            place_id, message_id = await self._send_part(to, parts[index], uploads[index], key, index)
            done = Sent(place_id, (*done.message_ids, message_id))
            self._sent.put(key, done)
        return done

    async def edit(self, to: Address, sent: Sent, reply: Reply) -> Sent:
        """Make what was sent look like `reply`: messages edited, added at the end or deleted."""
        parts, uploads = await prepared(reply, self._world.upload_limit(to.workspace))
        first = sent.message_ids[0] if sent.message_ids else ""
        ids = list(sent.message_ids)
        grown = self._grown.get(first) or ()
        if grown[: len(ids)] == sent.message_ids:  # an earlier edit failed after it had added messages
            ids = list(grown)
        for index, (part, files) in enumerate(zip(parts, uploads, strict=True)):
            if index < len(ids):
                await self._edit_part(to, sent.place_id, ids[index], part, files)
                continue
            _, added = await self._send_part(to, part, files, f"edit {first}", index)
            ids.append(added)
            self._grown.put(first, tuple(ids))
        for surplus in ids[len(parts) :]:
            await self._delete(to, sent.place_id, surplus)
        self._grown.pop(first)
        return Sent(sent.place_id, tuple(ids[: len(parts)]))

    async def typing(self, to: Address) -> None:
        """Show "typing" for some seconds; a waiting answer shows it by itself. Raises a `DeliveryError`."""
        if to.private or self._exchanges.of(to.respond, self._clock()) is not None:
            return
        await self._rest.call("POST", "/channels/{channel_id}/typing", channel_id=to.thread or to.place_id)

    async def whisper(self, respond: str, text: str) -> None:
        """A sentence that only the person behind a press sees. Raises a `DeliveryError`."""
        exchange = self._exchanges.of(respond, self._clock())
        if exchange is not None:
            [part, *_] = compose(Reply(text))
            await self.answers.say(exchange, "", part, (), nonce("whisper", 0, part), hidden=True)

    # -- one message -----------------------------------------------------------------------------------------

    async def _send_part(
        self, to: Address, part: Part, files: Sequence[Upload], key: str, index: int
    ) -> tuple[str, str]:
        """The channel it went to, and the message's id."""
        exchange = self._exchanges.of(to.respond, self._clock())
        if exchange is not None:
            try:
                message, ephemeral = await self.answers.say(
                    exchange, to.thread or to.place_id, part, files, nonce(key, index, part), hidden=to.private
                )
            except Expired:
                exchange.dead = True
            else:
                self._ways.put(str(message["id"]), _Way(to.respond, ephemeral))
                return str(message.get("channel_id") or to.thread or to.place_id), str(message["id"])
        channel, direct = await self._channel(to)
        body = payload(part) | {"nonce": nonce(key, index, part), "enforce_nonce": True}
        if not index and not direct and to.reply_to.isdigit():
            body["message_reference"] = {"message_id": to.reply_to, "fail_if_not_exists": False}
        try:
            message = await self._rest.call("POST", _MESSAGES, body, files=files, channel_id=channel)
        except NotPermitted as error:
            raise self._named(to, error, channel) from None
        return channel, str(message["id"])

    async def _channel(self, to: Address) -> tuple[str, bool]:
        """Where a message goes, and whether that is somebody's direct chat rather than where it was asked."""
        handle = load(to.respond)
        alone = handle is not None and handle.ephemeral and handle.shared  # said for the asker alone by its nature
        if not to.private and not alone:
            return to.thread or to.place_id, False
        if not to.account_id:
            raise Unreachable("a private answer needs an account")
        known = self._direct.get(to.account_id)
        if known is None:
            try:
                opened = await self._rest.call("POST", "/users/@me/channels", {"recipient_id": to.account_id})
            except (Gone, NotPermitted):
                raise Unreachable("no direct chat with this account") from None
            known = str(opened["id"])
            self._direct.put(to.account_id, known)
        return known, True

    async def _edit_part(
        self, to: Address, place_id: str, message_id: str, part: Part, files: Sequence[Upload]
    ) -> None:
        for exchange, name in self._ways_to(to, message_id):
            try:
                await self.answers.change(exchange, name, part, files)
            except (Expired, Unknown):
                continue
            return
        if (way := self._ways.get(message_id)) and way.ephemeral:
            raise Gone("a message that only one person saw can no longer be changed")
        body = payload(part, editing=True)
        try:
            await self._rest.call("PATCH", _MESSAGE, body, files=files, channel_id=place_id, message_id=message_id)
        except NotPermitted as error:
            raise self._named(to, error, place_id) from None

    def _ways_to(self, to: Address, message_id: str) -> list[tuple[Exchange, str]]:
        """The living interactions by which a message can be changed, and what it is called there."""
        found: list[tuple[Exchange, str]] = []
        pressed = self._exchanges.of(to.respond, self._clock())
        if pressed is not None and pressed.handle.kind is Kind.PRESS and pressed.handle.message_id == message_id:
            found.append((pressed, ORIGINAL))
        way = self._ways.get(message_id)
        if way is not None and (exchange := self._exchanges.of(way.respond, self._clock())) is not None:
            found.append((exchange, message_id))
        elif way is None and pressed is not None and pressed.handle.kind is Kind.COMMAND:  # after a restart
            found.append((pressed, message_id))
        return found

    async def _delete(self, to: Address, place_id: str, message_id: str) -> None:
        for exchange, name in self._ways_to(to, message_id):
            try:
                await self.answers.delete(exchange, name)
            except (Expired, Unknown):
                continue
            return
        with contextlib.suppress(Gone):
            await self._rest.call("DELETE", _MESSAGE, channel_id=place_id, message_id=message_id)

    def _named(self, to: Address, error: NotPermitted, channel: str) -> NotPermitted:
        lacking = self._world.lacking(to.workspace, channel)
        return NotPermitted(", ".join(lacking)) if lacking else error
