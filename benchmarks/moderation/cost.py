"""What noticing costs: CPU time per message, memory of the classifiers and of a full history."""

from __future__ import annotations

import random
import time
import tracemalloc
from collections.abc import Iterator

from core.moderation.classify import model
from core.moderation.classify.examples import spam_texts
from core.moderation.signals.history import KEPT, History
from core.moderation.signals.notice import notice
from core.moderation.signals.prints import print_of
from core.moderation.signals.seen import Author, Message
from core.moderation.text.reading import read

ROUNDS = 5


def table() -> Iterator[str]:
    """CPU milliseconds, and megabytes."""
    texts = [one.text for one in spam_texts()]
    random.Random(1).shuffle(texts)
    for name, chosen in (
        ("all texts", texts),
        ("texts of 200 characters and more", [text for text in texts if len(text) >= 200]),
        ("a text of 4,000 characters", ["Join our team and earn, write to us today. " * 100]),
    ):
        best = min(_once(chosen) for _ in range(ROUNDS))
        size = f"{len(chosen)} messages, {_mean(chosen):.0f} characters, best of {ROUNDS}"
        yield f"  {name:34} {best * 1000:.3f} ms ({size})"
    model.load.cache_clear()
    tracemalloc.start()
    model.load()
    weights, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    marks = [print_of(read(text)) for text in texts[:5000]]
    history = History()
    tracemalloc.start()
    for number in range(10_000 * KEPT):
        message = Message("", number / 5, f"person {number % 10_000}", f"place {number % 7}")
        history.add(message, marks[number % len(marks)])
    past, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    yield f"  memory: classifiers {weights / 1e6:.1f} MB; 10,000 people with {KEPT} messages each {past / 1e6:.1f} MB"


def _once(texts: list[str]) -> float:
    history = History()
    start = time.process_time()
    for number, text in enumerate(texts):
        who = f"person {number % 500}"
        notice(Message(text, number * 3.0, who, "place"), Author(who, messages=number // 500), history)
    return (time.process_time() - start) / len(texts)


def _mean(texts: list[str]) -> float:
    return sum(map(len, texts)) / len(texts)
