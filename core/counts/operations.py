"""Counting people, as a group and never one by one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from core.access.counting import countable
from core.access.fields import NexusField
from core.access.nexuses import named_or_here
from core.counts import says
from core.counts.counts import answer, begin
from core.counts.since import Since, Span
from core.errors import N_, NotAllowed
from core.nexuses.members import standing_in
from core.nexuses.tree import Nexus, below
from core.operations.context import Context
from core.operations.declare import Confirm, Who, operation
from core.operations.fields import Choice, Text
from core.records.search import query_words, stems
from core.rules.kinds import KINDS, WRITTEN
from core.rules.resolver import may_kind
from core.rules.words import Action


@dataclass(frozen=True, slots=True)
class Count:
    """How many people have something of a kind. `number` is 0 for "fewer than five", however many they are.

    `since` is how people say the span ("" for what is open now); `inside`: what is inside the Nexus was counted too.
    """

    kind: str
    about: str
    number: int
    since: str
    where: str
    inside: bool


@operation(
    "people.count",
    writes=True,
    confirm=Confirm.NEVER,
    says=says.COUNT,
)
def count_people(
    context: Context,
    kind: Annotated[
        str,
        Choice(
            N_("what to count (people with a need, an offer or a fact about them)"),
            WRITTEN,
            also={
                "needing": "need",
                "needed": "need",
                "offered": "offer",
                "seek": "need",
                "seeking": "need",
                "looking": "need",
                "want": "need",
                "search": "need",
                "offering": "offer",
                "provide": "offer",
                "giving": "offer",
                "good": "fact",
                "know": "fact",
                "speak": "fact",
            },
        ),
    ],
    about: Annotated[str, Text(N_("what it is about"), maximum=200, line=True)] = "",
    since: Annotated[Span | None, Since(N_("since when, such as this month or 30 days"))] = None,
    nexus: Annotated[Nexus | None, NexusField(N_("the Nexus"))] = None,
) -> Count:
    """How many people need, offer or are something. Only groups of five and more are told.

    Without a span it counts what is open now; with one, what was posted in it. Who does not want to be counted is not.
    """
    unit, where = context.unit, named_or_here(context, nexus)
    begin(unit)
    wide = standing_in(unit, context.actor.person_id, where.id)[0] >= Who.STEWARD
    around = [where.id, *(below(unit, where.id) if wide else ())]
    allowed = [n for n in around if may_kind(unit, context.audience, n, kind, Action.AGGREGATE)]
    if not allowed:
        raise NotAllowed(
            N_("The rules of {nexus} let nobody here count {kinds}. A steward of it could change that."),
            nexus=where.name,
            kinds=KINDS[kind].many,
        )
    people = countable(
        unit, context.audience, kind, allowed, about=about, since=since.start if since is not None else None
    )
    question = " ".join([*stems(query_words(about)), "|", since.typed if since is not None else "open"])
    number = answer(unit, where.id, kind, question, people)
    context.note(nexus=where.id, kind=kind)
    return Count(
        kind, about, number, since.said if since is not None else "", where.name, any(n != where.id for n in allowed)
    )


OPERATIONS = (count_people,)
