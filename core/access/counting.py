"""Whom an audience may count: people whose things the rules and their own consent let it count."""

from __future__ import annotations

from collections.abc import Collection

from core.operations.context import Audience
from core.records.counting import candidates
from core.records.search import holds_all, query_words, stems
from core.rules.resolver import Eye, eyes_of
from core.rules.words import Action
from core.store import Unit


def countable(
    unit: Unit, audience: Audience, kind: str, nexus_ids: Collection[int], *, about: str = "", since: int | None = None
) -> frozenset[int]:
    """Ids of the people who have something of a kind open in these Nexuses, or have posted it since a moment.

    `about` are words that it has to have, all of them. Nobody counts only for themselves: what one's own consent keeps
    from being counted is not counted for oneself either, so that who asks makes no difference.
    """
    eyes = [Eye(0, eye.reach) for eye in eyes_of(unit, audience)]
    words = query_words(about) if about else []
    found = candidates(unit, kind, nexus_ids, words=[*words, *stems(words)], since=since)
    return frozenset(
        one.author_id
        for one in found
        if all(eye.may(one, Action.AGGREGATE) for eye in eyes) and (not words or holds_all(words, one.body))
    )
