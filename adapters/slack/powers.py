"""What moderators can do on Slack: remove people from channels, and delete what the app said. The rest is said."""

from __future__ import annotations

from adapters.contract import Act, Did, Power, Written
from adapters.slack.deletion import Deletion
from adapters.slack.refusals import Lost, Refused, contract_error
from adapters.slack.removal import Removal
from adapters.slack.unable import unable
from adapters.slack.workspaces import Workspaces
from adapters.slack.written import History

POWERS = frozenset({Power.DELETE, Power.KICK})


class Powers:
    """The part of `adapters.contract.Adapter` about moderation."""

    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces
        self._removal = Removal(workspaces)
        self._deletion = Deletion(workspaces)
        self._history = History(workspaces)

    async def before(self, act: Act) -> dict[str, str]:
        """See `Adapter.before`. What Slack refuses for good is told by the act itself."""
        at = await self._workspaces.need(act.workspace)
        try:
            return await self._removal.before(at, act)
        except Lost as error:
            raise contract_error(error) from None
        except Refused as error:
            if not error.final:
                raise contract_error(error) from None
            return {}

    async def act(self, act: Act) -> Did:
        """See `Adapter.act`. Slack has no log that takes a reason."""
        at = await self._workspaces.need(act.workspace)
        try:
            match act.power:
                case Power.DELETE:
                    return await self._deletion.do(at, act)
                case Power.KICK | Power.BAN:
                    return await self._removal.do(at, act)
                case Power.UNBAN:
                    return await self._removal.undo(at, act)
        except Lost as error:
            raise contract_error(error) from None
        except Refused as error:
            if not error.final:
                raise contract_error(error) from None
            return Did(False, _refused(error))
        return unable(act)

    async def written(
        self, workspace: str, place_id: str, most: int, account_id: str = "", thread: str = ""
    ) -> list[Written] | None:
        """See `Adapter.written`."""
        return await self._history.of(workspace, place_id, most, account_id, thread)


def _refused(error: Refused) -> str:
    if error.code == "missing_scope":
        scope = error.needed.replace(",", " or ") or "for it"
        return f"I lack the scope {scope}, so nothing was done. Install the app again to grant it."
    return f"Slack refused this, so nothing was done ({error.code})."
