"""What happened: one row per change, written with it, and read by everybody else as the ordered stream of events.

Rows hold opaque ids and states, never a person's words, so that what somebody said can be forgotten without
breaking the history of what was done.
"""
