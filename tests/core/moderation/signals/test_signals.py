"""What is noticed, and what is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.moderation.signals.domains import Domains
from core.moderation.signals.history import KEPT, History
from core.moderation.signals.newcomers import join_wave
from core.moderation.signals.notice import notice, signals
from core.moderation.signals.patterns import WordList, safe_pattern
from core.moderation.signals.seen import Author, Message
from core.moderation.signals.settings import Settings
from tests.core.moderation.signals.people import NOW, OLD, noticed, said

OFFER = "Our new bakery opens on Friday at nine, come by and try the bread"
TALK = "the linker cannot find that symbol any more since we changed the order of the two libraries"


def test_quiet_talk_is_nothing() -> None:
    assert noticed(said(TALK)) == {}


def test_a_flood() -> None:
    found = noticed(*(said(f"{'x' * n}", NOW + n) for n in range(1, 10)))
    assert (found["flood"].strength, found["flood"].detail) == (1.0, "9 messages in 8 seconds")


def test_messages_of_one_instant_were_typed_by_nobody() -> None:
    assert "flood" not in noticed(*(said(f"line {'x' * n} of the agenda", NOW) for n in range(30)))


@pytest.mark.parametrize(
    "again",
    [OFFER, OFFER + " 42", OFFER.upper() + "!!", OFFER.replace("a", "а"), "Hey, " + OFFER],
)
def test_nearly_the_same_again(again: str) -> None:
    found = noticed(said(OFFER), said(again, NOW + 60, place="garden"))
    assert found["repeat"].detail == "nearly the same text 2 times in 60 seconds in 2 places"


def test_another_text_is_no_repeat() -> None:
    assert not {"repeat", "drip", "crowd"} & set(noticed(said(OFFER), said(TALK, NOW + 60)))


def test_short_words_are_said_often() -> None:
    assert noticed(*(said("thanks!", NOW + n) for n in (0, 60, 120)))["repeat"].strength < 0.3


def test_the_same_over_the_day() -> None:
    found = noticed(*(said(OFFER, NOW + n * 3600) for n in range(4)))
    assert (found["drip"].strength, "repeat" in found) == (1.0, False)


def test_the_same_from_many() -> None:
    found = noticed(*(said(OFFER, NOW + n, f"person {n}") for n in range(4)))
    assert found["crowd"].detail == "nearly the same text from 4 people within ten minutes"


def test_short_texts_from_many_are_nothing() -> None:
    assert "crowd" not in noticed(*(said("thanks!", NOW + n, f"person {n}") for n in range(4)))


def test_mentions_add_up() -> None:
    found = noticed(*(said(f"hi {n}", NOW + n, mentions=4) for n in range(2)))
    assert (found["mentions"].strength, found["mentions"].detail) == (1.0, "8 mentions within a minute")
    assert "everyone" in noticed(said("hello", everyone=True))


def test_capitals() -> None:
    assert "caps" in noticed(said("WHY IS NOBODY READING THE MANUAL"))
    assert "caps" not in noticed(said("LOL"))


@pytest.mark.parametrize("link", ["http://bad.com/x", "login.bad.com", "hxxp://bad[.]com", "b\u200bad.com"])
def test_known_bad_domains(link: str) -> None:
    found = noticed(said(f"look {link}"), settings=Settings(bad=Domains(["bad.com"])))
    assert found["domain"].detail == "a link to bad.com, known to be bad"


@pytest.mark.parametrize("link", ["http://notbad.com", "http://bad.com.example.org", "https://com"])
def test_other_domains(link: str) -> None:
    assert "domain" not in noticed(said(f"look {link}"), settings=Settings(bad=Domains(["bad.com"])))


def test_lists_of_domains_in_many_forms() -> None:
    lines = [
        "# a list",
        "0.0.0.0 a.com",
        "||b.com^",
        "https://c.com/",
        "d.com,phish,x",
        "*.e.com",
        "",
        "com",
        "F.COM",
    ]
    domains = Domains(lines)
    assert [one for one in "abcdefg" if domains.match(f"www.{one}.com")] == list("abcdef")
    assert len(domains) == 6


def test_a_listed_address_is_not_its_whole_host() -> None:
    domains = Domains(["bit.ly/3Abc", "https://short.example/x/"])
    assert domains.match("bit.ly") is None
    assert domains.match("bit.ly", "/other") is None
    assert domains.match("bit.ly", "/3abc/") == "bit.ly/3abc"
    found = noticed(said("go to https://bit.ly/3Abc now"), settings=Settings(bad=domains))
    assert found["domain"].detail == "a link to bit.ly/3abc, known to be bad"


def test_trusted_domains_and_own_invitations_are_no_concern() -> None:
    ours = Settings(trusted=Domains(["example.org"]), own_invites=frozenset({"discord.gg/abc"}))
    assert noticed(said("see https://docs.example.org/a"), settings=ours) == {}
    assert "invite" not in noticed(said("join discord.gg/abc"), settings=ours)
    assert "invite" in noticed(said("join discord.gg/xyz"), settings=ours)


@pytest.mark.parametrize(
    "text", ["a frobnicator", "a fr0bn1c4t0r", "f.r.o.b.n.i.c.a.t.o.r", "ＦＲＯＢＮＩＣＡＴＯＲ", "two bad words"]
)
def test_unwanted_words_in_any_disguise(text: str) -> None:
    words = WordList(["frobnicator", "bad words", "gloop*"])
    assert "word" in noticed(said(text), settings=Settings(words=words))


def test_words_are_whole_unless_they_end_in_a_star() -> None:
    words = WordList(["cat", "gloop*"])
    assert "word" not in noticed(said("concatenate the agloop"), settings=Settings(words=words))
    assert "word" in noticed(said("gloopy"), settings=Settings(words=words))


def test_expressions() -> None:
    found = noticed(said("offer no 123-456"), settings=Settings(patterns={"numbers": safe_pattern(r"\d{3}-\d{3}")}))
    assert found["word"].detail == "what the expression numbers looks for"


def test_age() -> None:
    new = Author("bo", NOW - 120, NOW - 9e6, 0)
    found = noticed(said("hi", who="bo"), author=new)
    assert (found["new"].detail, found["first"].detail) == ("arrived 2 min ago", "their first message here")
    assert "new" not in noticed(said("hi"), author=Author("bo", messages=20))


def test_a_wave_of_arrivals() -> None:
    history = History()
    for number in range(12):
        history.join(f"bo {number}", NOW + number)
    assert join_wave(history, NOW + 30) == (12, 1.0)
    bo = Author("bo 3", NOW + 3, None, 0)
    assert noticed(said("hi", NOW + 30, "bo 3"), author=bo, history=history)["wave"].strength == 1.0
    assert "wave" not in noticed(said("hi", NOW + 30), history=history)
    assert join_wave(history, NOW + 3000) == (0, 0.0)


def test_a_busy_place_has_no_wave() -> None:
    history = History()
    for number in range(400):
        history.join(f"bo {number}", NOW + number * 9)
    assert join_wave(history, NOW + 3600)[1] < 0.5


def test_spam_and_again() -> None:
    texts = ("Earn $900 daily from home, DM me", "Free nitro, claim at http://gift.xyz", "Casino bonus 500%, join now")
    found = noticed(*(said(text, NOW + n * 1000) for n, text in enumerate(texts)))
    assert found["spam"].strength > 0.9
    assert found["again"].detail == "3 messages that read like spam, of their last 3"


def test_nothing_is_noticed_about_the_protected() -> None:
    history = History()
    assert notice(said("free nitro http://bad.com", everyone=True), Author("s", protected=True), history) == []
    assert len(history) == 0


def test_looking_changes_nothing() -> None:
    history = History()
    message = said(OFFER)
    assert signals(message, OLD, history) == signals(message, OLD, history)
    assert len(history) == 0


@given(
    st.lists(
        st.builds(
            Message,
            text=st.text(max_size=60),
            at=st.floats(NOW, NOW + 1e5),
            author=st.sampled_from(["ana", "bo", "cy"]),
            place=st.sampled_from(["hall", "garden"]),
            mentions=st.integers(0, 400),
            everyone=st.booleans(),
        ),
        max_size=40,
    )
)
def test_strengths_are_between_0_and_1_and_details_quote_nothing(messages: list[Message]) -> None:
    history = History(people=2, texts=5)
    for message in messages:
        for one in notice(message, Author(message.author, NOW), history):
            assert 0 < one.strength <= 1
            assert "\n" not in one.detail
            assert one.detail
    assert len(history) <= 2


def test_the_history_is_bounded_and_has_no_text() -> None:
    history = History(people=50)
    for number in range(5000):
        notice(said(f"secretword number {number}", NOW + number, f"person {number % 90}"), OLD, history)
    assert len(history) == 50
    assert history.spam("person 89")[1] <= KEPT
    assert "secretword" not in repr(vars(history))
