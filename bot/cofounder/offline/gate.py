"""Whether a sentence asks for something at all.

Decision rule: the words that govern a request are those outside its slots and outside quotation marks. If among them
stand a refusal ("don't …"), a condition, a wish without an addressee, a report of what somebody said, the past, or a
question that does not ask the Cofounder to act, then nothing is written. What is left must have the form of a request:
an order, a polite question, or a statement that begins as a phrasing of the operation does. Operations that are said
in the negative ("I no longer need …", "don't let … in") say so in their phrasings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.cofounder.offline import cues
from bot.cofounder.offline.anchors import unit_of
from bot.cofounder.offline.evidence import has_evidence
from bot.cofounder.offline.idle import idle
from bot.cofounder.offline.lexicon import ARTICLES, COMMON, FIRST_NAMES, SOMEONE
from bot.cofounder.offline.reading import Reading
from bot.cofounder.offline.reads import closed_for_reads
from bot.cofounder.offline.sanctions import OF_CASES, idle_for_moderators, says_no
from bot.cofounder.offline.words import Shape, Word, split
from core.operations import Operation

_ASKED = ("people.count",)  # what it writes is only that it was told
_OF_THINGS = ("invite.revoke", "need.close", "offer.close", "account.unlink", "place.unbind", "thought.remove")
LIKELY = 0.4  # of an operation on something that is called by its short name: "the grant #a4b7c is finished"
SURE, UNLIKELY = 0.7, 0.1  # of the operation and of nothing: then the form of the sentence is not looked at
_INSIDE = frozenset("in into join be come through enter inside".split())
_OTHER_HALF = {
    ("invite.approve", "let"): _INSIDE,
    ("invite.approve", "allow"): _INSIDE | {"access"},
    ("invite.reject", "turn"): frozenset({"down", "away"}),
}
# What was done is said in the past, and of whoever did it: "I helped Tom for 2h", "Mira gave us 2000 EUR".
_OF_DEEDS = frozenset(
    "hours.log hours.confirm hours.dispute fund.deposit fund.correct grant.pay grant.report office.kept "
    "office.missed".split()
)
# A "no" or "not" is what these are about: "I can't make it to the meeting", "those hours never happened".
_SAYS_NO = frozenset(
    "hours.dispute office.missed office.cancel pledge.withdraw fund.correct grant.decline grant.reject".split()
)
_BY_CODE = ("invite.accept", "owner.claim", "account.link")


@dataclass(slots=True)
class _View:
    """A sentence as the gate looks at it. `early`: its first governing words; `frame`: where a phrasing begins."""

    operation: Operation
    words: Sequence[Word]
    core: int
    reading: Reading
    early: list[str]
    every: list[str]
    before: list[str]
    frame: int

    @property
    def opening(self) -> Word:
        return self.words[self.core]

    @property
    def polite(self) -> bool:
        """Asked politely: "could you …", "I want to …"."""
        return self.core > 0 and self.words[self.core - 1].norm in ("i", "you", "we", "me", "us", "to", "please", "and")


def _view(operation: Operation, words: Sequence[Word], core: int, reading: Reading) -> _View:
    first = min((a for a, _ in reading.spans.values()), default=len(words))
    governing = [
        (i, w) for i, w in enumerate(words) if w.shape is not Shape.MARK and not w.quoted and not reading.covers(i)
    ]
    # What a phrasing of the operation says itself ("if anybody needs …") is no condition, and no report.
    phrased = [(a, b) for (a, b), whole in zip(reading.frames, reading.whole, strict=True) if whole and a <= core]
    free = [(i, w) for i, w in governing if not any(a <= i < b for a, b in phrased)]
    early = [w.norm for i, w in governing if core <= i <= core + 4]
    if operation.subject == "invite":  # "an invitation that needs no approval"
        early = early[: next((k for k, n in enumerate(early) if k and n in ("that", "which", "who")), len(early))]
    return _View(
        operation,
        words,
        core,
        reading,
        early,
        [w.norm for _, w in governing],
        [w.norm for i, w in free if core <= i < max(first, core + 5)],
        min((a for a, _ in reading.frames), default=core),
    )


class Gate:
    """Judges one sentence for one operation."""

    def __init__(self) -> None:
        self._negative: dict[str, bool] = {}

    def said_in_the_negative(self, operation: Operation) -> bool:
        """Whether phrasings of the operation contain a "not" or "no longer"."""
        known = self._negative.get(operation.name)
        if known is None:
            units = [{unit_of(w) for w in split(phrase)} for phrase in operation.says]
            known = any("not" in u or "more" in u for u in units)
            self._negative[operation.name] = known
        return known

    def closed(
        self,
        operation: Operation,
        words: Sequence[Word],
        core: int,
        reading: Reading,
        probability: float = 1.0,
        nothing: float = 0.0,
    ) -> str:
        """Why nothing is asked for, or an empty text.

        `core` is where the request begins; `probability` is that of the operation, `nothing` that nothing is asked.
        """
        if core >= len(words):
            return "empty"
        if not operation.writes or operation.name in _ASKED:
            return closed_for_reads(operation, words, core, reading)
        view = _view(operation, words, core, reading)
        if operation.name == "guard.draft" and "text" not in reading.values and not {"rule", "rules"} & set(view.every):
            return "no rule"  # "delete that message": nothing to look for
        if operation.name in cues.MODERATION:
            why_not = idle_for_moderators(operation, words, core, reading)
            if why_not:
                return why_not
        if self._refused(view):
            return "negated"
        if _hypothetical(view):
            return "hypothetical"
        if operation.name not in _BY_CODE or "code" not in reading.values:
            if _past(view):
                return "past"
            if _reported(view):
                return "reported"
            if _about_others(view):
                return "about others"
        if _mere_question(view):
            return "question"
        if self._half_said(view):
            return "half said"
        if not self._has_the_form(view, probability, nothing):
            return "no request"
        return idle(operation, words, reading)

    def _refused(self, view: _View) -> bool:
        early, operation = view.early, view.operation
        if early[:2] == ["i", "refuse"]:
            return True
        if operation.name in cues.MODERATION and says_no(operation, early, view.every):
            return False
        refusal = next((i for i, n in enumerate(early) if n in cues.NO), None)
        if refusal is None:
            none = early[:3] == ["there", "is", "no"] or early[:2] == ["no", "need"]
            return none and operation.name != "need.close"
        if operation.name == "invite.reject":
            letting = any(n in cues.LETTING_IN for n in early[refusal:])
            return not letting or "reject" in early or "decline" in early or "yet" in view.every
        if operation.name == "thought.add":
            return "forget" not in early
        if operation.name == "consent.set":
            return "consent" in early
        if operation.name == "model.refuse":  # to say no is what it is for
            return not has_evidence(operation, view.words)
        if operation.name in _SAYS_NO and early[:2] != ["do", "not"]:
            return not has_evidence(operation, view.words) and not view.reading.values
        if not self.said_in_the_negative(operation):
            return True
        over = "more" in view.every or "longer" in view.every
        told_not_to = early[: refusal + 1] in (["do", "not"], ["please", "do", "not"], ["never"])
        return not over or (told_not_to and early[refusal + 1 : refusal + 2] not in (["want"], ["need"], ["wish"]))

    def _half_said(self, view: _View) -> bool:
        """ "let Tom cook": half of "let Tom in"; "turn it off": half of "turn down"."""
        other = _OTHER_HALF.get((view.operation.name, view.opening.norm))
        return other is not None and not other & set(view.every)

    def _has_the_form(self, view: _View, probability: float, nothing: float) -> bool:
        operation, values = view.operation, view.reading.values
        opening = view.opening.norm
        ordered = opening in cues.IMPERATIVE or view.opening.shape is not Shape.WORD
        if opening in cues.PLACING and any(n in cues.IMPERATIVE for n in view.early):
            ordered = True  # "under Parser, make …"
        if operation.name in _BY_CODE and "code" in values:
            return True
        missing = any(p.required and p.name not in values for p in operation.parameters)
        if probability >= SURE and nothing <= UNLIKELY and values and not missing:
            return True
        if _names_it(view) and not missing and probability >= LIKELY and nothing <= UNLIKELY:
            return True
        if missing or not values:
            if ordered:
                return not missing or has_evidence(operation, view.words) or bool(values)
            if opening in cues.OWNERS:
                return self.said_in_the_negative(operation) and ("not" in view.every or "longer" in view.every)
            return has_evidence(operation, view.words) and probability >= 0.4
        begins = view.core + (opening in ARTICLES)
        if ordered or view.polite or any(start <= begins for start, _ in view.reading.frames):
            return True
        if operation.name in _OF_THINGS and any(str(v).startswith("#") for v in values.values()):
            return True
        if operation.name in _OF_THINGS:
            over = {"disconnect", "revoke", "close", "remove", "more", "go"}
            return has_evidence(operation, view.words) and any(w.means in over for w in view.words)
        if operation.name in ("need.post", "offer.post") and view.reading.frames:
            return _later(view) or _ours(view)
        return not view.reading.frames and opening not in cues.OWNERS and has_evidence(operation, view.words)


def _names_it(view: _View) -> bool:
    return any(isinstance(v, str) and v.startswith("#") for v in view.reading.values.values())


def _later(view: _View) -> bool:
    """ "I'm a lawyer and happy to help with …": the phrasing begins in a later clause of one's own."""
    before = view.words[view.frame - 1]
    return view.opening.norm in ("i", "we") and (before.norm in ("and", "so", "but") or before.shape is Shape.MARK)


