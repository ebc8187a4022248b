"""Checking a whole recording, and saying what was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from benchmarks.conformance.exceptions import Excepted, excepted
from benchmarks.conformance.requests import Problem, Sent

Check = Callable[[Sent], list[Problem]]


@dataclass(slots=True)
class Findings:
    """What was found on one platform: distinct requests and all of them, what violates (with the shapes that do)."""

    distinct: int = 0
    requests: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    violations: Counter[tuple[str, Problem]] = field(default_factory=Counter)
    exceptions: Counter[Excepted] = field(default_factory=Counter)


def check_all(recorded: Iterable[Sent], contracts: Mapping[str, Callable[[], Check]]) -> dict[str, Findings]:
    """Findings by platform. Raises KeyError for a platform without a contract."""
    checks: dict[str, Check] = {}
    found: dict[str, Findings] = {}
    for sent in recorded:
        if sent.platform not in checks:
            checks[sent.platform] = contracts[sent.platform]()
        mine = found.setdefault(sent.platform, Findings())
        mine.distinct += 1
        mine.requests += sent.count
        name = sent.kind
        mine.kinds[name] += sent.count
        for problem in checks[sent.platform](sent):
            known = excepted(sent, problem)
            if known is not None:
                mine.exceptions[known] += 1
            else:
                mine.violations[name, problem] += 1
    return found


def lines(found: Mapping[str, Findings], *, every_kind: bool = False) -> Iterator[str]:
    """The report in plain sentences. `every_kind` also lists what was checked."""
    for platform, mine in sorted(found.items()):
        yield (
            f"{platform}: {mine.distinct} distinct requests of {len(mine.kinds)} kinds checked "
            f"({mine.requests} in all), {len(mine.violations)} violations"
        )
        if every_kind:
            yield from (f"    {count:6}  {name}" for name, count in sorted(mine.kinds.items()))
        for (name, problem), count in sorted(mine.violations.items()):
            yield f"  violates  {name}  {problem.where or '(all of it)'}: {problem.why}  ({count} shapes)"
        for known, count in sorted(mine.exceptions.items(), key=lambda pair: pair[0].reason):
            yield f"  excepted  {known.name}  {known.where}: {known.reason}  ({count} shapes)"
