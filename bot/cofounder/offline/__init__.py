"""The offline brain: from a sentence to an operation and its arguments, with no key, no network and no model.

`words` makes one spelling of what people type, `classifier` tells operations apart (trained by `train` on the
phrasings beside the operations), `slots` finds the arguments, `gate` keeps stories, jokes and refusals from being
taken for requests, `smalltalk` answers what is neither, `pending` fits an answer to its question. Pure: no store.
"""

from bot.cofounder.offline.understanding import OfflineBrain

__all__ = ["OfflineBrain"]
