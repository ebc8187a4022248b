"""Discord through discord.py: the gateway in, REST and interaction webhooks out.

Pure halves: `translate` (messages and members -> events), `interactions` (commands, presses, forms -> events), `menu`
(the bot's commands -> native commands), `forms`, `markup`, `split` and `compose` (reply -> payloads), `respond` (the
handle of an interaction), `refusals` (Discord's codes -> contract errors), `report` (what to tell who runs the bot),
`permissions` and `overwrites` (what a lock changes).
I/O halves: `rest` (one request), `gateway` and `shards` (the sessions), `world` (what the library knows of servers),
`reception` and `intake` (events to the sink, in order), `receive` (interactions, acknowledged at once), `history` (what
was missed), `publish` (the commands), `exchange`, `answers`, `files` and `deliver` (replies out), `powers` with
`standing`, `places` and `purge` (what moderators do), and `adapter`, which joins them.

discord.py does what it does best: heartbeats, resuming, compression, its cache of servers and channels, and the rate
limits of REST. What people write is read from the raw payloads, so that no objects are built only to be thrown away.
Nothing is imported here, because the library costs 250 ms: import `adapters.discord.adapter` where it is configured.
"""