def _ours(view: _View) -> bool:
    """ "Our bakery is looking for …": a thing of ours, not a person."""
    between = [w.norm for w in view.words[view.core + 1 : view.frame]]
    return view.opening.norm in ("my", "our") and 0 < len(between) < 4 and not cues.PERSONS & set(between)


def _hypothetical(view: _View) -> bool:
    opening = view.opening.norm
    if view.operation.subject == "thought":
        return False
    if view.operation.name == "offer.post" and (opening in ("if", "ask") or _for_takers(view)):
        return False
    if view.operation.name == "need.post" and (opening in ("ask", "tell") or {"whether", "hope"} & set(view.early[:2])):
        return False
    before = [n for n in view.before if n != "once" or view.operation.name != "slowmode"]  # "post once in 10s"
    if opening in ("had", "were") or any(n in cues.HYPOTHETICAL for n in before):
        return True
    if "could" in view.before and ("have", "been") in zip(view.before, view.before[1:], strict=False):
        return True
    if any(pair in cues.SOME_DAY for pair in zip(view.before, view.before[1:], strict=False)):
        return True
    if any(pair[0] == "if" and pair[1] in ("i", "we") for pair in zip(view.every, view.every[1:], strict=False)):
        return "can" not in view.every
    would = view.early.index("would") if "would" in view.early[:2] else -1
    if would < 0 or opening not in ("i", "we") or view.operation.name == "offer.post":
        return False
    return view.early[would + 1 : would + 2] not in ([word] for word in cues.WOULD_BE)


