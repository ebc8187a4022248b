"""What the fakes keep of what the bot sent: one line for a shape, no secrets, in a form that the check reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openai import AsyncOpenAI

from benchmarks.conformance.requests import Sent, read
from tests.fakes import recording
from tests.fakes.openai.server import FakeOpenAI
from tests.fakes.recording import HIDDEN, Recording, without_secrets
from tests.fakes.telegram import FakeTelegram
from tests.test_fakes.tools import client


def kept(folder: Path) -> list[Sent]:
    return list(read(folder))


def written(folder: Path) -> str:
    return "".join(one.read_text() for one in folder.iterdir())


def test_one_line_for_a_shape_with_its_count_and_its_largest_example(tmp_path: Path) -> None:
    notes = Recording(tmp_path)
    for text in ("abcd", "abcdefg", "abcde"):
        notes.note("slack", "POST", "chat.postMessage", {"channel": "C1", "text": text})
    assert [one.body["text"] for one in kept(tmp_path)] == ["abcd"]  # written at once
    notes.close()
    (one,) = kept(tmp_path)
    assert (one.body["text"], one.count) == ("abcdefg", 3)


@pytest.mark.parametrize(
    "other",
    [
        {"rows": [{"type": "b", "n": 1}]},
        {"rows": [{"type": "a", "n": "1"}]},
        {"rows": [{"type": "a", "n": 1}, {"type": "a", "n": 1}]},
        {"rows": [{"type": "a", "n": 1, "more": None}]},
        {"rows": [{"type": "a", "n": 1000}]},
    ],
)
def test_another_kind_is_another_shape(tmp_path: Path, other: dict[str, Any]) -> None:
    notes = Recording(tmp_path)
    notes.note("slack", "POST", "x", {"rows": [{"type": "a", "n": 1}]})
    notes.note("slack", "POST", "x", other)
    assert len(kept(tmp_path)) == 2


def test_ids_in_the_path_make_no_new_shape(tmp_path: Path) -> None:
    notes = Recording(tmp_path)
    for channel in (1001, 1002):
        notes.note("discord", "POST", f"/channels/{channel}/typing")
    (one,) = kept(tmp_path)
    assert (one.path, one.kind) == ("/channels/1001/typing", "POST /channels/{}/typing")


def test_no_secret_is_written(tmp_path: Path) -> None:
    notes = Recording(tmp_path)
    notes.note("discord", "POST", "/interactions/11/s3cret/callback", {"type": 5})
    notes.note("discord", "PATCH", "/webhooks/22/s3cret/messages/@original", {"content": "x"})
    notes.note("discord", "GATEWAY", "IDENTIFY", {"op": 2, "d": {"token": "s3cret"}})
    notes.note("slack", "POST", "oauth.v2.access", {"client_secret": "s3cret", "code": "s3cret"}, form=True)
    notes.note("telegram", "POST", "setWebhook", {"secret_token": "s3cret"}, query={"token": "s3cret"})
    notes.close()
    assert HIDDEN in written(tmp_path)
    assert "s3cret" not in written(tmp_path)
    assert len(kept(tmp_path)) == 5


def test_what_is_no_secret_stays() -> None:
    body = {"list": [{"token": "a", "text": "token"}], "code": 5, "secret_token": ""}
    assert without_secrets(body) == {"list": [{"token": HIDDEN, "text": "token"}], "code": 5, "secret_token": ""}


async def test_the_fakes_note_what_real_clients_send(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "_recording", Recording(tmp_path))
    async with FakeTelegram() as telegram, FakeOpenAI() as openai:
        chat = telegram.private(telegram.user("Ada"), opened=True)
        async with client(telegram) as bot:
            await bot.send_document(chat.id, b"12345", filename="a.txt", caption="5")
        async with AsyncOpenAI(api_key=openai.api_key, base_url=openai.base_url, max_retries=0) as model:
            await model.chat.completions.create(model="m", messages=[{"role": "user", "content": "hi"}])
    by_name = {one.name: one for one in kept(tmp_path)}
    sent = by_name["sendDocument"]
    assert (sent.files, sent.form, sent.body["chat_id"]) == (("document",), True, chat.id)
    assert "POST /v1/chat/completions" in by_name
    assert by_name["POST /v1/chat/completions"].body["messages"] == [{"role": "user", "content": "hi"}]
    assert telegram.token not in written(tmp_path)


def test_nothing_is_kept_unless_a_folder_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "_recording", None)
    monkeypatch.delenv(recording.FOLDER, raising=False)
    recording.note("slack", "POST", "auth.test")
    assert recording._recording is None


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "slack-1.jsonl").write_text('{"platform": "slack", "verb": "POST", "path": "x"}\n{"platform": 5}\n')
    with pytest.raises(ValueError, match=r"slack-1\.jsonl, line 2"):
        kept(tmp_path)
