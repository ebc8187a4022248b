"""A change of rules, thought through before it is made: what it comes to, and whether it does anything at all.

What would have no effect is refused with the reason, and nothing is changed: a rule that is said and does nothing is
worse than none, as whoever said it relies on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.access.nexuses import may_know_nexus
from core.errors import N_, Conflict
from core.nexuses.tree import Nexus, nexus_of
from core.operations.context import Context
from core.rulebook.describe import WHO, kinds_in_words, rules_in_words
from core.rulebook.preview import Comparison, compare
from core.rules.decide import Rule, word_of
from core.rules.kinds import SHARED
from core.rules.masks import Chain, rules_on_chain
from core.rules.rules import Change, changed_rules, check_change, without
from core.rules.why import deciding
from core.rules.words import ANY, BITS, PUBLIC, Action, Effect, audiences_of, unpack_actions

_ROLES = ("owner", "steward", "treasurer", "moderator")


@dataclass(frozen=True, slots=True)
class Plan:
    """A change of the rules of one Nexus. `said`: the change in words; `notes`: parts of it that have no effect."""

    nexus: Nexus
    changes: tuple[Change, ...]
    own: tuple[Rule, ...]
    after: tuple[Rule, ...]
    said: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def comparison(self, context: Context) -> Comparison:
        """What it would show and hide."""
        return compare(context.unit, self.nexus.id, self.after, self.changes)


def plan_setting(context: Context, nexus: Nexus, changes: Sequence[Change]) -> Plan:
    """Setting rules. Raises `Conflict` for what has no effect, `BadInput` for what no rule can say."""
    unit = context.unit
    for change in changes:
        check_change(change, unit.now)
    chain = rules_on_chain(unit, nexus.id)
    own = chain[0]
    after = changed_rules(own, nexus.id, changes, by=context.actor.person_id, now=unit.now)
    if _content(own, unit.now) == _content(after, unit.now):
        raise Conflict(N_("That is the rule of {nexus} already."), nexus=nexus.name)
    there = [after, *chain[1:]]
    said = rules_in_words((change.in_nexus(nexus.id) for change in changes), unit.now)
    notes = _blocked(context, nexus, there, changes)
    _refuse_what_needs_more(there, changes, unit.now)
    return Plan(nexus, tuple(changes), tuple(own), tuple(after), tuple(said), tuple(notes))


def plan_clearing(
    context: Context, nexus: Nexus, *, kind: str | None, audience: str | None, actions: int | None
) -> Plan:
    """Taking rules back. Raises `Conflict` where there is none like that."""
    own = rules_on_chain(context.unit, nexus.id)[0]
    after = without(own, kind=kind, audience=audience, actions=actions)
    gone = [
        Change(one.kind, one.audience, one.actions & (actions or one.actions), one.effect, one.scope, one.locked)
        for one in own
        if one not in after
    ]
    if not gone:
        raise Conflict(
            N_("{nexus} has no rule of its own like that. “Show the rules” says what holds here."), nexus=nexus.name
        )
    said = rules_in_words((change.in_nexus(nexus.id) for change in gone), context.now)
    return Plan(nexus, tuple(gone), tuple(own), tuple(after), tuple(said))


def _content(rules: Iterable[Rule], now: int) -> set[tuple[object, ...]]:
    """What rules in force say, whoever said it and in however many pieces."""
    return {
        (one.kind, one.audience, action, str(one.effect), str(one.scope), one.locked, one.not_after)
        for one in rules
        if one.in_force(now)
        for action in unpack_actions(one.actions)
    }


def _blocked(context: Context, nexus: Nexus, chain: Chain, changes: Sequence[Change]) -> list[str]:
    """What is allowed in vain, as something else comes before it. Raises `Conflict` where that is all of it."""
    works = False
    reasons: dict[str, None] = {}
    for change in changes:
        for kind in SHARED if change.kind == ANY else (change.kind,):
            for action in unpack_actions(change.actions):
                rule = deciding(chain, change.audience, action, kind, context.now)
                if change.effect == Effect.DENY or rule is None or rule.effect == Effect.PERMIT:
                    works = True
                else:
                    reasons[_reason(context, nexus, rule)] = None
    if not works:
        raise Conflict(N_("That would change nothing. {reason}"), code="no_effect", reason=next(iter(reasons)))
    return list(reasons)


def _reason(context: Context, nexus: Nexus, rule: Rule) -> str:
    said = rules_in_words([rule], context.now)[0]
    if rule.nexus_id == nexus.id:
        return N_(
            "{nexus} has a rule of its own that comes before it: “{rule}”. Take that one back first, if you mean it."
        ).format(nexus=nexus.name, rule=said)
    known = may_know_nexus(context.unit, context.audience, rule.nexus_id)
    above = nexus_of(context.unit, rule.nexus_id).name if known else N_("a Nexus above")
    return N_("A rule of {above} comes before it: “{rule}”. Only the stewards there can change that.").format(
        above=above, rule=said
    )


def _refuse_what_needs_more(chain: Chain, changes: Sequence[Change], now: int) -> None:
    """Nobody can repeat what they may not see, or take along what they may not repeat: said, never filled in."""
    for change in changes:
        if change.effect == Effect.DENY:
            continue
        actions = set(unpack_actions(change.actions))
        for needing, needed in ((Action.QUOTE, (Action.SEE,)), (Action.EXPORT, (Action.SEE, Action.QUOTE))):
            kinds = SHARED if change.kind == ANY else (change.kind,)
            if needing in actions and not any(_allow(chain, change.audience, kind, needed, now) for kind in kinds):
                raise Conflict(
                    _NEEDS_MORE[needing],
                    code="no_effect",
                    who=WHO[change.audience],
                    what=kinds_in_words([change.kind]),
                )


_NEEDS_MORE = {
    Action.QUOTE: N_(
        "That alone would do nothing: {who} may not see {what} here, so there is nothing to repeat. "
        "If you mean both, say “{who} may see and repeat {what}”."
    ),
    Action.EXPORT: N_(
        "That alone would do nothing: taking {what} along takes seeing and repeating them, and {who} may not do both "
        "here. If you mean all of it, say “{who} may see, repeat and export {what}”."
    ),
}


def _allow(chain: Chain, audience: str, kind: str, needed: Sequence[Action], now: int) -> bool:
    bits = BITS[audience] | PUBLIC | (BITS["member"] if audience in _ROLES else 0)
    word, _ = word_of(chain, kind, now)
    return all(audiences_of(word, action) & bits for action in needed)
