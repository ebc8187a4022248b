"""Messages by an interaction: the waiting answer edited, further ones as follow-ups, each looked for where it may be.

Raises `refusals.Expired` when the interaction can no longer be answered in its place, and other `DeliveryError`s.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any

from adapters.common.bounded import Bounded
from adapters.contract import Gone, NotPermitted, Transient
from adapters.discord.compose import EPHEMERAL, Part, payload
from adapters.discord.exchange import Exchange, Waiting
from adapters.discord.refusals import Expired, Unknown
from adapters.discord.rest import Rest, Upload

Json = dict[str, Any]

ORIGINAL = "@original"  # the waiting answer of a command, the message of a press
_REMEMBERED = 2_000
_PATIENCE_FOR_ACKNOWLEDGEMENT = 3.0  # seconds
_RECENT = 50  # messages in which a lost follow-up is looked for
_LOADING = 1 << 7  # flag of a message that is still a waiting answer
_FOLLOW_UP = "/webhooks/{webhook_id}/{webhook_token}"
_MESSAGES = "/channels/{channel_id}/messages"
_ANSWER = "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}"


class Answers:
    """What one bot says by interactions. `sent` holds the ids of messages of ours that are accounted for."""

    def __init__(self, rest: Rest, sent: Bounded[str, Any]) -> None:
        self._rest = rest
        self._sent = sent
        self._doubtful: Bounded[str, bool] = Bounded(_REMEMBERED)  # follow-ups whose answer was lost, by their mark

    async def say(
        self, exchange: Exchange, channel: str, part: Part, files: Sequence[Upload], mark: str, *, hidden: bool
    ) -> tuple[Json, bool]:
        """One message by an interaction, and whether only the asker sees it. Raises `Expired` when that has ended."""
        handle = exchange.handle
        hidden = (hidden and handle.shared) or handle.ephemeral
        async with exchange.lock:
            await self._acknowledged(exchange)
            if exchange.waiting is Waiting.UNKNOWN:
                exchange.waiting, stands = await self._looked(exchange)
                if exchange.waiting is Waiting.USED and self._says(stands, part):
                    return stands, hidden  # said by the process before this one, which did not write it down
            if exchange.waiting is Waiting.FRESH and hidden == handle.ephemeral:
                try:
                    message = await self._webhook(exchange, "PATCH", ORIGINAL, payload(part, editing=True), files)
                except Unknown:  # somebody deleted it
                    exchange.waiting = Waiting.GONE
                else:
                    exchange.waiting = Waiting.USED
                    return message, hidden
            if exchange.waiting is Waiting.FRESH:
                await self._retract(exchange)
            return await self._follow_up(exchange, channel, part, files, mark, hidden=hidden), hidden

    async def _follow_up(
        self, exchange: Exchange, channel: str, part: Part, files: Sequence[Upload], mark: str, *, hidden: bool
    ) -> Json:
        """A further message by an interaction. Discord takes no nonce here: where one may have arrived, we look."""
        doubtful = exchange.inherited or mark in self._doubtful
        arrived = await self._arrived(exchange, channel, part) if doubtful and not hidden else None
        if arrived is not None:
            return arrived
        body = payload(part) | ({"flags": EPHEMERAL} if hidden else {})
        try:
            message: Json = await self._rest.call(
                "POST", _FOLLOW_UP, body, files=files, query={"wait": "true"}, **_ids(exchange)
            )
        except Transient as error:
            if error.maybe_done:
                self._doubtful.put(mark, True)
            raise
        self._doubtful.pop(mark)
        return message

    async def _arrived(self, exchange: Exchange, channel: str, part: Part) -> Json | None:
        """The message of an interaction that stands in its channel with just these words, if the bot may read there."""
        try:
            recent = await self._rest.call("GET", _MESSAGES, query={"limit": _RECENT}, channel_id=channel)
        except (Gone, NotPermitted):
            return None
        for message in recent:
            begun = (message.get("interaction_metadata") or {}).get("id")
            if begun == exchange.handle.interaction_id and self._says(message, part):
                return dict(message)
        return None

    def _says(self, message: Json, part: Part) -> bool:
        """Whether a message of ours has just these words, and is not yet accounted for."""
        titles = [embed.get("title") for embed in message.get("embeds", ())]
        return (
            message.get("content") == part.content
            and titles == [embed.get("title") for embed in part.embeds]
            and str(message["id"]) not in self._sent
        )

    async def _acknowledged(self, exchange: Exchange) -> None:
        try:
            async with asyncio.timeout(_PATIENCE_FOR_ACKNOWLEDGEMENT):
                await exchange.acknowledged.wait()
        except TimeoutError:
            exchange.dead = True
        if exchange.dead:
            raise Expired("the interaction was not acknowledged in time")

    async def _looked(self, exchange: Exchange) -> tuple[Waiting, Json]:
        """What became of a waiting answer before this process began, and the message that it is."""
        try:
            message = await self._webhook(exchange, "GET", ORIGINAL)
        except Unknown:
            return Waiting.GONE, {}
        return Waiting.FRESH if int(message.get("flags") or 0) & _LOADING else Waiting.USED, message

    async def _retract(self, exchange: Exchange) -> None:
        with contextlib.suppress(Unknown):
            await self._webhook(exchange, "DELETE", ORIGINAL)
        exchange.waiting = Waiting.GONE

    async def settle(self, exchange: Exchange) -> None:
        """Nothing more comes: a waiting answer that was never used is taken away."""
        async with exchange.lock:
            if exchange.waiting is Waiting.FRESH and not exchange.dead:
                await self._retract(exchange)

    async def change(self, exchange: Exchange, message_id: str, part: Part, files: Sequence[Upload]) -> None:
        """Edit a message that the interaction knows. Raises `Unknown` for another."""
        await self._webhook(exchange, "PATCH", message_id, payload(part, editing=True), files)

    async def delete(self, exchange: Exchange, message_id: str) -> None:
        """Delete a message that the interaction knows. Raises `Unknown` for another."""
        await self._webhook(exchange, "DELETE", message_id)

    async def _webhook(
        self, exchange: Exchange, method: str, message_id: str, body: Json | None = None, files: Sequence[Upload] = ()
    ) -> Json:
        answer = await self._rest.call(method, _ANSWER, body, files=files, message_id=message_id, **_ids(exchange))
        return answer if isinstance(answer, dict) else {}


def _ids(exchange: Exchange) -> dict[str, Any]:
    return {"webhook_id": exchange.handle.application_id, "webhook_token": exchange.handle.token}
