"""Rules of a Nexus's own, beside the ten that every Nexus has: said in a sentence, counting in shadow first.

`sentence` reads what people say and `describe` says it back; both are pure. What such a rule looks for and whether a
message meets it is in `core.moderation.signals.own`; what it may do is decided like for any other rule, in
`core.moderation.guards`.
"""
