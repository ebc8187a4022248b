"""The words that people read. Source texts are English message ids; catalogues may word or translate them anew.

A catalogue is `bot/words/locale/<language>/LC_MESSAGES/nexus.mo`, made from nexus.pot (`make words`). Templates are
filled after translation, so that word order is the translator's.
"""

from __future__ import annotations

import gettext
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from core.errors import N_, NexusError

LOCALE = Path(__file__).parent / "locale"


@lru_cache(maxsize=16)
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("nexus", LOCALE, languages=[language], fallback=True)


class Words:
    """Words in one language; an unknown language falls back to the source texts."""

    def __init__(self, language: str = "en", links: Callable[[str], list[str]] | None = None) -> None:
        """`links` gives the links that accept an invitation code, one for each platform that has any."""
        self.links = links or (lambda code: [])
        self.language = language.split("-")[0].lower() or "en"
        self._catalogue = _catalogue(self.language)

    def __call__(self, template: str, **data: Any) -> str:
        """A template in this language, filled in. A placeholder without a value is left out, never an error."""
        text = self._catalogue.gettext(template) if template else ""
        return text.format_map(_Lenient(data)) if data or "{" in text else text

    def error(self, error: NexusError) -> str:
        """What a refusal says."""
        return self(error.template, **error.data) if error.data else self._catalogue.gettext(error.template)


class _Lenient(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return ""


def how_many(people: int, words: Words) -> str:
    """So many people, in words."""
    return words(N_("1 person")) if people == 1 else words(N_("{count} people"), count=people)