def _for_takers(view: _View) -> bool:
    """ "… if anyone wants it"."""
    return any(a == "if" and b in SOMEONE for a, b in zip(view.every, view.every[1:], strict=False))


def _past(view: _View) -> bool:
    allowed = {
        "need.close": {"found", "got", "stopped", "have", "was", "were"},
        "offer.close": {"stopped", "was", "gave"},
        "person.rename": {"changed"},
        "offer.post": {"got"},
        "nexus.archive": {"finished"},
    }.get(view.operation.name, set())
    if view.operation.subject == "thought" or view.operation.name in _OF_DEEDS or view.operation.name in OF_CASES:
        return False
    early = view.early
    pairs = set(zip(view.every, view.every[1:], strict=False))
    if cues.PAST_TIMES & set(view.every) or cues.LONG_AGO & pairs:
        return True
    opening = view.opening
    subject = opening.norm in ("i", "we") or opening.capital or opening.norm in cues.OTHERS
    subject = subject or (opening.norm in cues.OWNERS and view.operation.name not in _OF_THINGS)
    passive = {"am", "are", "is", "be", "been"} & set(early[:3])  # "I am called Mika", "should be called"
    verbs = [] if passive else [n for n in early[1:3] if _is_past(n)]
    if early[1:2] == ["have"] and view.operation.name != "need.close":
        return bool(verbs) and early[2] != "got"
    return bool(subject and verbs and not set(verbs) & allowed and early[1] not in ("will", "would", "want", "should"))


