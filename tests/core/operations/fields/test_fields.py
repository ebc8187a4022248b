"""Argument types: what people type, and what never comes out of them but a value or a kind `BadInput`."""

from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.clock import DAY, HOUR, MINUTE, SECOND
from core.errors import BadInput
from core.operations.fields import Amount, Choice, Code, Duration, Field, Reference, Text, Whole, YesNo
from core.operations.fields.base import frozen_id
from core.operations.fields.time import Date, read_duration, show_duration

FIELDS: list[Field] = [
    Text("the words", maximum=50),
    Text("the line", minimum=3, maximum=50, line=True),
    Choice("the role", ("owner", "member"), also={"admin": "owner"}),
    Whole("how many"),
    YesNo("whether"),
    Code("the code"),
    Duration("how long"),
    Amount("the amount"),
    Amount("the amount", dollar="USD"),
    Date("the day"),
    Reference("the thing"),
]
_IDS = [f"{f.kind}-{i}" for i, f in enumerate(FIELDS)]
_SPECIAL = st.text(alphabet="0123456789.,- '+€$¥£kKhmsdwEUR=½②٣５\x00\n\ud800\u202e\u0301yesnojan/")
_RAW = st.one_of(
    st.text(),
    _SPECIAL,
    st.integers(),
    st.floats(),
    st.booleans(),
    st.none(),
    st.lists(st.text()),
    st.dictionaries(st.text(), st.text()),
)


@pytest.mark.parametrize("field", FIELDS, ids=_IDS)
@given(raw=_RAW)
@example(raw="9" * 5000)
@example(raw=10**5000)
@example(raw="word " * 20_000)
@example(raw=float("nan"))
@example(raw=float("inf"))
def test_reading_gives_a_value_or_bad_input(field: Field, raw: Any) -> None:
    refusal: BadInput | None = None
    try:
        value = field.read(raw)
    except BadInput as error:
        refusal = error
    if refusal is not None:
        assert refusal.may_retry
        assert 0 < len(refusal.message) < 500
        return
    if isinstance(field, Reference):
        return  # frozen from the thing it is resolved to, not from its name
    frozen = field.freeze(value) if not isinstance(field, Date) else value
    assert field.read(frozen) == value
    assert field.show(value) if not isinstance(field, Date) else True


@pytest.mark.parametrize("field", FIELDS, ids=_IDS)
def test_every_field_says_what_it_wants(field: Field) -> None:
    assert field.schema()["type"] in ("string", "integer", "boolean")
    for nothing in ("", "   ", "\u200b"):
        with pytest.raises(BadInput) as refusal:
            field.read(nothing)
        assert refusal.value.data == {"about": field.about}


@pytest.mark.parametrize(
    ("text", "milliseconds"),
    [
        ("30m", 30 * MINUTE), ("30 min", 30 * MINUTE), ("30 minutes", 30 * MINUTE), ("45s", 45 * SECOND),
        ("2h", 2 * HOUR), ("2 hrs", 2 * HOUR), ("1h30", 90 * MINUTE), ("1h30m", 90 * MINUTE), ("1h 30m", 90 * MINUTE),
        ("1 hour and 30 minutes", 90 * MINUTE), ("1.5 hours", 90 * MINUTE), ("0.29 h", 1044 * SECOND),
        ("an hour", HOUR), ("half an hour", 30 * MINUTE), ("an hour and a half", 90 * MINUTE),
        ("2 and a half hours", 150 * MINUTE), ("half a day", 12 * HOUR), ("a day", DAY), ("3 days", 3 * DAY),
        ("three days", 3 * DAY), ("7 days", 7 * DAY), ("a week", 7 * DAY), ("week", 7 * DAY), ("2 wks", 14 * DAY),
        ("a fortnight", 14 * DAY), ("a couple of weeks", 14 * DAY), ("for 3 days", 3 * DAY),
        ("Within 2 Days.", 2 * DAY),
        ("the next 2 weeks", 14 * DAY), ("a month", 30 * DAY), ("2 months", 60 * DAY), ("1y", 365 * DAY),
        ("1d2h3m4s", DAY + 2 * HOUR + 3 * MINUTE + 4 * SECOND),
    ],
)  # fmt: skip
def test_durations(text: str, milliseconds: int) -> None:
    assert read_duration(text) == milliseconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5",
        "soon",
        "h",
        "-2h",
        "1,5h",
        "1.5m",
        "2 parsecs",
        "1h-5m",
        "３h",
        "½ hour",
        "1h61",
        "tomorrow",
        "3/4",
        ".",
    ],
)
def test_what_is_no_duration(text: str) -> None:
    assert read_duration(text) is None


