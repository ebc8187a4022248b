"""The model brain: one turn of talk with any OpenAI-compatible endpoint.

`prompt`, `fence`, `toolkit`, `finding`, `reply` and `cost` are pure; `wire` alone knows the client library, and is
imported only when a `ModelBrain` is made, so that an installation without a key never loads it. It may touch
`bot.cofounder.brain` and the declarations of core, never a store: operations run through the `Call` it is handed.
"""

from bot.cofounder.model.brain import ModelBrain
from bot.cofounder.model.cost import cost
from bot.cofounder.model.patience import Patience

__all__ = ["ModelBrain", "Patience", "cost"]
