"""What stands in a place: who wrote which message, and when, from Slack's history."""

from __future__ import annotations

from adapters.contract import Written
from adapters.slack.refusals import Lost, Refused, contract_error
from adapters.slack.translate import SPOKEN, Json
from adapters.slack.workspaces import Workspace, Workspaces

_PAGE, _MOST_PAGES = 200, 10
_MOST_THREADS = 10  # those that were last answered in


class History:
    """Answers `Adapter.written`."""

    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces

    async def of(self, team: str, channel: str, most: int, account: str, thread: str = "") -> list[Written] | None:
        """See `Adapter.written`. Of a whole channel, answers in a thread are found where its first message is among
        the newest looked at.

        Where Slack asks to wait for the rest (it lets some apps read 15 messages a minute), what it gave is returned.
        """
        at = await self._workspaces.need(team)
        if channel[:1] not in ("C", "D", "G"):
            return None
        search = _Search(self._workspaces, at, channel, most, account)
        try:
            await (search.inside(thread) if thread else search.run())
        except Lost as error:
            raise contract_error(error) from None
        except Refused as error:
            if error.status != 429 or not search.found:
                raise contract_error(error) from None
        return sorted(search.found.values(), key=lambda one: float(one.message_id), reverse=True)[:most]


class _Search:
    """One look through a place. `found` by id."""

    def __init__(self, workspaces: Workspaces, at: Workspace, channel: str, most: int, account: str) -> None:
        self._workspaces, self._at, self._channel = workspaces, at, channel
        self._most, self._account = most, account
        self.found: dict[str, Written] = {}

    async def run(self) -> None:
        roots: list[Json] = []
        oldest, cursor = "0", ""
        for _ in range(_MOST_PAGES):
            more = {"cursor": cursor} if cursor else {}
            answer = await self._ask("conversations.history", **more)
            messages = list(answer.get("messages") or ())
            self._note(messages)
            roots += [one for one in messages if one.get("reply_count") and one.get("latest_reply")]
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                break
            oldest = str(messages[-1]["ts"]) if messages else oldest
            if len(self.found) >= self._most:
                break
        answered = sorted(roots, key=lambda one: float(one["latest_reply"]), reverse=True)
        for root in answered[:_MOST_THREADS]:
            self._note((await self._ask("conversations.replies", ts=str(root["ts"]), oldest=oldest)).get("messages"))

    async def inside(self, thread: str) -> None:
        """Of one thread, which Slack tells from its beginning."""
        more = {"ts": thread}
        for _ in range(_MOST_PAGES):
            answer = await self._ask("conversations.replies", **more)
            self._note(answer.get("messages"))
            cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
            if not cursor:
                break
            more["cursor"] = cursor

    async def _ask(self, method: str, **more: str) -> Json:
        return await self._workspaces.call(self._at, method, channel=self._channel, limit=_PAGE, **more)

    def _note(self, messages: list[Json] | None) -> None:
        for one in messages or ():
            author, ts = str(one.get("user") or one.get("bot_id") or ""), str(one["ts"])
            if author and one.get("subtype") in SPOKEN and self._account in ("", author):
                self.found[ts] = Written(ts, author, int(float(ts) * 1000))
