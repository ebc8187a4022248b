"""Tests of bot/turn."""
