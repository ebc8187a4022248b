"""Small talk: short, honest, never a request."""

from __future__ import annotations

import pytest

from bot.cofounder.brain import Kind
from bot.cofounder.offline import OfflineBrain

TALK = (
    "hi", "Hello there!", "good morning", "hey bot", "how are you?", "what's up", "thanks", "thank you so much!", "bye",
    "good night", "see you later", "who are you?", "what is your name?", "are you a bot?", "are you human?",
    "are you chatgpt?", "do you have feelings?", "tell me a joke", "you are great", "well done", "you're useless",
    "ok", "yes", "no", "never mind", "haha", "lol", "sounds good", "congratulations", "I love you", "how old are you?",
)  # fmt: skip


@pytest.mark.parametrize("sentence", TALK)
def test_it_is_answered_shortly(brain: OfflineBrain, sentence: str) -> None:
    understood = brain.understand(sentence)
    assert understood.kind is Kind.SMALL_TALK
    assert understood.operation is None
    assert 0 < len(understood.reply) < 220
    assert understood == brain.understand(sentence)


@pytest.mark.parametrize("sentence", ["who are you?", "are you human?", "are you chatgpt?", "are you a bot?"])
def test_it_says_what_it_is(brain: OfflineBrain, sentence: str) -> None:
    reply = brain.understand(sentence).reply
    assert "offline brain" in reply
    assert "program" in reply or "software" in reply


@pytest.mark.parametrize("sentence", TALK)
def test_the_words_of_the_house_stay_in_the_house(brain: OfflineBrain, sentence: str) -> None:
    reply = brain.understand(sentence).reply.lower()
    assert not {"record", "operation", "posting", "audience"} & set(reply.replace(".", " ").split())
    assert "i feel" not in reply
    assert "happy" not in reply


@pytest.mark.parametrize(
    ("sentence", "operation"), [("hi, I need a plumber", "need.post"), ("thanks! who is in Parser?", "nexus.members")]
)
def test_a_greeting_before_a_request_is_no_small_talk(brain: OfflineBrain, sentence: str, operation: str) -> None:
    assert brain.understand(sentence).operation == operation
