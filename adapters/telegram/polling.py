"""Long polling: the next poll's offset acknowledges only what is stored."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from telegram.error import TelegramError

from adapters.telegram.api import Api
from adapters.telegram.intake import Intake
from adapters.telegram.refusals import Lost, Refused
from adapters.telegram.translate import ALLOWED_UPDATES
from adapters.telegram.trouble import Trouble

log = logging.getLogger(__name__)

POLL_SECONDS = 30
_SLACK = 10.0  # seconds that an answer may be late before the poll counts as lost
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 30.0
_RIVAL_PAUSE = 3.0  # each poll ends the rival's: going slow leaves both programs able to tell


class Polling:
    """One bot's long poll, running until stopped."""

    def __init__(self, api: Api, intake: Intake, progress: Callable[[], None]) -> None:
        self._api = api
        self._intake = intake
        self._progress = progress
        self._storing = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self.trouble = Trouble.NONE

    async def start(self) -> None:
        """Take the bot over from a webhook, if there is one (updates waiting there are kept), and poll."""
        await self._api.call("deleteWebhook", {})
        self._task = asyncio.create_task(self._run(), name="telegram polling")

    async def stop(self) -> None:
        """Finish what is being stored, then end the poll. What arrives meanwhile is delivered at the next start."""
        if self._task is None:
            return
        async with self._storing:
            self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._task = None

    async def _run(self) -> None:
        offset: int | None = None
        pause = 0.0
        while True:
            if pause:
                await asyncio.sleep(pause)
            try:
                updates = await self._poll(offset, 0 if pause else POLL_SECONDS)  # after trouble: is it over?
            except Exception as error:  # of any kind: a poll that dies quietly is a dead bot
                pause = self._failed(error, pause)
                continue
            async with self._storing:
                try:
                    await self._intake.take(updates)
                except Exception as error:  # whatever the store raises; its text may quote what was to be stored
                    self._note(Trouble.STORE, f"{type(error).__name__}; {len(updates)} updates will come again")
                    pause = _longer(pause)
                    continue
                if updates:  # may go back: after a quiet week Telegram starts at a random id
                    offset = updates[-1]["update_id"] + 1
            pause, self.trouble = 0.0, Trouble.NONE
            self._progress()

    async def _poll(self, offset: int | None, seconds: int) -> list[dict[str, Any]]:
        """The next updates in order of their ids."""
        request: dict[str, Any] = {"timeout": seconds, "allowed_updates": list(ALLOWED_UPDATES)}
        if offset is not None:
            request["offset"] = offset
        updates = await self._api.call("getUpdates", request, patience=seconds + _SLACK)
        try:
            return sorted(updates, key=_update_id)
        except (TypeError, KeyError, ValueError):
            raise TelegramError("invalid server response") from None

    def _failed(self, error: Exception, pause: float) -> float:
        """Note why a poll failed and return how many seconds to wait before the next one."""
        if not isinstance(error, Refused):
            self._note(Trouble.UNREACHABLE, error.message if isinstance(error, Lost) else type(error).__name__)
            return _longer(pause)
        if error.code == 409:
            self._note(Trouble.RIVAL_WEBHOOK if error.says("webhook") else Trouble.RIVAL_POLLER, "409")
            return max(_longer(pause), _RIVAL_PAUSE)
        if error.code in (401, 404):
            self._note(Trouble.TOKEN, str(error.code))
            return _LONGEST_PAUSE
        self._note(Trouble.UNREACHABLE, f"{error.code} {error.message}")
        return max(error.retry_after, _longer(pause))

    def _note(self, trouble: Trouble, detail: str) -> None:
        if trouble != self.trouble:  # once, not at every attempt
            log.warning("%s (%s)", trouble, detail)
        self.trouble = trouble


def _update_id(update: dict[str, Any]) -> int:
    return int(update["update_id"])


def _longer(pause: float) -> float:
    return min(max(2 * pause, _FIRST_PAUSE), _LONGEST_PAUSE)
