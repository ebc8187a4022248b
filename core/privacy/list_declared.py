"""What followed ban lists keep about people: whom they met, until that is forgotten.

A list itself keeps nothing: it is the bans of a Nexus, and has nobody on it who was forgotten.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from core.errors import N_
from core.moderation.lists.tables import ban_entry, ban_follow, ban_share
from core.nexuses.tables import nexus
from core.privacy import case_declared as _first  # the cases that entries point at
from core.privacy.personal import Personal, by_person, register
from core.privacy.whose import Whose
from core.store import Unit

AFTER = _first
_SET = "who decided it stays as a number without a name, so that what is decided with it stands"

_there, _source = nexus.alias("there"), nexus.alias("source")
_MET = (
    select(_there.c.name.label("there"), _source.c.name.label("source"))
    .select_from(ban_entry)
    .join(ban_follow, ban_follow.c.id == ban_entry.c.follow_id)
    .join(_there, _there.c.id == ban_follow.c.nexus_id)
    .join(_source, _source.c.id == ban_follow.c.source_id)
    .where(by_person(ban_entry), ban_entry.c.state != "over")
    .order_by(ban_entry.c.at)
)


def told(unit: Unit, who: Whose) -> Sequence[str]:
    """In which Nexuses it is noted that they are on whose list."""
    template = N_("{there} goes by the ban list of {source} and noted that you are on it.")
    return [
        template.format(there=row["there"], source=row["source"]) for row in unit.rows(_MET, people=list(who.people))
    ]


register(
    Personal(ban_share, pseudonym={"set_by": _SET}, exempt={"reader_id": "the number of a Nexus"}),
    Personal(ban_follow, pseudonym={"set_by": _SET}),
    Personal(
        ban_entry,
        gone=("person_id",),
        gives=("follow_id", "state", "source_case", "case_id", "at"),
        tells=told,
    ),
)
