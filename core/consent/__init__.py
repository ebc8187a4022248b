"""What people allow with what is theirs: who may see it, and what may be done with it. It only ever narrows.

`words` turns what people say into a word of `core.rules` and back into a sentence. Stored and applied it is by
`core.rules.consents`; the rules of a Nexus may always be narrower.
"""
