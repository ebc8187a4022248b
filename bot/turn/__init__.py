"""The turn: from a recorded event to what is said about it.

`commands` reads explicit commands, `context` makes the context that core trusts, `step` runs one operation inside a
unit, `talk` is a turn with the offline brain, `model` one with a model, `turns` ties them to lanes and outbox.
"""
