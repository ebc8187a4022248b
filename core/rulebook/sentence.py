"""What people say about rules, as rules: "members may see needs, the public only counts". Pure.

A sentence is cut into clauses; each says for whom, what, and of which kind. What a clause leaves out it takes from the
one before ("members may see needs but not repeat them"). "Only" before what may be done takes everything else away from
the same people; "only" beside the people takes it away from all others. A word that is not understood is named and
never passed over: a rule is no place for guesses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from core.errors import N_, BadInput
from core.people.people import fold
from core.rulebook import phrases
from core.rules.words import AUDIENCES, Action, Effect, Scope, pack_actions

_ROLES = ("owner", "steward", "treasurer", "moderator")
_SHORT_FORMS = (("can't", "can not"), ("won't", "will not"), ("shan't", "shall not"), ("cannot", "can not"))
_TOKEN = re.compile(r"[\w#'-]+|[,;:.&]", re.UNICODE)
_UNTIL = re.compile(
    r"\b(?:until|till|up to|through)\s+(?:the end of\s+)?(.+?)(?=,(?!\s*\d{4}\b)|;|\s+(?:and|but|while|here)\b|$)"
)
_FOR = re.compile(
    r"\bfor\s+((?:the next\s+)?(?:\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\s*"
    r"(?:minutes?|hours?|days?|weeks?|months?|years?|h|d|w)\b)"
)
_PLACE = re.compile(r"\s(?:in|at|of|within)\s+(?:the\s+)?(?:nexus\s+(?:called\s+)?)?([^,;]{1,80})$")


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that is said: for a kind (or "*"), whom, the packed actions, and the effect."""

    kind: str
    audience: str
    actions: int
    effect: str


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence as understood. `until` and `place` are in the person's words; `unclear` is what was not understood.

    In a part whose kind was not said it is "".
    """

    parts: tuple[Part, ...]
    scope: str | None = None
    locked: bool = False
    until: str = ""
    place: str = ""
    unclear: str = ""


@dataclass(frozen=True, slots=True)
class Several:
    """Names of one closed list, in the order in which they were said; `only` them and nothing else."""

    names: tuple[str, ...]
    only: bool = False


@dataclass(slots=True)
class _Clause:
    audiences: list[str] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    shows: bool = False
    denied: int = 0
    modal: bool = False
    only_them: bool = False
    only_that: bool = False
    turned: bool = False

    @property
    def says_what(self) -> bool:
        return bool(self.actions) or self.shows

    def take(self, other: _Clause) -> None:
        self.audiences += other.audiences
        self.actions += other.actions
        self.kinds += other.kinds
        self.shows = self.shows or other.shows
        self.denied += other.denied
        self.modal = self.modal or other.modal
        self.only_them = self.only_them or other.only_them
        self.only_that = self.only_that or other.only_that


@dataclass(frozen=True, slots=True)
class _Sign:
    what: str  # audience | actions | kind | shows | hides | not | may | only | join | turn | stop | rest | …
    value: str = ""
    actions: tuple[Action, ...] = ()
    text: str = ""


def read_sentence(text: str) -> Said:
    """Read a sentence about rules. Raises `BadInput` where nothing in it speaks of for whom or what."""
    plain = _plain(text)
    plain, until = _cut(_UNTIL, plain)
    if not until:
        plain, until = _cut(_FOR, plain)
    signs = _signs_of(plain)
    place = ""
    if any(sign.what == "rest" for sign in signs):
        shorter, place = _cut(_PLACE, plain)
        left = _signs_of(shorter)
        if place and not any(sign.what == "rest" for sign in left):
            signs = left
        else:
            place = ""
    clauses = _filled(_clauses(signs))
    unclear = [sign.text for sign in signs if sign.what == "rest"]
    parts = tuple(part for clause in clauses for part in _parts(clause))
    if not parts:
        raise BadInput(
            N_("I could not read a rule from that. Say it like “members may see needs, the public only counts them”.")
        )
    kinds_of_signs = {sign.what for sign in signs}
    return Said(
        _agreed(parts),
        Scope.SELF if "here only" in kinds_of_signs else Scope.SUBTREE if "inside too" in kinds_of_signs else None,
        "locked" in kinds_of_signs,
        until,
        place,
        " ".join(unclear),
    )


def with_kinds(said: Said, kinds: Sequence[str]) -> Said:
    """The sentence with these kinds where it names none."""
    parts = []
    for part in said.parts:
        parts += [part] if part.kind else [replace(part, kind=kind) for kind in kinds]
    return replace(said, parts=_agreed(parts))


def read_several(text: str, of: str) -> Several | None:
    """Names in a list such as "needs and offers": `of` kind, audience or actions. None for anything else.

    Actions have the names in which they are stored: "see", "aggregate".
    """
    names: list[str] = []
    only = False
    for sign in _signs(_plain(text)):
        if sign.what == "only" and of != "kind":
            only = True
        elif sign.what == of:
            names += [action.word for action in sign.actions] if of == "actions" else [sign.value]
        elif sign.what not in ("join", "stop"):
            return None
    return Several(tuple(dict.fromkeys(names)), only) if names else None


def parts_of(kinds: Several, people: Several, actions: Several, effect: str) -> tuple[Part, ...]:
    """The same as a sentence that says these things."""
    clause = _Clause(
        list(people.names),
        [Action[name.upper()] for name in actions.names],
        list(kinds.names),
        denied=int(effect == Effect.DENY),
        only_them=people.only,
        only_that=actions.only,
    )
    return _agreed(tuple(_parts(clause)))


def others(audiences: Iterable[str]) -> tuple[str, ...]:
    """Everybody else: those who are left when only these may. A Nexus's own members include those with a role in it."""
    named = set(audiences)
    if "public" in named:
        return ()
    spared = named | (set(_ROLES) if "member" in named else set())
    return tuple(name for name in AUDIENCES if name not in spared)


