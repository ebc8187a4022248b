"""Updates waiting for one bot: getUpdates with its honest semantics."""

import asyncio
import json
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from tests.fakes.telegram.errors import ApiError, conflict
from tests.fakes.wire import Json

# "Specify an empty list to receive all update types except …" (getUpdates)
OPT_IN = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
# How many updates stay known for `repeat` after they were acknowledged.
_REMEMBERED = 10_000

WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
OTHER_POLL = "terminated by other getUpdates request; make sure that only one bot instance is running"


@dataclass(frozen=True, slots=True)
class Update:
    """One update, encoded once: every answer only joins bytes."""

    update_id: int
    kind: str
    raw: bytes


class Mailbox:
    """Pending updates in order of id, and the one long poll that may wait for them."""

    def __init__(self) -> None:
        self.pending: deque[Update] = deque()
        self.allowed: frozenset[str] = frozenset()
        self.acknowledged = 0
        self.arrived = asyncio.Event()
        self.emptied = asyncio.Event()
        self.emptied.set()
        self._known: dict[int, Update] = {}
        self._repeats: list[Update] = []
        self._reversed = 0
        self._poll: asyncio.Future[ApiError | None] | None = None

    def wants(self, kind: str) -> bool:
        """Whether allowed_updates, as last set, lets this kind through."""
        return kind in self.allowed if self.allowed else kind not in OPT_IN

    def allow(self, kinds: Iterable[str]) -> None:
        """Set allowed_updates; an empty one is the default selection. Pending updates are not touched."""
        self.allowed = frozenset(kinds)

    def put(self, update_id: int, kind: str, body: Json) -> None:
        """Add an update and wake the poll."""
        update = Update(update_id, kind, json.dumps({"update_id": update_id, **body}).encode())
        self.pending.append(update)
        self._known[update_id] = update
        if len(self._known) > _REMEMBERED:
            del self._known[next(iter(self._known))]
        self.emptied.clear()
        self._wake()

    def repeat(self, update_id: int) -> None:
        """Give an update once more although it was acknowledged. Raises KeyError for one never given."""
        self._repeats.append(self._known[update_id])
        self._wake()

    def reverse(self, answers: int) -> None:
        """Give the updates of the next `answers` non-empty answers in the wrong order."""
        self._reversed += answers

    def acknowledge(self, offset: int) -> None:
        """Forget every update below `offset`; a negative one keeps that many from the end."""
        pending = self.pending
        if offset < 0:
            while len(pending) > -offset:
                pending.popleft()
        else:
            while pending and pending[0].update_id < offset:
                self.acknowledged = pending.popleft().update_id
        if not pending:
            self.emptied.set()

    def known(self, update_id: int) -> Update:
        """An update by id, acknowledged or not. Raises KeyError."""
        return self._known[update_id]

    def next_delivery(self) -> Update | None:
        """What a webhook gets next."""
        if self._repeats:
            return self._repeats[0]
        return self.pending[0] if self.pending else None

    def delivered(self, update: Update) -> None:
        """The webhook took it."""
        if self._repeats and self._repeats[0] is update:
            self._repeats.pop(0)
        elif self.pending and self.pending[0] is update:
            self.acknowledge(update.update_id + 1)

    def drop(self) -> None:
        """drop_pending_updates."""
        self.pending.clear()
        self._repeats.clear()
        self.emptied.set()

    def end_poll(self, error: ApiError | None) -> None:
        """End the waiting poll with an error, or with an empty answer."""
        poll, self._poll = self._poll, None
        if poll is not None and not poll.done():
            poll.set_result(error)

    async def poll(self, offset: int | None, limit: int, timeout: float) -> bytes:  # noqa: ASYNC109
        """The JSON array of updates; waits up to `timeout` seconds for the first. Raises ApiError 409."""
        # As on the real server it is the older poll that is told of the conflict; the newer one goes on.
        self.end_poll(conflict(OTHER_POLL))
        if offset is not None:
            self.acknowledge(offset)
        if not self.pending and not self._repeats and timeout > 0:
            loop = asyncio.get_running_loop()
            self._poll = poll = loop.create_future()
            timer = loop.call_later(timeout, _finish, poll)
            try:
                error = await poll
            finally:
                timer.cancel()
                if self._poll is poll:
                    self._poll = None
            if error is not None:
                raise error
        return b"[" + b",".join(self._batch(limit)) + b"]"

    def _batch(self, limit: int) -> list[bytes]:
        batch = [update.raw for update in self._repeats]
        self._repeats.clear()
        batch += [update.raw for _, update in zip(range(limit - len(batch)), self.pending, strict=False)]
        if self._reversed and len(batch) > 1:
            self._reversed -= 1
            batch.reverse()
        return batch

    def _wake(self) -> None:
        self.arrived.set()
        self.end_poll(None)


def _finish(poll: "asyncio.Future[ApiError | None]") -> None:
    if not poll.done():
        poll.set_result(None)
