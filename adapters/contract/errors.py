"""What can go wrong between us and a platform. The bot decides what to do by the class alone."""

from __future__ import annotations


class DeliveryError(Exception):
    """A request to the platform did not work. The text is for logs and holds no message text and no token."""


class TooManyRequests(DeliveryError):
    """The platform asks to wait. `after` is in seconds. Nothing was done."""

    def __init__(self, after: float, detail: str = "") -> None:
        super().__init__(detail or f"asked to wait {after:g} s")
        self.after = after


class Transient(DeliveryError):
    """Network trouble or a 5xx. `maybe_done` is true when the platform may have carried the request out."""

    def __init__(self, detail: str, *, maybe_done: bool) -> None:
        super().__init__(detail)
        self.maybe_done = maybe_done


class Unreachable(DeliveryError):
    """This person cannot be reached in private (never opened the direct chat, or blocked the bot)."""


class Gone(DeliveryError):
    """The chat, message or thread is not there any more; sending again cannot help."""


class NotPermitted(DeliveryError):
    """The bot lacks a permission in that place. The text names the permission as the platform calls it."""


class Unauthorized(DeliveryError):
    """The platform no longer accepts the bot's token."""
