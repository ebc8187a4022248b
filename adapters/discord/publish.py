"""The commands at Discord, put there only where they differ from what it has."""

from __future__ import annotations

import logging

from adapters.contract import DeliveryError, Transient, Unauthorized
from adapters.discord.menu import Menu, same
from adapters.discord.rest import Rest

log = logging.getLogger(__name__)

_PATH = "/applications/{application_id}/commands"
_ENTRY_POINT = 4  # a command of Discord's own making, for apps with an activity: not ours to remove


async def publish(rest: Rest, application_id: str, menu: Menu) -> str:
    """What keeps people from some commands, in one sentence, or "".

    Commands that Discord does not take are a pity, not a reason to stay away: only `Unauthorized` and `Transient` are
    raised.
    """
    try:
        theirs = await rest.call("GET", _PATH, application_id=application_id)
        ours = [*(command for command in theirs if command.get("type") == _ENTRY_POINT), *menu.commands]
        if not same(ours, theirs):
            await rest.call("PUT", _PATH, ours, application_id=application_id)
    except (Unauthorized, Transient):
        raise
    except DeliveryError as error:
        trouble = f"Discord did not take the commands: {error}."
    else:
        trouble = f"Discord has no room for these commands: {', '.join(menu.left_out)}." if menu.left_out else ""
    if trouble:
        log.warning("%s", trouble)
    return trouble