def _is_past(norm: str) -> bool:
    return norm in cues.PAST or (norm.endswith("ed") and len(norm) > 4 and norm not in cues.NOT_PAST)


def _reported(view: _View) -> bool:
    if view.operation.name in ("invite.approve", "invite.reject"):  # "say yes to Ana"
        return view.early[:1] not in (["say"], ["i"]) and any(n in cues.REPORTED for n in view.early[:3])
    if view.early[:1] in (["say"], ["ask"], ["tell"], ["read"]) or view.early[:2] == ["i", "say"]:
        return False
    limit = max(view.frame, view.core + 1)
    governing = (
        w for i, w in enumerate(view.words[:limit]) if i < limit and not view.reading.covers(i) and not w.quoted
    )
    return any(w.norm in cues.REPORTED for w in governing) or any(n in cues.REPORTED for n in view.early[:3])


def _about_others(view: _View) -> bool:
    opening, name = view.opening, view.operation.name
    following = view.words[view.core + 1 : view.core + 3]
    begins = any(start <= view.core for start, _ in view.reading.frames)
    if name in _OF_DEEDS:
        return False
    if (
        opening.norm in cues.OTHERS
        and not begins
        and not (name in ("place.bind", "need.close") and opening.norm != "he")
    ):
        return name != "need.post" or opening.norm not in ("someone", "somebody")
    if name in ("need.post", "offer.post") and opening.norm in ("my", "our"):
        between = {w.norm for w in view.words[view.core + 1 : max(view.frame, view.core + 3)]}
        if between & cues.PERSONS:
            return True
    if name in ("need.post", "offer.post") and view.frame > view.core and opening.norm in cues.POINTING:
        return True
    if not following:
        return False
    if name == "role.grant" and "been" in view.every and "has" not in view.every:
        return True
    if name == "role.grant" and following[0].norm in ("is", "was", "'s"):
        return following[1:] == [] or following[1].norm not in ("going", "to", "supposed", "now")
    if name == "offer.post" and opening.norm in ("i", "we") and following[0].norm in ("need", "require", "lack"):
        return True
    person = opening.norm in FIRST_NAMES or (opening.capital and opening.norm not in COMMON)
    if person and following[0].norm in cues.THEIR_WISHES:
        return not (name == "role.grant" and following[0].norm == "needs" and "role" in view.reading.values)
    if person and following[0].norm in cues.THEIR_VERBS:
        return not view.reading.covers(view.core) and not begins
    return False


def _mere_question(view: _View) -> bool:
    opening = view.opening.norm
    second = view.words[min(view.core + 1, len(view.words) - 1)].norm
    if opening not in cues.QUESTIONS or view.polite or second == "not":
        return False
    if view.operation.name in ("need.post", "offer.post"):
        return not any(a == view.core for a, _ in view.reading.frames)
    if opening == "how" and view.operation.name == "account.link":
        return False
    return not (opening in ("how", "what") and second == "about")
