"""From the world to the app: over Socket Mode connections or to its HTTP endpoint, and again when not acknowledged."""

import asyncio
from collections import deque
from typing import TYPE_CHECKING
from uuid import uuid4

from tests.fakes.slack.delivery import Delivery
from tests.fakes.wire import Json

if TYPE_CHECKING:
    from tests.fakes.slack.hooks import Hook
    from tests.fakes.slack.sockets import Connection

# Older ones fall out, so that a long benchmark does not eat memory.
RECORDED = 100_000
# Seconds between the attempts that Slack makes: at once, after a minute, after five.
RETRY_SECONDS = (0.0, 60.0, 300.0)


class Dispatch:
    """All deliveries; `open` are those neither acknowledged nor given up.

    `ack_timeout` (real seconds, None: never) is when an event comes again by itself and an interaction has failed.
    """

    def __init__(self, ack_timeout: float | None = None) -> None:
        self.ack_timeout = ack_timeout
        self.log: deque[Delivery] = deque(maxlen=RECORDED)
        self.open: dict[Delivery, None] = {}
        self.connections: list[Connection] = []
        self.hook: Hook | None = None
        self.emptied = asyncio.Event()
        self.emptied.set()
        self.strays: list[Json] = []
        self._waiting: deque[Delivery] = deque()
        self._envelopes: dict[str, Delivery] = {}
        self._timers: set[asyncio.TimerHandle] = set()
        self._next = 0

    def put(self, delivery: Delivery) -> Delivery:
        """Send it, or let an event wait for a connection; an interaction fails when nobody is there, as people see."""
        self.log.append(delivery)
        self._opened(delivery)
        if self.hook is None and not self.connections and delivery.kind != "events_api":
            delivery.fail("dispatch_failed")
            self.closed(delivery)
        else:
            self._send(delivery)
        return delivery

    def redeliver(self, delivery: Delivery, reason: str = "timeout") -> None:
        """Send it once more, acknowledged or not, with the next retry number."""
        delivery.retry += 1
        delivery.reason = reason
        self._opened(delivery)
        self._send(delivery)

    def acknowledged(self, envelope_id: str, payload: Json | None) -> None:
        """The app acknowledged an envelope, over whichever connection."""
        delivery = self._envelopes.pop(envelope_id, None)
        if delivery is None:
            self.strays.append({"envelope_id": envelope_id, "payload": payload})
            return
        delivery.ack(payload)
        self.closed(delivery)

    def closed(self, delivery: Delivery) -> None:
        """It is settled."""
        self.open.pop(delivery, None)
        if not self.open:
            self.emptied.set()

    def envelope(self, delivery: Delivery) -> Json:
        """A fresh Socket Mode envelope around it."""
        envelope_id = str(uuid4())
        self._envelopes[envelope_id] = delivery
        body: Json = {
            "envelope_id": envelope_id,
            "payload": delivery.payload,
            "type": delivery.kind,
            "accepts_response_payload": delivery.kind != "events_api",
        }
        if delivery.kind == "events_api":
            body |= {"retry_attempt": delivery.retry, "retry_reason": delivery.reason}
        return body

    def connected(self, connection: "Connection") -> None:
        """A connection said hello: what waited goes out, and events that nobody acknowledged come again."""
        self.connections.append(connection)
        waiting, self._waiting = self._waiting, deque()
        lost = [one for one in self.open if one.attempts and one.kind == "events_api" and one not in waiting]
        for delivery in lost:
            if not any(delivery in other.in_flight for other in self.connections):
                self.redeliver(delivery)
        for delivery in waiting:
            self._send(delivery)

    def disconnected(self, connection: "Connection") -> None:
        """A connection is gone; interactions it carried have failed unless an acknowledgement still comes."""
        if connection in self.connections:
            self.connections.remove(connection)
        for delivery in connection.in_flight:
            if delivery.kind != "events_api" and not delivery.is_acked:
                delivery.fail("operation_timeout")
                self.closed(delivery)
            elif delivery in self.open and self.connections:
                self.redeliver(delivery)

    def forget(self) -> None:
        """Give up all that is open."""
        for delivery in list(self.open):
            delivery.fail("the server stopped")
            self.closed(delivery)
        self._waiting.clear()

    def stop(self) -> None:
        """No more attempts by themselves."""
        for timer in self._timers:
            timer.cancel()
        self._timers.clear()

    def _opened(self, delivery: Delivery) -> None:
        self.open[delivery] = None
        self.emptied.clear()

    def _send(self, delivery: Delivery) -> None:
        if self.hook is not None:
            self.hook.send(delivery)
            return
        ready = [one for one in self.connections if one.ready]
        if not ready:
            if delivery not in self._waiting:
                self._waiting.append(delivery)
            return
        self._next += 1
        ready[self._next % len(ready)].send(delivery)
        if self.ack_timeout is not None:
            self._later(self.ack_timeout, delivery, delivery.retry)

    def _later(self, seconds: float, delivery: Delivery, retry: int) -> None:
        def due() -> None:
            self._timers.discard(timer)
            self._overdue(delivery, retry)

        timer = asyncio.get_running_loop().call_later(seconds, due)
        self._timers.add(timer)

    def _overdue(self, delivery: Delivery, retry: int) -> None:
        if delivery.settled.is_set() or delivery.retry != retry:
            return
        if delivery.kind == "events_api" and retry < len(RETRY_SECONDS):
            loop = asyncio.get_running_loop()
            self._timers.add(loop.call_later(RETRY_SECONDS[retry], self.redeliver, delivery))
        else:
            delivery.fail("operation_timeout")
            self.closed(delivery)
