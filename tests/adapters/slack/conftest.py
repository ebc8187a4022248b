"""A fake Slack, a workspace with people, and the adapter listening by Socket Mode through the real slack-bolt."""

from collections.abc import AsyncIterator

import pytest

from adapters.contract import (
    Adapter,
    Address,
    Event,
    Least,
    MenuEntry,
    MenuOption,
    OptionKind,
    Shortcut,
    Target,
)
from adapters.slack.adapter import SlackAdapter
from adapters.slack.scopes import BOT_EVENTS, BOT_SCOPES
from tests.adapters.store import Store
from tests.fakes.slack import Channel, FakeSlack, Hook, Team, User
from tests.fakes.wire import free_port

PING = 0.05  # seconds; how soon the library notices a connection that was reset


def short(typed: str) -> str:
    """What a field refuses."""
    return "Please say it in more than three words." if len(typed.split()) < 4 else ""


def whole(typed: str) -> str:
    """What a number refuses."""
    return "" if typed.isdigit() else "Please give a number."


MENU = (
    MenuEntry("help", "What you can do here"),
    MenuEntry(
        "need.post",
        "Say what you need",
        options=(
            MenuOption("text", "what you need", OptionKind.LONG, required=True, maximum=500, check=short),
            MenuOption("until", "when it ends"),
        ),
    ),
    MenuEntry(
        "role.grant",
        "Give somebody a role",
        options=(
            MenuOption("person", "who", OptionKind.PERSON, required=True),
            MenuOption("role", "which role", OptionKind.CHOICE, required=True, choices=("member", "steward")),
            MenuOption("nexus", "where", OptionKind.REFERENCE, completes=True),
            MenuOption("days", "for how many days", OptionKind.WHOLE, minimum=1, maximum=365, check=whole),
            MenuOption("tell", "whether to tell them", OptionKind.YESNO),
        ),
        least=Least.STEWARD,
    ),
    MenuEntry("grant.propose", "Propose a grant", options=(MenuOption("title", "its title", required=True),)),
    MenuEntry(
        "report.message",
        "Report a message",
        options=(MenuOption("text", "the message", OptionKind.LONG, required=True),),
        shortcut=Shortcut("Report message", Target.MESSAGE, "text"),
    ),
    MenuEntry(
        "message.keep",
        "Keep a message",
        options=(
            MenuOption("text", "the message", OptionKind.LONG, required=True),
            MenuOption("why", "why it is worth keeping", required=True),
        ),
        shortcut=Shortcut("Keep message", Target.MESSAGE, "text"),
    ),
    MenuEntry(
        "warn",
        "Warn somebody",
        options=(MenuOption("person", "who", OptionKind.PERSON, required=True),),
        shortcut=Shortcut("Warn", Target.PERSON, "person"),
        least=Least.MODERATOR,
    ),
)


def new_slack() -> FakeSlack:
    """A fake whose app has the scopes and events of our manifest."""
    return FakeSlack(subscribed=BOT_EVENTS, scopes=BOT_SCOPES)


def new_adapter(slack: FakeSlack, team: Team) -> SlackAdapter:
    """An adapter for one workspace, by Socket Mode."""
    return SlackAdapter(
        bot_token=team.bot_token, app_token=slack.app_token, api_base_url=slack.api_base_url, ping_interval=PING
    )


def answer_to(event: Event, *, private: bool = False) -> Address:
    """The address of an event's answer, as the bot makes it."""
    direct = event.place.kind.value == "direct"
    return Address(
        "slack",
        event.place.id,
        thread=event.place.thread,
        workspace=event.workspace,
        account_id=event.account.id,
        private=private and not direct,
        reply_to="" if direct else event.message_id,
        respond=event.respond,
    )


def to(channel: Channel, *, thread: str = "", reply_to: str = "") -> Address:
    """The address of a channel."""
    return Address("slack", channel.id, workspace=channel.team.id, thread=thread, reply_to=reply_to)


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with new_slack() as server:
        yield server


@pytest.fixture
def team(slack: FakeSlack) -> Team:
    return slack.team("Harbour")


@pytest.fixture
def ana(team: Team) -> User:
    return team.user("Ana", locale="de-DE")


@pytest.fixture
def ben(team: Team) -> User:
    return team.user("Ben")


@pytest.fixture
def general(team: Team, ana: User, ben: User) -> Channel:
    return team.channel("general", [ana, ben])


@pytest.fixture
def direct(team: Team, ana: User) -> Channel:
    """Ana's direct chat with the app."""
    return team.im(ana)


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
async def adapter(slack: FakeSlack, team: Team, store: Store) -> AsyncIterator[SlackAdapter]:
    adapter = new_adapter(slack, team)
    contract: Adapter = adapter
    await contract.start(store, MENU)
    yield adapter
    await adapter.stop()


@pytest.fixture
def bind() -> str:
    return f"127.0.0.1:{free_port()}"


@pytest.fixture
def hook(slack: FakeSlack, bind: str) -> Hook:
    return slack.use_http(f"http://{bind}/slack/events")
