"""From what people say to a number and back."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from core.consent.words import LEVELS, USES, effective, people, said, sentence, told
from core.rules.kinds import WRITTEN
from core.rules.words import ALL, ANY, AUDIENCES, BITS, EVERYBODY, Action, audiences_of, spread

WHOS = st.sampled_from(sorted(LEVELS))
USED = st.none() | st.sampled_from(sorted(USES))
SAYINGS = st.lists(st.tuples(WHOS, USED), max_size=6)


def after(sayings: list[tuple[str, str | None]]) -> int:
    word = ALL
    for who, use in sayings:
        word = said(word, who, use)
    return word


def test_levels_widen() -> None:
    order = [LEVELS[name] for name in ("only-me", "members", "nexuses", "everyone")]
    assert order[0] == 0
    assert order[-1] == EVERYBODY
    for narrow, wide in itertools.pairwise(order):
        assert narrow & wide == narrow
        assert narrow != wide
    assert not LEVELS["nexuses"] & (BITS["public"] | BITS["guest"] | BITS["bridge"])


def test_what_people_say() -> None:
    assert said(ALL, "only-me", None) == 0
    assert said(ALL, "members", None) == spread(LEVELS["members"], Action)
    assert said(ALL, "only-me", "repeat") == ALL & ~spread(EVERYBODY, (Action.QUOTE,))
    assert said(ALL, "only-me", "count") == ALL & ~spread(EVERYBODY, (Action.AGGREGATE,))
    no_repeating = said(ALL, "only-me", "repeat")
    assert not audiences_of(said(no_repeating, "members", None), Action.QUOTE)
    assert said(0, "members", None) == said(ALL, "members", None)
    assert said(0, "members", "count") == spread(LEVELS["members"], (Action.AGGREGATE,))


@given(SAYINGS)
def test_whatever_is_said_stays_within_the_words(sayings: list[tuple[str, str | None]]) -> None:
    word = after(sayings)
    assert word & ALL == word
    assert effective(word) & word == effective(word)
    assert effective(effective(word)) == effective(word)


@given(SAYINGS, WHOS)
def test_what_was_switched_off_stays_off_until_all_is_off_or_the_rules_decide(
    sayings: list[tuple[str, str | None]], who: str
) -> None:
    before = after(sayings)
    now = said(before, who, None)
    if who == "everyone":
        assert now == ALL
    for action in Action:
        if before and who != "everyone" and not audiences_of(before, action):
            assert not audiences_of(now, action)


@given(SAYINGS, WHOS, st.sampled_from(sorted(USES)))
def test_a_saying_about_one_use_is_about_that_alone(sayings: list[tuple[str, str | None]], who: str, use: str) -> None:
    before = after(sayings)
    now = said(before, who, use)
    for action in Action:
        expected = LEVELS[who] if action is USES[use] else audiences_of(before, action)
        assert audiences_of(now, action) == expected


@given(st.integers(0, ALL).map(lambda word: word & ALL), st.sampled_from((*WRITTEN, ANY)), st.sampled_from(("", "x")))
def test_any_word_can_be_told(word: int, kind: str, name: str) -> None:
    text = sentence(kind, word, name)
    assert "{" not in text
    assert "  " not in text
    assert text.count(" may ") >= 1


def test_it_is_told_in_plain_words() -> None:
    assert sentence("need", said(ALL, "members", None)) == (
        "your needs: members may see them, repeat them in channels, count them, build on them and take them along"
    )
    assert sentence("offer", said(ALL, "only-me", "build")) == (
        "your offers: whoever the rules let may see them, repeat them in channels, count them and take them along; "
        "nobody but you may build on them"
    )
    assert sentence(ANY, 0) == (
        "everything of yours: nobody but you may see it, repeat it in channels, count it, build on it and take it along"
    )
    # what may not be repeated is not exported either, whatever was said of exporting
    assert "nobody but you may repeat it in channels and take it along" in sentence(ANY, said(ALL, "only-me", "repeat"))
    assert sentence("need", ALL, "a desk").startswith("“a desk”: ")


def test_audiences_have_names() -> None:
    assert all(people(BITS[name]) for name in AUDIENCES)
    assert people(BITS["member"] | BITS["steward"]) == "members"
    assert people(BITS["public"] | BITS["guest"]) == "anyone"
    assert people(LEVELS["nexuses"]) == (
        "members, members of Nexuses inside, members of Nexuses above and members of linked Nexuses"
    )
    assert told(0, nobody="nobody else").startswith("nobody else may see it")
