"""The subjects of the engine: importing this module gives every table and every operation.

A new subject is one line in each of the two lists.
"""

from core.audit import operations as audit_operations
from core.audit import tables as _audit
from core.buttons import tables as _buttons
from core.consent import operations as consent_operations
from core.counts import operations as count_operations
from core.counts import tables as _counts
from core.funds import (
    backer_operations,
    digest_operations,
    match_operations,
    move_operations,
    pledge_operations,
    statement_operations,
)
from core.funds import operations as fund_operations
from core.funds import tables as _funds
from core.grants import decide_operations as grant_decide_operations
from core.grants import pay_operations, receipt_operations, report_operations
from core.grants import propose_operations as grant_propose_operations
from core.grants import show_operations as grant_show_operations
from core.grants import tables as _grants
from core.grants import talk_operations as grant_talk_operations
from core.help import operations as help_operations
from core.hours import list_operations as hours_list_operations
from core.hours import meeting_operations, met_operations
from core.hours import operations as hours_operations
from core.hours import tables as _hours
from core.invites import operations as invite_operations
from core.invites import tables as _invites
from core.ledger import operations as ledger_operations
from core.ledger import tables as _ledger
from core.moderation import appeal_operations, case_operations, explain_operations, person_operations
from core.moderation import place_operations as room_operations
from core.moderation.cases import tables as _cases
from core.moderation.guards import operations as guard_operations
from core.moderation.guards import raid_operations
from core.moderation.guards import report_operations as guard_report_operations
from core.moderation.guards import tables as _guards
from core.moderation.lists import follow_operations as list_follow_operations
from core.moderation.lists import operations as list_operations
from core.moderation.lists import share_operations as list_share_operations
from core.moderation.lists import tables as _lists
from core.moderation.lookback import tables as _lookback
from core.moderation.own import operations as own_rule_operations
from core.moderation.own import tables as _own_rules
from core.nexuses import operations as nexus_operations
from core.nexuses import role_operations
from core.nexuses import tables as _nexuses
from core.notices import tables as _notices
from core.operations.registry import Registry
from core.payouts import operations as payout_operations
from core.payouts import tables as _payouts
from core.people import operations as people_operations
from core.people import tables as _people
from core.places import operations as place_operations
from core.places import tables as _places
from core.policies import mandate_operations
from core.policies import operations as policy_operations
from core.policies import tables as _policies
from core.privacy import operations as privacy_operations
from core.privacy import retention_operations
from core.privacy import tables as _privacy
from core.profiles import operations as profile_operations
from core.providers import operations as provider_operations
from core.providers import tables as _providers
from core.quotas import tables as _quotas
from core.records import operations as record_operations
from core.records import tables as _records
from core.rulebook import link_operations
from core.rulebook import operations as rule_operations
from core.rules import tables as _rules
from core.store.schema import metadata

TABLES = (
    _audit,
    _buttons,
    _cases,
    _counts,
    _funds,
    _grants,
    _guards,
    _hours,
    _invites,
    _ledger,
    _lookback,
    _lists,
    _nexuses,
    _notices,
    _own_rules,
    _payouts,
    _people,
    _places,
    _policies,
    _privacy,
    _providers,
    _quotas,
    _records,
    _rules,
)

REGISTRY = Registry(
    operation
    for subject in (
        help_operations,
        nexus_operations,
        role_operations,
        invite_operations,
        record_operations,
        people_operations,
        profile_operations,
        count_operations,
        consent_operations,
        rule_operations,
        link_operations,
        place_operations,
        provider_operations,
        privacy_operations,
        retention_operations,
        audit_operations,
        fund_operations,
        move_operations,
        statement_operations,
        match_operations,
        pledge_operations,
        backer_operations,
        digest_operations,
        pay_operations,
        report_operations,
        receipt_operations,
        policy_operations,
        mandate_operations,
        ledger_operations,
        payout_operations,
        grant_propose_operations,
        grant_decide_operations,
        grant_talk_operations,
        grant_show_operations,
        hours_operations,
        hours_list_operations,
        meeting_operations,
        met_operations,
        person_operations,
        room_operations,
        case_operations,
        explain_operations,
        appeal_operations,
        guard_operations,
        own_rule_operations,
        raid_operations,
        guard_report_operations,
        list_operations,
        list_share_operations,
        list_follow_operations,
    )
    for operation in subject.OPERATIONS
)

__all__ = ["REGISTRY", "TABLES", "metadata"]
