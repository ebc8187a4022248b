"""Rules as stewards set them and moderators read them, and what is answered to a proposal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from core.access.cases import CaseField, moderates
from core.access.targets import Target
from core.buttons.buttons import Choice as Button
from core.errors import N_, BadInput, NotAllowed
from core.moderation.cases import cases, decide
from core.moderation.cases.cases import Case, Message
from core.moderation.guards import counts, found, modes, says
from core.moderation.guards.fields import ALL, RuleField
from core.moderation.guards.found import ACTIONS, Find
from core.moderation.lookback import asked
from core.moderation.own.describe import describe
from core.moderation.own.kept import own_rules, rules_in
from core.moderation.own.says import LOOKING, LOOKING_ALL
from core.moderation.person_operations import OUT
from core.moderation.signals.patterns import WordList
from core.nexuses.tree import nexus_of
from core.operations.context import Context
from core.operations.declare import Confirm, Who, operation
from core.operations.fields import Choice, Text
from core.people.people import person_of
from core.places.places import place_of
from core.quotas.quotas import spend

NAMED = 7  # people who are named in a line
LONGEST_LIST = 200  # words

RULE = RuleField(N_("the rule"), several=True)
MODE = Choice(
    N_("what it may do: off, shadow, ask or act"),
    modes.MODES,
    also={"watch": "shadow", "count": "shadow", "on": "shadow", "asks": "ask", "acts": "act", "none": "off"},
)


@dataclass(frozen=True, slots=True)
class GuardLine:
    """A rule: what it may do, what it looks for and proposes, and what it found in the last seven days.

    `own`: the sentence of a rule of a Nexus's own, "" of one that every Nexus has; `whose`: the Nexus above that made
    it.
    """

    rule: str
    mode: str
    says: str
    proposes: str
    found: int
    people: tuple[str, ...]
    more: int
    right: int
    wrong: int
    fell_back: bool
    own: str = ""
    whose: str = ""


@dataclass(frozen=True, slots=True)
class GuardList:
    """All rules of a Nexus."""

    items: tuple[GuardLine, ...]
    nexus: str
    on: bool


@dataclass(frozen=True, slots=True)
class GuardSet:
    """A rule, or all of them, may do something else from now on; `before` is what one rule might before."""

    rule: str
    mode: str
    before: str
    nexus: str


@dataclass(frozen=True, slots=True)
class Unwanted:
    """The words that are not wanted in a Nexus."""

    items: tuple[str, ...]
    nexus: str
    added: str
    removed: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """A proposal of a rule that was carried out as a case."""

    case_id: int
    number: int
    kind: str
    name: str


@operation("guard.show", who=Who.MODERATOR, private=True, says=says.SHOW)
def show_guards(context: Context) -> GuardList:
    """Show the rules that look after this Nexus: what each may do, and whom it met in the last seven days."""
    unit, nexus_id = context.unit, context.nexus_id
    now_may = modes.modes_of(unit, nexus_id)
    week = counts.count(unit, nexus_id, unit.now - counts.SHOWN)
    lines = []
    own = own_rules(unit, nexus_id)
    for name, rule in rules_in(unit, nexus_id).items():
        made = own.get(name)
        mode = now_may.get(name)
        one = week.get(name, counts.Count())
        lines.append(
            GuardLine(
                name,
                mode.mode if mode is not None else "off",
                rule["says"],
                found.SAYS[ACTIONS[rule["action"]][0]],
                one.found,
                tuple(person_of(unit, person).name for person in one.people[:NAMED]),
                max(0, len(one.people) - NAMED),
                one.right,
                one.wrong,
                mode is not None and mode.mode == "ask" and mode.set_by is None,
                describe(made.own) if made is not None else "",
                nexus_of(unit, made.nexus_id).name if made is not None and made.nexus_id != nexus_id else "",
            )
        )
    return GuardList(tuple(lines), nexus_of(unit, nexus_id).name, any(line.mode != "off" for line in lines))


def _to_say(context: Context, mode: str, rule: str) -> dict[str, str]:
    """What is to be said of which rule. Raises where a Nexus above wants more of it."""
    unit, nexus_id = context.unit, context.nexus_id
    said = {}
    for name in rules_in(unit, nexus_id) if rule == ALL else (rule,):
        least = modes.inherited(unit, nexus_id, name)
        wanted = modes.FIRST.get(name, mode) if rule == ALL and mode == "shadow" else mode
        if modes.strictness(wanted) >= modes.strictness(least):
            said[name] = wanted
        elif rule != ALL:
            raise NotAllowed(N_("A Nexus above wants “{rule}” to be at least “{least}”."), rule=name, least=least)
    return said


def _to_set(context: Context, mode: str, rule: str = ALL) -> dict[str, str]:
    unit = context.unit
    before = modes.modes_of(unit, context.nexus_id)
    said = _to_say(context, mode, rule)
    nexus = nexus_of(unit, context.nexus_id)
    if rule == ALL:
        question = N_("Let all rules in {nexus} {mode}?").format(nexus=nexus.name, mode=_ALL_MAY[mode])
    else:
        week = counts.count(unit, context.nexus_id, context.now - counts.SHOWN).get(rule, counts.Count())
        names = ", ".join(person_of(unit, person).name for person in week.people[:NAMED]) or N_("nobody")
        template = N_("Let the rule “{rule}” {mode} in {nexus}? In the last seven days it met {names}.")
        question = template.format(rule=rule, mode=_MAY[mode], nexus=nexus.name, names=names)
    begins = mode != "off" and any(name not in before or before[name].mode == "off" for name in said)
    if begins and asked.ask(unit, nexus.id, context.actor.person_id, rule):
        question += "\n" + (LOOKING_ALL if rule == ALL else LOOKING)
    return {"question": question}


_MAY = {
    "off": N_("rest"),
    "shadow": N_("count what it would do, and nothing else"),
    "ask": N_("ask the moderators"),
    "act": N_("act by itself"),
}
_ALL_MAY = _MAY | {"shadow": N_("count what they would do, and nothing else"), "act": N_("act by themselves")}


@operation(
    "guard.set",
    writes=True,
    who=Who.STEWARD,
    confirm=Confirm.ALWAYS,
    says=says.SET,
    asks="{question}",
    preview=_to_set,
)
def set_guard(
    context: Context,
    mode: Annotated[str, MODE],
    rule: Annotated[str, RULE] = ALL,
) -> GuardSet:
    """Say what a rule may do: nothing, count in shadow, ask the moderators, or act by itself.

    A Nexus inside this one can be stricter, never laxer. Start all of them in shadow, and look at “automod status”
    after a week.
    """
    unit, nexus_id = context.unit, context.nexus_id
    before = modes.modes_of(unit, nexus_id)
    for name, wanted in _to_say(context, mode, rule).items():
        modes.set_mode(unit, nexus_id, name, wanted, context.actor.person_id)
    context.note(rule=rule, mode=mode)
    was = before[rule].mode if rule in before else "off"
    return GuardSet(rule, mode, was if rule != ALL else "", nexus_of(unit, nexus_id).name)


WORD = Text(N_("a word or a short phrase"), minimum=2, maximum=60, line=True)


@operation("guard.words", writes=True, who=Who.STEWARD, says=says.WORDS, asks=N_("Change the unwanted words?"))
def set_words(
    context: Context,
    add: Annotated[str, WORD] = "",
    remove: Annotated[str, WORD] = "",
) -> Unwanted:
    """Show, add or remove words that are not wanted here. The rule “unwanted words” says what follows."""
    unit, nexus_id = context.unit, context.nexus_id
    words = modes.own_words(unit, nexus_id)
    if add:
        if not WordList([add]):
            raise BadInput(N_("I look for whole words, so I need letters or digits."))
        words = sorted({*words, add.casefold()})
    if remove:
        if remove.casefold() not in words:
            raise BadInput(
                N_("“{word}” is not on the list of {nexus}."), word=remove, nexus=nexus_of(unit, nexus_id).name
            )
        words = [word for word in words if word != remove.casefold()]
    if len(words) > LONGEST_LIST:
        raise BadInput(N_("There is room for {most} words."), most=LONGEST_LIST)
    if add or remove:
        modes.set_words(unit, nexus_id, words, context.actor.person_id)
    return Unwanted(tuple(modes.words_of(unit, nexus_id)), nexus_of(unit, nexus_id).name, add, remove)


def _undo(context: Context, result: Accepted) -> Sequence[Button]:
    return [Button(N_("Undo"), "undo", {"case": f"={result.case_id}"})]


@operation("proposal.accept", writes=True, internal=True, private=True, follows=_undo)
def accept(context: Context, case: Annotated[Case, CaseField(N_("which case"))]) -> Accepted:
    """Carry out what a rule proposed."""
    unit, me = context.unit, context.actor.person_id
    if not moderates(context, case.nexus_id):
        raise NotAllowed(N_("Only moderators can do that."))
    if case.kind != "report" or case.state != "open" or not case.rule or case.account_id is None:
        raise BadInput(N_("Somebody has just dealt with case {number}."), number=case.number)
    assert case.person_id is not None
    assert case.place_id is not None
    about = person_of(unit, case.person_id)
    decide.check_may_act(context, Target(about.id, about.name, case.account_id, ""), case.nexus_id)
    spend(unit, me, OUT)
    (evidence,) = cases.evidence_of(unit, case.id) or (None,)
    place = place_of(unit, case.place_id)
    message = Message(
        place.platform,
        place.workspace,
        place.external_id,
        evidence["message_id"] if evidence is not None else "",
        case.person_id,
        evidence["words"] if evidence is not None else "",
        evidence["thread"] if evidence is not None else "",
    )
    why = decide.standing_of(context, case.nexus_id)
    find = Find(case.nexus_id, case.rule, "ask", place, case.person_id, case.account_id, message, ())
    made = found.act(unit, find, by_id=me, why=why, turn=context.key)
    cases.move(unit, case, "closed", me)
    found.move_to(unit, case.id, made.id)
    context.note(case_id=made.id)
    return Accepted(made.id, made.number, made.kind, about.name)


OPERATIONS = (show_guards, set_guard, set_words, accept)
