"""Whether a sentence asks for something at all.

Decision rule: the words that govern a request are those outside its slots and outside quotation marks. If among them
stand a refusal ("don't …"), a condition, a wish without an addressee, a report of what somebody said, the past, or a
question that does not ask the Cofounder to act, then nothing is written. Operations that are said in the negative
("I no longer need …", "don't let … in") say so in their phrasings.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.cofounder.offline.anchors import unit_of
from bot.cofounder.offline.lexicon import ARTICLES, CHAT_NOUNS, COMMON, FIRST_NAMES, NEXUS_NOUNS
from bot.cofounder.offline.slots import Reading
from bot.cofounder.offline.words import Shape, Word, split
from core.operations import Operation

_REPORTED = frozenset(
    "said say says told tells asked asks wrote writes heard shouted shouts claims claimed thinks believes suggested "
    "mentioned insists dreamed dreamt dream promised complained keeps wondered joked yelled laughed".split()
)
_PAST = frozenset(
    "made created invited joined left archived renamed promoted demoted removed revoked approved rejected accepted moved "
    "closed needed offered used wanted thought wrote was were had did went met saw gave took called named searched "
    "looked found got forgot kept became tried helped taught asked told said connected linked almost nearly "
    "sent posted received changed started opened".split()
)
_PAST_TIMES = frozenset("yesterday ago".split())
_LONG_AGO = (
    ("last", "week"),
    ("last", "month"),
    ("last", "year"),
    ("last", "night"),
    ("last", "summer"),
    ("used", "to"),
)
_HYPOTHETICAL = frozenset(
    "if suppose supposing imagine maybe perhaps might unless wish wishes whether hopefully considering pretend "
    "assuming hypothetically".split()
)
_SOME_DAY = (
    ("some", "day"), ("one", "day"), ("thinking", "about"), ("thinking", "of"), ("not", "sure"), ("have", "been"),
    ("be", "nice"), ("be", "great"), ("what", "if"), ("should", "i"), ("should", "we"), ("would", "i"),
    ("when", "i"), ("were", "to"), ("about", "how"), ("had", "to"), ("you", "should"), ("you", "must"), ("it", "be"), ("it", "would"),
)  # fmt: skip
_OTHERS = frozenset("he she they it people nobody everybody everyone his her their its".split())
_THEIR_WISHES = frozenset("wants needs likes wanted needed hopes asks asked says said told thinks keeps would".split())
_THEIR_VERBS = frozenset(
    "wants needs likes wanted needed hopes has had is was asks asked says said told thinks keeps loves hates looks "
    "would made left went lives works helped offered lost called gave took".split()
)
_POINTING = ARTICLES | {"this", "that", "these", "those"}
_QUESTIONS = frozenset(
    "who what why where when how which whose did does is are was were has have had do am should would shall".split()
)
_BY_CODE = ("invite.accept", "owner.claim", "account.link")
_NO = frozenset("not never nobody none noone".split())
_FOREIGN = frozenset(
    """ich du er sie wir ihr nicht ist und oder aber ein eine einen einem eines der das dem den des für mit wie wer bist
    brauche suche möchte kann kannst mir mich dir dich bitte danke auch wenn zu zum zur von bei wo warum heute
    je tu il elle nous vous un une le la les des du de et ou mais pour avec suis est besoin cherche veux peux merci
    bonjour sur dans mon ma mes ce cette qui que quoi yo el los las una unos y pero con necesito busco quiero puedo
    gracias hola mi mis por para qué quién cómo soy eres está donde ayuda io tu lui lei noi voi il lo gli e ma per ho
    bisogno cerco voglio grazie ciao sono non di che come eu você ele nós obrigado obrigada preciso quero não uma com
    já jsem jsi je jsme se na do že ale a pro prosím děkuji potřebuji hledám chci mám mi mně ne ano co kdo jak kde
    ja ty my wy nie tak proszę dziękuję potrzebuję szukam chcę jest ik jij het een en niet voor met dank nodig zoek
    wil hoi moc skupiny grupo grupa gruppe""".split()
)
_ALSO_ENGLISH = frozenset(
    "a my do to me no on we die in is was per come en con na se mi ma mon non van una il i ale don of e que le".split()
)
_ENGLISH = frozenset(
    "i you we the is are am was to of for with my me can please what who how need want this that have it be not on at "
    "and or from your our make create give show let find about an into as would could looking".split()
)
_EVIDENCE = {
    "nexus": {"nexus"} | NEXUS_NOUNS | {"archive", "rename", "members"},
    "role": {"<role>", "role", "roles", "promote", "demote"},
    "invite": {"invite", "invited", "code", "approve", "reject", "redeem"},
    "owner": {"owner", "claim", "code"},
    "thought": {"thought", "remember", "memo"},
    "need": {"need", "needs", "wanted"},
    "offer": {"offer", "offers", "volunteer"},
    "record": {"search", "posts"},
    "people": {"someone", "expert", "people", "members"},
    "person": {"profile", "name", "rename", "names"},
    "account": {"account", "<platform>", "code"},
    "place": {"chat", *CHAT_NOUNS, "nexus"},
    "audit": {"history", "lately", "changes", "happened"},
    "help": {"help"},
}
_IDLE = frozenset(
    "break hug coffee drink nap sleep holiday holidays vacation moment minute second time beer tea shower rest air love "
    "water food chocolate wine cigarette laugh hand-hold miracle answer answers you nothing anything".split()
)
_NO_NEED = frozenset("to you it nothing anything that more forward at after into like good great up back".split())
_NO_OFFER = frozenset("it not believe see go do be hear swim sing dance condolences apologies sympathy thanks".split())
_FOUND_WITHIN = frozenset("peace love happiness god myself hope joy faith inspiration nothing time him her".split())
_NOT_CALLED = frozenset(
    "later maybe crazy back tomorrow when if a an the tonight soon asap again stupid old-fashioned anytime whenever "
    "names at on in before after sometime today once".split()
)


def is_foreign(words: Sequence[Word]) -> bool:
    """Whether the small words of another language outweigh those of English."""
    plain = [w.norm for w in words if w.shape is Shape.WORD]
    foreign = sum(norm in _FOREIGN and norm not in _ALSO_ENGLISH for norm in plain)
    english = sum(norm in _ENGLISH for norm in plain)
    odd = sum(any(ord(c) > 0x7F and c.isalpha() for c in w.norm) for w in words if not w.capital)
    return foreign + odd > english and (foreign >= 2 or odd >= 1 or (foreign == 1 and len(plain) <= 3 and not english))


def told(words: Sequence[Word]) -> bool:
    """Whether these words begin a report, a refusal or a condition, so that what follows asks for nothing."""
    return any(w.norm in _REPORTED or w.norm in _HYPOTHETICAL or w.norm in _NO for w in words)


def has_evidence(operation: Operation, words: Sequence[Word]) -> bool:
    """Whether a word of the operation's subject is said outright."""
    wanted = _EVIDENCE.get(operation.subject, {operation.subject})
    return any(w.means in wanted or w.norm in wanted for w in words if not w.quoted)


