"""Which case somebody means: by its number where they are, among those that they may see.

A case is seen by the moderators of its Nexus and, without who reported it or what moderators wrote among themselves, by
the person whom it is about.
"""

from __future__ import annotations

from typing import Any

from core.errors import N_, BadInput, NotFound
from core.moderation.cases.cases import Case, case_numbered, case_of, newest
from core.nexuses.members import standing_in
from core.operations.context import Context
from core.operations.declare import Who
from core.operations.fields import Reference
from core.operations.fields.base import SUGGESTED, frozen_id
from core.people.people import numbers_of


class CaseField(Reference):
    """A case: by its number here."""

    kind = "case"

    def read(self, raw: object) -> str:
        """See `Field.read`."""
        word = super().read(raw)
        if frozen_id(word) is not None:
            return word
        digits = word.casefold().removeprefix("case").strip(" #")
        if not digits.isascii() or not digits.isdigit() or not 0 < len(digits) <= 9:
            raise BadInput(N_("A case has a number, such as 12. “cases” lists them."))
        return digits

    def resolve(self, value: Any, context: Context) -> Case:
        """See `Field.resolve`."""
        return access_case(context, value)

    def show(self, value: Any) -> str:
        """See `Field.show`."""
        return str(value.number)

    def suggest(self, typed: str, context: Context) -> list[tuple[str, str]]:
        """See `Field.suggest`."""
        found = [case for case in newest(context.unit, context.nexus_id, 100) if may_see_case(context, case)]
        digits = typed.strip(" #")
        return [
            (f"{case.number}: {case.kind}", f"={case.id}") for case in found if str(case.number).startswith(digits)
        ][:SUGGESTED]


def moderates(context: Context, nexus_id: int) -> bool:
    """Whether the caller is a moderator of the Nexus or stands above one."""
    return standing_in(context.unit, context.actor.person_id, nexus_id)[0] >= Who.MODERATOR


def is_about_caller(context: Context, case: Case) -> bool:
    """Whether the case is about who asks: then they see it as that, whatever else they are there."""
    return case.person_id is not None and case.person_id in numbers_of(context.unit, context.actor.person_id)


def may_see_case(context: Context, case: Case) -> bool:
    """Whether the caller may see a case at all. Nobody sees who reported them, also no moderator."""
    if is_about_caller(context, case):
        return case.kind != "report"
    return moderates(context, case.nexus_id)


def access_case(context: Context, words: str) -> Case:
    """The case that these words mean. Raises `NotFound`, which sounds the same for one that the caller may not see."""
    number = frozen_id(words)
    missing = NotFound(N_("I know no case {number} here that you may see."), number=words.removeprefix("="))
    if number is not None:
        try:
            found: Case | None = case_of(context.unit, number)
        except NotFound:
            found = None
    else:
        found = case_numbered(context.unit, context.nexus_id, int(words))
    if found is None or not may_see_case(context, found):
        raise missing
    return found
