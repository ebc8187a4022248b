"""`python -m benchmarks.bot`: this bot beside a bare one, in the same run, against the same wire-level fakes.

`bare` has what a competent developer writes in an hour with a platform's library and openai: a placeholder, the model's
answer streamed into it by edits, and a final edit. `nexus run` does the same with a store, rights and a memory behind
it. Both run as real processes; fakes of the platforms and of the model are a third. `platforms` knows how each platform
is talked on, `sides` starts and watches a bot, `measure` takes one round, `report` judges the medians against the
targets. Loopback only.

Two loads on each platform, each in 20 direct chats, every message after the answer to the former:
- *flood*: the model answers at once, so the loop closes as fast as the bot is. Throughput and processor time.
- *stream*: the model takes 2.4 to 3 s for its answer in pieces, so it is shown by edits on the way. Processor time.
"""
