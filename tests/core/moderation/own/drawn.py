"""Rules of a Nexus's own, drawn at random: all kinds of what they look for, within their bounds."""

from __future__ import annotations

from hypothesis import strategies as st

from core.moderation.own.looks import USUAL
from core.moderation.own.sentence import MOST_POINTS, POINTS, TIMED
from core.moderation.signals.own import ABOUT_AUTHORS, BOUNDS, OFTEN, Look, Own

PHRASES = (
    "free nitro",
    "steam gift",
    "kraken",
    "o'clock",
    "links",
    "more than 3 people",
    "or",
    "ban for 2 days",
    "50 %",
)
PATTERNS = (r"free\s+nitro", "kra?ken", "a/b", r"https?://", "[/x]y", r"\d{3,5}", "steam|gift", "or a link")
HOSTS = ("github.com", "bit.ly", "discord.gg/abc", "example.co.uk", "a-b.example.org")


def _look(what: str) -> st.SearchStrategy[Look]:
    (least, most), (shortest, longest) = BOUNDS[what]
    if what == "words":
        some = st.lists(st.sampled_from(PHRASES), min_size=1, max_size=4, unique=True)
        return st.builds(
            lambda words, every: Look("words", words=tuple(words), every=every and len(words) > 1), some, st.booleans()
        )
    if what == "pattern":
        return st.sampled_from(PATTERNS).map(lambda one: Look("pattern", words=(one,)))
    if what in ("link to", "link but"):
        some = st.lists(st.sampled_from(HOSTS), min_size=1, max_size=3, unique=True)
        return some.map(lambda hosts: Look(what, words=tuple(hosts)))
    numbers = st.integers(least, most) if most else st.just(0)
    if what in USUAL:
        numbers = st.one_of(st.just(USUAL[what]), numbers)
    times = (
        st.one_of(st.integers(shortest, longest), st.sampled_from((60, 600, 3600, 86_400))) if longest else st.just(0)
    )
    return st.builds(lambda number, seconds: Look(what, number, seconds), numbers, times)


WRITTEN = tuple(what for what in BOUNDS if what not in ABOUT_AUTHORS)


@st.composite
def _group(draw: st.DrawFn, kinds: tuple[str, ...]) -> tuple[Look, ...]:
    looks = draw(st.lists(st.sampled_from(kinds).flatmap(_look), min_size=1, max_size=2, unique=True))
    plain = [one for one in looks if one.what == "words" and not one.every]
    return tuple(one for one in looks if one not in plain[1:])


@st.composite
def rules(draw: st.DrawFn) -> Own:
    """A rule as the grammar makes them: what is written first, then who writes it."""
    written = draw(st.lists(_group(WRITTEN), max_size=2))
    authors = draw(st.lists(_group(tuple(sorted(ABOUT_AUTHORS))), min_size=not written, max_size=1))
    action = draw(st.sampled_from(sorted(POINTS)))
    seconds = draw(st.integers(*TIMED[action])) if action == "timeout" else None
    if action == "ban":
        seconds = draw(st.one_of(st.none(), st.integers(*TIMED["ban"])))
    times, within = draw(st.one_of(st.just((1, 0)), st.tuples(st.integers(*OFTEN), st.sampled_from((60, 90, 3600)))))
    points = draw(st.one_of(st.just(POINTS[action]), st.integers(0, MOST_POINTS)))
    return Own((*written, *authors), action, seconds, points, times, within)
