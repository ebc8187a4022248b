"""What people say about rules is read as they mean it, or named as not understood; nothing is guessed."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from core.rulebook.sentence import Part, Several, others, parts_of, read_sentence, read_several, with_kinds
from core.rules.words import AUDIENCES, Action, unpack_actions

ALL_BUT_COUNT = "see quote derive export"


def told(text: str) -> list[str]:
    """The parts of a sentence in short: "need member see permit"."""
    return [short(part) for part in read_sentence(text).parts]


def short(part: Part) -> str:
    return f"{part.kind} {part.audience} {' '.join(a.word for a in unpack_actions(part.actions))} {part.effect}"


SAID = [
    ("members may see needs", ["need member see permit"]),
    ("the public may not see offers", ["offer public see deny"]),
    ("the public can't see offers", ["offer public see deny"]),
    ("let the public see needs and offers", ["need public see permit", "offer public see permit"]),
    ("don't let guests see needs", ["need guest see deny"]),
    ("hide needs from the public and guests", ["need public see deny", "need guest see deny"]),
    ("don't hide needs from members", ["need member see permit"]),
    ("make needs visible to everyone", ["need public see permit"]),
    ("needs are public", ["need public see permit"]),
    ("show our offers to linked nexuses", ["offer linked-member see permit"]),
    ("members below may see needs", ["need sub-member see permit"]),
    ("people in the nexus above may count needs", ["need ancestor-member aggregate permit"]),
    ("programs may derive from offers", ["offer bridge derive permit"]),
    ("stewards may build on and export everything", ["* steward derive export permit"]),
    ("profiles may be seen by moderators", ["fact moderator see permit"]),
    ("members may see and repeat needs", ["need member see quote permit"]),
    ("members may do everything with needs", ["need member see quote aggregate derive export permit"]),
    (
        "members may see needs, the public only counts",
        ["need member see permit", "need public aggregate permit", f"need public {ALL_BUT_COUNT} deny"],
    ),
    ("members may see needs but not repeat them", ["need member see permit", "need member quote deny"]),
    ("the public can see needs but guests not", ["need public see permit", "need guest see deny"]),
    ("everyone may see offers and count needs", ["offer public see permit", "need public aggregate permit"]),
    (
        "members may see needs and stewards may export facts",
        ["need member see permit", "fact steward export permit"],
    ),
    ("the public only sees numbers of needs", ["need public aggregate permit", f"need public {ALL_BUT_COUNT} deny"]),
    ("Members MAY see “needs”!", ["need member see permit"]),
    ("new rule: guests may count needs", ["need guest aggregate permit"]),
]


@pytest.mark.parametrize(("text", "parts"), SAID, ids=lambda v: v if isinstance(v, str) else "")
def test_sentences_say_what_people_mean(text: str, parts: list[str]) -> None:
    assert told(text) == parts
    assert read_sentence(text).unclear == ""


def test_only_beside_the_people_takes_it_from_all_others() -> None:
    for text in ("only members may see needs", "needs are for members only", "members may see needs, nobody else"):
        assert told(text) == [
            "need member see permit",
            *(f"need {name} see deny" for name in ("public", *AUDIENCES[2:6], "guest")),
        ], text
    assert others(("steward",)) == tuple(name for name in AUDIENCES if name != "steward")
    assert others(("public", "guest")) == ()


def test_nobody_is_everybody_denied() -> None:
    assert told("nobody may export facts") == [f"fact {name} export deny" for name in AUDIENCES]


@pytest.mark.parametrize(
    ("text", "scope", "locked", "until", "place"),
    [
        ("members may see needs, here only", "self", False, "", ""),
        ("members may see needs, everywhere inside", "subtree", False, "", ""),
        ("the public may not see needs, locked", None, True, "", ""),
        ("the public may not see needs, and no sub-nexus can change that", None, True, "", ""),
        ("the public may see needs until 3 Dec 2026", None, False, "3 dec 2026", ""),
        ("the public may see needs until Dec 3, 2026, here only", "self", False, "dec 3, 2026", ""),
        ("until friday and here only the public may see needs", "self", False, "friday", ""),
        ("for two weeks the public may see needs", None, False, "two weeks", ""),
        ("members may see needs in the Night Market", None, False, "", "night market"),
        ("sub-nexuses may see needs in sub-nexuses too", "subtree", False, "", ""),
    ],
)
def test_what_goes_with_a_rule(text: str, scope: str | None, locked: bool, until: str, place: str) -> None:
    said = read_sentence(text)
    assert (said.scope, said.locked, said.until, said.place, said.unclear) == (scope, locked, until, place, "")
    assert len(said.parts) == 1


@pytest.mark.parametrize(
    ("text", "unclear"),
    [
        ("members may see needs on tuesdays", "tuesdays"),
        ("members may see needs if they pay", "if pay"),
        ("make needs private to members", "private"),
    ],
)
def test_what_is_not_understood_is_named(text: str, unclear: str) -> None:
    assert read_sentence(text).unclear == unclear


@pytest.mark.parametrize(
    "text", ["hello", "needs", "members", "members may", "members may share needs", "see needs", "", "may may may"]
)
def test_what_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="could not read a rule"):
        read_sentence(text)


def test_what_contradicts_itself_is_refused() -> None:
    with pytest.raises(BadInput, match="two things at once"):
        read_sentence("members may see needs, members may not see needs")


def test_a_kind_that_is_not_said_is_left_open() -> None:
    said = read_sentence("the public only counts")
    assert {part.kind for part in said.parts} == {""}
    assert [short(part) for part in with_kinds(said, ["offer"]).parts] == [
        "offer public aggregate permit",
        f"offer public {ALL_BUT_COUNT} deny",
    ]


@pytest.mark.parametrize(
    ("text", "of", "found"),
    [
        ("needs and offers", "kind", Several(("need", "offer"))),
        ("everything", "kind", Several(("*",))),
        ("the public, members below", "audience", Several(("public", "sub-member"))),
        ("only stewards", "audience", Several(("steward",), only=True)),
        ("see, repeat", "actions", Several(("see", "quote"))),
        ("only counts", "actions", Several(("aggregate",), only=True)),
        ("members", "kind", None),
        ("needs", "audience", None),
        ("rubbish", "actions", None),
        ("", "kind", None),
    ],
)
def test_lists_of_words(text: str, of: str, found: Several | None) -> None:
    assert read_several(text, of) == found


def test_one_by_one_says_the_same_as_a_sentence() -> None:
    parts = parts_of(Several(("need",)), Several(("public",)), Several(("aggregate",), only=True), "permit")
    assert parts == read_sentence("the public only counts needs").parts
    denied = parts_of(Several(("need", "offer")), Several(("guest",)), Several(("see",)), "deny")
    assert denied == read_sentence("guests may not see needs and offers").parts


WORDS = (
    "members public guests stewards everyone nobody only see count repeat needs offers everything may not hide show "
    "and but , . here inside locked until for in else below above them it rule please x2"
).split()


@given(st.lists(st.sampled_from(WORDS), max_size=14))
def test_any_words_are_read_or_refused(words: list[str]) -> None:
    try:
        said = read_sentence(" ".join(words))
    except BadInput:
        return
    for part in said.parts:
        assert part.audience in AUDIENCES
        assert 0 < part.actions < 1 << len(Action)
    per_effect: dict[tuple[str, str, str], int] = {}
    for part in said.parts:
        key = (part.kind, part.audience, str(part.effect))
        per_effect[key] = per_effect.get(key, 0) | part.actions
    for (kind, audience, effect), actions in per_effect.items():
        other = per_effect.get((kind, audience, "deny" if effect == "permit" else "permit"), 0)
        assert actions & other == 0


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(BadInput):
        assert read_sentence(text).parts
