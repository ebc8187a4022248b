"""Slash commands, buttons, forms, completions and shortcuts, as they come in."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence

from slack_bolt.response import BoltResponse

from adapters.contract import Account, Command, MenuEntry, Place, PlaceKind
from adapters.slack.forms import (
    FORM,
    OPEN,
    SHORTCUT,
    Origin,
    chosen_people,
    filled,
    modal,
    read_noted,
    suggestions,
)
from adapters.slack.intake import UNREADABLE, Intake
from adapters.slack.interact import (
    UsedOn,
    account_of,
    command_event,
    form_event,
    named_entry,
    place_of,
    press_event,
    pressed_in,
    slash_words,
    typed_command,
)
from adapters.slack.manifest import GRANT_COMMAND
from adapters.slack.people import PATIENCE, People
from adapters.slack.refusals import Lost, Refused
from adapters.slack.respond import pack
from adapters.slack.text import mentioned
from adapters.slack.translate import Json, author_by, author_of, kind_of, words_of
from adapters.slack.workspaces import Workspace, Workspaces

log = logging.getLogger(__name__)

_TOO_LATE = "The form could not be opened in time. Please try again, or write what you want behind the command."
_OPEN_WITHIN = 2.2  # seconds; a trigger lives three
_COMPLETE_WITHIN = 2.2


def _done() -> BoltResponse:
    return BoltResponse(status=200, body="")


class Interactions:
    """Takes one interaction and returns its acknowledgement; raises what the sink raises."""

    def __init__(
        self,
        workspaces: Workspaces,
        people: People,
        intake: Intake,
        menu: Sequence[MenuEntry],
        clock: Callable[[], int],
    ) -> None:
        self._workspaces = workspaces
        self._people = people
        self._intake = intake
        self._menu = menu
        self._clock = clock

    async def take(self, at: Workspace, body: Json) -> BoltResponse:
        """Store what was done, or open what was asked for. What is not ours is acknowledged and left."""
        try:
            match body.get("type"):
                case None if "command" in body:
                    return await self._slash(at, body)
                case "block_actions":
                    return await self._action(at, body)
                case "view_submission" if body["view"].get("callback_id") == FORM:
                    return await self._submitted(at, body)
                case "block_suggestion":
                    return await self._suggest(at, body)
                case "message_action" | "shortcut":
                    return await self._shortcut(at, body)
        except UNREADABLE as error:
            log.warning("passed over an interaction of type %.40r: %s", body.get("type"), type(error).__name__)
        return _done()

    def _entry(self, name: str) -> MenuEntry | None:
        return next((entry for entry in self._menu if entry.name == name), None)

    async def _own(self, at: Workspace, channel: str, user: str) -> str:
        """Somebody's direct chat with the app, looked up where the channel might be that; "" while it is not known."""
        return await self._people.direct(at, user, patience=PATIENCE) if channel.startswith("D") else ""

    def _place(self, at: Workspace, channel: str, own: str, thread: str = "") -> Place:
        """Where something was done. A direct chat that is not the app's own is two other people's: shared."""
        kind = kind_of(channel)
        if kind is PlaceKind.DIRECT:
            return place_of(channel, PlaceKind.DIRECT if own == channel else PlaceKind.GROUP, thread=thread)
        found = self._people.channel(at, channel)
        return place_of(channel, found.kind if found else kind, found.title if found else "", thread)

    async def _look_up(self, at: Workspace, people: list[str], channel: str, user: str, thread: str = "") -> Place:
        """The place, with everybody's names looked up meanwhile; half a second at most."""
        _, own = await asyncio.gather(self._people.resolve(at, people, channel), self._own(at, channel, user))
        return self._place(at, channel, own, thread)

    async def _slash(self, at: Workspace, body: Json) -> BoltResponse:
        user, channel = str(body["user_id"]), str(body["channel_id"])
        raw = str(body.get("text") or "")
        command = str(body["command"])
        entry, rest = named_entry(self._menu, f"grant {raw}" if command.lower() == GRANT_COMMAND else raw)
        handle = pack(str(body.get("response_url") or ""), self._clock())
        if entry is not None and not rest and entry.missing(set()):
            place = self._place(at, channel, await self._own(at, channel, user))
            view = modal(entry, Origin(channel, place.kind, respond=handle))
            if await self._open(at, str(body["trigger_id"]), view):
                return _done()
            return BoltResponse(status=200, body={"response_type": "ephemeral", "text": _TOO_LATE})
        people = [user, *mentioned(raw)]
        place = await self._look_up(at, people, channel, user)
        accounts = self._people.accounts(at, people)
        text, mentions = slash_words(body, at.me, accounts)
        account = accounts.get(user) or account_of({"id": user, "name": body.get("user_name")}, at.me.team)
        event = command_event(
            f"command:{body['trigger_id']}",
            at.me,
            account,
            place,
            typed_command(command, text),
            mentions=mentions,
            respond=handle,
            sent_at=self._clock(),
        )
        await self._intake.store(at, event)
        return _done()

    async def _open(self, at: Workspace, trigger: str, view: Json) -> bool:
        try:
            async with asyncio.timeout(_OPEN_WITHIN):
                await self._workspaces.call(at, "views.open", trigger_id=trigger, view=view)
        except (Refused, Lost, TimeoutError) as error:
            log.info("a form could not be opened: %s", error or "timeout")
            return False
        return True

    async def _action(self, at: Workspace, body: Json) -> BoltResponse:
        action, user = body["actions"][0], body["user"]
        channel, thread = pressed_in(body)
        who = str(user["id"])
        if str(action.get("action_id", "")).startswith(OPEN):
            await self._open_from_home(at, body, action, who)
            return _done()
        if channel:
            place = await self._look_up(at, [who], channel, who, thread)
        else:  # on the App Home
            _, direct = await asyncio.gather(
                self._people.resolve(at, [who]), self._people.direct(at, who, patience=PATIENCE)
            )
            place = place_of(direct or who, PlaceKind.DIRECT)
        account = self._people.accounts(at, [who]).get(who) or account_of(user, at.me.team)
        event = press_event(body, at.me, account, place, self._clock())
        if event is not None:
            await self._intake.store(at, event)
        return _done()

    async def _open_from_home(self, at: Workspace, body: Json, action: Json, who: str) -> None:
        entry = self._entry(str(action["action_id"]).removeprefix(OPEN))
        if entry is not None:
            direct = await self._people.direct(at, who, patience=PATIENCE)
            await self._open(at, str(body["trigger_id"]), modal(entry, Origin(direct or who, PlaceKind.DIRECT)))

    async def _submitted(self, at: Workspace, body: Json) -> BoltResponse:
        view, user = body["view"], body["user"]
        name, origin = read_noted(str(view.get("private_metadata") or ""))
        entry = self._entry(name)
        if entry is None:  # the menu changed while the form was open
            return _done()
        state, who = view.get("state") or {}, str(user["id"])
        people = chosen_people(state)
        named = [who, *people, *([origin.author] if origin.author else [])]
        await self._people.resolve(at, named)
        accounts = self._people.accounts(at, named)
        values = filled(entry, state, accounts)
        if values.errors:
            return BoltResponse(status=200, body={"response_action": "errors", "errors": values.errors})
        account = accounts.get(who) or account_of(user, at.me.team)
        chosen = [accounts.get(one) or Account(one, one, workspace=at.me.team) for one in people]
        event_id = f"form:{view['id']}:{view.get('hash', '')}"
        author = author_by(origin.author, at.me, accounts) if origin.author else None
        await self._intake.store(at, form_event(event_id, at.me, account, entry, origin, values, chosen, author))
        return _done()

    async def _suggest(self, at: Workspace, body: Json) -> BoltResponse:
        view, user = body.get("view") or {}, body["user"]
        name, origin = read_noted(str(view.get("private_metadata") or ""))
        entry = self._entry(name)
        if entry is None:
            return BoltResponse(status=200, body={"options": []})
        who = str(user["id"])
        account = self._people.accounts(at, [who]).get(who) or account_of(user, at.me.team)
        values = filled(entry, view.get("state") or {})
        event = form_event("completion", at.me, account, entry, origin, values, ())
        try:
            async with asyncio.timeout(_COMPLETE_WITHIN):
                found = await self._intake.sink.complete(event, str(body["block_id"]), str(body.get("value") or ""))
        except TimeoutError:
            found = []
        return BoltResponse(status=200, body=suggestions(found))

    async def _shortcut(self, at: Workspace, body: Json) -> BoltResponse:
        entry = self._entry(str(body.get("callback_id") or "").removeprefix(SHORTCUT))
        if entry is None:
            return _done()
        message, user = body.get("message") or {}, body["user"]
        who = str(user["id"])
        words = words_of(message, at.me)
        given = {entry.shortcut.option: words} if entry.shortcut is not None and words else {}
        channel = str((body.get("channel") or {}).get("id") or "")
        thread = str(message.get("thread_ts") or "")
        ts = str(body.get("message_ts") or message.get("ts") or "")
        handle = pack(str(body.get("response_url") or ""), self._clock())
        own = await self._own(at, channel, who)
        place = self._place(at, channel, own, thread) if channel else place_of(who, PlaceKind.DIRECT)
        if entry.missing(given) or not message:
            writer = str(message.get("user") or message.get("bot_id") or "")
            origin = Origin(place.id, place.kind, thread, ts, handle, writer, words)
            await self._open(at, str(body["trigger_id"]), modal(entry, origin, given))
            return _done()
        people = [who, *([str(message["user"])] if message.get("user") else [])]
        await self._people.resolve(at, people)
        accounts = self._people.accounts(at, people)
        account = accounts.get(who) or account_of(user, at.me.team)
        event = command_event(
            f"shortcut:{body['action_ts']}:{who}",
            at.me,
            account,
            place,
            Command(entry.name, arguments=given),
            message=ts,
            used_on=UsedOn(author_of(message, at.me, accounts), words),
            respond=handle,
            sent_at=self._clock(),
        )
        await self._intake.store(at, event)
        return _done()