def _plain(text: str) -> str:
    plain = fold(text).replace("’", "'").replace("‘", "'")
    for short, long in _SHORT_FORMS:
        plain = plain.replace(short, long)
    plain = re.sub(r"(\w)n't\b", r"\1 not", plain)
    return re.sub(r"[“”\"()!?]", " ", plain).strip(" .,;:")


def _cut(pattern: re.Pattern[str], plain: str) -> tuple[str, str]:
    match = pattern.search(plain)
    if match is None:
        return plain, ""
    return (plain[: match.start()] + plain[match.end() :]).strip(" .,;:"), match[1].strip(" .,;:")


@cache
def _phrases() -> dict[tuple[str, ...], _Sign]:
    """Every phrase as its words. What is listed later does not take the place of what was listed before."""
    found: dict[tuple[str, ...], _Sign] = {}

    def add(words: str, sign: _Sign) -> None:
        for phrase in phrases.listed(words):
            found.setdefault(tuple(_TOKEN.findall(phrase)), sign)

    add(phrases.HERE_ONLY, _Sign("here only"))
    add(phrases.INSIDE_TOO, _Sign("inside too"))
    add(phrases.LOCKED, _Sign("locked"))
    add(phrases.NOBODY_ELSE, _Sign("nobody else"))
    add(phrases.NOBODY, _Sign("nobody"))
    for name, words in phrases.KINDS.items():
        add(words, _Sign("kind", name))
    for name, words in phrases.AUDIENCES.items():
        add(words, _Sign("audience", name))
    for actions, words in phrases.ACTIONS.items():
        add(words, _Sign("actions", actions=actions))
    for what, words in (
        ("shows", phrases.SHOWS),
        ("hides", phrases.HIDES),
        ("not", phrases.NOT),
        ("may", phrases.MAY),
        ("only", phrases.ONLY),
        ("join", phrases.JOINS),
        ("turn", phrases.TURNS),
    ):
        add(words, _Sign(what))
    return found


@cache
def _longest() -> int:
    return max(len(phrase) for phrase in _phrases())


def _signs(plain: str) -> Iterator[_Sign]:
    words = _TOKEN.findall(plain)
    i = 0
    while i < len(words):
        for length in range(min(_longest(), len(words) - i), 0, -1):
            sign = _phrases().get(tuple(words[i : i + length]))
            if sign is not None:
                yield replace(sign, text=" ".join(words[i : i + length]))
                i += length
                break
        else:
            if words[i] in ",;.":
                yield _Sign("stop")
            elif words[i] not in phrases.FILLERS and words[i] not in ":&":
                yield _Sign("rest", text=words[i])
            i += 1


def _signs_of(plain: str) -> list[_Sign]:
    """The signs of a sentence. "Members may share needs" says two things, so it is not taken for either."""
    signs = list(_signs(plain))
    for i in range(2, len(signs)):
        doing = [sign.what for sign in signs[i - 2 : i + 1]] == ["audience", "may", "shows"]
        if doing and signs[i].text not in ("be", "are", "is"):
            signs[i] = _Sign("rest", text=signs[i].text)
    return signs


