"""Whatever is typed: no error, only arguments that the fields accept, and free words that stand in the sentence."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.cofounder.brain import Kind, Pending, Understanding
from bot.cofounder.offline import OfflineBrain
from core.catalogue import REGISTRY

BRAIN = OfflineBrain(REGISTRY)
SAID = [
    json.loads(line)["text"]
    for line in (Path(__file__).parent / "sentences.jsonl").read_text(encoding="utf-8").splitlines()
]
VERBATIM = {"text", "person", "nexus", "record", "code", "amount"}
words = st.sampled_from(sorted({word for sentence in SAID for word in sentence.split()}))
salad = st.lists(words, max_size=25).map(" ".join)
mixed = st.one_of(salad, st.text(max_size=120), st.tuples(st.sampled_from(SAID), st.text(max_size=20)).map("".join))
spoken = [o for o in REGISTRY if not o.internal]
pendings = st.sampled_from([Pending(o.name, {}, p.name) for o in spoken for p in o.parameters])


def check(sentence: str, understood: Understanding) -> None:
    assert (understood.kind is Kind.REQUEST) == (understood.operation is not None)
    assert bool(understood.reply) == (understood.kind is Kind.SMALL_TALK)
    assert 0 <= understood.confidence <= 1
    if understood.operation is None:
        assert not understood.arguments
        assert not understood.missing
        return
    operation = REGISTRY.get(understood.operation)
    assert not operation.internal
    json.dumps(understood.arguments)
    typed = " ".join(sentence.split())
    for name, value in understood.arguments.items():
        parameter = operation.parameter(name)
        assert parameter is not None
        if parameter.field.kind != "amount":  # of a doubtful one, the field asks what is meant
            parameter.field.read(value)
        if parameter.field.kind in VERBATIM:
            assert " ".join(str(value).split()) in typed
    required = {p.name for p in operation.parameters if p.required}
    assert set(understood.missing) == required - set(understood.arguments)


@given(mixed)
@example("“")
@example("'s")
@example("I'm a")
@example("\x00\ufeff")
@example("a" * 5000)
@example("12x 12x #ab1 KF3M-9TQ2")
@settings(max_examples=400, deadline=None)
def test_any_message(sentence: str) -> None:
    check(sentence, BRAIN.understand(sentence))


@given(mixed, pendings)
@settings(max_examples=300, deadline=None)
def test_any_answer(sentence: str, pending: Pending) -> None:
    check(sentence, BRAIN.understand(sentence, pending=pending))


@given(st.sampled_from(SAID))
@settings(max_examples=100, deadline=None)
def test_the_same_sentence_is_always_understood_the_same(sentence: str) -> None:
    assert BRAIN.understand(sentence) == OfflineBrain(REGISTRY).understand(sentence)
