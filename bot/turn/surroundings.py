"""What is known of the servers and workspaces around a conversation: their names and the roles that they have."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial

from adapters.contract import Adapter, DeliveryError, Event
from bot.log import log
from bot.unit import AsyncStore
from core.clock import MINUTE
from core.places.workspaces import note_workspace

FRESH = 10 * MINUTE
PATIENCE = 0.5  # seconds that a first event waits for it: an acknowledgement is due within a second


def _concerns(event: Event) -> bool:
    """Whether this is about the workspace itself: then a role made a minute ago counts as well."""
    return event.command is not None and event.command.name.partition(".")[0] in ("setup", "place")


class Surroundings:
    """Keeps the store's picture of each workspace fresh, in the process that hears from it."""

    def __init__(self, store: AsyncStore, adapters: Mapping[str, Adapter]) -> None:
        self._store = store
        self._adapters = adapters
        self._noted: dict[tuple[str, str], int] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def note(self, events: Sequence[Event]) -> None:
        """Look at the workspaces of these events: at once where nothing is known, otherwise beside the talk."""
        now = self._store.clock.now()
        for event in events:
            adapter = self._adapters.get(event.platform)
            if not event.workspace or adapter is None or not adapter.capabilities.roles:
                continue
            key = (event.platform, event.workspace)
            seen = self._noted.get(key)
            if seen is not None and now - seen < FRESH and not _concerns(event):
                continue
            self._noted[key] = now
            task = asyncio.create_task(self._look(adapter, event))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            if seen is None or _concerns(event):
                await asyncio.wait((task,), timeout=PATIENCE)

    async def _look(self, adapter: Adapter, event: Event) -> None:
        try:
            roles = await adapter.roles(event.workspace)
            title = event.workspace_title
            await self._store.write(
                partial(note_workspace, platform=event.platform, external_id=event.workspace, title=title, roles=roles)
            )
        except DeliveryError as error:
            log.info("the roles of a workspace are not known", extra={"why": type(error).__name__})
        except Exception:
            log.exception("a workspace could not be looked at")
