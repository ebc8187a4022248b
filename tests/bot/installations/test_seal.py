"""Encryption of what platforms entrust to us: opens with its key and in its place only, and never shows itself."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from bot.installations.seal import Seal, WrongKey, new_key
from bot.settings import BadSettings


def seal(*keys: str) -> Seal:
    return Seal(SecretStr(",".join(keys)))


OLD, NEW = new_key(), new_key()


@given(st.text(st.characters(codec="utf-8")))
def test_what_goes_in_comes_out(text: str) -> None:
    sealed = seal(NEW).close(text, about="slack T1")
    assert seal(NEW).open(sealed, about="slack T1") == text
    assert not text or len(text) < 4 or text.encode() not in sealed


def test_the_first_key_encrypts_and_all_decrypt() -> None:
    sealed = seal(OLD).close("xoxb-hush", about="slack T1")
    assert seal(NEW, OLD).open(sealed, about="slack T1") == "xoxb-hush"
    anew = seal(NEW, OLD).close("xoxb-hush", about="slack T1")
    assert seal(NEW).open(anew, about="slack T1") == "xoxb-hush"
    with pytest.raises(WrongKey):
        seal(OLD).open(anew, about="slack T1")


@pytest.mark.parametrize(
    ("sealed", "about"),
    [
        (seal(NEW).close("xoxb-hush", about="slack T1"), "slack T2"),  # another's row put in its place
        (seal(OLD).close("xoxb-hush", about="slack T1"), "slack T1"),
        (seal(NEW).close("xoxb-hush", about="slack T1")[:-1], "slack T1"),
        (b"xoxb-hush", "slack T1"),
        (b"", "slack T1"),
    ],
    ids=["another's", "another key's", "cut", "clear", "empty"],
)
def test_what_does_not_fit_is_said_without_the_secret(sealed: bytes, about: str) -> None:
    with pytest.raises(WrongKey, match=f"What is kept for {about} cannot be read with NEXUS_SECRET_KEY") as refusal:
        seal(NEW).open(sealed, about=about)
    assert "hush" not in repr(refusal.value) + str(refusal.value)
    assert NEW not in str(refusal.value)


def test_no_key_says_how_to_get_one() -> None:
    for keys in ("", " , "):
        with pytest.raises(BadSettings, match=r"NEXUS_SECRET_KEY .* is not set\. .*`nexus key` makes one"):
            seal(keys).check()


@pytest.mark.parametrize("bad", ["hush", NEW[:-3], NEW[1:], "§" * 44], ids=["word", "cut", "begun late", "strange"])
def test_a_key_that_is_none_is_named_by_its_place_alone(bad: str) -> None:
    with pytest.raises(BadSettings, match="key 2 of 2 is not one that `nexus key` makes") as refusal:
        seal(NEW, bad).check()
    assert bad not in repr(refusal.value) + str(refusal.value)
    assert bad not in repr(seal(NEW, bad))


def test_the_cipher_is_loaded_when_it_is_needed() -> None:
    program = (
        "import sys, bot.installations.stored; from bot.installations.seal import Seal, new_key\n"
        "from pydantic import SecretStr; seal = Seal(SecretStr('x')); print('cryptography' in sys.modules)\n"
        "new_key(); print('cryptography' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["False", "True"]
