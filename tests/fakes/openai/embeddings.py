"""Deterministic embeddings: words hashed into directions, so that texts that share words lie close."""

import base64
import math
import re
import sys
from array import array
from functools import lru_cache
from typing import Any
from zlib import crc32

from tests.fakes.openai.validate import Refused
from tests.fakes.wire import Json

PARAMETERS = frozenset(("dimensions", "encoding_format", "input", "model", "user"))
DIMENSIONS = {"text-embedding-3-large": 3072}
USUAL_DIMENSIONS = 1536
MAX_INPUTS = 2048
_WORD = re.compile(r"\w+")


@lru_cache(maxsize=4096)
def vector(text: str, dimensions: int = USUAL_DIMENSIONS) -> "array[float]":
    """The unit vector of a text, float32."""
    values = [0.0] * dimensions
    for word in _WORD.findall(text.lower()) or [text]:
        seed = crc32(word.encode())
        # Several directions per word, so that two words seldom fall together.
        for turn in range(4):
            seed = (seed * 1_664_525 + 1_013_904_223 + turn) & 0xFFFFFFFF
            values[(seed >> 8) % dimensions] += 1.0 if seed & 0x80 else -1.0
    length = math.sqrt(sum(value * value for value in values)) or 1.0
    return array("f", [value / length for value in values])


def embed(body: Any) -> Json:
    """The answer to POST /v1/embeddings. Raises Refused."""
    if not isinstance(body, dict):
        raise Refused("We could not parse the JSON body of your request.", None, None)
    for name in body:
        if name not in PARAMETERS:
            raise Refused(f"Unknown parameter: '{name}'.", name, "unknown_parameter")
    model = body.get("model")
    if not isinstance(model, str) or not model:
        raise Refused("you must provide a model parameter", None, None)
    texts = _texts(body.get("input"))
    size = int(body.get("dimensions") or DIMENSIONS.get(model, USUAL_DIMENSIONS))
    if size < 1 or size > DIMENSIONS.get(model, USUAL_DIMENSIONS):
        raise Refused("Invalid value for 'dimensions'.", "dimensions", None)
    packed = body.get("encoding_format") == "base64"
    data = [
        {"object": "embedding", "index": index, "embedding": _encoded(vector(text, size), packed)}
        for index, text in enumerate(texts)
    ]
    tokens = sum(len(text) // 4 + 1 for text in texts)
    return {
        "object": "list",
        "data": data,
        "model": model,
        "usage": {"prompt_tokens": tokens, "total_tokens": tokens},
    }


def _texts(given: Any) -> list[str]:
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not texts or len(texts) > MAX_INPUTS:
        raise Refused("'$.input' is invalid. Please check the API reference.", None, None)
    if all(isinstance(one, int) for one in texts):
        texts = [texts]
    words = [one if isinstance(one, str) else " ".join(map(str, one)) for one in texts]
    if not all(words):
        raise Refused("'$.input' is invalid. Please check the API reference.", None, None)
    return words


def _encoded(values: "array[float]", packed: bool) -> list[float] | str:
    if not packed:
        return values.tolist()
    if sys.byteorder == "big":
        values = array("f", values)
        values.byteswap()
    return base64.b64encode(values.tobytes()).decode()
