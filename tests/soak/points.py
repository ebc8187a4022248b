"""Where a process can be made to die."""

from enum import StrEnum


class Point(StrEnum):
    """In the order of a message's way. A trap at a point strikes right after what its comment says."""

    RECORDING = "recording"  # the inbox row is written, its unit not committed
    RECORDED = "recorded"  # committed, no lane knows it
    ACKNOWLEDGING = "acknowledging"  # in its lane, the platform not yet told
    HANDLED = "handled"  # the operation ran, its unit not committed
    PLACED = "placed"  # the platform has the placeholder, its id not committed
    PLACE_KEPT = "place kept"  # the placeholder's id is committed
    TOOL_DONE = "tool done"  # the model called an operation, and that is committed
    MODEL_ANSWERED = "model answered"  # its last word has come, nothing of it is stored
    COMMITTED = "committed"  # state, audit and outbox are committed, nothing is sent
    SENDING = "sending"  # about to be handed to the platform
    ACCEPTED = "platform accepted"  # the platform has it, the row is not marked
    MARKED = "marked sent"  # the row is marked
    RANDOM = "at a random time"
    STOPPED = "asked to stop"  # SIGTERM, at a random time


EVERYWHERE = (
    Point.RECORDING,
    Point.RECORDED,
    Point.ACKNOWLEDGING,
    Point.HANDLED,
    Point.COMMITTED,
    Point.SENDING,
    Point.ACCEPTED,
    Point.MARKED,
    Point.RANDOM,
    Point.STOPPED,
)
MODEL = (Point.PLACED, Point.PLACE_KEPT, Point.TOOL_DONE, Point.MODEL_ANSWERED)
