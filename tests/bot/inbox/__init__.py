"""Tests of bot/inbox."""
