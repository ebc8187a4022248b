"""Amounts in sentences: money and time, each where it belongs, and what is doubtful left to the parser's question."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cofounder.brain import Kind, Pending
from bot.cofounder.offline import OfflineBrain
from bot.cofounder.offline.amounts import lengths
from bot.cofounder.offline.fallbacks import person_in_words
from bot.cofounder.offline.reading import Reading
from bot.cofounder.offline.words import Shape, split
from core.errors import BadInput
from core.ledger.units import Money
from core.operations.fields.amount import Dollars
from tests.bot.offline.money_talk import REGISTRY, log_hours


@pytest.fixture(scope="module")
def small() -> OfflineBrain:
    """A brain over those few operations."""
    return OfflineBrain(REGISTRY)


CASES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (
        "give Ana 500 EUR for the parser",
        "grant.propose",
        {"person": "Ana", "amount": "500 EUR", "purpose": "the parser"},
    ),
    (
        "please give Tom €1.5k for a new laptop",
        "grant.propose",
        {"person": "Tom", "amount": "€1.5k", "purpose": "a new laptop"},
    ),
    ("give 1,500.00 EUR to Ana", "grant.propose", {"person": "Ana", "amount": "1,500.00 EUR"}),
    ("propose 200 EUR and 3h for Ben", "grant.propose", {"person": "Ben", "amount": "200 EUR", "time": "3h"}),
    ("propose 200 EUR for Ben", "grant.propose", {"person": "Ben", "amount": "200 EUR"}),
    (
        "propose a grant of 2 500 EUR to Ana Ruiz for the website",
        "grant.propose",
        {"person": "Ana Ruiz", "amount": "2 500 EUR", "purpose": "the website"},
    ),
    (
        "give Ana 500 EUR for the 20 EUR hosting plan",
        "grant.propose",
        {"person": "Ana", "amount": "500 EUR", "purpose": "the 20 EUR hosting plan"},
    ),
    ("let's give $20 to Maria", "grant.propose", {"person": "Maria", "amount": "$20"}),
    ("award Ben 20 Canadian dollars", "grant.propose", {"person": "Ben", "amount": "20 Canadian dollars"}),
    (
        "I would like to apply for €1.5k and 5 hours for the bike workshop",
        "grant.apply",
        {"amount": "€1.5k", "time": "5 hours", "purpose": "the bike workshop"},
    ),
    ("I want to apply for 300 CHF", "grant.apply", {"amount": "300 CHF"}),
    (
        "can I get a grant of 80 euros for paint?",
        "grant.apply",
        {"amount": "80 euros", "purpose": "paint"},
    ),
    ("I helped Tom for 1h30 with taxes", "hours.log", {"person": "Tom", "time": "1h30", "purpose": "taxes"}),
    (
        "I helped Ana for half an hour with her pitch",
        "hours.log",
        {"person": "Ana", "time": "half an hour", "purpose": "her pitch"},
    ),
    ("log 2h with Ben", "hours.log", {"person": "Ben", "time": "2h"}),
    ("Mira may give up to 200 EUR a month", "mandate.give", {"person": "Mira", "amount": "200 EUR", "every": "30d"}),
    ("release #k7m2p", "grant.release", {"grant": "#k7m2p"}),
    ("release the next part of the parser", "grant.release", {"grant": "the parser"}),
    ("log 1.5 hours with Ben", "hours.log", {"person": "Ben", "time": "1.5 hours"}),
    ("log 1,5h with Ben", "hours.log", {"person": "Ben", "time": "1,5h"}),
    (
        "I spent an hour and a half helping Maria with her logo",
        "hours.log",
        {"person": "Maria", "time": "an hour and a half", "purpose": "her logo"},
    ),
    ("I gave Tom 2 hours and 15 minutes", "hours.log", {"person": "Tom", "time": "2 hours and 15 minutes"}),
    ("deposit 2,000.00 EUR from Mira", "fund.deposit", {"amount": "2,000.00 EUR", "person": "Mira"}),
    ("Mira gave us 2000 EUR", "fund.deposit", {"amount": "2000 EUR", "person": "Mira"}),
    ("put 50 EUR into the fund", "fund.deposit", {"amount": "50 EUR"}),
    ("I paid Ana 500 EUR with a fee of 2 EUR", "grant.pay", {"person": "Ana", "amount": "500 EUR", "fee": "2 EUR"}),
    (
        "paid Ana 500 EUR by bank transfer, fee 2,50 EUR",
        "grant.pay",
        {"person": "Ana", "amount": "500 EUR", "fee": "2,50 EUR"},
    ),
    ("I paid Ana 500 EUR", "grant.pay", {"person": "Ana", "amount": "500 EUR"}),
    # what is doubtful goes on as it was typed, and the parser asks
    (
        "give Ana 1.500 EUR for the parser",
        "grant.propose",
        {"person": "Ana", "amount": "1.500 EUR", "purpose": "the parser"},
    ),
    (
        "give Ana 500-600 EUR for the parser",
        "grant.propose",
        {"person": "Ana", "amount": "500-600 EUR", "purpose": "the parser"},
    ),
    (
        "give Ana about 500 EUR for the parser",
        "grant.propose",
        {"person": "Ana", "amount": "about 500 EUR", "purpose": "the parser"},
    ),
    (
        "give Ana -500 EUR for the parser",
        "grant.propose",
        {"person": "Ana", "amount": "-500 EUR", "purpose": "the parser"},
    ),
    ("deposit 5 00 EUR from Mira", "fund.deposit", {"amount": "5 00 EUR", "person": "Mira"}),
    ("deposit 2 EUR 500", "fund.deposit", {"amount": "2 EUR 500"}),
    ("log about 2 hours with Ben", "hours.log", {"person": "Ben", "time": "about 2 hours"}),
    ("log 2 to 3 hours with Ben", "hours.log", {"person": "Ben", "time": "2 to 3 hours"}),
    ("log 1.500 h with Ben", "hours.log", {"person": "Ben", "time": "1.500 h"}),
    # two amounts for one argument are asked about
    ("give Ana 500 EUR and Tom 300 EUR", "grant.propose", {"person": "Ana"}),
    # amounts in what others say stay where they are
    ("I need a laptop for 500 EUR", "need.post", {"text": "a laptop for 500 EUR"}),
    ("I need two hours of legal advice", "need.post", {"text": "two hours of legal advice"}),
    ("make an invite valid 24 hours", "invite.create", {"expires": "1d"}),
)
ASKED = {
    "1.500 EUR": "1500 EUR or 1.50 EUR", "500-600 EUR": "not one exact amount", "-500 EUR": "less than nothing",
    "about 500 EUR": "not one exact amount", "5 00 EUR": "Try 1500 EUR", "2 EUR 500": "could not read",
    "about 2 hours": "not one exact amount", "2 to 3 hours": "not one exact amount", "1.500 h": "1500h or 1.5h",
}  # fmt: skip


@pytest.mark.parametrize(("sentence", "name", "arguments"), CASES, ids=[case[0] for case in CASES])
def test_amounts_as_they_stand(small: OfflineBrain, sentence: str, name: str, arguments: dict[str, Any]) -> None:
    understood = small.understand(sentence)
    assert (understood.operation, understood.arguments) == (name, arguments)
    for argument, value in arguments.items():
        parameter = REGISTRY.get(name).parameter(argument)
        assert parameter is not None
        if parameter.field.kind == "amount" and value in ASKED:
            with pytest.raises(BadInput) as question:
                parameter.field.read(value)
            assert ASKED[value] in question.value.message
        else:
            assert parameter.field.read(value) is not None


@pytest.mark.parametrize(
    "sentence",
    ["Ana gave Tom 500 EUR last year", "a laptop costs 500 EUR", "what is 500 EUR in dollars?",
     "don't give Ana 500 EUR for the parser", "he says that we should give Ana 500 EUR"],
)  # fmt: skip
def test_talk_of_money_asks_for_no_grant(small: OfflineBrain, sentence: str) -> None:
    assert small.understand(sentence).operation != "grant.propose"


ANSWERS: tuple[tuple[str, str, str], ...] = (
    ("", "500 EUR", "500 EUR"),
    ("", "make it €500 please", "€500"),
    ("", "it's 1,500.00 EUR", "1,500.00 EUR"),
    ("", "500", "500"),
    ("", "1.500 EUR", "1.500 EUR"),
    ("500", "EUR", "500 EUR"),
    ("500", "in euros please", "500 euros"),
    ("$500", "CAD", "$500 CAD"),
    ("1.500 EUR", "1500 EUR", "1500 EUR"),
)


@pytest.mark.parametrize(("before", "sentence", "amount"), ANSWERS)
def test_an_answer_to_the_question_for_an_amount(small: OfflineBrain, before: str, sentence: str, amount: str) -> None:
    known = {"person": "Ana"} | ({"amount": before} if before else {})
    understood = small.understand(sentence, pending=Pending("grant.propose", known, "amount"))
    assert understood.arguments == {"person": "Ana", "amount": amount}
    assert understood.kind is Kind.REQUEST


PIECES = st.sampled_from(
    ["give", "Ana", "Tom", "500", "EUR", "€", "1.500", "1,500.00", "k", "2h", "hours", "half an hour", "and", "or", "-",
     "to", "about", "for", "the parser", "$", ",", ".", "with", "3", "30", "propose", "I helped", "log", "deposit",
     "from", "a fee of", "2 EUR", "1h30", "minutes", "５", "\u202f", "−"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=14).map(" ".join))
def test_no_amount_is_made_of_words_that_are_not_there(small: OfflineBrain, sentence: str) -> None:
    understood = small.understand(sentence)
    if understood.operation is None:
        return
    operation = REGISTRY.get(understood.operation)
    for name, value in understood.arguments.items():
        parameter = operation.parameter(name)
        assert parameter is not None
        if parameter.field.kind == "amount":
            assert value in sentence
            try:
                read = parameter.field.read(value)
            except BadInput:
                continue
            assert isinstance(read, Money | Dollars)


@pytest.mark.parametrize(
    ("said", "person", "rest"),
    [
        ("Ben about his pitch", "Ben", "his pitch"),
        ("Ana Ruiz", "Ana Ruiz", None),
        ("@lea: taxes", "@lea", "taxes"),
        ("the parser about speed", None, "the parser about speed"),
        ("Ben and the others", None, "Ben and the others"),
    ],
)
def test_the_person_who_is_missing_may_begin_free_words(said: str, person: str | None, rest: str | None) -> None:
    sentence = f"log 2h with {said}"
    words, reading = split(sentence), Reading()
    reading.put("purpose", said, (3, len(words)))
    purpose = log_hours.parameter("purpose")
    assert purpose is not None
    person_in_words(log_hours.parameters, purpose, sentence, words, reading)
    assert (reading.values.get("person"), reading.values.get("purpose")) == (person, rest)


@given(st.integers(1, 10**7), st.sampled_from(["EUR", "€", "euros", "CHF", "Kč", "$"]), st.booleans())
def test_a_sum_is_one_word(number: int, unit: str, grouped: bool) -> None:
    said = f"{number:,}.00 {unit}" if grouped else f"{number} {unit}"
    (word,) = [w for w in split(f"give Ana {said} for it.") if w.shape is Shape.SUM]
    assert word.text == said


@given(st.text(max_size=200))
def test_whatever_is_typed_lengths_of_time_stand_in_it(sentence: str) -> None:
    for one in lengths(sentence, split(sentence)):
        assert one.value in sentence
