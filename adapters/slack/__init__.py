"""Slack through slack-bolt: Socket Mode or signed HTTP events in, Block Kit out; one workspace or several.

Pure halves: `text` and `translate` (what Slack tells -> events), `interact` and `forms` (commands, buttons, modals),
`markup`, `split` and `compose` (reply -> messages), `refusals` (Slack's error codes -> contract errors), `respond`,
`manifest` and `scopes`. I/O halves: `api` (one request), `workspaces` (whose token), `people` (names, channels, user
groups), `receive` and `intake` (events in), `socket` and `web` (how they arrive), `install` (OAuth), `deliver`,
`stream` and `uploads` (replies out), `backfill`, `home`, and `adapter`, which joins them.

Bolt verifies, authorizes and parses every request; one middleware of ours then takes all of them, because Bolt answers
404 to an event that has no listener, and Slack would send it again and again. Nothing is imported here, because the
library costs 300 ms: import `adapters.slack.adapter` where Slack is configured.
"""
