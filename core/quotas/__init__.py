"""Quotas: how often somebody may do a thing in a window of time. Guests have small ones; guessing codes has one."""
