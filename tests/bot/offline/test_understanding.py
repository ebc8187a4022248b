"""How many sentences are understood, and that nothing is written where nothing was asked.

`sentences.jsonl` is what the brain was developed on, `validation.jsonl` was written beforehand. The floors lie a
little below what is reached, so that a change for the worse fails.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.understanding import score
from bot.cofounder.brain import Kind
from bot.cofounder.offline import OfflineBrain
from core.catalogue import REGISTRY

HERE = Path(__file__).parent


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(
    ("name", "operation_right", "fully_right", "left_alone"),
    [("sentences.jsonl", 0.96, 0.94, 0.96), ("validation.jsonl", 0.93, 0.89, 0.94)],
)
def test_sentences_are_understood(
    brain: OfflineBrain, name: str, operation_right: float, fully_right: float, left_alone: float
) -> None:
    result = score(brain, rows(name))
    assert result.operation_right / result.asked >= operation_right, result.details
    assert result.fully_right / result.asked >= fully_right, result.details
    assert result.nothing_right / result.nothing >= left_alone, result.details


def test_both_files_cover_every_operation() -> None:
    spoken = {o.name for o in REGISTRY if not o.internal}
    for name in ("sentences.jsonl", "validation.jsonl"):
        assert {row["operation"] for row in rows(name)} == spoken | {None}


NEVER = (
    "I made Tom a steward yesterday",
    "Tom made me a moderator last week",
    "Ana was made an owner in March",
    "Ana told me to make Ben an owner",
    'She said "make Ben an owner" and we laughed',
    "My boss wants me to leave the group",
    "Ben asked whether he could join Parser",
    "Ana wants to join Parser",
    "Tom says we should archive everything",
    "I heard that Tom left Parser",
    '"Archive Parser" was the headline of the day',
    'In the film the hero shouts "let me in"',
    "the manual says to type: archive Parser",
    "he wrote 'note to self: buy milk' on the wall",
    "don't make Tom a steward",
    "please do not archive Parser",
    "never invite your ex to a party",
    "I don't want to leave Parser",
    "I'm not leaving Parser",
    "I am not looking for a designer",
    "I don't need a designer",
    "we do not need any help",
    "don't post that I need money",
    "do not link my account",
    "don't call me Bob",
    "no need to close it",
    "if I archived Parser, would people be angry?",
    "what if we renamed Parser to Lexer?",
    "What would happen if I removed Ana?",
    "suppose I made Ana the owner",
    "imagine a nexus called Atlantis",
    "maybe I should leave Parser",
    "perhaps we should rename it some day",
    "I might need a designer next year",
    "I would make Tom a steward if I could",
    "I wish I had a designer",
    "I'm thinking about leaving Parser",
    "should I make Tom a moderator?",
    "did Tom leave Parser?",
    "is Ana a moderator?",
    "who made Tom a moderator?",
    "why was my invite rejected?",
    "have you invited Ana?",
    "my sister needs a job",
    "Tom is looking for a flat",
    "our neighbour needs a new roof",
    "nobody needs a fax machine",
    "everyone needs a hobby",
    "the treasurer of our club stole money in 1998",
    "being a moderator is hard work",
    "a steward, a moderator and an owner walk into a bar",
    "we moved to a bigger office under the bridge",
    "they renamed the street",
    "the baby is called Nora",
    "call me later",
    "call me a taxi",
    "call me when you get home",
    "make me a sandwich",
    "leave me alone",
    "let the games begin",
    "I need a hug",
    "I need to go now",
    "I need more time",
    "I'm looking forward to the weekend",
    "I found out yesterday",
    "I can't believe it",
    "I can swim",
    "I offer my condolences",
    "hi",
    "thanks a lot, you're great",
    "good night",
    "tell me a joke",
    "you are useless",
    "this channel is really quiet today",
    "this group used to be fun",
    "my telegram account got banned",
    "who is the president of France?",
    "how do I bake sourdough bread?",
    "what is the weather like today?",
    "Tom was banned yesterday",
    "Tom was banned",
    "should we ban Tom?",
    "don't ban Tom",
    "whoever bans Tom gets a cake",
    "Ana wants to ban Tom",
    "is Tom banned?",
    "@lena was muted for 2 hours by a mod",
    "mods banned @x_bot already",
    "ban plastic bags",
    "ban cars in the city",
    "they kicked the ball",
    "throw the ball to Tom",
    "get Tom out of bed",
    "mute your mic please",
    "mute the tv for 5 minutes",
    "warning, the stairs are wet",
    "lock the door",
    "lock up the kitchen please",
    "silence!",
    "slow down please",
    "case closed",
    "in any case",
    "case by case",
    "my appeal to you",
    "report on the meeting",
    "report to Anna when you arrive",
    "report sven's bike stolen",
    "case 12 was overturned yesterday",
    "Mira overturned case 7",
    "we closed report 4",
    "Lena's appeal in case 4 is still open",
    "should we overturn case 5?",
    "report 7",
    "#12",
    "Ich brauche einen Designer",
    "Kannst du bitte Tom zum Moderator machen?",
    "necesito ayuda con mi sitio web",
    "je cherche un développeur",
    "potřebuji pomoc s daněmi",
    "quero sair do grupo",
    "🎉🎉🎉",
    "???",
    "",
)


@pytest.mark.parametrize("sentence", NEVER)
@pytest.mark.parametrize("direct", [True, False])
def test_nothing_is_written_where_nothing_is_asked(brain: OfflineBrain, sentence: str, direct: bool) -> None:
    understood = brain.understand(sentence, direct=direct)
    assert understood.operation is None or not REGISTRY.get(understood.operation).writes, understood


def test_a_note_without_a_case_is_a_thought(brain: OfflineBrain) -> None:
    assert brain.understand("note: ban list").operation == "thought.add"
    assert brain.understand("remember that I have to lock the shed").operation == "thought.add"
    assert brain.understand("note on case 12: ban list").operation == "note"


def test_a_thought_is_not_kept_from_plain_talk_in_a_channel(brain: OfflineBrain) -> None:
    assert brain.understand("note to self: buy milk").operation == "thought.add"
    assert brain.understand("note to self: buy milk", direct=False).operation is None


def test_what_is_plainly_asked_is_said_although_it_is_not_allowed(brain: OfflineBrain) -> None:
    understood = brain.understand("archive Parser", allowed=frozenset({"help", "nexus.show"}))
    assert understood.operation == "nexus.archive"


def test_what_is_missing_is_named(brain: OfflineBrain) -> None:
    understood = brain.understand("promote Tom")
    assert (understood.operation, understood.missing) == ("role.grant", ("role",))
    assert understood.arguments == {"person": "Tom"}


def test_the_best_of_a_close_call_is_among_its_alternatives(brain: OfflineBrain) -> None:
    for row in rows("sentences.jsonl"):
        understood = brain.understand(row["text"])
        if understood.alternatives:
            assert understood.alternatives[0] == understood.operation
            assert 2 <= len(understood.alternatives) <= 3


def test_other_languages_are_statements(brain: OfflineBrain) -> None:
    for sentence in ("Ich suche eine Wohnung in Hamburg", "je cherche un développeur", "hledám práci v Praze"):
        assert brain.understand(sentence).kind is Kind.STATEMENT


def test_known_names_decide_doubtful_cases() -> None:
    told = OfflineBrain(REGISTRY, names=lambda: ["parser"])
    understood = told.understand("I need a tester in parser")
    assert understood.arguments == {"text": "a tester", "nexus": "parser"}
