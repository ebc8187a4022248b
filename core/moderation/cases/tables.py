"""Cases, the evidence kept for them, what is done for them on platforms, appeals, and whose message stands where.

A case is about one person, or about a place (`person_id` NULL: a lock, a purge). Its number counts within its Nexus.
"""

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
)

from core.store.schema import Id, Json, Time, metadata

mod_case = Table(
    "mod_case",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("nexus_id", Id, ForeignKey("nexus.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("person_id", Id, ForeignKey("person.id")),
    Column("account_id", Id, ForeignKey("account.id")),  # the account that it began with
    Column("place_id", Id, ForeignKey("place.id")),  # where it was decided, or what it is about
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("by_id", Id),  # who decided; NULL: a rule
    Column("parent_id", Id, ForeignKey("mod_case.id")),  # the raid that it belongs to: undone with it
    Column("rule", Text, nullable=False),  # which rule proposed it, "" if none
    Column("why", Text, nullable=False),  # why it was allowed: the standing of who decided
    Column("points", Integer, nullable=False),
    Column("until", Time),  # when a sanction ends, NULL: with itself, or never
    Column("made_at", Time, nullable=False),
    Column("ended_at", Time),  # lifted, undone, or closed
    Column("ended_by", Id),  # who undid or closed it; NULL: the clock
    UniqueConstraint("nexus_id", "number"),
    CheckConstraint(
        "kind IN ('warn', 'timeout', 'kick', 'ban', 'unban', 'purge', 'lock', 'unlock', 'slow', 'report', 'raid')",
        name="kind",
    ),
    CheckConstraint("state IN ('open', 'standing', 'lifted', 'undone', 'closed')", name="state"),
    CheckConstraint("points >= 0", name="points"),
    Index("ix_mod_case_person_id", "person_id"),
    Index("ix_mod_case_parent_id", "parent_id"),
    Index("ix_mod_case_state_until", "state", "until"),
    Index("ix_mod_case_place_id_state", "place_id", "state"),
)

mod_count = Table(
    "mod_count",
    metadata,
    Column("nexus_id", Id, ForeignKey("nexus.id"), primary_key=True, autoincrement=False),
    Column("last", Integer, nullable=False),  # the number of the newest case
)

mod_note = Table(
    "mod_note",
    metadata,
    # What moderators wrote to a case, and what a reporter or the person concerned said.
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("case_id", Id, ForeignKey("mod_case.id"), nullable=False),
    Column("by_id", Id, nullable=False),
    Column("kind", Text, nullable=False),  # note | reason | report
    Column("words", Text, nullable=False),
    Column("at", Time, nullable=False),
    CheckConstraint("kind IN ('note', 'reason', 'report')", name="kind"),
    Index("ix_mod_note_case_id", "case_id"),
)

mod_evidence = Table(
    "mod_evidence",
    metadata,
    # The message that a case is about, kept also when the message is gone, until `expires_at`.
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("case_id", Id, ForeignKey("mod_case.id"), nullable=False),
    Column("platform", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("place", Text, nullable=False),  # the platform's id of the place
    Column("thread", Text, nullable=False),  # the thread in it, "" for none
    Column("message_id", Text, nullable=False),
    Column("person_id", Id, ForeignKey("person.id")),  # who wrote it
    Column("words", Text, nullable=False),
    Column("at", Time, nullable=False),
    Column("expires_at", Time, nullable=False),
    Index("ix_mod_evidence_case_id", "case_id"),
    Index("ix_mod_evidence_expires_at", "expires_at"),
)

mod_act = Table(
    "mod_act",
    metadata,
    # One thing to be done on a platform. Carried out at least once; `before` is stored before it is carried out.
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("case_id", Id, ForeignKey("mod_case.id"), nullable=False),
    Column("platform", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("thread", Text, nullable=False),
    Column("power", Text, nullable=False),
    Column("account_id", Id, ForeignKey("account.id")),  # whom it is done to
    Column("by_id", Id, ForeignKey("account.id")),  # the account of who decided, on this platform
    Column("messages", Json, nullable=False),  # ids of messages
    Column("newest", Integer, nullable=False),  # so many of the newest messages, looked up before it is carried out
    Column("until", Time),
    Column("seconds", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("before", Json),  # the state before it; NULL until it was asked for
    Column("reverses", Id, ForeignKey("mod_act.id")),  # the act that this one takes back
    Column("state", Text, nullable=False),  # waiting | done | partly | refused | failed | dropped
    Column("said", Text, nullable=False),  # what the platform really did, or why not
    Column("left_over", Json, nullable=False),  # messages that are still there
    Column("turn", Text, nullable=False),  # the call that it came of, "" for none: its acts are told of together
    Column("asker_id", Id),  # who is told what came of it; NULL: nobody asked, or it was told
    Column("tries", Integer, nullable=False),
    Column("planned_at", Time, nullable=False),  # when it is meant to be done
    Column("due_at", Time, nullable=False),  # when it is tried next: later, where the platform has to be waited for
    Column("done_at", Time),
    CheckConstraint("state IN ('waiting', 'done', 'partly', 'refused', 'failed', 'dropped')", name="state"),
    Index("ix_mod_act_state_due_at", "state", "due_at"),
    Index("ix_mod_act_case_id", "case_id"),
    Index("ix_mod_act_turn", "turn"),
)

mod_seen = Table(
    "mod_seen",
    metadata,
    # Which messages stand in a place, where a platform shows bots no history. Never what they say; for two days.
    Column("platform", Text, nullable=False),
    Column("workspace", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("thread", Text, nullable=False),  # the topic in it, "" for none
    Column("message_id", Text, nullable=False),
    Column("account", Text, nullable=False),  # the platform's id of who wrote it
    Column("at", Time, nullable=False),
    PrimaryKeyConstraint("platform", "workspace", "place", "message_id"),
    Index("ix_mod_seen_at", "at"),
)

mod_appeal = Table(
    "mod_appeal",
    metadata,
    Column("id", Id, primary_key=True, autoincrement=False),
    Column("case_id", Id, ForeignKey("mod_case.id"), nullable=False, unique=True),
    Column("person_id", Id, ForeignKey("person.id"), nullable=False),
    Column("words", Text, nullable=False),
    Column("state", Text, nullable=False),  # open | upheld | overturned
    Column("answer", Text, nullable=False),
    Column("made_at", Time, nullable=False),
    Column("decided_by", Id),
    Column("decided_at", Time),
    CheckConstraint("state IN ('open', 'upheld', 'overturned')", name="state"),
)
