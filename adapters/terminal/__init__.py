"""The terminal: `nexus chat` for a person at a keyboard, and plain lines for scripts and pipes.

`translate`, `markup` and `choices` are pure (line -> event, reply -> text, which button a line means); `plain` and
`interactive` are the two screens; `adapter` joins them. Only `interactive` and `render` load prompt_toolkit and
rich, so that a piped run starts without them.
"""

from adapters.terminal.adapter import TerminalAdapter
from adapters.terminal.translate import account_of

__all__ = ["TerminalAdapter", "account_of"]
