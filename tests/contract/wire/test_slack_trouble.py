"""Slack refuses, breaks off, does the work and says it did not; the app is taken away and comes back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack

import aiohttp
import pytest
from pydantic import SecretStr

from adapters.contract import Address, File, Reply
from adapters.slack.adapter import SlackAdapter
from adapters.slack.scopes import BOT_EVENTS, BOT_SCOPES
from bot.installations.seal import new_key
from bot.installations.stored import StoredInstallations
from bot.unit import AsyncStore
from core.clock import ManualClock
from tests.conftest import StoreFactory
from tests.contract.conftest import PLATFORMS, Move, furnished
from tests.contract.house import House, Scene, Stub, request, until
from tests.contract.surfaces.office import Office, plain
from tests.contract.wire.hall import Hall
from tests.fakes import openai as ai
from tests.fakes.openai import FakeOpenAI
from tests.fakes.slack import FakeSlack, Team, User, faults
from tests.fakes.wire import free_port

TROUBLE: dict[str, Callable[[], faults.Fault]] = {
    "429": lambda: faults.rate_limited(1),
    "500": lambda: faults.server_error(500),
    "503": lambda: faults.server_error(503),
    "fatal error": lambda: faults.refused("fatal_error"),
    "dropped": lambda: faults.drop(),
    "503 after the work": lambda: faults.server_error(503, after=True),
    "fatal error after the work": lambda: faults.refused("fatal_error", after=True),
    "dropped after the work": lambda: faults.drop(after=True),
    "no JSON after the work": lambda: faults.malformed(after=True),
}
AFTER = [name for name in TROUBLE if "after" in name]


@pytest.mark.parametrize("trouble", TROUBLE)
async def test_an_answer_is_there_exactly_once(trouble: str, hall: Hall) -> None:
    hall.slack.fail("chat.postMessage", TROUBLE[trouble]())
    assert "a desk" in await hall.mention("Ana", "/need post a desk")
    assert len(hall.answers("a desk")) == 1
    assert hall.records("a desk") == 1


@pytest.mark.parametrize("trouble", AFTER)
async def test_each_part_of_a_long_answer_is_there_exactly_once(trouble: str, hall: Hall) -> None:
    await hall.bind()
    for number in range(12):
        await hall.office.say("Ana", f"/need post thing {number} {'and so on ' * 60}")
    before = len(hall.public())
    hall.slack.fail("chat.postMessage", TROUBLE[trouble](), skip=1)
    said = await hall.mention("Ben", "/needs")
    assert len(hall.public()) > before + 1
    assert [said.count(f"thing {number} ") for number in range(12)] == [1] * 12


@pytest.mark.parametrize("trouble", AFTER)
async def test_a_placeholder_that_may_have_arrived_becomes_the_answer(
    trouble: str, clever: Hall, endpoint: FakeOpenAI
) -> None:
    clever.slack.fail("chat.postMessage", TROUBLE[trouble]())
    endpoint.queue(ai.say("One step at a time."))
    said = clever.public()
    assert await clever.mention("Ana", "how do I start?") == "One step at a time."
    assert clever.public() == [*said, "One step at a time."]


@pytest.mark.parametrize("trouble", TROUBLE)
async def test_a_card_is_changed_in_spite_of(trouble: str, hall: Hall, stub: Stub) -> None:
    stub.knows["I need a sail"] = request("need.post", text="a sail")
    await hall.mention("Ana", "I need a sail")
    card = hall.card("Ana", "Yes")
    hall.slack.fail("chat.update", TROUBLE[trouble]())
    await hall.press("Ana", "Yes", on=card)
    assert "Posted in Home: you need “a sail”" in plain(card.shown)
    assert card.buttons == []
    assert hall.records("a sail") == 1
    assert len(hall.answers("a sail")) == 1


@pytest.mark.parametrize("trouble", ["503", "503 after the work", "dropped after the work"])
async def test_a_private_answer_comes_at_least_once_and_is_seen_by_the_asker_alone(trouble: str, hall: Hall) -> None:
    """Slack keeps no record of such messages that could be asked: here a repeat of the words cannot be told."""
    assert not hall.office.adapter.capabilities.idempotent_send
    public = hall.public()
    hall.slack.fail("response_url", TROUBLE[trouble]())
    said = await hall.command("Ana", "thoughts")
    assert said.count("no thoughts kept") in ((1, 2) if "after" in trouble else (1,))
    assert hall.public() == public


async def test_an_answer_pings_nobody(hall: Hall) -> None:
    loud = f"<!channel> <!here> {hall.user('Ben').mention} @everyone all hands"
    await hall.command("Ana", f"need post {loud}")
    await hall.bind()
    await hall.mention("Cleo", "/needs")
    shown = [m for m in hall.channel.messages if m.from_bot and "all hands" in m.shown]
    assert len(shown) == 2
    for message in shown:
        raw = repr(message.json())
        assert "<!channel>" not in raw
        assert "<!here>" not in raw
        assert "all hands" in raw


async def test_a_long_answer_of_a_model_arrives_whole(clever: Hall, endpoint: FakeOpenAI) -> None:
    words = "\n\n".join(f"Paragraph {number}: {'ahoy 🚢 ' * 90}".strip() for number in range(12))
    endpoint.queue(ai.say(words))
    said = await clever.mention("Ana", "tell me everything")
    assert "".join(said.split()) == "".join(words.split())
    assert not [text for text in clever.public() if text.strip().endswith("…")]


async def test_files_go_both_ways(hall: Hall) -> None:
    ana, chat = hall.user("Ana"), hall.dm("Ana")
    chat.share_file(ana, "idea.txt", b"The tide clock could ring a bell.")
    await hall.house.settle()
    assert "The tide clock could ring a bell." in hall.public(chat)[-1]
    reply = Reply("Here it is.", files=(File("map.png", "image/png", content="iVBORyBmYWtl"),))
    for channel in (chat, hall.channel):
        await hall.office.adapter.send(
            Address("slack", channel.id, workspace=hall.team.id), reply, key=f"file {channel.id}"
        )
        (shared,) = [m for m in channel.messages if m.from_bot and m.files]
        assert (shared.files[0].name, shared.files[0].content) == ("map.png", b"\x89PNG fake")


# -- what is missing --------------------------------------------------------------------------------------------------


async def test_a_missing_scope_is_named(hall: Hall) -> None:
    assert hall.office.adapter.explain() == []
    hall.team.scopes.discard("chat:write")
    hall.channel.say(hall.user("Ana"), "<@BOT> /needs")
    await hall.house.settle()
    assert any("chat:write" in one for one in hall.office.adapter.explain())
    hall.team.scopes.add("chat:write")
    assert "no open needs" in await hall.mention("Ana", "/needs")


async def test_a_revoked_token_is_noticed_and_everything_else_goes_on(move: Move, stub: Stub) -> None:
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(move(offline=stub, **await furnished(stack, *PLATFORMS)))
        assert house.server is not None
        assert house.phone is not None
        assert house.office is not None
        await Scene(house.phone).claimed()
        office = house.office
        assert "no open needs" in await office.say("Ana", "/needs")
        office.team.revoke()
        await until(lambda: office.adapter.explain())
        assert office.team.bot_token not in repr(office.adapter.explain())
        for other in (house.phone, house.server):
            assert "no open needs" in await other.say("Ana", "/needs")


# -- several workspaces -----------------------------------------------------------------------------------------------


class Street:
    """An app that workspaces install by themselves."""

    def __init__(self, house: House, slack: FakeSlack, public_url: str) -> None:
        assert house.office is not None
        self.house, self.slack, self.url = house, slack, public_url
        self.adapter = house.office.adapter

    async def install(self, team: Team, user: User) -> Office:
        """Somebody installs the app in their workspace, as a browser does it."""
        # The cookie of the page is for HTTPS only, so the jar of this browser on loopback would not give it back.
        async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as browser:
            async with browser.get(f"{self.url}/slack/install") as page:
                text, cookie = await page.text(), page.headers["Set-Cookie"].partition(";")[0]
            link = text[text.index(self.slack.authorize_url) :].split('"', 1)[0].replace("&amp;", "&")
            back = self.slack.installs.allow(self.slack, team, user, link)
            async with browser.get(back, headers={"Cookie": cookie}) as done:
                assert done.status == 200, await done.text()
        return Office(self.house, self.slack, team, self.adapter)


@pytest.fixture
async def street(move: Move, new_store: StoreFactory, stub: Stub) -> AsyncIterator[Street]:
    store, port = new_store("sqlite"), free_port()
    url = f"http://127.0.0.1:{port}"

    def many(slack: FakeSlack, _: Team, clock: ManualClock) -> SlackAdapter:
        return SlackAdapter(
            app_token=slack.app_token,
            api_base_url=slack.api_base_url,
            bind=f"127.0.0.1:{port}",
            client_id=slack.client_id,
            client_secret=slack.client_secret,
            public_url=url,
            installations=StoredInstallations(AsyncStore(store), "slack", SecretStr(new_key())),
            clock=clock.now,
        )

    async with FakeSlack(subscribed=BOT_EVENTS, scopes=BOT_SCOPES) as slack:
        slack.team("North", installed=False)
        async with move(store=store, terminal=False, slack=slack, slack_made=many, offline=stub) as house:
            yield Street(house, slack, url)


async def test_two_workspaces_with_the_same_user_ids_are_kept_apart(street: Street) -> None:
    north = next(iter(street.slack.teams.values()))
    south = street.slack.team("South", installed=False)
    ana = north.user("Ana")
    one = await street.install(north, ana)
    one.users["Ana"] = ana
    twin = User(south, ana.id, "eve", "Eve")
    south.users[twin.id] = twin
    two = await street.install(south, twin)
    two.users["Eve"] = twin
    await Scene(one).claimed()
    assert "a desk" in await one.say("Ana", "/need post a desk")
    await one.say("Ana", "/note the mast is cracked")
    assert "guest" in await two.say("Eve", "/help")
    assert "no thoughts kept" in await two.say("Eve", "/thoughts")
    assert "mast" not in repr([m.shown for m in two.chat("Eve").messages])
    accounts = {(row[2], row[3], row[4]) for row in street.house.dump("account")["account"]}
    assert len(accounts) == 2
    sent = {call.team for call in street.slack.calls("chat.postMessage")}
    assert sent <= {north.id, south.id}


async def test_an_app_that_is_taken_away_forgets_its_token_and_comes_back(street: Street) -> None:
    north = next(iter(street.slack.teams.values()))
    ana = north.user("Ana")
    office = await street.install(north, ana)
    office.users["Ana"] = ana
    await Scene(office).claimed()
    await office.say("Ana", "/need post a desk")
    old = north.bot_token
    north.uninstall()
    await street.house.settle()
    rows = street.house.dump("installation")["installation"]
    assert len(rows) == 1
    assert old not in repr(rows)
    assert any("not installed" in one for one in street.adapter.explain())

    again = await street.install(north, ana)
    again.users["Ana"] = ana
    assert north.bot_token != old
    assert "a desk" in await again.say("Ana", "/needs")
    assert "as owner" in await again.say("Ana", "/help")
