"""Messages taken back. A bot on Slack deletes its own; everybody else's stay until an admin deletes them.

Whose they are is looked up together, so that Slack is not asked in vain for each; what was learnt is remembered, so
that an act which Slack's limits cut short gets further when it is repeated.
"""

from __future__ import annotations

from adapters.common.bounded import Bounded
from adapters.contract import Act, Did
from adapters.slack.refusals import Refused
from adapters.slack.translate import Json
from adapters.slack.workspaces import Workspace, Workspaces

_PAGE, _MOST_PAGES = 200, 3
_REMEMBERED = 5_000
_GONE = "message_not_found"
_OTHERS = "cant_delete_message"


class Deletion:
    """Deletes messages of one place. Raises `Refused` and `Lost` for what may work later."""

    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces
        self._known: Bounded[tuple[str, str, str], str] = Bounded(_REMEMBERED)  # what Slack will say of a message

    async def do(self, at: Workspace, act: Act) -> Did:
        """Delete those that are the app's own, and say of the others who can."""
        wanted = list(dict.fromkeys(act.message_ids))
        if sum(self._known.get((at.me.team, act.place_id, ts)) is None for ts in wanted) > 1:
            await self._look(at, act, [ts for ts in wanted if _time(ts)])
        left: dict[str, str] = {}
        for ts in wanted:
            if (code := await self._delete(at, act.place_id, ts)) not in ("", _GONE):
                left[ts] = code
        return Did(not left, _said(list(left.values())), tuple(left))

    async def _delete(self, at: Workspace, channel: str, ts: str) -> str:
        """ "" when it was deleted now, otherwise Slack's code."""
        key = (at.me.team, channel, ts)
        if not _time(ts):  # one that only one person saw, or that a response URL gave: no method finds it
            return _OTHERS
        if (known := self._known.get(key)) is not None:
            return known
        code = ""
        try:
            await self._workspaces.call(at, "chat.delete", channel=channel, ts=ts)
        except Refused as error:
            if not error.final:
                raise
            code = error.code
        if code in ("", _GONE, _OTHERS):
            self._known.put(key, code or _GONE)
        return code

    async def _look(self, at: Workspace, act: Act, wanted: list[str]) -> None:
        """Learn which of these are somebody else's. What is not found is tried one by one."""
        if not wanted:
            return
        method = "conversations.replies" if act.thread else "conversations.history"
        ordered = sorted(wanted, key=float)
        where: Json = {"channel": act.place_id, "oldest": ordered[0], "latest": ordered[-1], "inclusive": True}
        where |= {"limit": _PAGE} | ({"ts": act.thread} if act.thread else {})
        try:
            for _ in range(_MOST_PAGES):
                answer = await self._workspaces.call(at, method, **where)
                for message in answer.get("messages") or ():
                    if str(message["ts"]) in wanted and not _ours(message, at):
                        self._known.put((at.me.team, act.place_id, str(message["ts"])), _OTHERS)
                cursor = (answer.get("response_metadata") or {}).get("next_cursor")
                if not cursor:
                    return
                where["cursor"] = cursor
        except Refused as error:
            if not error.final:
                raise


def _ours(message: Json, at: Workspace) -> bool:
    return message.get("user") == at.me.user or bool(at.me.bot and message.get("bot_id") == at.me.bot)


def _time(ts: str) -> float:
    """When a message was written, 0 for what is no message's id."""
    try:
        return float(ts)
    except ValueError:
        return 0.0


def _said(codes: list[str]) -> str:
    """Why messages are still there; "" when none is."""
    if not codes:
        return ""
    these = "this one" if len(codes) == 1 else f"these {len(codes)}"
    if _OTHERS in codes:
        return f"A bot on Slack can delete only its own messages. An admin of the workspace has to delete {these}."
    match codes[0]:
        case "channel_not_found":
            return "I cannot see that channel, or it is gone."
        case "compliance_exports_prevent_deletion":
            return "The workspace keeps all messages, for compliance, and lets nobody delete them."
        case code:
            return f"Slack does not let me delete {these} ({code})."
