"""Rules and what they come to, in words. Pure.

People read "members", "anybody", "see", "repeat in channels", "count", "build on", "take along": never the words in
which rules are stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from core.errors import N_
from core.operations.fields.until import show_until
from core.rules.decide import Rule
from core.rules.kinds import KINDS, SHARED
from core.rules.words import (
    ANY,
    AUDIENCES,
    BITS,
    EVERYBODY,
    PUBLIC,
    WIDTH,
    Action,
    Effect,
    Scope,
    audiences_of,
    pack_actions,
    unpack_actions,
)

WHO = {
    "public": N_("anybody"),
    "member": N_("members"),
    "sub-member": N_("members of the Nexuses inside"),
    "ancestor-member": N_("members of the Nexuses above"),
    "linked-member": N_("members of linked Nexuses"),
    "bridge": N_("programs"),
    "owner": N_("owners"),
    "steward": N_("stewards"),
    "treasurer": N_("treasurers"),
    "moderator": N_("moderators"),
    "guest": N_("guests"),
}
_DOES = {
    Action.SEE: N_("see {what}"),
    Action.QUOTE: N_("repeat {what} in channels"),
    Action.AGGREGATE: N_("count {what}"),
    Action.DERIVE: N_("build on {what}"),
    Action.EXPORT: N_("take {what} along"),
}
VERBS = {
    Action.SEE: N_("see"),
    Action.QUOTE: N_("repeat in channels"),
    Action.AGGREGATE: N_("count"),
    Action.DERIVE: N_("build on"),
    Action.EXPORT: N_("take along"),
}
_ROLES = BITS["owner"] | BITS["steward"] | BITS["treasurer"] | BITS["moderator"]


def listing(words: Sequence[str], joined: str = "and") -> str:
    """Words as people list them: "a, b and c"."""
    return f" {joined} ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def capital(text: str) -> str:
    """With a capital letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def kinds_in_words(kinds: Iterable[str]) -> str:
    """Kinds as people name several things of them."""
    named = list(kinds)
    return N_("everything") if ANY in named else listing([KINDS[kind].many for kind in named])


def people_in_words(audiences: Iterable[str], joined: str = "and") -> str:
    """Audiences as people name them. All of them together are anybody."""
    named = set(audiences)
    if "public" in named and len(named) == len(AUDIENCES):
        return WHO["public"]
    return listing([WHO[name] for name in AUDIENCES if name in named], joined)


def doing(actions: Iterable[Action], what: str, *, joined: str = "and", again: str = "them") -> str:
    """What may be done with what: "see needs, repeat them in channels and count them"."""
    parts = [_DOES[action].format(what=what if i == 0 else again) for i, action in enumerate(sorted(actions))]
    return listing(parts, joined)


@lru_cache(maxsize=4096)
def in_effect(word: int) -> int:
    """A word without what has no effect: what anybody may, everybody may; no repeating without seeing, no taking
    along without repeating."""
    found = 0
    for action in Action:
        audiences = audiences_of(word, action)
        found |= (EVERYBODY if audiences & PUBLIC else audiences) << (WIDTH * action)
    see = _with_roles(audiences_of(found, Action.SEE))
    quote = audiences_of(found, Action.QUOTE) & see
    export = audiences_of(found, Action.EXPORT) & _with_roles(quote)
    cut = (EVERYBODY << (WIDTH * Action.QUOTE)) | (EVERYBODY << (WIDTH * Action.EXPORT))
    return (found & ~cut) | (quote << (WIDTH * Action.QUOTE)) | (export << (WIDTH * Action.EXPORT))


def _with_roles(audiences: int) -> int:
    """Whoever has a role in a Nexus is a member of it."""
    return audiences | _ROLES if audiences & BITS["member"] else audiences


