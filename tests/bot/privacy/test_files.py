"""The file of an export: as it is stored until it is sent, packed when it is large, and kind words when too large."""

from __future__ import annotations

import base64
import io
import json
import random
import zipfile

import pytest
from sqlalchemy import select

from adapters.contract import Address, File, Reply, Sent
from bot.cards import files
from bot.cards.privacy import exported
from bot.inbox.payload import dump, load_reply
from bot.outbox import outbox
from bot.outbox.tables import outbox as table
from bot.words import Words
from core.privacy.operations import Exported
from core.store import Store, Unit

WORDS = Words("en")
FILE = File("my-data.json", "application/json", content=base64.b64encode(b'{"a": "\xc3\xa9"}').decode())


def test_files_survive_being_stored() -> None:
    reply = Reply("Here", files=(FILE, File("b.zip", path="/b.zip")))
    assert load_reply(json.loads(json.dumps(dump(reply)))) == reply


def test_the_outbox_keeps_the_file_through_retries_and_wipes_it_once_it_is_sent(store: Store) -> None:
    def say(unit: Unit) -> int:
        to = Address("terminal", "here", account_id="ana", private=True)
        return outbox.say(
            unit, inbox_id=1, position=0, place_key="k", address=to, reply=Reply("Here", files=(FILE,))
        ).id

    row_id = store.write(say).result()
    store.write(lambda unit: outbox.later(unit, row_id, 0)).result()
    due = store.read(lambda unit: outbox.due(unit, row_id)).result()
    assert due is not None
    assert due.reply.files == (FILE,)
    store.write(lambda unit: outbox.mark_sent(unit, row_id, Sent("here", ("1",)))).result()
    row = store.read(lambda unit: unit.row(select(table.c.reply, table.c.state))).result()
    assert row is not None
    assert (row["reply"], row["state"]) == (None, "sent")


def test_a_small_one_is_plain_and_readable() -> None:
    (file,) = exported(Exported("my-data.json", {"name": "Zoë"}), WORDS).files
    assert (file.name, file.media_type) == ("my-data.json", "application/json")
    assert json.loads(base64.b64decode(file.content)) == {"name": "Zoë"}


def test_a_large_one_is_packed() -> None:
    document = {"words": ["the same words again and again"] * 50_000}
    reply = exported(Exported("my-data.json", document), WORDS)
    (file,) = reply.files
    assert (file.name, file.media_type) == ("my-data.json.zip", "application/zip")
    assert "my-data.json.zip" in reply.text
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(file.content))) as packed:
        assert packed.namelist() == ["my-data.json"]
        assert json.loads(packed.read("my-data.json")) == document


def test_what_is_too_large_is_said_kindly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST", 1 << 20)
    chance = random.Random(1)
    document = {"words": [chance.randbytes(64).hex() for _ in range(20_000)]}
    reply = exported(Exported("my-data.json", document), WORDS)
    assert reply.files == ()
    assert "more than I can send (1 MB)" in reply.text
    assert "Whoever runs this machine can hand it to you." in reply.text