class Gate:
    """Judges one sentence for one operation."""

    def __init__(self) -> None:
        self._negative: dict[str, bool] = {}

    def said_in_the_negative(self, operation: Operation) -> bool:
        """Whether phrasings of the operation contain a "not" or "no longer"."""
        known = self._negative.get(operation.name)
        if known is None:
            units = [{unit_of(w) for w in split(phrase)} for phrase in operation.says]
            known = sum("not" in u or "longer" in u for u in units) > 0
            self._negative[operation.name] = known
        return known

    def closed(self, operation: Operation, words: Sequence[Word], core: int, reading: Reading) -> str:
        """Why nothing is asked for, or an empty text. `core` is where the request begins."""
        if not operation.writes:
            return _closed_for_reads(operation, words, core, reading)
        spans = [s for n, s in reading.spans.items()]
        first = min((a for a, b in spans), default=len(words))
        governing = [
            (i, w) for i, w in enumerate(words) if w.shape is not Shape.MARK and not w.quoted and not reading.covers(i)
        ]
        early = [w.norm for i, w in governing if core <= i <= core + 4]
        relative = next((k for k, n in enumerate(early) if k and n in ("that", "which", "who")), len(early))
        early = early[:relative] if operation.subject == "invite" else early
        before = [w.norm for i, w in governing if core <= i < max(first, core + 5)]
        every = [w.norm for _, w in governing]
        frame_from = min((a for a, _ in reading.frames), default=core)
        opening = words[core] if core < len(words) else None
        if self._refused(operation, early, every):
            return "negated"
        if _hypothetical(operation, words, core, before, frame_from):
            return "hypothetical"
        if operation.name not in _BY_CODE:
            if _past(operation, words, core, early, every):
                return "past"
            reported = [i for i, w in governing if w.norm in _REPORTED and i < max(frame_from, core + 1)]
            yes_or_no = operation.name in ("invite.approve", "invite.reject")
            told = not yes_or_no and any(n in _REPORTED for n in early[:3]) and early[0] not in ("say", "ask", "tell")
            if (reported and not yes_or_no and early[:1] not in (["say"], ["ask"], ["tell"])) or told:
                return "reported"
        if opening is not None and _about_others(operation, words, core, reading, frame_from):
            return "about others"
        if opening is not None and _mere_question(operation, words, core, reading):
            return "question"
        return _idle(operation, words, reading)

    def _refused(self, operation: Operation, early: list[str], every: list[str]) -> bool:
        refusal = next((i for i, n in enumerate(early) if n in _NO), None)
        if refusal is None:
            return bool(early[:3] == ["there", "is", "no"] or early[:2] == ["no", "need"])
        if operation.name == "invite.reject":
            return "reject" in early[refusal:] or "decline" in early[refusal:]
        if operation.name == "thought.add":
            return "forget" not in early
        if not self.said_in_the_negative(operation):
            return True
        over = "more" in every or "longer" in every
        return not over or early[: refusal + 1] in (["do", "not"], ["please", "do", "not"], ["never"])


