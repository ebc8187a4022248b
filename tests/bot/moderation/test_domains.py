"""The operator's list of bad domains: from a file or an address; what cannot be read changes nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from bot.moderation import domains
from bot.moderation.watch import Watch
from bot.unit import AsyncStore
from core.store import Store

LIST = "# a list\nbad.example\n0.0.0.0 worse.example\n||worst.example^\n"


@pytest.fixture
async def server() -> AsyncIterator[str]:
    async def listed(request: web.Request) -> web.Response:
        return web.Response(text=LIST)

    app = web.Application()
    app.router.add_get("/list.txt", listed)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


async def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "bad.txt"
    path.write_text(LIST)
    found = await domains.load(str(path))
    assert found is not None
    assert found.match("login.bad.example") == "bad.example"
    assert len(found) == 3
    assert found.match("good.example") is None


async def test_an_address_is_fetched(server: str) -> None:
    found = await domains.load(f"{server}/list.txt")
    assert found is not None
    assert found.match("worst.example") == "worst.example"


async def test_what_cannot_be_read_is_no_list(server: str, tmp_path: Path) -> None:
    assert await domains.load(f"{server}/none.txt") is None
    assert await domains.load(str(tmp_path / "none.txt")) is None


async def test_too_much_is_not_taken_in(server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(domains, "LARGEST", 10)
    path = tmp_path / "bad.txt"
    path.write_text(LIST)
    assert await domains.load(str(path)) is None
    assert await domains.load(f"{server}/list.txt") is None


async def test_without_a_list_nothing_is_loaded(store: Store) -> None:
    await Watch(AsyncStore(store)).run()  # returns at once
