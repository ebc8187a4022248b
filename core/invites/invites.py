"""Making, using and withdrawing invitations."""

from __future__ import annotations

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.engine import RowMapping

from core.errors import N_, NotFound
from core.ids import digest, new_code, new_handle, read_code
from core.invites.tables import invite, invite_request
from core.nexuses.members import standing_in
from core.nexuses.roles import GUEST, MEMBER, STANDING, may_grant
from core.nexuses.tables import nexus
from core.people.tables import person
from core.store import Unit

REFUSAL = N_("That code doesn't open anything (any more). Ask whoever gave it to you for a fresh one.")

_ADD = insert(invite)
_TAKEN = select(invite.c.id).where(invite.c.handle == bindparam("handle"))
_OPEN = (invite.c.state == "open", invite.c.uses_left > 0, invite.c.expires_at > bindparam("at"))
_COLUMNS = (
    invite.c.id,
    invite.c.handle,
    invite.c.nexus_id,
    invite.c.role,
    invite.c.uses_left,
    invite.c.approval,
    invite.c.made_by,
    invite.c.expires_at,
)
_BY_CODE = (
    select(*_COLUMNS)
    .join(nexus, nexus.c.id == invite.c.nexus_id)
    .where(invite.c.digest == bindparam("d"), nexus.c.state == "active", *_OPEN)
    .with_for_update(of=invite)
)
_LIST = (
    select(*_COLUMNS, person.c.name.label("maker"))
    .join(person, person.c.id == invite.c.made_by)
    .where(invite.c.nexus_id == bindparam("nexus_id"), *_OPEN)
    .order_by(invite.c.id)
)
_BY_HANDLE = select(*_COLUMNS).where(invite.c.handle == bindparam("handle"), *_OPEN)
_USE = update(invite).where(invite.c.id == bindparam("invite_id"), *_OPEN).values(uses_left=invite.c.uses_left - 1)
_REVOKE = update(invite).where(invite.c.id == bindparam("invite_id"), invite.c.state == "open").values(state="revoked")
_ADD_REQUEST = insert(invite_request)
_REQUEST = select(invite_request).where(
    invite_request.c.invite_id == bindparam("invite_id"), invite_request.c.person_id == bindparam("person_id")
)
_WAITING = (
    select(invite_request.c.id, invite_request.c.invite_id, invite.c.role)
    .join(invite, invite.c.id == invite_request.c.invite_id)
    .where(
        invite_request.c.nexus_id == bindparam("nexus_id"),
        invite_request.c.person_id == bindparam("person_id"),
        invite_request.c.state == "waiting",
    )
    .with_for_update()
)
_DECIDE = (
    update(invite_request)
    .where(invite_request.c.id == bindparam("request_id"), invite_request.c.state == "waiting")
    .values(state=bindparam("new_state"), decided_by=bindparam("who"))
)


def add_invite(
    unit: Unit, *, nexus_id: int, role: str, uses: int, approval: bool, made_by: int, expires_at: int
) -> tuple[int, str, str]:
    """Make an invitation. Returns (id, handle, code); the code is told once and kept nowhere."""
    code, handle = new_code(), new_handle()
    while unit.value(_TAKEN, handle=handle) is not None:
        handle = new_handle()
    invite_id = unit.new_id()
    unit.execute(
        _ADD,
        {
            "id": invite_id,
            "handle": handle,
            "digest": digest(read_code(code)),
            "nexus_id": nexus_id,
            "role": role,
            "uses_left": uses,
            "approval": approval,
            "state": "open",
            "made_by": made_by,
            "created_at": unit.now,
            "expires_at": expires_at,
        },
    )
    return invite_id, handle, code


def invite_by_code(unit: Unit, code: str) -> RowMapping:
    """The invitation that a code opens now. One refusal for every reason it might not (`NotFound`)."""
    found = look_up(unit, code)
    if found is None or not _stands(unit, found["made_by"], found["nexus_id"], found["role"]):
        raise NotFound(REFUSAL, code="no_such_invite")
    return found


def look_up(unit: Unit, code: str) -> RowMapping | None:
    """The open invitation with this code."""
    return unit.row(_BY_CODE, d=digest(code), at=unit.now)


def may_invite(standing: int, role: str) -> bool:
    """Members may invite members and guests; a higher role takes a steward who holds it."""
    return standing >= STANDING[MEMBER] if role in (MEMBER, GUEST) else may_grant(standing, role)


def _stands(unit: Unit, maker: int, nexus_id: int, role: str) -> bool:
    """Whether the maker could still invite so: whoever lost a role takes nobody in with it any more."""
    return may_invite(standing_in(unit, maker, nexus_id)[0], role)


def invite_by_handle(unit: Unit, handle: str) -> RowMapping | None:
    """The open invitation with this short name."""
    return unit.row(_BY_HANDLE, handle=handle, at=unit.now)


def use(unit: Unit, invite_id: int) -> None:
    """Take one use, or refuse when two came for the last one at the same moment."""
    if unit.changed(_USE, invite_id=invite_id, at=unit.now) != 1:
        raise NotFound(REFUSAL, code="no_such_invite")


def revoke(unit: Unit, invite_id: int) -> bool:
    """Withdraw an invitation. False if it was withdrawn already."""
    return unit.changed(_REVOKE, invite_id=invite_id) == 1


def working(unit: Unit, nexus_id: int) -> list[RowMapping]:
    """Invitations of a Nexus that still work, oldest first."""
    rows = unit.rows(_LIST, nexus_id=nexus_id, at=unit.now)
    standings = {maker: standing_in(unit, maker, nexus_id)[0] for maker in {row["made_by"] for row in rows}}
    return [row for row in rows if may_invite(standings[row["made_by"]], row["role"])]


def request_of(unit: Unit, invite_id: int, person_id: int) -> RowMapping | None:
    """What this person already did with this invitation."""
    return unit.row(_REQUEST, invite_id=invite_id, person_id=person_id)


def add_request(unit: Unit, invite_id: int, nexus_id: int, person_id: int, state: str) -> int:
    """Remember that a person used an invitation: `joined`, or `waiting` for a steward."""
    request_id = unit.new_id()
    unit.execute(
        _ADD_REQUEST,
        {
            "id": request_id,
            "invite_id": invite_id,
            "nexus_id": nexus_id,
            "person_id": person_id,
            "state": state,
            "at": unit.now,
            "decided_by": None,
        },
    )
    return request_id


def waiting_request(unit: Unit, nexus_id: int, person_id: int) -> RowMapping | None:
    """The request of a person that waits in a Nexus."""
    return unit.row(_WAITING, nexus_id=nexus_id, person_id=person_id)


def decide(unit: Unit, request_id: int, state: str, by: int) -> bool:
    """Approve or reject a waiting request. False if somebody was faster."""
    return unit.changed(_DECIDE, request_id=request_id, new_state=state, who=by) == 1
