"""Messages: which stand in a place, and their deletion, many at once where Discord allows it.

https://discord.com/developers/docs/resources/message#bulk-delete-messages: 2 to 100 at once, none older than two weeks.
Older ones go one by one, and Discord makes that wait; what went already is remembered, so that a repeated act goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from adapters.common.bounded import Bounded
from adapters.contract import Act, Did, NotPermitted, Power, Written
from adapters.discord.permissions import bit, title
from adapters.discord.refusals import Archived, Refused, Unknown
from adapters.discord.respond import moment
from adapters.discord.rest import Rest
from adapters.discord.standing import Standing, channel, survey

Json = dict[str, Any]

_FEWEST, _MOST = 2, 100  # messages in one deletion
_YOUNG = 14 * 86_400_000 - 3_600_000  # milliseconds; an hour less than Discord's limit, since clocks differ
_FRESH = 10_000
_TOO_OLD = 50034
_PAGE, _PAGES = 100, 20  # messages in one request, and requests for one person's messages
_REMEMBERED = 200  # acts
_HOLDS_NO_MESSAGES = frozenset({4, 14, 15, 16})  # categories, directories, forums
_FIXED = frozenset({1, 2, 3, 4, 5, 14, 15, 16, 17, 21})  # types of Discord's own sentences that nobody can delete
_MESSAGES, _MESSAGE = "/channels/{channel_id}/messages", "/channels/{channel_id}/messages/{message_id}"


class Purge:
    """What `Powers` does to messages. `clock` gives milliseconds since the epoch."""

    def __init__(self, rest: Rest, clock: Callable[[], int]) -> None:
        self._rest, self._clock = rest, clock
        self._gone: Bounded[str, set[str]] = Bounded(_REMEMBERED)  # ids that are deleted, by the key of the act

    async def delete(self, act: Act, standing: Standing) -> Did:
        """Delete the messages of an act. One that is not there counts as deleted."""
        assert standing.spot is not None  # asked about with a channel
        where = standing.spot.id
        gone = self._gone.get(act.key) or set()
        self._gone.put(act.key, gone)
        ids = sorted({one for one in act.message_ids if one.isdigit()} - gone, key=int)
        oldest = self._clock() - _YOUNG
        young = [one for one in ids if moment(one) > oldest]
        singly = [one for one in ids if moment(one) <= oldest]
        for at in range(0, len(young), _MOST):
            some = young[at : at + _MOST]
            if len(some) >= _FEWEST and await self._together(where, some, act.reason):
                gone |= set(some)
            else:
                singly += some
        left = []
        for one in singly:
            if await self._alone(where, one, act.reason):
                gone.add(one)
            else:
                left.append(one)
        if not left:
            return Did(True)
        count = "one message" if len(left) == 1 else f"{len(left)} messages"
        return Did(
            False, f"Discord does not let {count} be deleted: its own sentences, or an archived thread.", tuple(left)
        )

    async def _together(self, where: str, ids: Sequence[str], reason: str) -> bool:
        """Whether they could be deleted at once. Where one of them cannot be, or is too old, none is."""
        try:
            await self._rest.call(
                "POST", _MESSAGES + "/bulk-delete", {"messages": ids}, reason=reason, channel_id=where
            )
        except (Archived, NotPermitted):
            return False
        except Refused as error:
            if error.code != _TOO_OLD:
                raise
            return False  # Discord's clock is ahead of ours
        return True

    async def _alone(self, where: str, message_id: str, reason: str) -> bool:
        age = self._clock() - moment(message_id)
        # Discord counts the deletion of young, of middling and of old messages apart, and does not say so.
        sort = "sub-10-seconds" if age <= _FRESH else "older-than-two-weeks" if age > _YOUNG else None
        try:
            await self._rest.call(
                "DELETE", _MESSAGE, reason=reason, channel_id=where, message_id=message_id, metadata=sort
            )
        except Unknown:
            return True
        except (Archived, NotPermitted):
            return False
        return True

    async def written(self, me: str, workspace: str, place_id: str, most: int, account_id: str) -> list[Written] | None:
        """See `Powers.written`. Of one account, what is among the newest 2,000 messages. Raises `No`."""
        where = await channel(self._rest, workspace, place_id)
        if where["type"] in _HOLDS_NO_MESSAGES:
            return None
        found: list[Written] = []
        size = _PAGE if account_id else max(min(_PAGE, most), 1)
        query: Json = {"limit": size}
        for _ in range(_PAGES):
            page = await self._rest.call("GET", _MESSAGES, query=query, channel_id=place_id)
            if not page and "before" not in query:
                await self._readable(me, workspace, place_id)
            found += [_written(one) for one in page if _counts(one, account_id)]
            if len(found) >= most or len(page) < size:
                break
            query = {"limit": size, "before": min(int(one["id"]) for one in page)}
        return sorted(found, key=lambda one: int(one.message_id), reverse=True)[:most]

    async def _readable(self, me: str, workspace: str, place_id: str) -> None:
        """Without the permission Discord shows an empty place. Raises `NotPermitted`."""
        standing = await survey(self._rest, me, Act(Power.DELETE, workspace, ""), place_id)
        assert standing.spot is not None  # it was asked about
        if not standing.holds(standing.bot, bit("read_message_history"), standing.spot.overwrites):
            raise NotPermitted(title("read_message_history"))


def _counts(message: Json, account_id: str) -> bool:
    return message.get("type", 0) not in _FIXED and account_id in ("", str(message["author"]["id"]))


def _written(message: Json) -> Written:
    message_id = str(message["id"])
    return Written(message_id, str(message["author"]["id"]), moment(message_id))
