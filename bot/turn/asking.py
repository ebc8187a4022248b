"""What a platform asks while a person waits, and what is answered without being recorded: completions, their page.

Everything here only reads, with the asker's own rights and for who would hear the answer.
"""

from __future__ import annotations

from adapters.contract import Card, Event, Heard, Reply, Suggestion
from bot.cards import reply_for, reply_for_error
from bot.cards.plain import as_text
from bot.inbox import inbox
from bot.inbox.inbox import Entry
from bot.log import log
from bot.turn.commands import read_command
from bot.turn.context import context_of, setting_of
from bot.unit import AsyncStore
from bot.words import Words
from core.errors import N_, NexusError
from core.operations import AudienceKind, Context, Origin, Registry
from core.operations.run import run
from core.people.people import known_speaker
from core.places.places import place_at
from core.store import Unit

MOST = 25  # what Discord shows, and plenty
HOME = ("nexus.list", "record.mine", "account.list")  # what a page of one's own is made of
HOME_TITLE = N_("Hi {name}. This is where you stand.")
STRANGER = N_(
    "Hi {name}. I'm the Cofounder of this Nexus. Tell me in a message what you need, what you can offer, or what is on "
    "your mind."
)


class Asking:
    """The reading half of `adapters.contract.Sink`."""

    def __init__(self, store: AsyncStore, registry: Registry, words: Words) -> None:
        self._store = store
        self._registry = registry
        self._words = words

    async def complete(self, event: Event, option: str, typed: str) -> list[Suggestion]:
        """See `Sink.complete`."""
        try:
            return await self._store.read(lambda unit: self._complete(unit, event, option, typed))
        except Exception:
            log.exception("nothing could be suggested")
            return []

    def _complete(self, unit: Unit, event: Event, option: str, typed: str) -> list[Suggestion]:
        context = self._context(unit, event)
        if context is None or event.command is None:
            return []
        operation, _ = read_command(self._registry, event.command)
        parameter = operation.parameter(option)
        if parameter is None:
            return []
        if operation.private and context.audience.kind is not AudienceKind.PERSON:
            context = context.private()
        return [Suggestion(label, value) for label, value in parameter.field.suggest(typed, context)[:MOST]]

    async def home(self, event: Event) -> Reply:
        """See `Sink.home`."""
        name = event.account.name or event.account.username
        try:
            return await self._store.read(lambda unit: self._home(unit, event, name))
        except Exception:
            log.exception("a page could not be made")
            return Reply(self._words(STRANGER, name=name))

    def _home(self, unit: Unit, event: Event, name: str) -> Reply:
        context = self._context(unit, event)
        if context is None:
            return Reply(self._words(STRANGER, name=name))
        parts = []
        for operation in HOME:
            try:
                outcome = run(self._registry, context.private(), operation, {})
                parts.append(as_text(reply_for(outcome, self._words)))
            except NexusError as error:
                parts.append(as_text(reply_for_error(error, self._words)))
        return Reply(card=Card(self._words(HOME_TITLE, name=name), "\n\n".join(filter(None, parts))))

    async def heard(self, platform: str) -> list[Heard]:
        """See `Sink.heard`."""
        return await self._store.read(lambda unit: inbox.heard(unit, platform))

    def _context(self, unit: Unit, event: Event) -> Context | None:
        """The context of the event as if it had been recorded; None for somebody who never had to do with us."""
        account, place = event.account, event.place
        who = known_speaker(unit, platform=event.platform, workspace=account.workspace, external_id=account.id)
        if who is None:
            return None
        where = place_at(
            unit,
            platform=event.platform,
            workspace=event.workspace,
            external_id=place.id,
            thread=place.thread,
            kind=place.kind.value,
            title=place.title,
        )
        entry = Entry(0, event, who.person_id, who.account_id, where.id)
        return context_of(unit, entry, setting_of(unit, entry, where), Origin.COMMAND, "")