@given(st.integers(0, 366 * DAY // SECOND))
def test_a_duration_is_shown_as_it_can_be_read(seconds: int) -> None:
    shown = show_duration(seconds * SECOND)
    assert read_duration(shown) == seconds * SECOND


def test_a_duration_out_of_bounds_says_the_bounds() -> None:
    with pytest.raises(BadInput, match=r"^For how long I can take 1 minute to 366 days\.$"):
        Duration("how long").read("5 years")


@pytest.mark.parametrize(
    ("raw", "number"),
    [("3", 3), (3, 3), (3.0, 3), ("three", 3), ("a dozen", 12), (" 12 ", 12), ("a couple", 2), ("a", 1), ("0012", 12)],
)
def test_whole_numbers(raw: object, number: int) -> None:
    assert Whole("how many").read(raw) == number


@pytest.mark.parametrize("raw", ["0", "-3", "1001", "3.5", 3.5, "many", "３", "²", "1e3", "9" * 20, True])
def test_what_is_no_whole_number_in_bounds(raw: object) -> None:
    with pytest.raises(BadInput):
        Whole("how many").read(raw)


def test_bounds_are_said_in_words() -> None:
    with pytest.raises(BadInput, match=r"^For how many people may use it I can take 1 to 1000, not 5000\.$"):
        Whole("how many people may use it").read(5000)


@pytest.mark.parametrize("raw", ["yes", "Y", "true", "On", "1", "ja", "sure", True, 1])
def test_yes(raw: object) -> None:
    assert YesNo("whether").read(raw) is True


@pytest.mark.parametrize("raw", ["no", "N", "false", "OFF", "0", "nein", False, 0])
def test_no(raw: object) -> None:
    assert YesNo("whether").read(raw) is False


def test_neither_yes_nor_no() -> None:
    with pytest.raises(BadInput, match="yes or no"):
        YesNo("whether").read("perhaps")


@pytest.mark.parametrize(
    ("raw", "word"), [("owner", "owner"), ("Owners", "owner"), ("ADMIN", "owner"), (" member ", "member")]
)
def test_choices(raw: str, word: str) -> None:
    assert FIELDS[2].read(raw) == word


def test_what_is_no_choice_names_the_choices() -> None:
    with pytest.raises(BadInput, match="It can be: owner, member") as refusal:
        FIELDS[2].read("king")
    assert "king" in refusal.value.message


def test_texts_have_bounds_in_characters() -> None:
    line = FIELDS[1]
    assert line.read(" a\n b\t c ") == "a b c"
    assert FIELDS[0].read(" a\n b ") == "a\n b"
    assert FIELDS[0].read("🦊" * 50) == "🦊" * 50
    with pytest.raises(BadInput, match="51 characters"):
        FIELDS[0].read("🦊" * 51)
    with pytest.raises(BadInput, match="bit short"):
        line.read("ab")


def test_a_code_is_shown_by_its_beginning_only() -> None:
    code = FIELDS[5]
    assert code.read(" kf3m 9tq2-x7pd ") == "KF3M9TQ2X7PD"
    assert code.show("KF3M9TQ2X7PD") == "KF3M-…"
    with pytest.raises(BadInput, match="KF3M-9TQ2-X7PD"):
        code.read("what")


@pytest.mark.parametrize("text", ["=²", "=", "=-1", "=1.5", "= 1", "1", "=" + "9" * 19, "=" + "9" * 5000, "=١"])
def test_what_is_no_frozen_reference(text: str) -> None:
    assert frozen_id(text) is None


def test_a_frozen_reference() -> None:
    assert frozen_id(f"={2**63 - 1}") == 2**63 - 1
