"""What could be done to the books: by name, what `verify` has to call it at least, and the statements that do it."""

from __future__ import annotations

JOURNAL = "(SELECT MIN(id) FROM journal WHERE kind = 'deposit')"
EUR = "(SELECT MIN(journal_id) FROM posting WHERE unit = 'EUR')"
PAYMENT = "(SELECT MAX(id) FROM journal WHERE kind = 'payment')"
REVERSAL = "(SELECT MIN(id) FROM journal WHERE kind = 'reversal')"
FUND = "(SELECT MIN(id) FROM ledger_account WHERE kind = 'fund' AND posted > 0)"
OPEN = "(SELECT MIN(id) FROM hold WHERE state = 'open')"
POSTED = "(SELECT MIN(id) FROM hold WHERE state = 'posted')"
RELEASED = "(SELECT MIN(id) FROM hold WHERE state = 'released')"
PAID = "(SELECT MIN(id) FROM tranche WHERE state = 'paid')"
HOURS = "(SELECT MIN(id) FROM hours_entry)"
RECEIPT = "(SELECT MIN(id) FROM receipt)"

CORRUPTIONS: dict[str, tuple[set[str], tuple[str, ...]]] = {
    "a line says more": (
        {"unbalanced", "changed", "unit_sum", "balance"},
        (f"UPDATE posting SET amount = amount + 1 WHERE journal_id = {JOURNAL} AND leg = 2",),
    ),
    "both lines say more, and the balances follow": (
        {"changed"},
        (
            f"UPDATE ledger_account SET posted = posted + (SELECT SIGN(p.amount) FROM posting p WHERE p.account_id = "
            f"ledger_account.id AND p.journal_id = {JOURNAL}) WHERE id IN (SELECT account_id FROM posting "
            f"WHERE journal_id = {JOURNAL})",
            f"UPDATE posting SET amount = amount + SIGN(amount) WHERE journal_id = {JOURNAL}",
        ),
    ),
    "a line is gone": (
        {"unbalanced", "changed", "no_lines", "unit_sum", "balance", "gap"},
        (f"DELETE FROM posting WHERE journal_id = {JOURNAL} AND leg = 2",),
    ),
    "an entry is gone, and the balances follow": (
        {"gap"},
        (
            f"UPDATE ledger_account SET posted = posted - (SELECT p.amount FROM posting p WHERE p.account_id = "
            f"ledger_account.id AND p.journal_id = {JOURNAL}) WHERE id IN (SELECT account_id FROM posting "
            f"WHERE journal_id = {JOURNAL})",
            f"DELETE FROM posting WHERE journal_id = {JOURNAL}",
            f"DELETE FROM journal WHERE id = {JOURNAL}",
        ),
    ),
    "an entry is gone, its lines are not": ({"stray_line"}, (f"DELETE FROM journal WHERE id = {JOURNAL}",)),
    "a balance is nicer": ({"balance"}, (f"UPDATE ledger_account SET posted = posted + 5 WHERE id = {FUND}",)),
    "less is reserved": (
        {"held"},
        ("UPDATE ledger_account SET held = held - 1 WHERE id = (SELECT MIN(id) FROM ledger_account WHERE held > 0)",),
    ),
    "it was done by somebody else": (
        {"changed", "no_actor"},
        (f"UPDATE journal SET actor_id = 77 WHERE id = {JOURNAL}",),
    ),
    "it was for nothing": ({"changed", "no_cause"}, (f"UPDATE journal SET cause = '' WHERE id = {JOURNAL}",)),
    "it is of another kind": ({"changed", "no_kind"}, (f"UPDATE journal SET kind = 'gift' WHERE id = {JOURNAL}",)),
    "it happened on another day": ({"changed"}, (f"UPDATE journal SET day = day + 1 WHERE id = {JOURNAL}",)),
    "a line is in another unit": (
        {"unbalanced", "changed", "unit_sum", "mixed"},
        (f"UPDATE posting SET unit = 'JPY' WHERE journal_id = {EUR} AND leg = 2",),
    ),
    "a line is on another account": (
        {"changed", "balance", "gap"},
        (
            f"UPDATE posting SET account_id = {FUND} WHERE journal_id = {PAYMENT} AND leg = 2",
            f"UPDATE posting SET unit = (SELECT unit FROM ledger_account WHERE id = {FUND}) "
            f"WHERE journal_id = {PAYMENT} AND leg = 2",
        ),
    ),
    "a line is on no account": (
        {"stray_account", "changed", "gap", "balance"},
        (f"UPDATE posting SET account_id = 5 WHERE journal_id = {JOURNAL} AND leg = 2",),
    ),
    "the order is another": (
        {"gap"},
        (f"UPDATE posting SET change = change + 1 WHERE journal_id = {JOURNAL} AND leg = 2",),
    ),
    "a correction takes other money back": (
        {"changed", "not_opposite", "balance"},
        (f"UPDATE posting SET amount = 2 * amount WHERE journal_id = {REVERSAL}",),
    ),
    "a correction is of another entry": (
        {"changed", "not_opposite"},
        (f"UPDATE journal SET reverses = {PAYMENT} WHERE id = {REVERSAL}",),
    ),
    "decimals are others": ({"unit_scale"}, ("UPDATE ledger_unit SET scale = 3 WHERE code = 'EUR'",)),
    "a reservation says more": (
        {"hold_changed", "held", "uncovered"},
        (f"UPDATE hold SET amount = amount + 1 WHERE id = {OPEN}",),
    ),
    "a reservation is open again": (
        {"held", "stray_hold", "gap"},
        (
            f"UPDATE hold SET state = 'open', ended_at = NULL, ended_by = NULL, end_change = NULL, journal_id = NULL "
            f"WHERE id = {RELEASED}",
        ),
    ),
    "a reservation is given back without a trace": (
        {"uncovered"},
        (
            "UPDATE ledger_account SET changes = changes + 1, held = held - "
            f"(SELECT amount FROM hold WHERE id = {OPEN}) WHERE id = (SELECT account_id FROM hold WHERE id = {OPEN})",
            "UPDATE hold SET state = 'released', ended_at = 1, ended_by = 1, end_change = (SELECT changes FROM "
            f"ledger_account a WHERE a.id = hold.account_id) WHERE id = {OPEN}",
        ),
    ),
    "a reservation was paid by another entry": (
        {"hold_paid"},
        (f"UPDATE hold SET journal_id = {JOURNAL} WHERE id = {POSTED}",),
    ),
    "a reservation is the rest of another one": (
        {"hold_rest"},
        (f"UPDATE hold SET rest_of = {RELEASED} WHERE id = {OPEN}",),
    ),
    "a reservation was ended by nobody": (
        {"hold_end"},
        (f"UPDATE hold SET ended_by = NULL WHERE id = {RELEASED}",),
    ),
    "a reservation is gone": (
        {"held", "gap", "uncovered"},
        (f"DELETE FROM hold WHERE id = {OPEN}",),
    ),
    "a part of a grant is larger": (
        {"award", "paid"},
        (f"UPDATE tranche SET amount = amount + 1 WHERE id = {PAID}",),
    ),
    "a grant awards less than was paid": (
        {"award", "overpaid"},
        (f"UPDATE grant_award SET amount = 1 WHERE grant_id = (SELECT grant_id FROM tranche WHERE id = {PAID})",),
    ),
    "a part is not paid after all": (
        {"stray_payment"},
        (f"UPDATE tranche SET state = 'skipped', journal_id = NULL WHERE id = {PAID}",),
    ),
    "a part was paid by a deposit": (
        {"paid", "stray_payment", "no_receipt"},
        (f"UPDATE tranche SET journal_id = {JOURNAL} WHERE id = {PAID}",),
    ),
    "a grant that is over still holds money": (
        {"stray_hold"},
        (
            "UPDATE grants SET state = 'revoked' WHERE id = (SELECT t.grant_id FROM tranche t JOIN hold h "
            "ON h.id = t.hold_id WHERE h.state = 'open' ORDER BY t.id LIMIT 1)",
        ),
    ),
    "hours are more": ({"hours"}, (f"UPDATE hours_entry SET minutes = minutes + 60 WHERE id = {HOURS}",)),
    "hours were never confirmed": (
        {"stray_hours"},
        (f"UPDATE hours_entry SET state = 'logged', journal_id = NULL WHERE id = {HOURS}",),
    ),
    "a receipt is of another part": (
        {"receipt"},
        (f"UPDATE receipt SET tranche_id = (SELECT MAX(id) FROM tranche WHERE state = 'paid') WHERE id = {RECEIPT}",),
    ),
    "a receipt is gone": ({"no_receipt", "receipt_gap"}, (f"DELETE FROM receipt WHERE id = {RECEIPT}",)),
    "a receipt has another number": (
        {"receipt_gap"},
        (f"UPDATE receipt SET number = '2026-9999' WHERE id = {RECEIPT}",),
    ),
    "a line of a statement is matched with something else": (
        {"statement"},
        ("UPDATE statement_line SET unit = 'MIN' WHERE id = (SELECT MIN(id) FROM statement_line)",),
    ),
    "a payout is of another amount": (
        {"payout"},
        ("UPDATE payout SET amount = amount + 1 WHERE id = (SELECT MIN(id) FROM payout)",),
    ),
}
