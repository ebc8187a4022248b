"""What is kept of every REST call, for tests to ask about."""

from dataclasses import dataclass, field
from typing import Any

from tests.fakes.wire import Json


@dataclass(slots=True)
class Request:
    """A recorded REST call. `path` is below /api/v10, `route` its template; `time` is Unix seconds.

    `files` are name, size and type of what was uploaded; `status` is what was answered, 0 while under way or when the
    connection was cut; `ended` tells the two apart; `code` is Discord's error code, if any.
    """

    method: str
    path: str
    query: dict[str, str]
    body: Any
    files: list[Json]
    reason: str | None
    token: str | None = field(repr=False)
    time: float = 0.0
    route: str = ""
    status: int = 0
    code: int = 0
    multipart: bool = False
    ended: bool = False

    def json(self) -> Json:
        """For the control port."""
        return {name: getattr(self, name) for name in self.__slots__ if name != "token"}
