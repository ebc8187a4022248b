"""Whether all who hear an answer belong to a Nexus: for what is told to its members alone."""

from __future__ import annotations

from core.nexuses.members import standing_in
from core.operations.context import AudienceKind, Context
from core.operations.declare import Who


def all_inside(context: Context, nexus_id: int) -> bool:
    """Whether whoever hears the answer is in the Nexus. One person is the caller, whose standing was looked at."""
    audience = context.audience
    if audience.kind is AudienceKind.PEOPLE:
        return bool(audience.people) and all(
            one and standing_in(context.unit, one, nexus_id)[0] >= Who.MEMBER for one in audience.people
        )
    members = audience.kind is AudienceKind.MEMBERS and audience.nexus_id == nexus_id
    return members or audience.kind is AudienceKind.PERSON
