"""Community moderation: what is noticed about a message, what rules make of it, and what people decide.

Rooms here know no platform and no model. `text` reads what is written through its disguises, `classify` scores it for
spam and abuse, `signals` notices how people write and joins both into what the default rules propose.
"""
