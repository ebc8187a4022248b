"""Moderations: scores by category, from words that a test names. Source: the official OpenAPI description."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.fakes.openai.validate import Refused
from tests.fakes.wire import Json

PARAMETERS = frozenset(("input", "model"))
MODELS = frozenset(("omni-moderation-latest", "omni-moderation-2024-09-26", "text-moderation-latest"))
CATEGORIES = (
    "harassment", "harassment/threatening", "hate", "hate/threatening", "illicit", "illicit/violent", "self-harm",
    "self-harm/instructions", "self-harm/intent", "sexual", "sexual/minors", "violence", "violence/graphic",
)  # fmt: skip
FLAGGED = 0.5
LEAST = 1e-6


def moderate(body: Any, scores: Mapping[str, Mapping[str, float]]) -> Json:
    """The answer to POST /v1/moderations; `scores` says what a word makes of a text. Raises Refused."""
    if not isinstance(body, dict):
        raise Refused("We could not parse the JSON body of your request.", None, None)
    for name in body:
        if name not in PARAMETERS:
            raise Refused(f"Unrecognized request argument supplied: {name}", name, None)
    model = body.get("model", "omni-moderation-latest")
    if model not in MODELS:
        raise Refused(f"Invalid value for 'model' = {model}.", "model", None)
    given = body.get("input")
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not texts or not all(isinstance(one, str) for one in texts):
        raise Refused("'$.input' is invalid. Please check the API reference.", None, None)
    return {"id": "modr-fake", "model": model, "results": [_result(text, scores) for text in texts]}


def _result(text: str, scores: Mapping[str, Mapping[str, float]]) -> Json:
    found = dict.fromkeys(CATEGORIES, LEAST)
    for word, one in scores.items():
        if word in text:
            found |= {name: max(found[name], value) for name, value in one.items()}
    flags = {name: value >= FLAGGED for name, value in found.items()}
    return {
        "flagged": any(flags.values()),
        "categories": flags,
        "category_scores": found,
        "category_applied_input_types": {name: ["text"] for name in CATEGORIES},
    }
