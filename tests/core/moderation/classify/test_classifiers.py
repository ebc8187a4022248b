"""The shipped classifiers: floors, disguises, and that training is the same every time.

The sentences here are in no training data. They are floors that a broken model falls through; how good the models are
is measured by `make bench-moderation`.
"""

import random

import pytest

from core.moderation.classify import train
from core.moderation.classify.disguises import DISGUISES, Disguise
from core.moderation.classify.examples import Text, abuse_texts, own_texts, spam_texts
from core.moderation.classify.features import features
from core.moderation.classify.model import FILE, SURE, Classifiers, Linear, Scale, dumped, load, loaded
from core.moderation.classify.solver import Example, fit, score
from core.moderation.text.reading import read

SPAM = (
    "Want to double your bitcoin by tomorrow? My broker is real and pays daily, text her on whatsapp",
    "50 free spins for every new player, register at luckyspin.club and withdraw at once",
    "Hiring now: work from your phone two hours a day, paid weekly, write me in private",
    "Please subscribe to my channel, new gaming video every day",
    "Claim your free nitro here before it expires https://nitro-drop.xyz",
    "You won a voucher! Reply YES to 81234 to claim your prize, 150p per text",
    "Sexy singles wait for you, register free and see private photos",
    "Cheap followers and likes, instant delivery, pay with crypto, DM to order",
    "Ищем людей на удаленную работу, доход от 1000$ в неделю, пишите в личку",
    "Бонус 100% на первый депозит, казино с быстрым выводом, жми на ссылку",
)
INNOCENT = (
    "I pushed the fix, can you run the tests again before you merge it?",
    "The slides from yesterday are here: https://example.org/slides.pdf",
    "we still need somebody who brings plates on Sunday",
    "the money from the grant came in today, I'll write the report",
    "is the workshop free for members or do we pay at the door?",
    "my channel reading loop blocks forever, any idea why?",
    "call me when you are at the station, I'll pick you up",
    "Congratulations to the two of you, what lovely news!",
    "Кто-нибудь едет завтра на дачу? Могу подвезти",
    "не могу собрать проект, линкер ругается",
)
ABUSE = (
    "Muslims are vermin and should be wiped out",
    "kill yourself you worthless faggot",
    "all immigrants are disgusting animals",
)
KIND = (
    "the immigrants in my street are lovely neighbours",
    "calling Muslims vermin is racist, stop it",
    "that build server should die in a fire",
    "good morning everybody, coffee is ready",
)


def test_spam_and_innocent_talk() -> None:
    models = load()
    assert sum(models.strengths(read(text)).spam >= 0.5 for text in SPAM) >= 9
    strengths = [models.strengths(read(text)).spam for text in INNOCENT]
    assert max(strengths) < SURE
    assert sum(one >= 0.5 for one in strengths) <= 1


def test_abuse_and_innocent_talk() -> None:
    models = load()
    assert [text for text in ABUSE if models.strengths(read(text)).abuse < 0.5] == []
    strengths = [models.strengths(read(text)).abuse for text in (*KIND, *INNOCENT)]
    assert max(strengths) < SURE
    assert sum(one >= 0.5 for one in strengths) <= 1


@pytest.mark.parametrize("disguise", DISGUISES, ids=lambda one: one.__name__)
def test_disguises_hide_nothing_and_accuse_nobody(disguise: Disguise) -> None:
    models, chance = load(), random.Random(1)
    assert sum(models.strengths(read(disguise(text, chance))).spam >= 0.5 for text in SPAM) >= 8
    assert sum(models.strengths(read(disguise(text, chance))).spam >= 0.5 for text in INNOCENT) <= 1


def test_no_test_sentence_was_learned_from() -> None:
    learned = {one.text for one in (*spam_texts(), *abuse_texts(), *own_texts(), *own_texts("own_abuse.txt"))}
    assert learned.isdisjoint({*SPAM, *INNOCENT, *ABUSE, *KIND})


def test_nothing_said_is_nothing() -> None:
    assert load().strengths(read(" \u200b ")).spam == 0


def test_the_file_is_small_and_says_what_it_is() -> None:
    text = FILE.read_text(encoding="utf-8")
    assert len(text.encode()) < 2_000_000
    assert dumped(loaded(text.splitlines(keepends=True))) == text
    with pytest.raises(ValueError, match="no file of weights"):
        loaded(["something else"])
    with pytest.raises(ValueError, match="cut short"):
        loaded(text.splitlines()[:3])


def _small() -> tuple[list[Text], list[Text]]:
    return spam_texts()[::40], abuse_texts()[::80]


def test_training_gives_the_same_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    spam, abuse = _small()
    monkeypatch.setattr(train, "spam_texts", lambda: spam)
    monkeypatch.setattr(train, "abuse_texts", lambda: abuse)

    def once() -> str:
        return dumped(Classifiers(train.trained(train.spam_seen(), 1.0), train.trained(train.abuse_seen(), 0.5)))

    assert once() == once()


def test_scales_put_the_balance_at_a_half_and_the_strict_threshold_at_sure() -> None:
    scale = Scale(-0.2, 0.3)
    assert scale.strength(-0.2) == pytest.approx(0.5)
    assert scale.strength(0.3) == pytest.approx(SURE)
    assert scale.strength(-1e9) == pytest.approx(0)
    assert scale.strength(1e9) == pytest.approx(1)


def test_the_solver_separates_what_can_be_separated() -> None:
    examples = [Example({"a", f"x{n % 3}"}, True) for n in range(9)] + [
        Example({"b", f"x{n % 3}"}, False) for n in range(9)
    ]
    weights = fit(examples)
    assert all((score(weights, one.features) > 0) == one.wanted for one in examples)


def test_every_text_has_features_whatever_is_in_it() -> None:
    linear = Linear({"1:": 0.5}, Scale(0, 1))
    assert 0 < linear.strength(features(read("☃"))) < 1