def comes_to(word: int) -> str:
    """What a word comes to: "members may see them, repeat them in channels and count them; nobody else"."""
    word = in_effect(word)
    by_actions: dict[int, list[str]] = {}
    anybody = pack_actions(action for action in Action if audiences_of(word, action) & PUBLIC)
    members = _actions_of(word, "member")
    for name in AUDIENCES:
        known = 0 if name == "public" else anybody | (members if BITS[name] & _ROLES else 0)
        more = _actions_of(word, name) & ~known
        if more:
            by_actions.setdefault(more, []).append(name)
    clauses = [
        N_("{who} may {done}").format(who=people_in_words(names), done=doing(unpack_actions(packed), N_("them")))
        for packed, names in by_actions.items()
    ]
    if not clauses:
        return N_("nobody but whoever wrote them")
    if not anybody >> Action.SEE & 1:
        clauses.append(N_("nobody else may see them") if anybody else N_("nobody else"))
    return "; ".join(clauses)


def _actions_of(word: int, audience: str) -> int:
    return pack_actions(action for action in Action if audiences_of(word, action) & BITS[audience])


def kinds_come_to(words: Mapping[str, int]) -> list[str]:
    """One line for kinds that come to the same: "Needs and offers: members may see them; nobody else."."""
    lines: dict[str, list[str]] = {}
    for kind in SHARED:
        if kind in words:
            lines.setdefault(comes_to(words[kind]), []).append(kind)
    return [f"{capital(kinds_in_words(kinds))}: {line}." for line, kinds in lines.items()]


def rule_in_words(
    audiences: Sequence[str],
    kinds: Sequence[str],
    actions: int,
    effect: str,
    *,
    scope: str = Scope.SUBTREE,
    locked: bool = False,
    not_after: int | None = None,
) -> str:
    """A rule as a sentence without its full stop: "Guests may not see needs (until 3 Dec 2026)"."""
    denied = effect == Effect.DENY
    what = N_("anything") if denied and ANY in kinds else kinds_in_words(kinds)
    again = N_("it") if ANY in kinds else N_("them")
    done = doing(unpack_actions(actions), what, joined=N_("or") if denied else N_("and"), again=again)
    nobody = denied and set(audiences) == set(AUDIENCES)
    if nobody:
        said = N_("Nobody may {done}").format(done=done)
    else:
        template = N_("{who} may not {done}") if denied else N_("{who} may {done}")
        said = template.format(who=capital(_whom(audiences, denied=denied)), done=done)
    notes = []
    if scope == Scope.SELF:
        notes.append(N_("here only"))
    if locked:
        notes.append(N_("no Nexus inside can lift that"))
    if not_after is not None:
        notes.append(N_("until {day}").format(day=show_until(not_after)))
    return f"{said} ({', '.join(notes)})" if notes else said


def _whom(audiences: Sequence[str], *, denied: bool) -> str:
    """Who is meant. A rule against "public" keeps nobody out who is let in as something else."""
    words = dict(WHO) | ({"public": N_("the public")} if denied or len(audiences) > 1 else {})
    return listing([words[name] for name in AUDIENCES if name in audiences])


def rules_in_words(rules: Iterable[Rule], now: int) -> list[str]:
    """Rules in force as sentences, those together that differ in people or kinds alone."""
    by_people: dict[tuple[object, ...], list[Rule]] = {}
    for rule in rules:
        if rule.in_force(now):
            key = (rule.kind, rule.actions, rule.effect, rule.scope, rule.locked, rule.not_after)
            by_people.setdefault(key, []).append(rule)
    by_kind: dict[tuple[object, ...], list[list[Rule]]] = {}
    for (_, *same), group in by_people.items():
        audiences = tuple(sorted({rule.audience for rule in group}))
        by_kind.setdefault((*same, audiences), []).append(group)
    found = []
    for groups in by_kind.values():
        first = groups[0][0]
        people = [name for name in AUDIENCES if name in {rule.audience for rule in groups[0]}]
        kinds = [group[0].kind for group in groups]
        found.append(
            rule_in_words(
                people,
                [kind for kind in (ANY, *KINDS) if kind in kinds],
                first.actions,
                first.effect,
                scope=first.scope,
                locked=first.locked,
                not_after=first.not_after,
            )
        )
    return found
