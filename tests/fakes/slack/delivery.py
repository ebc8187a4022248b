"""What Slack sends to the app, and what became of it: an event, an interaction or a slash command."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from tests.fakes.wire import Json

if TYPE_CHECKING:
    from tests.fakes.slack.team import Team

Kind = Literal["events_api", "interactive", "slash_commands"]
# What Slack promises to wait for an acknowledgement, in seconds.
PATIENCE_SECONDS = 3.0


@dataclass(slots=True, eq=False)
class Delivery:
    """One thing sent to the app, perhaps several times.

    `ack_payload` is what came with the acknowledgement, `ack_seconds` how long the last attempt took to be
    acknowledged; `failure` says why there will be none ("dispatch_failed": nobody was connected). `attempts` counts
    sendings. `made` orders it among the doings of the bot (see `Channel.wait_for_reply`).
    """

    kind: Kind
    payload: Json = field(repr=False)
    team: "Team" = field(repr=False)
    made: int = 0
    retry: int = 0
    reason: str = ""
    attempts: int = 0
    sent_at: float = 0.0
    ack_seconds: float | None = None
    ack_payload: Json | None = None
    failure: str = ""
    statuses: list[int] = field(default_factory=list)
    settled: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    on_ack: Callable[[Json | None], None] | None = field(default=None, repr=False)

    @property
    def event_id(self) -> str:
        """`Ev…` of an event."""
        return str(self.payload.get("event_id", ""))

    @property
    def event_type(self) -> str:
        """The event's type, or the interaction's, or the command."""
        if self.kind == "events_api":
            return str(self.payload["event"]["type"])
        return str(self.payload.get("type") or self.payload.get("command"))

    @property
    def trigger_id(self) -> str:
        """Opens one modal within 3 s."""
        return str(self.payload.get("trigger_id", ""))

    @property
    def response_url(self) -> str:
        """Takes five answers within 30 minutes."""
        return str(self.payload.get("response_url", ""))

    @property
    def is_acked(self) -> bool:
        """The app took it."""
        return self.ack_seconds is not None

    @property
    def late(self) -> bool:
        """Acknowledged after more than 3 s: people had seen an error, and an event would have come again."""
        return self.ack_seconds is not None and self.ack_seconds > PATIENCE_SECONDS

    def sent(self) -> None:
        """An attempt went out."""
        self.attempts += 1
        self.sent_at = time.perf_counter()

    def ack(self, payload: Json | None) -> None:
        """The app took it; only the first acknowledgement counts."""
        if self.ack_seconds is None:
            self.ack_seconds = time.perf_counter() - self.sent_at
            self.ack_payload = payload
            self.failure = ""
            if self.on_ack is not None:
                self.on_ack(payload)
        self.settled.set()

    def fail(self, failure: str) -> None:
        """Nobody takes it any more."""
        if not self.settled.is_set():
            self.failure = failure
            self.settled.set()

    async def acked(self, timeout: float = 10.0) -> Json | None:  # noqa: ASYNC109
        """The payload of the acknowledgement (None: it was empty), once there is one.

        Raises AssertionError when it failed, or after `timeout` seconds.
        """
        try:
            async with asyncio.timeout(timeout):
                await self.settled.wait()
        except TimeoutError:
            raise AssertionError(f"{self.event_type} was not acknowledged within {timeout} s") from None
        if self.failure:
            raise AssertionError(f"{self.event_type} was not taken: {self.failure}")
        return self.ack_payload
