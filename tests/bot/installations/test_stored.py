"""Installations in the store: kept, replaced, forgotten, each platform for itself, tokens never in the clear."""

from __future__ import annotations

import json
import logging

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from adapters.contract import Installation, Installations
from bot.installations.seal import Seal, new_key
from bot.installations.stored import Rotated, StoredInstallations, rotate
from bot.installations.tables import installation
from bot.settings import BadSettings
from bot.unit import AsyncStore
from core.clock import ManualClock
from core.store import Store

KEY, OTHER = new_key(), new_key()
ACME = Installation("slack", "T1", "Acme", json.dumps({"bot_token": "xoxb-hush-1"}))
ZOO = Installation("slack", "T2", "Zoo", json.dumps({"bot_token": "xoxb-hush-2", "é": "\n\0"}))
GUILD = Installation("discord", "T1", "Guild", '"hush"')


def of(store: Store, platform: str = "slack", *keys: str) -> Installations:
    return StoredInstallations(AsyncStore(store), platform, SecretStr(",".join(keys or (KEY,))))


def rows(store: Store) -> list[dict[str, object]]:
    return [dict(r) for r in store.read(lambda unit: unit.rows(select(installation).order_by("workspace"))).result()]


async def test_what_is_kept_is_found(store: Store, clock: ManualClock) -> None:
    kept = of(store)
    assert await kept.all() == []
    assert await kept.find("T1") is None
    for one in (ZOO, ACME):
        await kept.save(one)
    assert await kept.find("T1") == ACME
    assert await kept.all() == [ACME, ZOO]
    assert rows(store)[0]["installed_at"] == clock.now()


async def test_a_later_one_takes_the_place_of_the_earlier(store: Store, clock: ManualClock) -> None:
    kept = of(store)
    await kept.save(ACME)
    clock.advance(1000)
    renamed = Installation("slack", "T1", "Acme Ltd", '"other"')
    await kept.save(renamed)
    assert await kept.all() == [renamed]
    assert rows(store)[0]["installed_at"] == clock.now()


async def test_what_is_forgotten_is_wiped_and_may_come_back(store: Store, clock: ManualClock) -> None:
    kept = of(store)
    await kept.save(ACME)
    await kept.save(ZOO)
    await kept.forget("T1")
    await kept.forget("T9")
    assert await kept.find("T1") is None
    assert await kept.all() == [ZOO]
    assert [(r["sealed"] is None, r["removed_at"]) for r in rows(store)] == [(True, clock.now()), (False, None)]
    await kept.save(ACME)
    assert await kept.find("T1") == ACME
    assert rows(store)[0]["removed_at"] is None


async def test_each_platform_sees_its_own(store: Store) -> None:
    await of(store).save(ACME)
    await of(store, "discord").save(GUILD)
    assert await of(store).all() == [ACME]
    assert await of(store, "discord").find("T1") == GUILD
    await of(store, "discord").forget("T1")
    assert await of(store).find("T1") == ACME
    with pytest.raises(ValueError, match="discord among those of slack"):
        await of(store).save(GUILD)


async def test_tokens_lie_in_the_store_encrypted(store: Store) -> None:
    await of(store).save(ACME)
    assert "hush" not in str(rows(store))
    assert "hush" not in repr(of(store))


async def test_one_that_cannot_be_read_does_not_stop_the_others(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    await of(store, "slack", OTHER).save(ACME)
    await of(store).save(ZOO)
    with caplog.at_level(logging.ERROR, "nexus"):
        assert await of(store).all() == [ZOO]
        assert await of(store).find("T1") is None
    assert [r.getMessage().split(" cannot")[0] for r in caplog.records] == ["What is kept for slack T1"] * 2
    assert "hush" not in caplog.text
    assert await of(store, "slack", KEY, OTHER).all() == [ACME, ZOO]


async def test_without_a_key_nothing_is_written(store: Store) -> None:
    with pytest.raises(BadSettings, match="is not set"):
        await StoredInstallations(AsyncStore(store), "slack", SecretStr("")).save(ACME)
    assert rows(store) == []


async def test_a_row_in_anothers_place_is_not_read(store: Store) -> None:
    """Whoever can write into the database cannot make one workspace speak with the token of another."""
    await of(store).save(ACME)
    await of(store).save(ZOO)
    sealed = {r["workspace"]: r["sealed"] for r in rows(store)}
    store.write(
        lambda unit: unit.changed(
            installation.update().where(installation.c.workspace == "T1").values(sealed=sealed["T2"])
        )
    ).result()
    assert await of(store).all() == [ZOO]


async def test_rotation_encrypts_every_row_with_the_first_key(store: Store) -> None:
    lost = new_key()
    await of(store, "slack", OTHER).save(ACME)
    await of(store, "slack", lost).save(ZOO)
    await of(store, "discord", OTHER).save(GUILD)
    await of(store, "slack", OTHER).save(Installation("slack", "T3", "Gone", "x"))
    await of(store).forget("T3")
    seal = Seal(SecretStr(f"{KEY},{OTHER}"))
    assert store.write(lambda unit: rotate(unit, seal)).result() == Rotated(2, ("slack T2 (Zoo)",))
    assert await of(store).all() == [ACME]
    assert await of(store, "discord").all() == [GUILD]
    assert await of(store, "slack", OTHER).all() == []
    assert await of(store, "slack", lost).all() == [ZOO]
