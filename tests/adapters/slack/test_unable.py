"""What Slack has not is said, and nothing is pretended."""

import pytest

from adapters.contract import Act, Did, Power
from adapters.slack.adapter import SlackAdapter
from tests.fakes.slack import Channel, FakeSlack, User


@pytest.mark.parametrize(
    ("power", "done", "said"),
    [
        (Power.TIMEOUT, False, "cannot mute anybody, so nothing was done"),
        (Power.LOCK, False, "cannot close a channel, so nothing was done"),
        (Power.SLOW, False, "no slow mode, so nothing was done"),
        (Power.CLOSE_DOOR, False, "cannot stop invitations, so nothing was done"),
        (Power.RELEASE, True, "cannot mute anybody, so there was nothing to end"),
        (Power.UNLOCK, True, "cannot close a channel, so there was nothing to open"),
        (Power.OPEN_DOOR, True, "cannot stop invitations, so there was nothing to open"),
    ],
)
async def test_what_slack_has_not_is_said(
    adapter: SlackAdapter, slack: FakeSlack, general: Channel, ben: User, power: Power, done: bool, said: str
) -> None:
    act = Act(
        power,
        general.team.id,
        "act-1",
        place_id=general.id,
        account_id=ben.id,
        until=1_700_000_000_000,
        seconds=30,
    )
    assert await adapter.before(act) == {}
    did = await adapter.act(act)
    assert did.done is done
    assert said in did.said
    assert not [one.method for one in slack.requests if one.method.startswith(("users.", "conversations.", "chat."))]
    assert ben.id in general.members


async def test_no_slow_mode_has_no_end(adapter: SlackAdapter, general: Channel) -> None:
    did = await adapter.act(Act(Power.SLOW, general.team.id, "1", place_id=general.id, seconds=0))
    assert did == Did(True, "Slack has no slow mode, so there was nothing to end.")