def _clauses(signs: Sequence[_Sign]) -> list[_Clause]:
    """Pieces between joining words, put together to clauses that say one thing each."""
    found: list[_Clause] = []
    for piece in _pieces(signs):
        if found and not _says_more(found[-1], piece):
            found[-1].take(piece)
        else:
            found.append(piece)
    return found


def _says_more(clause: _Clause, piece: _Clause) -> bool:
    """Whether a piece begins a clause of its own, rather than go on with this one."""
    if not clause.says_what:
        return bool(clause.only_that and piece.audiences)  # nothing is complete yet
    if piece.audiences:
        return bool(piece.says_what or piece.kinds or piece.denied or piece.only_that) and bool(clause.audiences)
    if piece.says_what:
        return piece.turned or piece.modal or bool(piece.denied) or bool(clause.kinds and piece.kinds)
    return bool(piece.denied)


def _pieces(signs: Sequence[_Sign]) -> Iterator[_Clause]:
    piece = _Clause()
    for i, sign in enumerate(signs):
        match sign.what:
            case "join" | "stop" | "turn":
                if piece != _Clause(turned=piece.turned):
                    yield piece
                    piece = _Clause()
                piece.turned = piece.turned or sign.what == "turn"
            case "audience":
                piece.audiences.append(sign.value)
            case "nobody":
                piece.audiences += AUDIENCES
                piece.denied += 1
            case "nobody else":
                piece.only_them = True
            case "actions":
                piece.actions += sign.actions
            case "kind":
                piece.kinds.append(sign.value)
            case "shows":
                piece.shows = True
            case "hides":
                piece.shows = True
                piece.denied += 1
            case "not":
                piece.denied += 1
            case "may":
                piece.modal = True
            case "only":
                if _beside_people(signs, i):
                    piece.only_them = True
                else:
                    piece.only_that = True
    yield piece


def _beside_people(signs: Sequence[_Sign], i: int) -> bool:
    """Whether "only" at `i` is about the people: "only members see", "for members only", and not "members only see"."""
    following = signs[i + 1].what if i + 1 < len(signs) else ""
    if following == "audience":
        return True
    return following not in ("actions", "shows", "may") and i > 0 and signs[i - 1].what == "audience"


def _filled(clauses: Sequence[_Clause]) -> list[_Clause]:
    """Clauses with what they leave out: from the one before, and the kind, if none was said yet, from the one after."""
    before = _Clause()
    for clause in clauses:
        clause.audiences = clause.audiences or list(before.audiences)
        clause.kinds = clause.kinds or list(before.kinds)
        if not clause.says_what:
            clause.actions = list(before.actions)
            clause.shows = before.shows
        before = clause
    first = next((clause.kinds for clause in clauses if clause.kinds), [])
    for clause in clauses:
        clause.kinds = clause.kinds or list(first)
    return [clause for clause in clauses if clause.audiences and clause.says_what]


def _parts(clause: _Clause) -> Iterator[Part]:
    actions = list(dict.fromkeys(clause.actions or [Action.SEE]))
    packed = pack_actions(actions)
    effect = Effect.DENY if clause.denied % 2 else Effect.PERMIT
    rest = pack_actions(action for action in Action if action not in actions)
    for kind in dict.fromkeys(clause.kinds or [""]):
        for audience in dict.fromkeys(clause.audiences):
            yield Part(kind, audience, packed, effect)
            if clause.only_that and effect is Effect.PERMIT and rest:
                yield Part(kind, audience, rest, Effect.DENY)
        if clause.only_them and effect is Effect.PERMIT:
            for audience in others(clause.audiences):
                yield Part(kind, audience, packed, Effect.DENY)


def _agreed(parts: Sequence[Part]) -> tuple[Part, ...]:
    """The parts, each once. What is said outright counts before what "only" takes away; raises where two contradict."""
    kept = list(dict.fromkeys(parts))
    permitted: dict[tuple[str, str], int] = {}
    denied: dict[tuple[str, str], int] = {}
    for part in kept:
        into = permitted if part.effect == Effect.PERMIT else denied
        into[part.kind, part.audience] = into.get((part.kind, part.audience), 0) | part.actions
    for key in permitted:
        if permitted[key] & denied.get(key, 0):
            raise BadInput(N_("That says two things at once about the same people. Say one after the other, please."))
    return tuple(kept)
