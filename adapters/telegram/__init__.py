"""Telegram through python-telegram-bot's `Bot`: long polling or a webhook in, HTML with inline keyboards out.

Pure halves: `translate` (update -> events), `markup`, `split` and `compose` (reply -> payloads), `refusals`
(the platform's words -> contract errors). I/O halves: `api` (one request), `intake`, `polling` and `webhook`
(events in), `deliver` and `pace` (replies out), `menu`, and `adapter`, which joins them. What moderators do: `powers`
and `sweep`, with the pure `standing` (ranks), `rights`, `term` (dates) and `said` (why not).

`telegram.ext` is not used: its Updater parses every update into objects that we would throw away, acknowledges
by a queue instead of by storage, and sleeps out its back-off when it is asked to stop. Nothing is imported here,
because the library costs 150 ms: import `adapters.telegram.adapter` where Telegram is configured.
"""
