"""`python -m benchmarks.prompt`: tokens of a first turn (o200k, counted offline) for every standing, in both places.

What the model brain sends for an ordinary first message, with the tools that this speaker may use here, counted as the
messages and the tools serialised. Exit code 1 when one is over the budget.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from benchmarks.tokens import counter
from bot.cofounder.brain import Conversation
from bot.cofounder.model import prompt
from bot.cofounder.model.toolkit import Toolkit
from core.catalogue import REGISTRY
from core.operations import Operation, Who

BUDGET = 800
MESSAGE = "Hi! We need somebody who can design a logo for Parser by Friday. Could you help me find someone?"


def first_turn(standing: Who, *, direct: bool) -> Conversation:
    """The conversation that somebody of that standing begins."""
    usable = [o for o in REGISTRY if not o.internal and (direct or not o.direct_only) and o.who <= max(standing, 0)]
    return Conversation(
        message=MESSAGE,
        speaker="Ana",
        nexus="Parser",
        standing=standing.name.lower() if standing > 0 else "guest",
        audience="only Ana" if direct else "the members of Parser",
        tools=_common(usable),
        all_tools=usable,
    )


def _common(operations: Sequence[Operation]) -> list[Operation]:
    return [operation for operation in operations if operation.common]


def main() -> int:
    """Print the table."""
    count = counter()
    print(f"{'standing':<12}{'place':<10}{'messages':>10}{'tools':>8}{'in all':>8}   of {BUDGET}")
    most = 0
    for standing in Who:
        for direct in (True, False):
            talk = first_turn(standing, direct=direct)
            messages, tools = count(prompt.messages(talk)), count(Toolkit(talk.tools, talk.all_tools).tools)
            most = max(most, messages + tools)
            place = "direct" if direct else "channel"
            print(f"{standing.name.lower():<12}{place:<10}{messages:>10}{tools:>8}{messages + tools:>8}")
    print("PASS" if most <= BUDGET else "MISS")
    return int(most > BUDGET)


if __name__ == "__main__":
    sys.exit(main())
