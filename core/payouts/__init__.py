"""Bringing a tranche to its recipient through a provider. `manual` is the default: somebody pays outside and says so.

Core plans a payout and takes its outcome down; the bot speaks with the provider (bot/payouts), with a key that makes a
repeat harmless.
"""
