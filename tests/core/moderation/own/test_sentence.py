"""What people say about messages is read as a rule, said back, or asked about; never guessed."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.moderation.own import phrases
from core.moderation.own.describe import describe, looks_of, reason_of
from core.moderation.own.sentence import POINTS, USUAL_TIMEOUT, Said, read_deed, read_rule
from core.moderation.signals.own import Look, Own
from tests.core.moderation.own.drawn import HOSTS, PATTERNS, PHRASES, rules


def own_of(said: Said) -> Own:
    """The rule as it would be kept."""
    assert said.problem is None, said
    action = said.action or "note"
    seconds = said.seconds or (USUAL_TIMEOUT if action == "timeout" else None)
    points = POINTS[action] if said.points is None else said.points
    return Own(said.groups, action, seconds, points, said.times, said.within)


def problem_of(text: str) -> str:
    """What is said to a sentence that cannot be a rule."""
    found = read_rule(text).problem
    assert found is not None, text
    return found.template.format(**dict(found.data))


NEWCOMERS = "from newcomers"
READ = [
    (
        "delete messages with 'free nitro' or 'steam gift' from people who joined less than a day ago",
        "delete messages with “free nitro” or “steam gift” from people who joined less than 1 day ago",
    ),
    (
        "warn whoever writes in capitals more than three times in ten minutes",
        "warn for messages in capitals, 4 times or more in 10 minutes",
    ),
    (
        "time out for 2h anyone who mentions more than 8 people",
        "time out for 2 hours for messages with 9 mentions or more",
    ),
    ("ask us about links from newcomers", "ask us about messages with a link from newcomers"),
    (r"delete messages that match /free\s+nitro/", r"delete messages matching /free\s+nitro/"),
    ("mention bomb from 6 mentions on", "time out for 1 hour for messages with 6 mentions or more"),
    (
        "repeat from 3 times in ten minutes on",
        "time out for 1 hour for messages with the same text 3 times or more in 10 minutes",
    ),
    (
        "flood from 6 messages in 10 seconds on",
        "time out for 10 minutes for messages in a flood of 6 messages or more in 10 seconds, 1 point",
    ),
    ("crowd from 3 people on", "time out for 1 day for messages with the same text from 3 people or more, 3 points"),
    ("spam from 80 % on", "time out for 1 day for messages that read like spam (80 %)"),
    ("Please delete messages with the word kraken", "delete messages with “kraken”"),
    ("delete messages with the words kraken or squid", "delete messages with “kraken” or “squid”"),
    ("delete messages with both 'sea' and 'fish'", "delete messages with both “sea” and “fish”"),
    ("remove anyone who posts an invite", "remove people for messages with an invitation"),
    ("remove messages with invitations", "delete messages with an invitation"),
    ("delete links except to github.com", "delete messages with a link (except to github.com)"),
    (
        "delete links to bit.ly or tinyurl.com from new members",
        f"delete messages with a link to bit.ly or tinyurl.com {NEWCOMERS}",
    ),
    (
        "mute people who send more than 10 messages in 30 seconds for 15 minutes",
        "time out for 15 minutes for messages in a flood of 11 messages or more in 30 seconds",
    ),
    (
        "ban for 7 days whoever posts links to known bad sites",
        "ban for 7 days for messages with a link to a known bad site",
    ),
    (
        "ban accounts younger than 3 days that post links",
        "ban for messages with a link from accounts younger than 3 days",
    ),
    (
        "warn anyone who repeats the same text 4 times in an hour",
        "warn for messages with the same text 4 times or more in 1 hour",
    ),
    (
        "delete the message and time them out for an hour if somebody posts an invite, 3 points",
        "time out for 1 hour for messages with an invitation, 3 points",
    ),
    ("delete and warn messages with “stupid”", "delete messages with “stupid”"),
    ("delete their first message if it has a link", "delete messages with a link that are their first message"),
    (
        "delete messages with a link or with a file, and in capitals",
        "delete messages with a link or with a file, and in capitals",
    ),
    ("delete messages longer than 500 characters, no points", "delete messages of 501 characters or more, no points"),
    (
        "time out anyone who mentions everyone, but never moderators",
        "time out for 1 hour for messages with a call to everyone",
    ),
    ("could you tell us about messages that read like abuse?", "ask us about messages that read like abuse"),
    ("delete pictures from people who are new", f"delete messages with a file {NEWCOMERS}"),
    ("warn whoever shouts twice a day", "warn for messages in capitals, 2 times or more in 1 day"),
    (
        "kick people who joined in a wave and post links",
        "remove people for messages with a link from people who arrived in a wave",
    ),
]


@pytest.mark.parametrize(("text", "meant"), READ)
def test_a_sentence_is_read_as_meant(text: str, meant: str) -> None:
    assert describe(own_of(read_rule(text))) == meant


NOT_READ = [
    ("delete messages with 'sea' and 'fish'", "Both of them in one message, or one of them?"),
    ("delete messages in #general", "I did not understand “#general”"),
    ("don't delete links", "I did not understand “don't”"),
    ("delete messages without links", "I did not understand “without”"),
    ("delete messages from Otto", "I did not understand “Otto”"),
    ("delete messages containing kraken", "put it in quotation marks"),
    ("delete messages", "What shall I look for?"),
    ("delete links if they joined more than a day ago", "I did not understand"),
    ("delete messages with links and in capitals or with a file", "can be read in two ways"),
    ("delete messages with links, or in capitals and with a file", "can be read in two ways"),
    ("delete links or messages from newcomers or with 'sea', and 'fish'", "Both of them"),
    ("warn for capitals or from newcomers", "make two rules"),
    ("delete messages matching /(a+)+/", "repeat inside a repeat"),
    ("warn whoever shouts three times", "within what time?"),
    ("delete the same text", "How often, and in what time?"),
    ("warn people who flood", "How many messages"),
    ("delete messages with more than 90 mentions", "I can count up to 50"),
    ("delete messages with 3 mentions in ten minutes", "within a minute"),
    ("warn and ban whoever shouts", "One rule does one thing. Which of these: warn, ban?"),
    ("time out for 40 days anyone who shouts", "from a minute to 28 days"),
    ("delete messages with 'x'", "2 to 60 characters"),
    ("delete messages with '…!'", "letters or digits"),
    ("delete messages in capitals (30 %)", "from 67 to 100 percent"),
    ("delete links from newcomers, 50 points", "10 points at most"),
    ("delete links from people who joined less than three years ago", "a year at most"),
    ("warn twice an hour whoever shouts three times a day", "twice how often"),
    ("delete messages with " + " or ".join(f"'word {n}'" for n in range(30)), "20 at most"),
]


@pytest.mark.parametrize(("text", "said"), NOT_READ)
def test_what_is_not_clear_is_asked(text: str, said: str) -> None:
    assert said in problem_of(text)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("delete messages with 'nitro' and call it Nitro", "nitro"),
        ("rule nitro: delete messages with 'nitro'", "nitro"),
        ("a new rule called “steam gift”: delete messages with 'nitro'", "steam gift"),
        ("change nitro: delete messages with 'nitro'", "nitro"),
        ("change the rule nitro to: delete messages with 'nitro'", "nitro"),
        ("add a moderation rule: delete messages with 'nitro'", ""),
        ("delete messages with 'nitro'", ""),
    ],
)
def test_a_rule_may_be_named(text: str, name: str) -> None:
    said = read_rule(text)
    assert (said.name, looks_of(own_of(said))) == (name, "with “nitro”")


@pytest.mark.parametrize(
    ("text", "action", "seconds", "points"),
    [
        ("delete", "delete", None, None),
        ("time out for 2h", "timeout", 7200, None),
        ("ban for 7 days, 3 points", "ban", 7 * 86_400, 3),
        ("ask us", "note", None, None),
        ("mute them", "timeout", None, None),
    ],
)
def test_what_is_to_be_done_is_read_alone(text: str, action: str, seconds: int | None, points: int | None) -> None:
    said = read_deed(text)
    assert (said.problem, said.action, said.seconds, said.points) == (None, action, seconds, points)


@pytest.mark.parametrize("text", ["", "dance", "delete links", "for 2h", "delete and dance"])
def test_what_is_nothing_to_do_is_asked(text: str) -> None:
    assert read_deed(text).problem is not None


@settings(max_examples=100)
@given(rules())
def test_what_is_said_back_is_read_as_the_same(own: Own) -> None:
    assert own_of(read_rule(describe(own))) == own


@settings(max_examples=40)
@given(rules())
def test_a_reason_quotes_nothing(own: Own) -> None:
    said = reason_of(own)
    assert not any(f"“{word}”" in said for word in PHRASES)
    assert not any(f"/{one}/" in said for one in PATTERNS)
    assert not any(host in said for host in HOSTS)


_ALL = " ".join(value for value in vars(phrases).values() if isinstance(value, str))
_ALL += " ".join(f" {one}" for table in (phrases.ACTIONS, phrases.LOOKS, phrases.NOUNS) for one in table.values())
WORDS = sorted(
    {
        *_ALL.replace(",", " ").split(),
        *phrases.FILLERS,
        "'a b'",
        "“kraken”",
        "/a+/",
        "/(a+)+/",
        "3",
        "an",
        "hour",
        "10",
        "99999",
        "github.com",
        "%",
        "not",
        "without",
        "call",
        "it",
        "rule",
        "nitro:",
        "’",
        "'",
    }
)


@settings(max_examples=100)
@given(st.one_of(st.text(max_size=80), st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join)))
@example("'" * 500)
@example("/" * 500)
@example("mentions " * 60)
def test_no_text_breaks_the_reader(text: str) -> None:
    for said in (read_rule(text), read_deed(text)):
        if said.problem is None and said.groups:
            again = describe(own_of(said))
            assert own_of(read_rule(again)) == own_of(said), again
        elif said.problem is not None:
            assert said.problem.template.format(**dict(said.problem.data))


@settings(max_examples=100)
@given(
    rules(), st.sampled_from(("not", "never", "without", "unless", "zitherfish", "nobody", "no", "except")), st.data()
)
def test_no_word_is_passed_over(own: Own, word: str, data: st.DataObject) -> None:
    """A word that turns a sentence round, or means nothing to us, is never left out of the meaning."""
    words = describe(own).split(" ")
    before = {at: " ".join(words[:at]) for at in range(len(words) + 1)}
    outside = [at for at, one in before.items() if one.count("“") == one.count("”") and one.count(" /") % 2 == 0]
    at = data.draw(st.sampled_from(outside))
    said = read_rule(" ".join([*words[:at], word, *words[at:]]))
    assert said.problem is not None or own_of(said) != own  # "links not to github.com" is understood


def test_a_look_has_a_word_of_its_own() -> None:
    assert own_of(read_rule("delete spam")).groups == ((Look("spam", 90),),)
