"""Seeing and setting the rules of a Nexus, and asking why something may be seen or not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from sqlalchemy import bindparam, select

from core.access.fields import PersonField
from core.access.listeners import all_inside
from core.access.nexuses import may_know_nexus, named_or_here
from core.access.records import Record, open_records
from core.errors import N_, NotAllowed
from core.nexuses.members import standing_in
from core.nexuses.tables import membership
from core.nexuses.tree import Nexus, chain, nexus_of
from core.notices.notices import notify
from core.operations.context import Context
from core.operations.declare import Confirm, Who, operation
from core.people.people import Person
from core.rulebook import reasons, says
from core.rulebook.arguments import (
    ACTION,
    ACTIONS,
    ALLOW,
    AUDIENCE,
    EFFECT,
    KIND,
    KIND_WORDS,
    KINDS,
    LOCKED,
    NEXUS,
    PEOPLE,
    REACH,
    SENTENCE,
    UNTIL,
    WHAT_WORDS,
    WHO_WORDS,
    cleared,
    planned,
)
from core.rulebook.describe import kinds_come_to, listing, rules_in_words
from core.rulebook.fields import AboutField, PickedField, Wanted
from core.rulebook.planning import Plan
from core.rulebook.preview import Comparison
from core.rulebook.sentence import Several
from core.rulebook.telling import opened_in_words, outcome_in_words, reach_in_words, shifts_in_words
from core.rules.decide import word_of
from core.rules.kinds import SHARED
from core.rules.masks import Chain, rules_on_chain
from core.rules.rules import clear_rules
from core.rules.rules import set_rules as write_rules
from core.rules.why import deciding
from core.rules.words import ANY, Scope, pack_actions, unpack_actions

MOST_EXAMPLES = 10
_STEWARDS_OF = (
    select(membership.c.person_id, membership.c.nexus_id)
    .where(
        membership.c.nexus_id.in_(bindparam("nexus_ids", expanding=True)),
        membership.c.role.in_(["owner", "steward"]),
        membership.c.state == "active",
    )
    .distinct()
    .order_by(membership.c.person_id, membership.c.nexus_id)
)
_TOLD_OF = 200  # Nexuses inside whose stewards are told of a change


@dataclass(frozen=True, slots=True)
class RuleAbove:
    """A rule that comes from a Nexus above."""

    nexus: str
    rule: str


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a Nexus in words. `items`: what they come to; `own` and `above`: the rules, with where from."""

    nexus: str
    items: tuple[str, ...]
    own: tuple[str, ...]
    above: tuple[RuleAbove, ...]
    may_change: bool


@dataclass(frozen=True, slots=True)
class RulesChanged:
    """Rules that were set or taken back, in words."""

    nexus: str
    nexus_id: int
    rules: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change would do. `rules`: the change; `nexuses`: what newly becomes visible where; `examples` of it."""

    nexus: str
    rules: tuple[str, ...]
    items: tuple[str, ...]
    nexuses: tuple[str, ...]
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reasons:
    """An answer to "why", sentence by sentence."""

    items: tuple[str, ...]


# -- looking -----------------------------------------------------------------------------------------------------


@operation("rule.show", who=Who.MEMBER, says=says.SHOW)
def show(context: Context, nexus: Annotated[Nexus | None, NEXUS] = None) -> Rules:
    """The rules of a Nexus: who may see what, and what may be done with it."""
    where = named_or_here(context, nexus)
    if not all_inside(context, where.id):
        raise NotAllowed(N_("I can't say that here. Ask me in a direct message."))
    unit = context.unit
    rules = rules_on_chain(unit, where.id)
    words = {kind: word_of(rules, kind, unit.now)[0] for kind in SHARED}
    return Rules(
        where.name,
        tuple(kinds_come_to(words)),
        tuple(rules_in_words(rules[0], unit.now)),
        tuple(_from_above(context, where, rules)),
        standing_in(unit, context.actor.person_id, where.id)[0] >= Who.STEWARD,
    )


def _from_above(context: Context, where: Nexus, rules: Chain) -> Iterator[RuleAbove]:
    """The rules from above that still decide something here, as far as they do."""
    now = context.now
    for upper, its in zip(chain(context.unit, where.id)[1:], rules[1:], strict=True):
        deciders = []
        for rule in its:
            kinds = SHARED if rule.kind == ANY else (rule.kind,)
            decides = pack_actions(
                action
                for action in unpack_actions(rule.actions)
                if any(deciding(rules, rule.audience, action, kind, now) == rule for kind in kinds)
            )
            if decides:
                deciders.append(replace(rule, actions=decides))
        known = may_know_nexus(context.unit, context.audience, upper.id)
        name = upper.name if known else N_("a Nexus above")
        yield from (RuleAbove(name, one) for one in rules_in_words(deciders, now))


# -- setting -----------------------------------------------------------------------------------------------------


def _question_for(context: Context, plan: Plan, opening: str) -> str:
    """A card's text: what is said, what would change for whom, what it comes to, how far it reaches."""
    compared = plan.comparison(context)
    here_only = bool(plan.changes) and all(change.scope == Scope.SELF for change in plan.changes)
    lines = [
        opening.format(nexus=plan.nexus.name),
        *(f"• {rule}." for rule in plan.said),
        "",
        *shifts_in_words(compared),
        *outcome_in_words(compared),
        *(N_("In part it changes nothing. {reason}").format(reason=note) for note in plan.notes),
        reach_in_words(compared, _names(context, compared.keeping), here_only=here_only, nexus=plan.nexus.name),
    ]
    return "\n".join(lines)


