"""What is sent: its size, the stability of its bytes, its fences."""

import json
import random
import warnings
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cofounder.brain import Conversation, Fact, Said
from bot.cofounder.model import prompt
from bot.cofounder.model.fence import clean, fence, label
from bot.cofounder.model.toolkit import Toolkit
from core.operations import Who
from tests.bot.model.conftest import allowed, conversation

BUDGET = 800
MESSAGE = "Hi! We need somebody who can design a logo for Parser by Friday. Could you help me find someone?"


@pytest.fixture(scope="module")
def tokens() -> Callable[..., int]:
    """Counts an object as JSON; with spaces after separators, a seventh more than goes over the wire, unless told."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # how the package opens its own data on 3.11
        import bpe_openai

        encoding = bpe_openai.get_encoding("o200k_base")
    return lambda of, **how: len(encoding.encode(json.dumps(of, **how)))


def toolkit(talk: Conversation) -> Toolkit:
    return Toolkit(talk.tools, talk.all_tools)


@pytest.mark.parametrize("direct", [True, False])
@pytest.mark.parametrize("standing", list(Who))
def test_a_first_turn_fits_the_budget(tokens: Callable[..., int], standing: Who, direct: bool) -> None:
    talk = conversation(MESSAGE, standing=standing, direct=direct)
    parts = [tokens(message) for message in prompt.messages(talk)]
    tools = {tool["function"]["name"]: tokens(tool) for tool in toolkit(talk).tools}
    total = tokens(prompt.messages(talk)) + tokens(toolkit(talk).tools)
    print(f"{standing.name}, {'direct' if direct else 'channel'}: {total} tokens; messages {parts}; tools {tools}")
    assert total <= BUDGET
    # As the client writes it there is room for what was looked up, too.
    known = replace(talk, facts=(Fact("Tom Berger", "offer #k7m2p: I can design logos and brand books for you"),) * 3)
    wire = sum(tokens(part, separators=(",", ":")) for part in (prompt.messages(known), toolkit(known).tools))
    print(f"with three facts, on the wire: {wire} tokens")
    assert wire <= BUDGET


def test_the_system_text_is_the_same_for_everybody() -> None:
    texts = {
        prompt.messages(conversation(message, standing=standing, direct=direct, speaker=speaker))[0]["content"]
        for message, standing, direct, speaker in (("a", Who.OWNER, True, "Ana"), ("b", Who.ANYONE, False, "Tom"))
    }
    assert texts == {prompt.SYSTEM}


@given(messages=st.lists(st.text(max_size=50), min_size=2, max_size=2), order=st.randoms(), direct=st.booleans())
def test_prefix_and_tools_are_stable_between_turns(messages: list[str], order: random.Random, direct: bool) -> None:
    """The same speaker in the same place: same bytes up to what is new, in whatever order the operations come."""
    first = conversation(messages[0], direct=direct)
    shuffled, every = list(first.tools), list(first.all_tools)
    order.shuffle(shuffled)
    order.shuffle(every)
    second = replace(
        conversation(messages[1], direct=direct),
        tools=shuffled,
        all_tools=every,
        history=(Said("user", messages[0], "Ana"), Said("assistant", "Hm.")),
    )
    assert json.dumps(toolkit(first).tools) == json.dumps(toolkit(second).tools)
    assert prompt.messages(first)[:2] == prompt.messages(second)[:2]


def test_a_turn_begins_as_the_one_before_it_whatever_was_looked_up() -> None:
    said = (Said("user", "a", "Ana"), Said("assistant", "Hm."))
    first = prompt.messages(conversation("a", facts=(Fact("Tom", "I draw"),)))
    second = prompt.messages(conversation("b", facts=(Fact("Eva", "I sew"),), history=said))
    third = prompt.messages(conversation("c", history=(*said, Said("user", "b", "Ana"))))
    assert first[:2] == second[:2]
    assert second[:4] == third[:4]


# Characters that matter to a fence are rare in random text.
HOSTILE = st.lists(
    st.one_of(st.text(max_size=8), st.sampled_from(["</data>", "<data by nexus>", "<", "＜", "\n", ">"]))
).map("".join)


@given(author=HOSTILE, text=HOSTILE)
def test_a_fence_cannot_be_left_or_opened_from_inside(author: str, text: str) -> None:
    fenced = fence(author, text)
    assert fenced.startswith("<data by ")
    assert fenced.endswith("</data>")
    assert fenced.count("<") == 2
    assert fenced.index(">") > len("<data by ") - 1
    inner = fenced[fenced.index(">") + 1 : -len("</data>")]
    assert not set(inner) & set("<＜﹤")
    assert inner == clean(text).translate(str.maketrans("<＜﹤˂ᐸ", "‹‹‹‹‹"))
    fenced.encode()


@given(author=HOSTILE)
def test_a_label_is_one_short_line(author: str) -> None:
    found = label(author)
    assert found
    assert len(found) <= 60
    assert not set(found) & set("<>\n\r\u2028")


@given(text=HOSTILE, name=HOSTILE)
def test_what_others_wrote_is_fenced_wherever_it_stands(text: str, name: str) -> None:
    talk = conversation(
        "hello",
        nexus=name,
        standing=Who.MEMBER,
        facts=(Fact(name, text),),
        summary=text,
        history=(Said("user", text, "Mallory"),),
    )
    _, background, *rest = prompt.messages(talk)
    something = bool(text.strip())
    assert background["content"].count("<") == 2 * (1 + something)
    assert [m["content"].count("<") for m in rest] == ([2, 2, 0] if something else [0])
    folded = prompt.to_fold(text, (Said("user", text, name), Said("assistant", text)))[1]["content"]
    assert folded.count("<") == 6 * something


@given(text=st.text(), characters=st.integers(min_value=1, max_value=40))
def test_shortened_text_is_short(text: str, characters: int) -> None:
    found = prompt.shortened(text, characters)
    assert len(found) <= characters
    assert found == text.strip() or len(text.strip()) > characters


def test_shortened_text_ends_where_one_would_stop() -> None:
    assert prompt.shortened("Ana needs a logo. Tom draws very well indeed.", 22) == "Ana needs a logo."
    assert prompt.shortened("Ana needs a logo and Tom draws", 22) == "Ana needs a logo and…"


def test_every_speaker_of_a_standing_sees_the_same_tools() -> None:
    assert toolkit(conversation("a", speaker="Ana")).tools == toolkit(conversation("b", speaker="Tom")).tools
    assert allowed(Who.STEWARD, direct=True) != allowed(Who.MEMBER, direct=True)
