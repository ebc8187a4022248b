"""Errors of the REST API: HTTP status, Discord's code and message, and the tree of field errors of a 50035."""

from tests.fakes.wire import Json


class ApiError(Exception):
    """A refused call; `errors` is the tree of field errors, `headers` go with the answer."""

    def __init__(
        self,
        status: int,
        code: int,
        message: str,
        errors: Json | None = None,
        headers: dict[str, str] | None = None,
        extra: Json | None = None,
    ) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors
        self.headers = headers
        self.extra = extra

    def json(self) -> Json:
        """The body Discord sends."""
        body: Json = {"message": self.message, "code": self.code}
        if self.errors:
            body["errors"] = self.errors
        return body | (self.extra or {})


_TEXTS = {
    10003: (404, "Unknown Channel"),
    10004: (404, "Unknown Guild"),
    10007: (404, "Unknown Member"),
    10008: (404, "Unknown Message"),
    10009: (404, "Unknown Overwrite"),
    10011: (404, "Unknown Role"),
    10013: (404, "Unknown User"),
    10014: (404, "Unknown Emoji"),
    10015: (404, "Unknown Webhook"),
    10026: (404, "Unknown Ban"),
    10062: (404, "Unknown interaction"),
    10063: (404, "Unknown application command"),
    20012: (403, "You are not authorized to perform this action on this application"),
    30003: (400, "Maximum number of pins reached (50)"),
    30032: (400, "Maximum number of application commands reached (100)."),
    30035: (400, "Maximum number of non-guild member bans has been exceeded"),
    40005: (413, "Request entity too large"),
    40060: (400, "Interaction has already been acknowledged."),
    50001: (403, "Missing Access"),
    50003: (403, "Cannot execute action on a DM channel"),
    50005: (403, "Cannot edit a message authored by another user"),
    50006: (400, "Cannot send an empty message"),
    50007: (403, "Cannot send messages to this user"),
    50013: (403, "Missing Permissions"),
    50016: (
        400,
        "Provided too few or too many messages to delete. "
        "Must provide at least 2 and fewer than 100 messages to delete",
    ),
    50021: (403, "Cannot execute action on a system message"),
    50024: (403, "Cannot execute action on this channel type"),
    50027: (401, "Invalid Webhook Token"),
    50033: (400, "Invalid Recipient(s)"),
    50034: (400, "A message provided was too old to bulk delete"),
    50083: (400, "Thread is archived"),
    50109: (400, "The request body contains invalid JSON."),
    60003: (403, "Two factor is required for this operation"),
    50278: (403, "Cannot send messages to this user due to having no mutual guilds"),
    160004: (400, "A thread has already been created for this message"),
}


def refusal(code: int) -> ApiError:
    """The error of that JSON code, with the status and words that belong to it."""
    status, text = _TEXTS[code]
    return ApiError(status, code, text)


def unauthorized() -> ApiError:
    """A token that is missing, wrong or revoked."""
    return ApiError(401, 0, "401: Unauthorized")


def not_found() -> ApiError:
    """No such route."""
    return ApiError(404, 0, "404: Not Found")


class Form:
    """Collects what is wrong with a body, by path ("embeds.0.title"), and raises it as one 50035."""

    def __init__(self, prefix: str = "") -> None:
        self._prefix = prefix
        self._errors: Json = {}

    def wrong(self, path: str, code: str, message: str) -> None:
        """One field error."""
        node = self._errors
        for part in f"{self._prefix}.{path}".strip(".").split("."):
            node = node.setdefault(part, {})
        node.setdefault("_errors", []).append({"code": code, "message": message})

    def missing(self, path: str) -> None:
        """A field that must be there."""
        self.wrong(path, "BASE_TYPE_REQUIRED", "This field is required")

    def finish(self) -> None:
        """Raises ApiError 50035 when something was wrong."""
        if self._errors:
            raise ApiError(400, 50035, "Invalid Form Body", self._errors)

    # -- checks that recur ---------------------------------------------------------------------------------

    def text(self, path: str, value: object, most: int, least: int = 0, *, required: bool = False) -> None:
        """A string of `least` to `most` characters; None counts as absent."""
        if value is None:
            if required:
                self.missing(path)
        elif not isinstance(value, str):
            self.wrong(path, "STRING_TYPE_CONVERT", "Could not interpret value as string.")
        elif not least <= len(value) <= most:
            if least:
                self.wrong(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
            else:
                self.wrong(path, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")

    def number(self, path: str, value: object, least: int, most: int) -> None:
        """An integer within bounds; None counts as absent."""
        if value is None:
            return
        if not isinstance(value, int) or isinstance(value, bool):
            self.wrong(path, "NUMBER_TYPE_COERCE", f'Value "{value}" is not int.')
        elif value < least:
            self.wrong(path, "NUMBER_TYPE_MIN", f"int value should be greater than or equal to {least}.")
        elif value > most:
            self.wrong(path, "NUMBER_TYPE_MAX", f"int value should be less than or equal to {most}.")

    def one_of(self, path: str, value: object, allowed: tuple[object, ...]) -> bool:
        """One of a few values."""
        if value in allowed and not isinstance(value, bool):
            return True
        listed = ", ".join(map(str, allowed))
        self.wrong(path, "BASE_TYPE_CHOICES", f"Value must be one of ({listed}).")
        return False

    def listed(self, path: str, value: object, most: int, least: int = 0) -> list[Json]:
        """An array of `least` to `most` objects; those of them that are objects."""
        if value is None:
            return []
        if not isinstance(value, list):
            self.wrong(path, "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return []
        if not least <= len(value) <= most:
            self.wrong(path, "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
        for number, one in enumerate(value):
            if not isinstance(one, dict):
                self.wrong(f"{path}.{number}", "MODEL_TYPE_CONVERT", "Only dictionaries may be used in a ModelType")
        return [one for one in value if isinstance(one, dict)]


def flood(retry_after: float, *, everywhere: bool = False, via: bool = True) -> ApiError:
    """429 Too Many Requests; `retry_after` in seconds. Without `via` it is not Discord's own, but its guard's."""
    scope = "global" if everywhere else "user"
    headers = {
        "Retry-After": str(max(1, round(retry_after))),
        "X-RateLimit-Scope": scope,
        "X-RateLimit-Reset-After": str(retry_after),
    }
    if everywhere:
        headers["X-RateLimit-Global"] = "true"
    if via:
        headers["Via"] = "1.1 google"
    extra: Json = {"retry_after": retry_after, "global": everywhere}
    return ApiError(429, 0, "You are being rate limited.", None, headers, extra)
