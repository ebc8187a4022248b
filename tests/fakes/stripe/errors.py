"""Errors in Stripe's words: https://docs.stripe.com/api/errors and https://docs.stripe.com/error-codes."""

from __future__ import annotations

from tests.fakes.wire import Json


class Refused(Exception):
    """A request that Stripe refuses. `saved`: the endpoint had begun, so the idempotency key remembers the result."""

    def __init__(
        self,
        message: str,
        code: str | None = None,
        param: str | None = None,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        saved: bool = False,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.saved = saved
        self.headers = headers or {}
        self.error: Json = {"message": message, "type": kind}
        if code is not None:
            self.error |= {"code": code, "doc_url": f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}"}
        if param is not None:
            self.error["param"] = param

    def json(self) -> Json:
        """The body of the answer."""
        return {"error": self.error}


def missing(name: str) -> Refused:
    """A required parameter is not there."""
    return Refused(f"Missing required param: {name}.", "parameter_missing", name)