def _names(context: Context, ids: Sequence[int]) -> dict[int, str]:
    """What Nexuses are called that the caller may know of."""
    return {
        nexus_id: nexus_of(context.unit, nexus_id).name
        for nexus_id in ids[:50]
        if may_know_nexus(context.unit, context.audience, nexus_id)
    }


def _settable(context: Context, **arguments: object) -> Mapping[str, str]:
    plan = planned(context, **arguments)  # type: ignore[arg-type]
    return {"question": _question_for(context, plan, N_("Shall this hold in {nexus}?"))}


@operation(
    "rule.set",
    writes=True,
    who=Who.STEWARD,
    confirm=Confirm.ALWAYS,
    private=True,
    says=says.SET,
    preview=_settable,
    asks="{question}",
    tells=N_("Done. In {nexus} it holds from now on: {rules}."),
)
def set_rules(
    context: Context,
    text: Annotated[Wanted | None, SENTENCE] = None,
    kind: Annotated[Several | None, KINDS] = None,
    who: Annotated[Several | None, PEOPLE] = None,
    what: Annotated[Several | None, ACTIONS] = None,
    effect: Annotated[str, EFFECT] = ALLOW,
    nexus: Annotated[Nexus | None, NEXUS] = None,
    where: Annotated[str | None, REACH] = None,
    locked: Annotated[bool | None, LOCKED] = None,
    until: Annotated[int | None, UNTIL] = None,
) -> RulesChanged:
    """Set rules of a Nexus: who may see needs, offers and facts, repeat, count or export them.

    Say it in a sentence (“members may see needs, the public only counts them”), or give kind, who and what. I show
    what it would reveal and hide before it holds.
    """
    plan = planned(context, text, kind, who, what, effect, nexus, where, locked, until)
    compared = plan.comparison(context)
    write_rules(context.unit, plan.nexus.id, plan.changes, by=context.actor.person_id)
    return _changed(context, plan, compared)


def _changed(context: Context, plan: Plan, compared: Comparison) -> RulesChanged:
    """Note what was changed, and tell the stewards inside where more may be seen now."""
    context.note(nexus=plan.nexus.id, rules=len(plan.changes))
    rules = "; ".join(plan.said)
    inside = [nexus_id for nexus_id in compared.opened if nexus_id != plan.nexus.id][:_TOLD_OF]
    told: dict[int, list[int]] = {}
    for row in context.unit.rows(_STEWARDS_OF, nexus_ids=inside) if inside else ():
        if row["person_id"] != context.actor.person_id:
            told.setdefault(row["person_id"], []).append(row["nexus_id"])
    for person_id, nexuses in told.items():
        names = [nexus_of(context.unit, nexus_id).name for nexus_id in nexuses[:4]]
        more = len(nexuses) - len(names)
        notify(
            context.unit,
            person_id,
            N_("{who} changed the rules of {nexus}, and more may be seen now in {inside} too: {rules}."),
            {
                "who": context.actor.name,
                "nexus": plan.nexus.name,
                "inside": listing([*names, N_("{count} more").format(count=more)] if more else names),
                "rules": rules,
            },
        )
    return RulesChanged(plan.nexus.name, plan.nexus.id, rules)


