"""Tests of core/providers."""
