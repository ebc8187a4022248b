"""The arguments of the operations on rules, and the change that they ask for."""

from __future__ import annotations

from collections.abc import Sequence

from core.access.fields import NexusField
from core.access.nexuses import named_or_here
from core.errors import N_, BadInput, Missing
from core.nexuses.tree import Nexus
from core.operations.context import Context
from core.operations.fields import Choice, Until, YesNo
from core.people.people import fold
from core.rulebook.fields import PickedField, SentenceField, SeveralField, Wanted
from core.rulebook.planning import Plan, plan_clearing, plan_setting
from core.rulebook.sentence import Several, parts_of, with_kinds
from core.rules.rules import Change
from core.rules.words import ANY, Action, Effect, Scope, pack_actions

NEXUS = NexusField(N_("the Nexus"))
SENTENCE = SentenceField(N_("the rule, as you would say it (“members may see needs”)"))
KINDS = SeveralField(N_("of what (needs, offers, facts, everything)"), "kind")
PEOPLE = SeveralField(N_("for whom (members, the public, …)"), "audience")
ACTIONS = SeveralField(N_("what they may do (see, repeat, count, …)"), "actions")
HERE_ONLY, INSIDE_TOO = "here only", "inside too"
ALLOW, DENY = "allow", "deny"
EFFECT = PickedField(
    N_("whether it is allowed"),
    (ALLOW, DENY),
    also={"permit": ALLOW, "yes": ALLOW, "forbid": DENY, "no": DENY, "hide": DENY},
)
REACH = PickedField(
    N_("where it holds"),
    (INSIDE_TOO, HERE_ONLY),
    also={
        "here": HERE_ONLY,
        "only here": HERE_ONLY,
        "everywhere": INSIDE_TOO,
        "inside": INSIDE_TOO,
        "below": INSIDE_TOO,
    },
)
LOCKED = YesNo(N_("whether no Nexus inside may lift it"))
UNTIL = Until(N_("until when"))
KIND_WORDS = {"needs": "need", "offers": "offer", "facts": "fact", "everything": ANY}
WHO_WORDS = {
    "public": "public",
    "members": "member",
    "sub-members": "sub-member",
    "ancestor-members": "ancestor-member",
    "linked-members": "linked-member",
    "programs": "bridge",
    "owners": "owner",
    "stewards": "steward",
    "treasurers": "treasurer",
    "moderators": "moderator",
    "guests": "guest",
}
WHAT_WORDS = {
    "see": Action.SEE,
    "repeat": Action.QUOTE,
    "count": Action.AGGREGATE,
    "build-on": Action.DERIVE,
    "export": Action.EXPORT,
}
KIND = Choice(
    N_("of what"),
    tuple(KIND_WORDS),
    also={"need": "needs", "offer": "offers", "fact": "facts", "profile": "facts", "profiles": "facts"},
)
AUDIENCE = Choice(
    N_("for whom"),
    tuple(WHO_WORDS),
    also={
        "everyone": "public",
        "everybody": "public",
        "anyone": "public",
        "anybody": "public",
        "member": "members",
        "below": "sub-members",
        "above": "ancestor-members",
        "linked": "linked-members",
        "bridges": "programs",
        "visitors": "guests",
        "admins": "stewards",
    },
)
ACTION = Choice(
    N_("what they may do"),
    tuple(WHAT_WORDS),
    also={
        "seeing": "see",
        "read": "see",
        "reading": "see",
        "quote": "repeat",
        "quoting": "repeat",
        "repeating": "repeat",
        "counting": "count",
        "numbers": "count",
        "exporting": "export",
        "derive": "build-on",
        "use": "build-on",
    },
)


def planned(
    context: Context,
    text: Wanted | None = None,
    kind: Several | None = None,
    who: Several | None = None,
    what: Several | None = None,
    effect: str = ALLOW,
    nexus: Nexus | None = None,
    where: str | None = None,
    locked: bool | None = None,
    until: int | None = None,
) -> Plan:
    """The change that the arguments ask for."""
    there = named_or_here(context, nexus)
    scope = None if where is None else Scope.SELF if where == HERE_ONLY else Scope.SUBTREE
    not_after = until
    if text is None:
        if kind is None or who is None or what is None:
            given = {"text": kind or who or what, "kind": kind, "who": who, "what": what}
            raise _missing([name for name, value in given.items() if value is None])
        parts = parts_of(kind, who, what, Effect.DENY if effect == DENY else Effect.PERMIT)
    else:
        said = with_kinds(text.said, kind.names) if kind is not None else text.said
        if any(not part.kind for part in said.parts):
            raise _missing(["kind"])
        _check_place(there, said.place)
        parts = said.parts
        scope = scope or (Scope(said.scope) if said.scope else None)
        locked = said.locked if locked is None else locked
        not_after = until if until is not None else text.not_after
    if locked and not any(part.effect == Effect.DENY for part in parts):
        raise BadInput(N_("Only what is forbidden can be fixed for everything inside."))
    changes = [
        Change(
            part.kind,
            part.audience,
            part.actions,
            str(part.effect),
            str(scope or Scope.SUBTREE),
            bool(locked) and part.effect == Effect.DENY,
            not_after,
        )
        for part in parts
    ]
    return plan_setting(context, there, changes)


_ABOUT = {"text": SENTENCE.about, "kind": KINDS.about, "who": PEOPLE.about, "what": ACTIONS.about}


def _missing(names: Sequence[str]) -> Missing:
    """Where nothing is said at all, the sentence is asked for, else what it leaves out."""
    asked = ["text"] if "text" in names else list(names)
    return Missing(
        N_("Something is missing: {about}."), about=" and ".join(_ABOUT[name] for name in asked), names=asked
    )


def _check_place(there: Nexus, place: str) -> None:
    """A sentence may name the Nexus that it is about; it has to be the one that is meant."""
    named = fold(place).removesuffix(" nexus")
    if named and named not in (fold(there.name), there.slug):
        raise BadInput(
            N_("We are talking about {nexus}, and I did not understand “{place}”. Name the Nexus as it is called."),
            nexus=there.name,
            place=place,
        )


def cleared(
    context: Context,
    kind: str | None = None,
    who: str | None = None,
    what: str | None = None,
    nexus: Nexus | None = None,
) -> Plan:
    return plan_clearing(
        context,
        named_or_here(context, nexus),
        kind=KIND_WORDS[kind] if kind else None,
        audience=WHO_WORDS[who] if who else None,
        actions=pack_actions((WHAT_WORDS[what],)) if what else None,
    )
