"""Funds: deposits, transfers, budgets, pledges, statements, what money did, and what was given."""
