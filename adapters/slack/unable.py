"""What a bot on Slack cannot do, said as it is. Pure."""

from __future__ import annotations

from adapters.contract import Act, Did, Power

_CANNOT = {
    Power.TIMEOUT: (
        "A bot on Slack cannot mute anybody, so nothing was done. Removing them from the channel is what it can do; an "
        "admin of the workspace can also limit who posts in it."
    ),
    Power.LOCK: (
        "A bot on Slack cannot close a channel, so nothing was done. An admin of the workspace can limit who posts in "
        "it."
    ),
    Power.SLOW: "Slack has no slow mode, so nothing was done. An admin of the workspace can limit who posts there.",
    Power.CLOSE_DOOR: (
        "A bot on Slack cannot stop invitations, so nothing was done. An owner of the workspace can let admins alone "
        "invite people."
    ),
}
_NOTHING_TO_END = {
    Power.RELEASE: "A bot on Slack cannot mute anybody, so there was nothing to end.",
    Power.UNLOCK: "A bot on Slack cannot close a channel, so there was nothing to open.",
    Power.SLOW: "Slack has no slow mode, so there was nothing to end.",
    Power.OPEN_DOOR: "A bot on Slack cannot stop invitations, so there was nothing to open.",
}


def unable(act: Act) -> Did:
    """What comes of an act that Slack has not: what was to be ended never was, so that is done."""
    ends = act.power not in _CANNOT or (act.power is Power.SLOW and not act.seconds)
    return Did(True, _NOTHING_TO_END[act.power]) if ends else Did(False, _CANNOT[act.power])
