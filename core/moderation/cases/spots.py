"""Where on the platforms a Nexus is: the servers, workspaces and groups in which its decisions are carried out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import bindparam, select

from core.moderation.cases import acts
from core.moderation.cases.acts import Todo
from core.moderation.cases.cases import Message
from core.places.places import Place
from core.places.tables import place
from core.places.workspaces import title_of
from core.store import Unit

_BOUND = (
    select(place.c.platform, place.c.workspace, place.c.external_id)
    .where(place.c.nexus_id == bindparam("nexus_id"), place.c.kind != "direct")
    .order_by(place.c.id)
)


@dataclass(frozen=True, slots=True)
class Spot:
    """One server, workspace or group. `place` is "" where the platform acts on the whole workspace."""

    platform: str
    workspace: str
    place: str = ""


def spots_of(unit: Unit, nexus_id: int, here: Place | None = None) -> list[Spot]:
    """Where a Nexus is bound on platforms, each once; and `here`, where the decision is made, first."""
    rows = [(row["platform"], row["workspace"], row["external_id"]) for row in unit.rows(_BOUND, nexus_id=nexus_id)]
    if here is not None and not here.direct:
        rows.insert(0, (here.platform, here.workspace, here.external_id))
    return list(dict.fromkeys(_spot(unit, *row) for row in rows))


def act_on(unit: Unit, case_id: int, nexus_id: int, here: Place | None, todo: Todo) -> None:
    """Queue what is done to an account, in every spot of the Nexus on the platform of `todo`, and in its workspace if
    it names one."""
    act_in(unit, case_id, spots_of(unit, nexus_id, here), todo)


def act_in(unit: Unit, case_id: int, spots: Sequence[Spot], todo: Todo) -> None:
    """The same in those of these spots."""
    for spot in spots:
        if spot.platform == todo.platform and todo.workspace in ("", spot.workspace):
            acts.queue(unit, case_id, replace(todo, workspace=spot.workspace, place=spot.place))


def take_away(
    unit: Unit,
    case_id: int,
    here: Place,
    message: Message,
    *,
    account_id: int,
    reason: str,
    turn: str = "",
    asker_id: int | None = None,
) -> None:
    """Queue that a message goes, if the platform has a name for it."""
    if not message.message_id:
        return
    todo = Todo(
        here.platform,
        here.workspace,
        "delete",
        place=here.external_id,
        thread=message.thread,
        account_id=account_id,
        messages=(message.message_id,),
        reason=reason,
        turn=turn,
        asker_id=asker_id,
    )
    acts.queue(unit, case_id, todo)


def _spot(unit: Unit, platform: str, workspace: str, external_id: str) -> Spot:
    # A platform without workspaces of its own tells of none: there each group is for itself.
    whole = not external_id or title_of(unit, platform, workspace) is not None
    return Spot(platform, workspace, "" if whole else external_id)
