"""Replies out: sent in parts, each part once, resumed where one failed, edited in place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from adapters.common.bounded import Bounded
from adapters.contract import Address, Gone, Reply, Sent
from adapters.slack.api import Api
from adapters.slack.compose import Part, compose
from adapters.slack.people import People
from adapters.slack.post import FILE, Post
from adapters.slack.reconcile import Reconciler
from adapters.slack.refusals import Lost, Refused, contract_error
from adapters.slack.stream import Streams
from adapters.slack.ways import Way, way_of
from adapters.slack.workspaces import Workspace, Workspaces

_REMEMBERED = 2_000
_Message = tuple[str, str]  # place and id


class Deliverer:
    """Sends and edits. Raises a `DeliveryError`."""

    def __init__(self, api: Api, workspaces: Workspaces, people: People, clock: Callable[[], int]) -> None:
        self._workspaces = workspaces
        self._people = people
        self._clock = clock
        self._streams = Streams(workspaces)
        self._post = Post(api, workspaces, people, self._streams)
        self._reconciler = Reconciler(workspaces, clock)
        self._sent: Bounded[str, Sent] = Bounded(_REMEMBERED)  # by outbox key: what has gone out so far
        self._keys: Bounded[_Message, str] = Bounded(_REMEMBERED)  # by the first message of a key
        self._grown: Bounded[_Message, tuple[str, ...]] = Bounded(_REMEMBERED)

    async def send(self, to: Address, reply: Reply, key: str) -> Sent:
        """Send all parts. Called again with the same key, it goes on after the last part that went out."""
        at = await self._workspaces.need(to.workspace)
        try:
            way = await way_of(to, at, self._people, self._clock())
            done = self._sent.get(key) or Sent(way.channel, ())
            found = {} if way.user else await self._reconciler.look(at, way.channel, way.thread, to, key)
            for index, part in enumerate(compose(reply)):
                if index < len(done.message_ids):
                    continue
                channel, message_id = await self._once(at, way, part, reply, key, index, found.get(index, ""))
                done = Sent(channel if part.file is None else done.place_id, (*done.message_ids, message_id))
                self._sent.put(key, done)
                self._keys.put((done.place_id, done.message_ids[0]), key)
        except (Refused, Lost) as error:
            trouble = contract_error(error)
            self._reconciler.note(key, trouble)
            raise trouble from None
        self._reconciler.settled(key)
        return done

    async def _once(
        self, at: Workspace, way: Way, part: Part, reply: Reply, key: str, index: int, found: str
    ) -> _Message:
        """Send a part, or take the message that it became before, which may show less (it was still growing)."""
        if found and part.file is None and await self._post.replace(at, way, found, part):
            return way.channel, found
        if index == 0 and part.file is None and not way.user:
            ts = await self._streams.start(at, way.channel, way.thread, way.reader, reply)
            if ts:
                return way.channel, ts
        return await self._post.send(at, way, part, key, index)

    async def edit(self, to: Address, sent: Sent, reply: Reply) -> Sent:
        """Make what was sent look like `reply`: messages edited, added at the end or deleted."""
        at = await self._workspaces.need(to.workspace)
        if len(sent.message_ids) == 1 and await self._streams.grow(at, sent.place_id, sent.message_ids[0], reply):
            return sent
        try:
            return await self._edit(at, to, sent, reply)
        except (Refused, Lost) as error:
            trouble = contract_error(error)
            if isinstance(trouble, Gone) and sent.message_ids:
                self._sent.pop(self._keys.pop((sent.place_id, sent.message_ids[0])) or "")  # it can be said anew
            raise trouble from None

    async def _edit(self, at: Workspace, to: Address, sent: Sent, reply: Reply) -> Sent:
        ids = list(sent.message_ids)
        memory = (sent.place_id, ids[0] if ids else "")
        grown = self._grown.get(memory) or ()
        if grown[: len(ids)] == sent.message_ids:  # an earlier edit failed after it had added messages
            ids = list(grown)
        way = replace(await way_of(to, at, self._people, self._clock()), channel=sent.place_id)
        if way.user and sent.place_id != to.place_id:  # it went to their direct chat, where it can be edited
            way = replace(way, user="", thread="")
        parts = compose(reply)
        name = f"edit:{memory[1]}"
        for index, part in enumerate(parts):
            if index < len(ids):
                ids[index] = await self._edit_part(at, way, ids[index], part, name, index)
                continue
            ids.append((await self._post.send(at, way, part, name, index))[1])
            self._grown.put(memory, tuple(ids))
        for surplus in ids[len(parts) :]:
            await self._post.delete(at, sent.place_id, surplus)
        self._grown.pop(memory)
        return Sent(sent.place_id, tuple(ids[: len(parts)]))

    async def _edit_part(self, at: Workspace, way: Way, message_id: str, part: Part, name: str, index: int) -> str:
        """The id afterwards: the same, unless the message could not be turned into this part."""
        if part.file is not None and message_id.startswith(FILE):
            return message_id
        if part.file is not None or message_id.startswith(FILE):
            await self._post.delete(at, way.channel, message_id)
        elif await self._post.replace(at, way, message_id, part):
            return message_id
        return (await self._post.send(at, way, part, name, index))[1]