def _hypothetical(operation: Operation, words: Sequence[Word], core: int, before: list[str], frame_from: int) -> bool:
    if operation.name == "offer.post" and words[core].norm == "if":
        return False
    opening = [n for n in before if n in _HYPOTHETICAL]
    if opening and not (operation.subject == "thought"):
        return True
    pairs = list(zip(before, before[1:], strict=False))
    if words[core].norm in ("had", "were"):
        return True
    return any(pair in _SOME_DAY for pair in pairs) and operation.subject != "thought"


def _past(operation: Operation, words: Sequence[Word], core: int, early: list[str], every: list[str]) -> bool:
    allowed = {
        "need.close": {"found", "got", "stopped", "have", "was", "were"},
        "offer.close": {"stopped", "was"},
        "person.rename": {"changed"},
        "offer.post": {"got"},
    }.get(operation.name, set())
    if operation.subject == "thought":
        return False
    pairs = set(zip(every, every[1:], strict=False))
    if any(n in _PAST_TIMES for n in every) or any(pair in pairs for pair in _LONG_AGO):
        return True
    subject = words[core].norm in ("i", "we") or words[core].capital or words[core].norm in _OTHERS
    verbs = [n for n in early[1:3] if n in _PAST]
    if early[1:2] == ["have"] and operation.name != "need.close" and len(early) > 2 and early[2] in _PAST:
        return early[2] not in ("got",)
    return bool(subject and verbs and not set(verbs) & allowed and early[1] not in ("will", "would", "want"))


def _about_others(operation: Operation, words: Sequence[Word], core: int, reading: Reading, frame_from: int) -> bool:
    opening = words[core]
    if operation.name in _BY_CODE:
        return False
    if opening.norm in _OTHERS and not (operation.name in ("place.bind", "need.close") and opening.norm != "he"):
        return opening.norm not in ("it",) or operation.name != "person.rename"
    if operation.name in ("need.post", "offer.post") and frame_from > core and opening.norm in _POINTING:
        return True
    name = (opening.capital or opening.norm in FIRST_NAMES) and (
        opening.norm in FIRST_NAMES or opening.norm not in COMMON
    )
    following = words[core + 1 : core + 3]
    if name and following and following[0].norm in _THEIR_WISHES:
        return True
    if name and following and following[0].norm in _THEIR_VERBS:
        return not any(a <= core < b for a, b in reading.spans.values())
    return False


def _mere_question(operation: Operation, words: Sequence[Word], core: int, reading: Reading) -> bool:
    opening = words[core].norm
    if opening not in _QUESTIONS or words[min(core + 1, len(words) - 1)].norm == "not":
        return False
    if operation.name in ("need.post", "offer.post"):
        return not any(a == core for a, _ in reading.frames)
    if opening == "how" and operation.name == "account.link":
        return False
    return not (opening in ("how", "what") and words[min(core + 1, len(words) - 1)].norm == "about")


def _idle(operation: Operation, words: Sequence[Word], reading: Reading) -> str:
    """Set phrases that look like a request and are none: "I need a hug", "call me later"."""
    if operation.name == "need.post" and "text" in reading.spans:
        a, b = reading.spans["text"]
        said = [w.norm for w in words[a:b] if w.shape is not Shape.MARK]
        if said[0] in _NO_NEED and len(said) < 12:
            return "idle"
        if len(said) <= 3 and said[-1] in _IDLE:
            return "idle"
    if operation.name == "person.rename" and "name" in reading.spans:
        a, b = reading.spans["name"]
        if words[a].norm in _NOT_CALLED or words[b - 1].norm in ("back", "later"):
            return "idle"
    if operation.name == "need.close" and "need" in reading.spans:
        a, b = reading.spans["need"]
        early = [w.norm for w in words[:a]]
        if len(words) - a < 3 and words[a].norm in _FOUND_WITHIN:
            return "idle"
        if ("found" in early or "got" in early) and any(w.norm in ("out", "it", "on", "in", "at") for w in words[a:b]):
            return "idle"
    if operation.name == "offer.post" and "text" in reading.spans:
        a, b = reading.spans["text"]
        if words[a].norm in _NO_OFFER or words[b - 1].norm in _NO_OFFER:
            return "idle"
    return ""


def _closed_for_reads(operation: Operation, words: Sequence[Word], core: int, reading: Reading) -> str:
    if operation.name == "people.find":
        if "query" not in reading.values:
            return "nothing to find"
        a, b = reading.spans["query"]
        if words[a].norm in ("why", "when", "if", "whether", "where", "who", "that", "it", "you", "me"):
            return "question about the world"
        if words[a].norm == "what" and words[min(a + 1, b - 1)].norm in ("time", "day", "is", "the"):
            return "question about the world"
    if operation.name == "person.show" and "person" not in reading.values:
        mine = any(w.norm in ("me", "i", "my", "myself") for w in words)
        return "" if mine else "nobody named"
    opening = words[core].norm if core < len(words) else ""
    if operation.name == "record.search" and opening in _POINTING:
        return "about others"
    if opening in ("if", "maybe", "suppose") or (opening in ("why",) and operation.name != "help"):
        return "question about the world"
    if core < len(words) and opening in _OTHERS - {"everyone", "everybody", "people"}:
        return "about others"
    return ""
