"""A fake Slack, a workspace with two people, their channel, and a client of the app there."""

from collections.abc import AsyncIterator

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import Channel, FakeSlack, Team, User
from tests.test_fakes.test_slack.tools import client


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack(subscribed=["message.channels", "message.im", "app_mention"]) as server:
        yield server


@pytest.fixture
def team(slack: FakeSlack) -> Team:
    return slack.team("Harbour")


@pytest.fixture
def ana(team: Team) -> User:
    return team.user("Ana")


@pytest.fixture
def ben(team: Team) -> User:
    return team.user("Ben")


@pytest.fixture
def general(team: Team, ana: User, ben: User) -> Channel:
    return team.channel("general", [ana, ben])


@pytest.fixture
def web(slack: FakeSlack, team: Team) -> AsyncWebClient:
    return client(slack, team.bot_token)
