"""From results to what people read: one general renderer, and a few of their own where that would read poorly.

Whatever an operation returns becomes a neutral `Reply` here and nowhere else; adapters render it natively.
"""

from bot.cards.render import reply_for, reply_for_error

__all__ = ["reply_for", "reply_for_error"]
