"""What people say of a rule's find: it counts in how often the rule is right, and too often wrong lets it only ask.

Judging is not learning: no message that was judged goes into the training of a classifier.
"""

from __future__ import annotations

from core.moderation.cases.cases import Case
from core.moderation.guards import counts, found
from core.moderation.lists import budget
from core.store import Unit


def right(unit: Unit, case: Case) -> None:
    """Somebody else looked at it, and it stands."""
    if case.rule:
        found.judge(unit, case.id, right=True)


def wrong(unit: Unit, case: Case) -> None:
    """It was dismissed, undone or overturned."""
    if case.rule:
        found.judge(unit, case.id, right=False)
        counts.fall_back(unit, case.nexus_id, case.rule)
        budget.wrong(unit, case)
