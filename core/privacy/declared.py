"""What core's tables keep about people. Whoever adds a table adds its line here; a test says so if not."""

from __future__ import annotations

from core.audit.tables import audit, effect
from core.buttons.tables import button
from core.counts.tables import told_count
from core.invites.tables import invite, invite_request
from core.nexuses.tables import founding, membership, nexus, nexus_tree
from core.notices.tables import notice
from core.people.tables import account, account_history, link, person
from core.places.tables import place, place_reader, role_map, workspace
from core.privacy import fates
from core.privacy.personal import Exempt, Personal, register, rows_of
from core.privacy.tables import backup, kept_ban, renewal, retention, secret
from core.providers.tables import provider_consent, provider_refusal
from core.quotas.tables import quota_use
from core.records.tables import record
from core.rules.tables import consent, nexus_link, rule, rule_epoch, rule_mask

_NUMBER = "who did it stays as a number without a name, so that what others decided with them stands"

register(
    Personal(
        person,
        blanked=("name", "folded", "language"),
        pseudonym={"merged_into": "which number was joined to which says nothing once neither has a name"},
        export=fates.export_person,
        forget=fates.forget_person,
    ),
    Personal(
        account,
        gone=("person_id",),
        along=("external_id", "name", "username", "direct_place"),
        gives=(
            "id",
            "platform",
            "workspace",
            "external_id",
            "name",
            "username",
            "direct_place",
            "created_at",
            "seen_at",
        ),
    ),
    Personal(
        account_history,
        gone=("account_id", "person_id"),
        along=("why",),
        gives=("id", "account_id", "person_id", "why", "at"),
        forget=fates.forget_history,
    ),
    Personal(link, gone=("account_id", "other_id"), along=("digest",), gives=("id", "state", "expires_at")),
    Personal(
        nexus,
        exempt={
            "name": "a Nexus is called so by those who are in it, and the name is theirs together",
            "folded": "the same name as it is compared",
        },
    ),
    Exempt(nexus_tree, "only which Nexus is inside which"),
    Personal(
        membership,
        gone=("person_id",),
        pseudonym={"granted_by": _NUMBER},
        gives=("nexus_id", "role", "state", "granted_by", "granted_at"),
        forget=fates.forget_memberships,
    ),
    Personal(
        founding,
        pseudonym={"claimed_by": "that somebody owns this store stays known, or anybody could claim it"},
        exempt={"digest": "the hash of a code that was used up"},
    ),
    Personal(
        place,
        gone=("external_id",),
        along=("thread",),
        pseudonym={"bound_by": _NUMBER},
        exempt={"readers": "how many people can read in a shared chat"},
        export=fates.export_places,
        forget=fates.forget_places,
    ),
    Personal(place_reader, blanked=("external_id",), export=fates.export_reader, forget=fates.forget_reader),
    Personal(role_map, pseudonym={"made_by": _NUMBER}),
    Personal(
        workspace,
        exempt={
            "external_id": "a server or team of a platform, and nobody's account",
            "roles": "the names that a server gives its roles",
        },
    ),
    Personal(
        record,
        gone=("author_id",),
        along=("body", "outcome"),
        gives=("id", "handle", "kind", "nexus_id", "body", "state", "outcome", "ceiling", "created_at", "closed_at"),
        forget=fates.forget_records,
    ),
    Personal(
        renewal,
        gone=("record_id",),
        export=lambda unit, who: rows_of(
            unit, renewal, ("record_id", "since", "warned_at"), fates.OF_MINE, people=list(who.people)
        ),
        forget=lambda unit, who: None,  # with its record
    ),
    Personal(consent, gone=("person_id",), gives=("kind", "record_id", "word", "set_at")),
    Personal(rule, pseudonym={"made_by": _NUMBER}),
    Exempt(rule_mask, "worked out from rules"),
    Exempt(rule_epoch, "a number that grows"),
    Personal(nexus_link, pseudonym={"proposed_by": _NUMBER, "decided_by": _NUMBER}),
    Personal(retention, pseudonym={"set_by": _NUMBER}),
    Personal(
        provider_consent,
        pseudonym={"set_by": _NUMBER},
        exempt={"host": "the address of a model's provider"},
    ),
    Personal(provider_refusal, gone=("person_id",), gives=("set_at",)),
    Personal(
        invite,
        exempt={"digest": "the hash of a code that is good for nothing any more"},
        pseudonym={"made_by": "whom an invitation let in goes on having come in by it; it lets in nobody else"},
        export=fates.export_invites,
        forget=fates.forget_invites,
    ),
    Personal(
        invite_request,
        gone=("person_id",),
        pseudonym={"decided_by": _NUMBER},
        gives=("id", "invite_id", "nexus_id", "state", "at"),
    ),
    Personal(
        button,
        gone=("person_id",),
        along=("digest", "arguments"),
        gives=("operation", "nexus_id", "state", "expires_at"),
    ),
    Personal(
        notice,
        gone=("person_id",),
        along=("account_id", "buttons"),
        blanked=("data",),
        exempt={"card": "an operation and a row id, looked up when it is told"},
        gives=("id", "template", "data", "at", "state"),
    ),
    Personal(quota_use, gone=("person_id",), gives=("what", "window", "used")),
    Personal(
        told_count,
        blanked=("people",),
        export=fates.export_counted,
        forget=fates.forget_counted,
        exempt={
            "question": "the words that somebody counted by, kept with how many there were and not with who asked",
        },
    ),
    Personal(
        audit,
        pseudonym={
            "person_id": "what was done concerns those whom it touched; of who did it a number is left",
            "account_id": "the number of an account that is deleted",
            "facts": "numbers and closed words alone, never what somebody said or is called",
        },
        exempt={"key": "the number of the event that it came from"},
        export=fates.export_audit,
    ),
    Personal(
        effect,
        blanked=("result",),
        along=("key", "body"),
        export=fates.export_effects,
        forget=fates.forget_effects,
    ),
    Exempt(secret, "random keys of this store"),
    Personal(
        kept_ban,
        exempt={"digest": "tells nobody who it was; the account itself is recognised if it comes back, and stays out"},
    ),
    Personal(backup, exempt={"name": "the name of a file, in which no person's name is put"}),
    afterwards=fates.forget_words,
)
