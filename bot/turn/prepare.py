"""What a turn with a model starts from: read before the prompt is built, and only what its listeners may hear.

Decision rule for what goes into a prompt: who hears the answer may hear it now (facts, earlier talk, what tools gave
before a crash), and the Nexus and the author of each record let it go to the provider.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from bot.cofounder.brain import Conversation, Fact, Step
from bot.inbox.inbox import Entry
from bot.talk import budget, memory
from bot.talk.budget import Caps
from bot.talk.heard import Mark, listeners
from bot.talk.memory import Recalled
from bot.talk.provider import Refused, refused
from bot.turn.context import Setting, sayable, setting_of, usable
from core.access.again import sendable, those_recallable
from core.access.records import Record, search_records
from core.operations import Audience, AudienceKind, Operation, Registry
from core.places.places import audience_of
from core.store import Unit

FACTS = 2  # with two the first turn stays below 800 tokens, however they are counted
_LOOKED_AT = 4 * FACTS  # some of them may be kept from the provider
SHOWN = "The answer was shown to the person, who alone decides what to do with it. Say nothing about its content."


@dataclass(slots=True)
class Prepared:
    """No conversation: a cap is reached, or somebody's yes to the provider is missing (`refused`).

    `audience` hears the answer, and the answer may tell of all `records`: they are in the prompt.
    """

    setting: Setting
    audience: Audience
    conversation: Conversation | None = None
    refused: Refused = Refused.NOBODY
    recalled: Recalled = field(default_factory=lambda: Recalled(Mark("")))
    records: frozenset[int] = frozenset()

    def mark(self, records: frozenset[int] = frozenset()) -> Mark:
        """What a line that is said now is marked with: it may tell of these records."""
        return Mark(listeners(self.audience), records, frozenset({self.setting.nexus_id}))


def prepare(unit: Unit, registry: Registry, caps: Caps, entry: Entry) -> Prepared:
    """Read the conversation, and who may use what here."""
    setting = setting_of(unit, entry)
    audience = audience_of(unit, setting.place, setting.person.id)
    missing = refused(unit, setting.nexus_id, setting.person.id)
    if missing or budget.room(unit, caps, setting.person.id, setting.nexus_id):
        return Prepared(setting, audience, refused=missing)
    recalled = memory.recall(unit, entry.talk_key, audience)
    known = _facts(unit, audience, entry.event.text)
    possible = usable(registry, setting)
    conversation = Conversation(
        message=entry.event.text,
        speaker=setting.person.name.split(" ")[0],
        nexus=setting.nexus,
        standing=setting.role,
        audience=_heard_by(setting, audience),
        tools=_offered(possible),
        all_tools=sayable(registry, setting),
        summary=recalled.summary,
        history=[line.said for line in recalled.lines if line.said.text],
        facts=[Fact(r.author, f"{r.kind} #{r.handle}: {r.body}") for r in known],
        conversation_id=entry.talk_key,
    )
    records = recalled.mark.records.union(r.id for r in known)
    return Prepared(setting, audience, conversation, recalled=recalled, records=records)


def steps_again(unit: Unit, audience: Audience, steps: Sequence[Step], records: Collection[int]) -> list[Step]:
    """What a turn did before it was broken off, and had these records in mind.

    If one of them may not go into a prompt any more, no words are left: a model repeats in its calls what it read.
    """
    if len(those_recallable(unit, audience, records)) == len(records):
        return list(steps)
    return [Step(step.operation, {}, SHOWN) for step in steps]


def _facts(unit: Unit, audience: Audience, message: str) -> list[Record]:
    found = search_records(unit, audience, message, most=_LOOKED_AT)
    fine = sendable(unit, found)
    return [r for r in found if r.id in fine][:FACTS]


def _offered(possible: Sequence[Operation]) -> list[Operation]:
    return [operation for operation in possible if operation.common]


def _heard_by(setting: Setting, audience: Audience) -> str:
    match audience.kind:
        case AudienceKind.PERSON:
            return f"only {setting.person.name.split(' ')[0]}"
        case AudienceKind.MEMBERS:
            return f"the members of {setting.nexus}"
        case AudienceKind.PEOPLE:
            return "the people in this channel"
        case _:
            return "anyone"
