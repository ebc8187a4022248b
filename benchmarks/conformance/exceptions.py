"""What may differ from a contract, each with the reason. It is empty: keep it so if you can."""

from __future__ import annotations

import re
from dataclasses import dataclass

from benchmarks.conformance.requests import Problem, Sent


@dataclass(frozen=True, slots=True)
class Excepted:
    """Problems of requests whose name, place and words match these patterns (whole, except for `why`)."""

    platform: str
    name: str
    where: str
    why: str
    reason: str

    def covers(self, sent: Sent, problem: Problem) -> bool:
        """Whether this problem is a known one."""
        return (
            self.platform == sent.platform
            and re.fullmatch(self.name, sent.name) is not None
            and re.fullmatch(self.where, problem.where) is not None
            and re.search(self.why, problem.why) is not None
        )


EXCEPTIONS: tuple[Excepted, ...] = ()


def excepted(sent: Sent, problem: Problem) -> Excepted | None:
    """The exception that covers a problem."""
    return next((one for one in EXCEPTIONS if one.covers(sent, problem)), None)
