"""Tests of bot/talk."""
