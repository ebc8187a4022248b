"""Lookalikes, styled alphabets, invisible characters and piled-up marks come out as plain letters."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.moderation.classify import disguises
from core.moderation.text.leet import without_leet
from core.moderation.text.letters import plain
from core.moderation.text.lookalikes import TABLE
from core.moderation.text.reading import LONGEST, read
from core.moderation.text.spaced import joined

SAID = "Free entry: win a cash prize now, visit us and claim 25 tickets for 1000 dollars"
# What each disguise may leave different: small capitals have no case.
DISGUISES = [one for one in disguises.DISGUISES if one is not disguises.spaced_evenly]


@pytest.mark.parametrize("disguise", DISGUISES, ids=lambda one: one.__name__)
def test_every_disguise_comes_off(disguise: disguises.Disguise) -> None:
    drawn = disguise(SAID, random.Random(3))
    assert drawn != SAID
    assert read(drawn).words == read(SAID).words


def test_words_whose_gaps_are_lost_are_known_as_run_together() -> None:
    reading = read(disguises.spaced_evenly("click here to win", random.Random(1)))
    assert (reading.words, reading.run_together) == ("ciickheretowin", True)
    assert not read(disguises.spaced("click here to win", random.Random(1))).run_together


@pytest.mark.parametrize(
    ("drawn", "seen"),
    [
        ("рауpаl", "paypal"),
        ("ＦＲＥＥ", "FREE"),
        ("🅵🆁🅴🅴", "FREE"),
        ("🇫🇷🇪🇪", "free"),
        ("ⓕⓡⓔⓔ", "free"),
        ("ǝǝɹɟ", "eerf"),
        ("f\u200br\u2060e\u00ade", "free"),
        ("łøđ", "lod"),
        ("plain text, as it is", "plain text, as it is"),
        ("Grüße 🇫🇷 👍", "Gruße 🇫🇷 👍"),
        ("שָׁלוֹם", "שָׁלוֹם"),
        ("हिन्दी", "हिन्दी"),
    ],
)
def test_what_letters_look_like(drawn: str, seen: str) -> None:
    assert plain(drawn) == seen


def test_a_russian_word_has_one_skeleton_whichever_alphabet_its_letters_are_of() -> None:
    assert plain("работа") == plain("paбoтa")


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("fr33 m0n3y n0w", "free money now"),
        ("send m0n3y", "send money"),
        ("c@sh and ca$h", "cash and cash"),
        ("1nvest", "invest"),
        ("the 2nd of 10k mp3 files, 1.5GB for $50 or 20€ by 4pm", None),
        ("h264, ipv6, x86 and b4 the C++ talk", None),
        ("write to @l33t_name or bob+tag", None),
        ("08712400602450p", None),
        ("7h15 15 700 3a5y", "this is too easy"),
    ],
)
def test_leet_and_what_is_none(written: str, read_as: str | None) -> None:
    assert without_leet(written) == (written if read_as is None else read_as)


@pytest.mark.parametrize(
    ("written", "together"),
    [
        ("f r e e stuff", "free stuff"),
        ("f.r.e.e stuff", "free stuff"),
        ("f - r - e - e", "free"),
        ("c l i c k   h e r e", "click here"),
        ("10.0.0.1 and 1 2 3 4", "10.0.0.1 and 1 2 3 4"),
        ("a or b", "a or b"),
        ("e.g. this, i.e. that", "e.g. this, i.e. that"),
    ],
)
def test_letters_set_apart(written: str, together: str) -> None:
    assert joined(written)[0] == together


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    reading = read(text)
    assert plain(plain(text)) == plain(text)
    assert reading.words == " ".join(reading.words.split())


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=300))
def test_plain_letters_stay(text: str) -> None:
    assert plain(text) == text


@given(st.text(max_size=100), st.integers(0, 1000))
def test_what_is_not_seen_changes_nothing(text: str, seed: int) -> None:
    assert plain(disguises.zero_width(text, random.Random(seed))) == plain(text)


@pytest.mark.parametrize("unit", ["a ", "1 ", "a.", "é", "🇦", "www.", "h ", "a.b/", "@", "4!", "0" * 5 + "o"])
def test_long_texts_of_one_kind_are_read(unit: str) -> None:
    assert len(read(unit * 10_000).text) == LONGEST


def test_nothing_that_the_table_gives_stands_in_it() -> None:
    assert not {ord(one) for given in TABLE.values() for one in str(given or "")} & set(TABLE)
