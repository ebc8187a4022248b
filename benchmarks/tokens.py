"""Counting tokens without a network: bpe_openai has the o200k vocabulary inside its wheel."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable


def counter() -> Callable[[object], int]:
    """Counts the tokens of an object, serialised as JSON."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # how the package opens its own data on 3.11
        import bpe_openai

        encoding = bpe_openai.get_encoding("o200k_base")
    return lambda value: len(encoding.encode(json.dumps(value, ensure_ascii=False)))
