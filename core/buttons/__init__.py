"""Buttons: an operation with its arguments, frozen, for the right person, once, for a while.

A press carries an opaque token only. What it does, who may press it and until when stands here and is checked here,
so a forged, foreign, old or second press does nothing on any platform.
"""
