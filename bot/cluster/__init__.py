"""Past one machine: several processes share one PostgreSQL database.

Gateways hear the platforms and record events, workers run the turns (`queue`, `worker`: Procrastinate), and for each
bot one process at a time sends (`lease`, `desk`). `asks` and `relay` are how a worker reaches the adapter that another
process holds; `ear` hears what other processes have committed; `node` ties it together for `bot.app`.

Nothing here is loaded on SQLite. See docs/decisions/0008.
"""
