"""Making, changing and taking back rules of a Nexus's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from core.buttons.buttons import Choice
from core.errors import N_, BadInput, Missing, NotAllowed
from core.moderation.guards import modes
from core.moderation.guards.fields import RuleField
from core.moderation.lookback import asked
from core.moderation.own import says
from core.moderation.own.describe import describe
from core.moderation.own.fields import DeedField, OrderField
from core.moderation.own.kept import Kept, check_name, check_room, free_name, keep, own_rules, remove, rules_of
from core.moderation.own.sentence import LONGEST_NAME, POINTS, USUAL_TIMEOUT, Said
from core.moderation.signals.own import Own
from core.nexuses.tree import nexus_of
from core.operations.context import Context
from core.operations.declare import Confirm, Who, operation
from core.operations.fields import Text

ORDER = OrderField(N_("the rule, as you would say it (“delete messages with ‘free nitro’ from newcomers”)"))
DEED = DeedField(N_("what to do (delete, warn, time out for 2h, remove, ban, or ask us)"))
NAME = Text(N_("what the rule is to be called"), minimum=1, maximum=LONGEST_NAME, line=True)
_NEWCOMERS = N_(
    "Newcomers are: who came today, whose account is less than a week old, or who has written less than five times."
)
_CAME = N_("Where a platform does not say when somebody came, I know it only of those whom I saw arrive.")
_MADE = N_("When an account was made, Discord alone tells me.")


@dataclass(frozen=True, slots=True)
class Drafted:
    """A rule of a Nexus's own that was made or changed; `says` is the rule in words."""

    name: str
    says: str
    nexus: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Removed:
    """A rule of a Nexus's own that was taken back."""

    name: str
    says: str
    nexus: str


@dataclass(frozen=True, slots=True)
class _Plan:
    name: str
    own: Own
    before: Kept | None


def _planned(context: Context, text: Said | None, action: Said | None, name: str) -> _Plan:
    """The rule that the arguments ask for. Raises what is wrong or missing."""
    unit, nexus_id = context.unit, context.nexus_id
    if text is None:
        raise Missing(N_("Something is missing: {about}."), about=ORDER.about, names=["text"])
    done = action or text
    if not done.action:
        raise Missing(N_("Something is missing: {about}."), about=DEED.about, names=["action"])
    seconds = done.seconds if done.seconds or done.action != "timeout" else USUAL_TIMEOUT
    points = POINTS[done.action] if done.points is None else done.points
    own = Own(text.groups, done.action, seconds, points, text.times, text.within)
    called = " ".join((name or text.name).casefold().split())
    if called:
        check_name(unit, nexus_id, called)
    else:
        called = free_name(unit, nexus_id, own)
    before = rules_of(unit, nexus_id).get(called)
    if before is not None and before.own == own:
        raise BadInput(N_("That is what the rule “{name}” looks for already."), name=called)
    check_room(unit, nexus_id, own, called)
    return _Plan(called, own, before)


def _to_draft(
    context: Context, text: Said | None = None, action: Said | None = None, name: str = ""
) -> Mapping[str, str]:
    plan = _planned(context, text, action, name)
    nexus = nexus_of(context.unit, context.nexus_id).name
    lines = [N_("I understood: {rule}.").format(rule=describe(plan.own)), *_notes(plan.own)]
    if plan.before is not None:
        template = N_("It takes the place of “{name}” as it is now: {rule}.")
        lines.append(template.format(name=plan.name, rule=describe(plan.before.own)))
    template = N_(
        "Shall I keep it in {nexus} as “{name}”? It begins in shadow: it counts whom it meets, and does nothing."
    )
    lines.append(template.format(nexus=nexus, name=plan.name))
    if asked.ask(context.unit, context.nexus_id, context.actor.person_id, plan.name, plan.own):
        lines.append(says.LOOKING)
    return {"question": "\n".join(lines)}


def _notes(own: Own) -> list[str]:
    looks = {look.what for group in own.groups for look in group}
    return [note for what, note in (("newcomer", _NEWCOMERS), ("joined", _CAME), ("made", _MADE)) if what in looks]


def _after_draft(context: Context, result: Drafted) -> Sequence[Choice]:
    return [Choice(N_("Take it back"), "guard.remove", {"rule": result.name})]


@operation(
    "guard.draft",
    writes=True,
    who=Who.STEWARD,
    confirm=Confirm.ALWAYS,
    private=True,
    says=says.DRAFT,
    preview=_to_draft,
    asks="{question}",
    follows=_after_draft,
)
def draft(
    context: Context,
    text: Annotated[Said | None, ORDER] = None,
    action: Annotated[Said | None, DEED] = None,
    name: Annotated[str, NAME] = "",
) -> Drafted:
    """Make a rule of your own about messages, in a sentence: what to look for, and what to do then.

    It may look for words, expressions, links, invitations, mentions, capitals, repeats, files, how new somebody is, and
    how often (“more than three times in ten minutes”). I say back what I understood. It starts in shadow; “let the
    nitro rule ask” lets it do more. A name that is taken changes that rule.
    """
    unit, nexus_id = context.unit, context.nexus_id
    plan = _planned(context, text, action, name)
    kept = keep(unit, nexus_id, plan.name, plan.own, context.actor.person_id)
    modes.set_mode(unit, nexus_id, plan.name, "shadow", context.actor.person_id)
    context.note(own_id=kept.id)
    return Drafted(plan.name, describe(plan.own), nexus_of(unit, nexus_id).name, plan.before is not None)


def _own(context: Context, name: str) -> Kept:
    """A rule that this Nexus made. Raises what is to be said of any other."""
    unit = context.unit
    found = rules_of(unit, context.nexus_id).get(name)
    if found is not None:
        return found
    above = own_rules(unit, context.nexus_id).get(name)
    if above is not None:
        raise NotAllowed(
            N_("“{name}” is a rule of {nexus}: only its stewards can change that."),
            name=name,
            nexus=nexus_of(unit, above.nexus_id).name,
        )
    raise BadInput(N_("Every Nexus has the rule “{name}”. “Turn the {name} rule off” lets it rest."), name=name)


def _to_remove(context: Context, rule: str) -> Mapping[str, str]:
    own = _own(context, rule)
    return {"says": describe(own.own), "nexus": nexus_of(context.unit, context.nexus_id).name}


@operation(
    "guard.remove",
    writes=True,
    who=Who.STEWARD,
    private=True,
    says=says.REMOVE,
    preview=_to_remove,
    asks=N_("Take the rule “{rule}” of {nexus} back? It says: {says}."),
    tells=N_("Done. “{name}” is no rule of {nexus} any more. It said: {says}."),
)
def take_back(context: Context, rule: Annotated[str, RuleField(N_("the rule of your own"))]) -> Removed:
    """Take a rule of your own back. What it did stays; what waits for an answer can still be dismissed."""
    own = _own(context, rule)
    remove(context.unit, own)
    context.note(own_id=own.id)
    return Removed(own.name, describe(own.own), nexus_of(context.unit, context.nexus_id).name)


OPERATIONS = (draft, take_back)
