"""Who can read in a conversation, as far as Slack keeps others out."""

from collections.abc import Callable

import pytest

from adapters.contract import Gone, NotPermitted, TooManyRequests, Transient, Unauthorized
from adapters.slack import readers as module
from adapters.slack.adapter import SlackAdapter
from adapters.slack.scopes import BOT_SCOPES, lacking
from tests.fakes.slack import Channel, FakeSlack, Team, User, faults


@pytest.fixture
def secret(team: Team, ana: User, ben: User) -> Channel:
    """A private channel with Ana, Ben and the app."""
    return team.channel("secret", [ana, ben], private=True)


async def readers(adapter: SlackAdapter, channel: Channel, most: int = 200) -> list[str] | None:
    """The names of those who can read, sorted by id."""
    found = await adapter.readers(channel.team.id, channel.id, most)
    return None if found is None else [channel.team.users[one].real_name for one in found]


async def test_a_private_channel_has_its_members(adapter: SlackAdapter, secret: Channel, team: Team) -> None:
    assert await readers(adapter, secret) == ["Ana", "Ben"]
    cleo = team.user("Cleo", guest=True)
    secret.join(cleo)
    assert await readers(adapter, secret) == ["Ana", "Ben", "Cleo"]
    secret.leave(cleo)
    assert await readers(adapter, secret) == ["Ana", "Ben"]


async def test_a_group_chat_has_its_members(adapter: SlackAdapter, team: Team, ana: User, ben: User) -> None:
    assert await readers(adapter, team.mpim([ana, ben])) == ["Ana", "Ben"]


async def test_a_public_channel_has_none(adapter: SlackAdapter, general: Channel, slack: FakeSlack) -> None:
    assert await readers(adapter, general) is None
    assert slack.calls("conversations.members") == []


async def test_a_channel_that_is_shared_with_others_has_none(adapter: SlackAdapter, secret: Channel) -> None:
    assert await readers(adapter, secret) == ["Ana", "Ben"]
    secret.shared_outside = True
    assert await readers(adapter, secret) is None


async def test_other_apps_are_no_readers_and_are_looked_up_once(
    adapter: SlackAdapter, secret: Channel, team: Team, slack: FakeSlack
) -> None:
    secret.join(team.other_bot("Helper"))
    for _ in range(2):
        assert await readers(adapter, secret) == ["Ana", "Ben"]
    assert len(slack.calls("users.info")) == 3


async def test_who_cannot_be_looked_up_counts_as_somebody(
    adapter: SlackAdapter, secret: Channel, team: Team, slack: FakeSlack
) -> None:
    secret.join(team.other_bot("Helper"))
    slack.fail("users.info", faults.rate_limited(30), times=3)
    assert await readers(adapter, secret) == ["Ana", "Ben", "Helper"]


async def test_members_are_listed_page_by_page(
    adapter: SlackAdapter, secret: Channel, team: Team, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PAGE", 2)
    secret.join(team.user("Cleo"))
    assert await readers(adapter, secret) == ["Ana", "Ben", "Cleo"]
    assert [call.arguments.get("cursor") for call in slack.calls("conversations.members")] == [None, "next_2"]


async def test_more_than_asked_for_is_nobody(
    adapter: SlackAdapter, secret: Channel, team: Team, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert await readers(adapter, secret, most=2) == ["Ana", "Ben"]
    assert await readers(adapter, secret, most=1) is None
    asked = len(slack.calls("conversations.members"))
    monkeypatch.setattr(module, "_APPS", 0)
    assert await readers(adapter, secret, most=1) is None
    assert len(slack.calls("conversations.members")) == asked


async def test_the_workspace_itself_has_none(adapter: SlackAdapter, team: Team) -> None:
    assert await adapter.readers(team.id, team.id, 200) is None
    assert await adapter.readers(team.id, "", 200) is None


@pytest.mark.parametrize("method", ["conversations.info", "conversations.members"])
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (lambda: faults.rate_limited(30), TooManyRequests),
        (lambda: faults.server_error(), Transient),
        (lambda: faults.refused("channel_not_found"), Gone),
    ],
)
async def test_a_refusal_is_told_and_the_next_answer_counts(
    adapter: SlackAdapter,
    secret: Channel,
    slack: FakeSlack,
    method: str,
    fault: Callable[[], faults.Fault],
    error: type[Exception],
) -> None:
    slack.fail(method, fault())
    with pytest.raises(error):
        await readers(adapter, secret)
    assert await readers(adapter, secret) == ["Ana", "Ben"]


async def test_without_the_scope_nobody_is_known(adapter: SlackAdapter, secret: Channel, team: Team) -> None:
    team.scopes.discard("groups:read")
    with pytest.raises(NotPermitted, match="groups:read"):
        await readers(adapter, secret)
    ((scope, why),) = lacking(",".join(one for one in BOT_SCOPES if one != "groups:read"))
    assert scope == "groups:read"
    assert "who reads along there" in why


async def test_a_channel_that_the_app_was_taken_out_of_is_not_known(
    adapter: SlackAdapter, secret: Channel, team: Team
) -> None:
    secret.leave(team.bot)
    with pytest.raises(Gone):
        await readers(adapter, secret)
    with pytest.raises(Unauthorized):
        await adapter.readers("T0000", secret.id, 200)
