"""The `help` operation: what the caller may do where they are, from the declarations alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from core.errors import N_
from core.help import says
from core.nexuses.founding import is_claimed
from core.nexuses.members import standing_in
from core.nexuses.tree import nexus_of
from core.operations.context import Context
from core.operations.declare import Operation, Who, operation
from core.operations.fields import Text
from core.operations.run import may_call

FIRST = (
    "people.find",
    "need.post",
    "offer.post",
    "nexus.create",
    "invite.accept",
    "invite.create",
    "thought.add",
    "record.search",
    "nexus.show",
    "role.grant",
    "account.link",
)


@dataclass(frozen=True, slots=True)
class Possibility:
    """Something the caller can do: its name, one line, and a sentence to say."""

    operation: str
    about: str
    example: str


@dataclass(frozen=True, slots=True)
class Help:
    """What can be done. `topic` is what was asked for, `more` how many further things there are."""

    topic: str
    nexus: str
    standing: str
    items: tuple[Possibility, ...]
    more: int
    details: str


def _possible(context: Context, topic: str) -> list[Operation]:
    from core.catalogue import REGISTRY

    standing, _ = standing_in(context.unit, context.actor.person_id, context.nexus_id)
    claimed = is_claimed(context.unit)
    found = []
    for candidate in REGISTRY:
        if candidate.internal or candidate.name == "help" or (candidate.name == "owner.claim" and claimed):
            continue
        if candidate.direct_only and not context.where.direct:
            continue
        if not may_call(context.origin, candidate, standing):
            continue
        found.append(candidate)
    if topic:
        words = {w.removesuffix("s") for w in re.findall(r"[a-z]+", topic.casefold()) if len(w) > 2}
        exact = [o for o in found if topic.casefold().replace(" ", ".").lstrip("/") == o.name]
        fits = [o for o in found if words & {w.removesuffix("s") for w in _words(o)}]
        return exact or [o for o in fits if o.subject.removesuffix("s") in words] or fits or found
    order = {name: index for index, name in enumerate(FIRST)}
    return sorted(found, key=lambda o: order.get(o.name, len(order)))


def _words(candidate: Operation) -> set[str]:
    return set(re.findall(r"[a-z]+", f"{candidate.name} {candidate.summary}".casefold()))


_SAMPLE = {
    "text": "a designer for my logo",
    "query": "logo design",
    "name": "Parser",
    "parent": "Studio",
    "person": "Ana",
    "role": "steward",
    "code": "KF3M-9TQ2-X7PD",
    "uses": "3",
    "expires": "7 days",
    "kind": "offers",
    "account": "telegram",
    "nexus": "Parser",
    "need": "designer",
    "offer": "logo design",
    "thought": "#k7m2p",
    "invite": "#k7m2p",
    "audience": "members",
    "topic": "invitations",
    "outcome": "Ana helped",
    "thing": "#k7m2p",
    "other": "Studio",
    "link": "Studio",
    "time": "2h",
    "about": "the parser",
    "by": "Tom",
    "day": "yesterday",
    "entry": "#k7m2p",
    "when": "thursday 15:00",
    "length": "30m",
    "times": "4",
    "slot": "#k7m2p",
    "amount": "500 EUR",
    "purpose": "the parser",
    "grant": "#k7m2p",
    "mandate": "#k7m2p",
    "question": "which grammar?",
    "answer": "the one of last week",
    "reason": "it is too early",
}


_SAMPLE_OF = {
    "offer.post": {"text": "logos and layouts"},
    "thought.add": {"text": "seed swaps might work in winter, too"},
    "nexus.move": {"parent": "Studio"},
}


def example_of(candidate: Operation) -> str:
    """A sentence that asks for an operation, with sample words in its slots."""
    if not candidate.says:
        return "/" + candidate.name.replace(".", " ")
    words = _SAMPLE | _SAMPLE_OF.get(candidate.name, {})
    return re.sub(r"\{(\w+)\}", lambda m: words.get(m[1], m[1]), candidate.says[0])


@operation(
    "help",
    common=True,
    private=True,
    says=says.HELP,
)
def show_help(context: Context, topic: Annotated[str, Text(N_("what about"), maximum=80, line=True)] = "") -> Help:
    """What you can do here."""
    possible = _possible(context, topic)
    standing, _ = standing_in(context.unit, context.actor.person_id, context.nexus_id)
    role = next((w.name.lower() for w in sorted(Who, reverse=True) if standing >= w and w is not Who.ANYONE), "guest")
    shown = possible[:8] if not topic else possible[:12]
    return Help(
        topic,
        nexus_of(context.unit, context.nexus_id).name,
        role,
        tuple(Possibility(o.name, o.summary, example_of(o)) for o in shown),
        len(possible) - len(shown),
        possible[0].help if topic and len(possible) == 1 else "",
    )


OPERATIONS = (show_help,)
