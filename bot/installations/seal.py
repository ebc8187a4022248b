"""Encrypting what platforms entrust to us, with the keys of NEXUS_SECRET_KEY. cryptography is loaded when needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import SecretStr

from bot.settings import BadSettings
from core.errors import N_, NexusError

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet


class WrongKey(NexusError):
    """What was encrypted cannot be read with any key of NEXUS_SECRET_KEY."""

    code = "wrong_key"


class Seal:
    """Encrypts with the first key, decrypts with any: so a key can be rotated (MultiFernet)."""

    def __init__(self, keys: SecretStr) -> None:
        self._keys = keys
        self._fernet: MultiFernet | None = None

    def check(self) -> None:
        """Raise `BadSettings` unless there is a key, and each is one that `nexus key` makes."""
        self._ready()

    def close(self, text: str, *, about: str) -> bytes:
        """Encrypt. `about` says what it belongs to: it opens only there, so that no row can stand for another."""
        return self._ready().encrypt(f"{about}\n{text}".encode())

    def open(self, sealed: bytes, *, about: str) -> str:
        """Decrypt. Raises `WrongKey` if no key fits, or if it belongs to something else."""
        from cryptography.fernet import InvalidToken

        try:
            belongs, _, text = self._ready().decrypt(sealed).decode().partition("\n")
        except InvalidToken:
            belongs, text = "", ""
        if belongs != about:
            raise WrongKey(
                N_(
                    "What is kept for {about} cannot be read with NEXUS_SECRET_KEY. If the key was changed, put the "
                    "earlier one behind it, after a comma; if it is lost, install the bot there again."
                ),
                about=about,
            )
        return text

    def _ready(self) -> MultiFernet:
        if self._fernet is None:
            self._fernet = self._load()
        return self._fernet

    def _load(self) -> MultiFernet:
        keys = [key.strip() for key in self._keys.get_secret_value().split(",") if key.strip()]
        if not keys:
            raise BadSettings(
                N_(
                    "NEXUS_SECRET_KEY (in config.toml: nexus.secret_key) is not set. It encrypts the tokens of the "
                    "workspaces that install the bot. `nexus key` makes one."
                )
            )
        from cryptography.fernet import Fernet, MultiFernet

        fernets = []
        for number, key in enumerate(keys, 1):
            try:
                fernets.append(Fernet(key))
            except ValueError:
                raise BadSettings(
                    N_(
                        "NEXUS_SECRET_KEY (in config.toml: nexus.secret_key): key {number} of {count} is not one that "
                        "`nexus key` makes. Was it copied as a whole?"
                    ),
                    number=number,
                    count=len(keys),
                ) from None
        return MultiFernet(fernets)


def new_key() -> str:
    """A fresh random key."""
    from cryptography.fernet import Fernet

    return Fernet.generate_key().decode("ascii")