@operation("rule.preview", who=Who.STEWARD, private=True, says=says.PREVIEW)
def preview(
    context: Context,
    text: Annotated[Wanted | None, SENTENCE] = None,
    kind: Annotated[Several | None, KINDS] = None,
    who: Annotated[Several | None, PEOPLE] = None,
    what: Annotated[Several | None, ACTIONS] = None,
    effect: Annotated[str, EFFECT] = ALLOW,
    nexus: Annotated[Nexus | None, NEXUS] = None,
    where: Annotated[str | None, REACH] = None,
    locked: Annotated[bool | None, LOCKED] = None,
    until: Annotated[int | None, UNTIL] = None,
) -> Preview:
    """What a rule would show to whom, and hide from whom, without setting it."""
    plan = planned(context, text, kind, who, what, effect, nexus, where, locked, until)
    compared = plan.comparison(context)
    here_only = all(change.scope == Scope.SELF for change in plan.changes)
    names = _names(context, [*compared.keeping, *compared.opened])
    reach = reach_in_words(compared, names, here_only=here_only, nexus=plan.nexus.name)
    return Preview(
        plan.nexus.name,
        plan.said,
        (*shifts_in_words(compared, 20), *outcome_in_words(compared), *plan.notes, reach),
        tuple(opened_in_words(compared, names)),
        tuple(_examples(context, compared)),
    )


def _examples(context: Context, compared: Comparison) -> list[str]:
    """Some of what newly becomes visible, as far as the caller may see it."""
    found: list[Record] = []
    for nexus_id, counts in compared.opened.items():
        for kind in counts:
            if len(found) < MOST_EXAMPLES and counts[kind]:
                left = MOST_EXAMPLES - len(found)
                found += open_records(context.unit, context.audience, kind, nexus_id=nexus_id, most=left)
    return [f"{record.name} (#{record.handle})" for record in found]


# -- taking back -------------------------------------------------------------------------------------------------


def _clearable(
    context: Context,
    kind: str | None = None,
    who: str | None = None,
    what: str | None = None,
    nexus: Nexus | None = None,
) -> Mapping[str, str]:
    plan = cleared(context, kind, who, what, nexus)
    opening = N_("Take this back in {nexus}? The rules above decide then.")
    return {"question": _question_for(context, plan, opening)}


@operation(
    "rule.clear",
    writes=True,
    who=Who.STEWARD,
    confirm=Confirm.ALWAYS,
    private=True,
    says=says.CLEAR,
    preview=_clearable,
    asks="{question}",
    tells=N_("Done. This is no rule of {nexus} any more: {rules}."),
)
def clear(
    context: Context,
    kind: Annotated[str | None, KIND] = None,
    who: Annotated[str | None, AUDIENCE] = None,
    what: Annotated[str | None, ACTION] = None,
    nexus: Annotated[Nexus | None, NEXUS] = None,
) -> RulesChanged:
    """Take rules of a Nexus back, all of them or those about a kind, some people, or an action."""
    plan = cleared(context, kind, who, what, nexus)
    compared = plan.comparison(context)
    clear_rules(
        context.unit,
        plan.nexus.id,
        kind=KIND_WORDS[kind] if kind else None,
        audience=WHO_WORDS[who] if who else None,
        actions=pack_actions((WHAT_WORDS[what],)) if what else None,
    )
    return _changed(context, plan, compared)


# -- why ---------------------------------------------------------------------------------------------------------


THING = AboutField(N_("what it is about: a short name such as #k7m2p, or needs, offers, facts"))


@operation("why", private=True, says=says.WHY)
def why(
    context: Context,
    thing: Annotated[Record | tuple[str, ...] | None, THING] = None,
    person: Annotated[Person | None, PersonField(N_("the person"))] = None,
    action: Annotated[str, PickedField(N_("what is done"), tuple(WHAT_WORDS), also=ACTION.also)] = "see",
    nexus: Annotated[Nexus | None, NEXUS] = None,
    group: Annotated[str | None, AUDIENCE] = None,
) -> Reasons:
    """Why you, somebody else, or a group such as the public, may see something or not.

    I name the membership, the Nexus, the rule and the consent that decide, and since when they do.
    """
    who = person or Person(context.actor.person_id, context.actor.name)
    done = WHAT_WORDS[action]
    if isinstance(thing, Record):
        return Reasons(tuple(reasons.about_record(context, thing, who, done)))
    where = named_or_here(context, nexus)
    if group is not None and person is None:
        return Reasons(tuple(reasons.about_group(context, where, thing or SHARED, WHO_WORDS[group], done)))
    return Reasons(tuple(reasons.about_kinds(context, where, thing or SHARED, who, done)))


OPERATIONS = (show, set_rules, clear, preview, why)
