"""The Cofounder: two brains behind one interface. A brain only proposes; rights and confirmations are core's.

`brain` is the interface, `offline` understands sentences without key or network, `model` speaks with any
OpenAI-compatible endpoint.
"""
