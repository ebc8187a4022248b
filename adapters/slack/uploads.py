"""Files out, by Slack's three steps: ask for an address, send the content there, and say where it belongs."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from adapters.common.files import load
from adapters.common.text import clean
from adapters.contract import File
from adapters.slack.api import Api
from adapters.slack.refusals import Refused
from adapters.slack.workspaces import Workspace, Workspaces

log = logging.getLogger(__name__)

_LOOKS, _PAUSE = 6, 0.4  # how often, and after how many seconds, to ask whether a picture is ready


class Uploads:
    """Uploads files for one adapter. Raises `Refused`, `Lost` and `DeliveryError`."""

    def __init__(self, api: Api, workspaces: Workspaces) -> None:
        self._api = api
        self._workspaces = workspaces

    async def put(self, at: Workspace, file: File) -> str:
        """The first two steps; returns the file's id. Nobody sees it yet, so trying again is harmless."""
        content = await load(file)
        name = clean(file.name).strip() or "file"
        answer = await self._workspaces.call(at, "files.getUploadURLExternal", filename=name, length=len(content))
        await self._api.upload(str(answer["upload_url"]), content)
        return str(answer["file_id"])

    async def share(self, at: Workspace, file_id: str, file: File, channel: str = "", thread: str = "") -> None:
        """The last step: show it in a channel and thread, or keep it for an image block."""
        where: dict[str, Any] = {"channel_id": channel} if channel else {}
        if thread:
            where["thread_ts"] = thread
        title = clean(file.name).strip() or "file"
        await self._workspaces.call(
            at, "files.completeUploadExternal", files=[{"id": file_id, "title": title}], **where
        )

    async def keep(self, at: Workspace, file: File) -> str:
        """A picture for an image block: kept unshared; returns its id once Slack has looked at it.

        Until then Slack takes no block with it (https://github.com/slackapi/python-slack-sdk/issues/1521).
        """
        file_id = await self.put(at, file)
        await self.share(at, file_id, file)
        for _ in range(_LOOKS):
            try:
                answer = await self._workspaces.call(at, "files.info", file=file_id)
            except Refused as error:
                log.debug("an uploaded picture is not known yet: %s", error)
            else:
                if (answer.get("file") or {}).get("mimetype"):
                    break
            await asyncio.sleep(_PAUSE)
        return file_id

    async def shared_in(self, at: Workspace, file_id: str, channel: str) -> bool:
        """Whether the last step was done already."""
        answer = await self._workspaces.call(at, "files.info", file=file_id)
        file = answer.get("file") or {}
        shares = file.get("shares") or {}
        places = {*file.get("channels", ()), *file.get("groups", ()), *file.get("ims", ())}
        return channel in places | {one for kind in shares.values() for one in kind}
