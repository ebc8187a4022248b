"""`nexus key`: a fresh one, and encrypting all that is stored anew."""

from __future__ import annotations

from collections.abc import Callable

from pydantic import SecretStr

from adapters.contract import Installation
from bot.installations.seal import Seal, new_key
from bot.installations.stored import StoredInstallations
from bot.unit import AsyncStore
from core.store import open_store
from tests.bot.cli.here import Nexus


async def keep(url: str, key: str, *installations: Installation) -> list[Installation]:
    """Save these with that key. Returns what can be read with it."""
    store = open_store(url)
    try:
        kept = StoredInstallations(AsyncStore(store), "slack", SecretStr(key))
        for one in installations:
            await kept.save(one)
        return await kept.all()
    finally:
        store.close()


def test_a_fresh_key_is_all_that_is_printed(nexus: Nexus) -> None:
    one, other = nexus("key"), nexus("key")
    assert one.code == 0
    Seal(SecretStr(one.out.strip())).check()
    assert one.out != other.out
    assert "NEXUS_SECRET_KEY" in one.err


async def test_rotation_says_how_many(nexus: Nexus, new_url: Callable[[str], str], engine: str) -> None:
    url, old, new = new_url(engine), new_key(), new_key()
    acme, zoo = Installation("slack", "T1", "Acme", "hush"), Installation("slack", "T2", "Zoo", "hush")
    await keep(url, old, acme, zoo)
    done = nexus("key", "--rotate", NEXUS_STORE_URL=url, NEXUS_SECRET_KEY=f"{new},{old}")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Encrypted anew with the first key: 2.\n")
    assert await keep(url, new) == [acme, zoo]
    assert await keep(url, old) == []
    assert old not in done.out
    assert new not in done.out


async def test_what_no_key_fits_is_named(nexus: Nexus, new_url: Callable[[str], str]) -> None:
    url, lost, new = new_url("sqlite"), new_key(), new_key()
    await keep(url, lost, Installation("slack", "T1", "Acme", "hush"))
    done = nexus("key", "--rotate", NEXUS_STORE_URL=url, NEXUS_SECRET_KEY=new)
    assert done.code == 1
    assert done.err == "None of the keys fits these, which are left as they are: slack T1 (Acme).\n"
    assert "hush" not in done.out + done.err


def test_rotating_without_a_key_or_with_half_of_one_is_2(nexus: Nexus) -> None:
    for key in ("", "half-a-key"):
        refused = nexus("key", "--rotate", NEXUS_SECRET_KEY=key)
        assert refused.code == 2
        assert refused.err.startswith("NEXUS_SECRET_KEY (in config.toml: nexus.secret_key)")
        assert "half-a-key" not in refused.err
