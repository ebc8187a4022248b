"""Adapters: each speaks one platform's own language and nothing else.

One folder per platform, in two halves: a pure `translate` (platform payload -> neutral event, neutral reply ->
platform payload) and a thin I/O half. An adapter may import `adapters.contract`, `adapters.common` and its platform's
library; it never imports another adapter, `core` or `bot`.
"""
