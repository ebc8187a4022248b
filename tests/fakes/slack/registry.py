"""The table of Web API methods; each module of methods adds its own with `@method`."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from tests.fakes.slack.params import Params
from tests.fakes.wire import Json

if TYPE_CHECKING:
    from tests.fakes.slack.team import Team
    from tests.fakes.slack.world import World

TokenKind = Literal["bot", "app", "client"]


@dataclass(frozen=True, slots=True)
class Call:
    """One call: the server, the workspace whose token came (None for app tokens and client credentials), arguments."""

    slack: "World"
    team: "Team | None"
    params: Params
    token: str
    authorization: str

    @property
    def workspace(self) -> "Team":
        """The workspace of a bot token's call."""
        assert self.team is not None
        return self.team


Method = Callable[[Call], "Json | Awaitable[Json]"]
M = TypeVar("M", bound=Callable[[Call], Any])


@dataclass(frozen=True, slots=True)
class Known:
    """A method: which token it takes and one scope of which it needs (none: any token of that kind)."""

    function: Method
    token: TokenKind
    scopes: tuple[str, ...]
    form_only: bool


METHODS: dict[str, Known] = {}


def method(name: str, *scopes: str, token: TokenKind = "bot", form_only: bool = False) -> Callable[[M], M]:
    """Register a function as the method of that name; it returns the answer without `ok`, or raises SlackError."""

    def register(function: M) -> M:
        METHODS[name] = Known(function, token, scopes, form_only)
        return function

    return register
