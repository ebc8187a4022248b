"""What is looked for, as it stands in a sentence: one thing at a time. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from core.errors import N_, BadInput
from core.moderation.own import phrases
from core.moderation.own.tokens import Token, length_at, starts
from core.moderation.signals.domains import Domains
from core.moderation.signals.own import BOUNDS, Look
from core.moderation.signals.patterns import WordList, safe_pattern

MOST_WORDS = 20
USUAL = {"spam": 90, "abuse": 90, "caps": 67}
_HOW_MANY = N_("How often, and in what time? Say “the same text 4 times in ten minutes”.")
_FLOOD = N_("How many messages, and in what time? Say “more than 10 messages in 30 seconds”.")
_BOTH_OR_ONE = N_("Both of them in one message, or one of them? Say “both ‘a’ and ‘b’”, or “‘a’ or ‘b’”.")
_MINUTE = N_("I count mentions within a minute. Leave the time out, please.")
_CROWD = N_("From how many people? Say “the same text from 4 people”.")
_TOO_FAR = {
    "mentions": N_("I can count up to {most} mentions."),
    "repeat": N_("I remember {most} messages of a person at most, of one day."),
    "flood": N_("I remember {most} messages of a person at most, of one day."),
    "crowd": N_("I tell {least} to {most} people apart who write the same."),
    "caps": N_("A share of capitals is from {least} to {most} percent."),
    "spam": N_("How much it reads like that is from {least} to {most} percent."),
    "abuse": N_("How much it reads like that is from {least} to {most} percent."),
    "files": N_("I can count up to {most} files."),
    "length": N_("I read {most} characters of a message at most."),
    "first": N_("I can count their first {most} messages at most."),
    "joined": N_("That is further back than I count: a year at most."),
    "made": N_("That is further back than I count: a year at most."),
}

_SCHEME = re.compile(r"^(?:https?://)?(?:www\.)?")

Read = tuple[Look, int, str]  # what is looked for, where it ends in the sentence, and what is unclear about it


class Looking:
    """Finds what is looked for in the pieces of a sentence."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens

    def at(self, i: int) -> Read | None:
        """What is looked for at this place, if anything is."""
        return self._words(i) or self._pattern(i) or self._counted(i) or self._said(i) or self._author(i)

    # -- amounts ------------------------------------------------------------------------------------------------------

    def amount(self, i: int) -> tuple[int, int] | None:
        """From which number on, and where that ends: "more than 8" is 9."""
        above = self._starts(i, phrases.MORE_THAN)
        least = 0 if above else self._starts(i, phrases.AT_LEAST)
        at = i + above + least
        number = self._tokens[at].number if at < len(self._tokens) else None
        if number is None:
            return None
        end = at + 1
        return number + bool(above), end + self._starts(end, phrases.OR_MORE)

    def _percent(self, i: int) -> tuple[int, int] | None:
        found = self.amount(i)
        if found is None:
            return None
        number, end = found
        sign = self._starts(end, "%, percent, per cent")
        return (number, self._more(end + sign)) if sign else None

    def times(self, i: int) -> tuple[int, int, int] | None:
        """How often, in how many seconds (0: not said), and where that ends: "more than 3 times in ten minutes"."""
        found = self.amount(i)
        if found is not None and self._starts(found[1], phrases.TIMES):
            count, end = found[0], found[1] + 1
        elif i < len(self._tokens) and self._tokens[i].norm in phrases.ONCE:
            count, end = phrases.ONCE[self._tokens[i].norm], i + 1
            if count == 1:
                return None
        else:
            above = self._starts(i, phrases.MORE_THAN)
            at = i + above
            if not above or at >= len(self._tokens) or self._tokens[at].norm not in phrases.ONCE:
                return None
            count, end = phrases.ONCE[self._tokens[at].norm] + 1, at + 1
        end = self._more(end)
        seconds, after = self._within(end)
        return count, seconds, after if seconds else end

    def _within(self, i: int) -> tuple[int, int]:
        """ "in ten minutes", "within an hour", "a day", "per hour"."""
        word = self._starts(i, phrases.WITHIN)
        if word:
            seconds, end = length_at(self._tokens, i + word, bare=True)
            return seconds, self._more(end)
        if i < len(self._tokens) and self._tokens[i].norm in phrases.PER:
            seconds, end = length_at(self._tokens, i + 1, bare=True)
            return seconds, self._more(end)
        return 0, i

    def _more(self, i: int) -> int:
        return i + self._starts(i, phrases.OR_MORE)

    def _starts(self, i: int, words: str) -> int:
        return starts(self._tokens, i, words)

    # -- words and expressions ----------------------------------------------------------------------------------------

    def _words(self, i: int) -> Read | None:
        """Quoted words, or those after "the word"."""
        every, any_of = self._starts(i, phrases.ALL_OF), self._starts(i, phrases.ANY_OF)
        lead = max(every, any_of) or self._starts(i, phrases.WORDS)
        at = i + lead
        if lead and (more := self._starts(at, phrases.WORDS)) and not self._is_word(at, bare=False):
            at += more  # "either the word …"
        bare = bool(lead) and any(token.norm.startswith(("word", "phrase")) for token in self._tokens[i:at])
        if not self._is_word(at, bare=bare):
            return None
        found, joins, end = [self._tokens[at].text], [], at + 1
        while True:
            join, following = self._join(end)
            if not join or not self._is_word(following, bare=bare):
                break
            joins.append(join)
            found.append(self._tokens[following].text)
            end = following + 1
        look = Look("words", words=tuple(dict.fromkeys(found)), every=bool(every) and len(set(found)) > 1)
        clear = (bool(every) and "or" not in joins) or (not every and (any_of or not joins or joins[-1] == "or"))
        mixed = "and" in joins and "or" in joins
        return look, end, "" if clear and not mixed else _BOTH_OR_ONE

    def _is_word(self, i: int, *, bare: bool) -> bool:
        if i >= len(self._tokens):
            return False
        token = self._tokens[i]
        if token.kind == "quoted":
            return True
        return bare and token.kind == "word" and token.norm not in phrases.FILLERS and self._said(i) is None

    def _join(self, i: int) -> tuple[str, int]:
        """What joins two words of a list, and where it ends."""
        comma = i < len(self._tokens) and self._tokens[i].norm == ","
        at = i + comma
        if at < len(self._tokens) and self._tokens[at].norm in ("or", "and", "&"):
            return ("or" if self._tokens[at].norm == "or" else "and"), at + 1
        return (",", at) if comma else ("", i)

    def _pattern(self, i: int) -> Read | None:
        at = i + self._starts(i, phrases.PATTERN)
        if at < len(self._tokens) and self._tokens[at].kind == "pattern":
            return Look("pattern", words=(self._tokens[at].text,)), at + 1, ""
        return None

    # -- numbers ------------------------------------------------------------------------------------------------------

    def _counted(self, i: int) -> Read | None:
        """What begins with how many: "more than 10 messages in 30 seconds", "8 mentions or more", "80 % capitals"."""
        share = self._percent(i)
        if share is not None:
            for what in ("caps", "spam", "abuse"):
                noun = self._starts(share[1], phrases.NOUNS[what]) or self._starts(share[1], phrases.LOOKS[what])
                if noun:
                    return Look(what, share[0]), self._more(share[1] + noun), ""
            return None
        found = self.amount(i)
        if found is None:
            return None
        number, end = found
        if self._starts(end, "mentions, mention, pings, tags"):
            return self._mentions(number, end + 1)
        for what in ("files", "length"):
            noun = self._starts(end, phrases.NOUNS[what])
            if noun:
                return Look(what, number), self._more(end + noun), ""
        if self._starts(end, phrases.NOUNS["messages"]):
            return self._flood(number, end + 1)
        return None

    def _mentions(self, number: int, end: int) -> Read:
        end = self._more(end)
        seconds, after = self._within(end)
        if seconds:
            return Look("mentions", number), after, "" if seconds == 60 else _MINUTE
        return Look("mentions", number), end, ""

    def _flood(self, number: int, end: int) -> Read:
        end = self._more(end)
        seconds, after = self._within(end)
        return Look("flood", number, seconds), after if seconds else end, "" if seconds else _FLOOD

    # -- what has a word of its own -----------------------------------------------------------------------------------

    def _said(self, i: int) -> Read | None:
        best, many = "", 0
        for what, words in phrases.LOOKS.items():
            length = self._starts(i, words)
            if length > many:
                best, many = what, length
        end = i + many
        match best:
            case "":
                return None
            case "link":
                return self._links(end)
            case "mentions":
                return self._mentioning(end)
            case "repeat":
                return self._repeating(end)
            case "flood":
                found = self.amount(end)
                if found is None:
                    return Look("flood"), end, _FLOOD
                return self._flood(found[0], found[1] + self._starts(found[1], phrases.NOUNS["messages"]))
            case "crowd":
                return self._crowd(end + self._starts(end, "of, with, from"), end)
            case "spam" | "abuse" | "caps":
                return self._share(best, end)
            case "length":
                number = self._tokens[end].number if end < len(self._tokens) else None
                noun = self._starts(end + 1, phrases.NOUNS["length"])
                return (Look("length", number + 1), end + 1 + noun, "") if number is not None and noun else None
            case "files":
                return Look("files", 1), end, ""
            case _:
                return Look(best), end, ""

    def _share(self, what: str, end: int) -> Read:
        opened = self._starts(end, "( , from, with, at, :")
        share = self._percent(end + opened) or self._percent(end)
        if share is None:
            return Look(what, USUAL[what]), end, ""
        return Look(what, share[0]), share[1] + self._starts(share[1], ")"), ""

    def _links(self, end: int) -> Read:
        comma = int(end < len(self._tokens) and self._tokens[end].norm in (",", "("))
        but = self._starts(end + comma, phrases.LINKS_BUT)
        to = 0 if but else self._starts(end, phrases.LINKS_TO)
        hosts, at = self._hosts(end + (comma if but else 0) + (but or to))
        if not hosts:
            return Look("link"), end, ""
        return Look("link but" if but else "link to", words=hosts), at, ""

    def _hosts(self, i: int) -> tuple[tuple[str, ...], int]:
        found: list[str] = []
        end = i
        while end < len(self._tokens) and self._tokens[end].kind == "host":
            found.append(_SCHEME.sub("", self._tokens[end].norm).rstrip("/"))
            join, following = self._join(end + 1)
            goes_on = join and following < len(self._tokens) and self._tokens[following].kind == "host"
            end = following if goes_on else end + 1
            if not goes_on:
                break
        return tuple(dict.fromkeys(found)), end

    def _mentioning(self, end: int) -> Read:
        found = self.amount(end)
        if found is None:
            return Look("mentions", 1), end, ""
        return self._mentions(found[0], found[1] + self._starts(found[1], phrases.NOUNS["mentions"]))

    def _repeating(self, end: int) -> Read:
        crowd = self._starts(end, "from, by, of")
        found = self.amount(end + crowd) if crowd else None
        if found is not None and self._starts(found[1], "people, members, users, persons, accounts"):
            return Look("crowd", found[0]), self._more(found[1] + 1), ""
        often = self.times(end)
        if often is None:
            return Look("repeat"), end, _HOW_MANY
        count, seconds, after = often
        return Look("repeat", count, seconds), after, "" if seconds else _HOW_MANY

    def _crowd(self, at: int, end: int) -> Read:
        found = self.amount(at) or self.amount(end)
        if found is None:
            return Look("crowd"), end, _CROWD
        noun = self._starts(found[1], "people, members, users, persons, accounts")
        return Look("crowd", found[0]), self._more(found[1] + noun), ""

    # -- who writes ---------------------------------------------------------------------------------------------------

    def _author(self, i: int) -> Read | None:
        came = self._starts(i, phrases.JOINED)
        if came:
            if self._starts(i + came, phrases.TODAY):
                return Look("joined", seconds=86_400), i + came + 1, ""
            less = self._starts(i + came, phrases.LESS_THAN)
            seconds, end = length_at(self._tokens, i + came + less, bare=True) if less else (0, i)
            return (Look("joined", seconds=seconds), end + self._starts(end, phrases.AGO), "") if seconds else None
        made = self._starts(i, phrases.MADE)
        if made:
            seconds, end = length_at(self._tokens, i + made, bare=True)
            return (Look("made", seconds=seconds), end + self._starts(end, phrases.AGO), "") if seconds else None
        one = self._starts(i, phrases.FIRST)
        if one:
            return Look("first", 1), i + one, ""
        several = self._starts(i, phrases.FIRST_N)
        at = i + several
        if several and at < len(self._tokens) and self._tokens[at].number is not None:
            noun = self._starts(at + 1, phrases.NOUNS["messages"])
            return (Look("first", self._tokens[at].number or 0), at + 1 + noun, "") if noun else None
        return None


def check_look(look: Look) -> BadInput | None:
    """What is wrong with something that is looked for, if anything is."""
    (least, most), (shortest, longest) = BOUNDS[look.what]
    if (most and not least <= look.least <= most) or (longest and not shortest <= look.seconds <= longest):
        return BadInput(_TOO_FAR[look.what], least=least, most=most)
    try:
        if look.what == "pattern":
            safe_pattern(look.words[0])
        elif look.what == "words":
            _check_words(look.words)
        elif look.what in ("link to", "link but") and len(Domains(look.words)) < len(look.words):
            return BadInput(N_("I need addresses such as example.org."))
    except BadInput as error:
        return error
    return None


def _check_words(words: Sequence[str]) -> None:
    if len(words) > MOST_WORDS:
        raise BadInput(N_("That are more words than one rule can look for; {most} at most."), most=MOST_WORDS)
    for word in words:
        if not 2 <= len(word) <= 60:
            raise BadInput(N_("A word or phrase has 2 to 60 characters."))
        if not WordList([word]):
            raise BadInput(N_("I look for whole words, so I need letters or digits."))
