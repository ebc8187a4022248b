"""The inbox: every event is written here, once, before the platform is told that we have it.

(platform, workspace, event id) is unique, so a second arrival is nothing. `id` is the order of recording and so the
order of work. What was said is wiped as soon as the turn is over.
"""
