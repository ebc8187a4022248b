"""`nexus do`: any operation, JSON out, 0 done, 1 refused, 2 a wrong call; also while a chat holds the store."""

from __future__ import annotations

import json
import os
import re
import stat
import subprocess
import time

import pytest

from bot.control import socket_path
from tests.bot.cli.shell import PATIENCE, Shell


def test_a_fresh_store_says_how_to_claim_it(shell: Shell) -> None:
    first = shell.do("nexus.show")
    assert first.code == 0
    found = re.search(r"nexus do owner\.claim --json '(\{.*\})'", first.err)
    assert found
    code = json.loads(found[1])["code"]
    claimed = shell.do("owner.claim", "--as", "Ana", code=code)
    assert claimed.code == 0
    assert claimed.json["result"]["name"] == "Home"
    again = shell.do("nexus.show", "--as", "Ana")
    assert again.err == ""
    assert again.json["result"]["role"] == "owner"
    assert stat.S_IMODE(shell.store.stat().st_mode) == 0o600
    assert stat.S_IMODE(shell.data.stat().st_mode) == 0o700


def test_a_refusal_is_1_and_a_wrong_call_is_2(shell: Shell) -> None:
    refused = shell.do("need.post", "--as", "Ben", text="a desk")
    assert refused.code == 1
    assert refused.json["error"]["code"] == "not_allowed"
    assert "You are in no Nexus yet." in refused.json["error"]["message"]
    missing = shell.do("need.post", "--as", "Ben")
    assert (missing.code, missing.json["error"]["code"]) == (2, "missing")
    assert missing.json["error"]["message"] == "Something is missing: what you need."
    unknown = shell.do("need.pots", "--as", "Ben", text="a desk")
    assert (unknown.code, unknown.json["error"]["code"]) == (2, "bad_input")
    assert "Did you mean need.post" in unknown.json["error"]["message"]
    more = shell.do("need.post", "--as", "Ben", text="a desk", colour="red")
    assert (more.code, more.json["error"]["code"]) == (2, "bad_input")
    nowhere = shell.do("need.list", "--as", "Ben", "--nexus", "atlantis")
    assert (nowhere.code, nowhere.json["error"]["code"]) == (1, "not_found")


@pytest.mark.parametrize("arguments", ['{"text": ', "[]", '"text"', "3"])
def test_arguments_that_are_no_object_are_2(shell: Shell, arguments: str) -> None:
    done = shell.run("do", "need.post", "--json", arguments)
    assert done.code == 2
    assert done.out == ""
    assert done.err == '--json takes an object, such as \'{"text": "a desk"}\'.\n'


def test_it_reaches_the_chat_that_holds_the_store(shell: Shell) -> None:
    chat = shell.start("chat", "--as", "Ana")
    assert chat.stdin is not None
    assert chat.stdout is not None
    try:
        _wait_for(shell, chat)
        socket = socket_path(shell.store)
        assert stat.S_IMODE(os.stat(socket).st_mode) == 0o600
        done = shell.do("thought.add", "--as", "Ana", text="from the other side")
        assert (done.code, done.err) == (0, "")
        assert shell.do("need.post", "--as", "Ben", text="a desk").code == 1
        assert shell.do("need.post", "--as", "Ben").code == 2
        assert shell.do("owner.claim", "--as", "Ben", code="KF3M-9TQ2-X7PD").code == 1
        busy = shell.run("chat")
        assert busy.code == 1
        assert "This Nexus is already running here" in busy.err
        assert "in use, which is fine" in shell.run("check").out
        out, err = chat.communicate("/thoughts\n/quit\n", timeout=PATIENCE)
    finally:
        chat.kill()
        chat.wait()
    assert "from the other side" in out
    assert err == ""
    assert chat.returncode == 0
    assert not socket.exists()


def test_a_socket_that_a_crash_left_behind_is_no_trouble(shell: Shell) -> None:
    chat = shell.start("chat", "--as", "Ana")
    _wait_for(shell, chat)
    chat.kill()
    chat.communicate()
    assert socket_path(shell.store).exists()
    assert shell.do("thought.add", "--as", "Ana", text="still here").code == 0
    assert "still here" in shell.run("chat", "--as", "Ana", input="/thoughts\n").out


def _wait_for(shell: Shell, chat: subprocess.Popen[str]) -> None:
    """Wait until the chat listens to its socket."""
    deadline = time.monotonic() + PATIENCE
    while not socket_path(shell.store).exists():
        assert chat.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
