"""The default rules replayed: on ordinary chat, on generated attacks, on a list of domains."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from benchmarks.moderation.streams import BAD, KINDS, Event, attacks, ordinary
from core.moderation.signals.defaults import DEFAULT_RULES, Rule, hits
from core.moderation.signals.domains import Domains
from core.moderation.signals.history import History
from core.moderation.signals.notice import notice
from core.moderation.signals.settings import Settings

WITHIN = 5  # messages of an attacker
ATTACKS = {"raid": 10}  # how many of a kind are run, where not MANY: a raid has thirty attackers
MANY = 100


def replayed(
    events: Iterable[Event], settings: Settings, rules: Mapping[str, Rule] = DEFAULT_RULES
) -> Iterator[tuple[Event, list[str]]]:
    """Every message with the rules it meets, in the order of time."""
    history = History()
    for event in events:
        if event.message is None:
            history.join(event.author.key, event.at)
        else:
            yield event, hits(rules, notice(event.message, event.author, history, settings))


def people_hit(*, newcomers: bool, spread: bool) -> dict[tuple[str, str], set[str]]:
    """Who is hit in ordinary chat, by stream and person, with the rules."""
    found: dict[tuple[str, str], set[str]] = {}
    for name, events in ordinary(newcomers=newcomers, spread=spread):
        for event, rules in replayed(events, Settings()):
            if rules:
                found.setdefault((name, event.author.key), set()).update(rules)
    return found


def caught(kind: str, number: int, seed: int = 1) -> tuple[int, int, Counter[str], Counter[int]]:
    """Of attackers of a kind: how many were caught within their first WITHIN messages, of how many, by which rules
    first, and at which message."""
    settings = Settings(bad=Domains(BAD))
    people = found = 0
    by: Counter[str] = Counter()
    at: Counter[int] = Counter()
    for attack in attacks(kind, number, seed):
        said: Counter[str] = Counter()
        done: set[str] = set()
        for event, rules in replayed(attack.events, settings):
            who = event.author.key
            said[who] += 1
            if rules and who not in done and said[who] <= WITHIN:
                done.add(who)
                by[rules[0]] += 1
                at[said[who]] += 1
        people += len(said)
        found += len(done)
    return found, people, by, at


def benign_table() -> Iterator[str]:
    """Who is hit, under four readings of what the streams leave open."""
    for newcomers in (False, True):
        for spread in (False, True):
            found = people_hit(newcomers=newcomers, spread=spread)
            known = "everybody new" if newcomers else "ages unknown"
            spelled = "; ".join(f"{who[:6]} in {stream}: {', '.join(sorted(r))}" for (stream, who), r in found.items())
            times = "spread over the minute" if spread else "as they are"
            yield f"  {known}, times {times}: {len(found)} of 357 people hit {spelled}"


def attack_table() -> Iterator[str]:
    """Every kind of attack."""
    for kind in KINDS:
        found, people, by, at = caught(kind, ATTACKS.get(kind, MANY))
        first = ", ".join(f"{count} at message {number}" for number, count in sorted(at.items()))
        rules = ", ".join(f"{name} {count}" for name, count in by.most_common())
        yield f"  {kind:13} {found / people:6.1%} of {people} attackers ({first}) by {rules}"


def domains_table(path: Path) -> Iterator[str]:
    """Matching of a list of domains that the operator brings: half of its bad ones loaded, all asked for."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    bad = [row["domain"] for row in rows if row["label"] == "phish"]
    fine = [row["domain"] for row in rows if row["label"] == "benign"]
    loaded = Domains(bad)
    matched = sum(loaded.match(*_host_and_path(f"www.{one}")) is not None for one in bad)
    yield f"  {len(loaded)} loaded; matched of the bad: {matched} of {len(bad)}"
    yield f"  matched of {len(fine)} good ones: {sum(loaded.match(one) is not None for one in fine)}"


def _host_and_path(entry: str) -> tuple[str, str]:
    host, slash, path = entry.partition("/")
    return host, slash + path
