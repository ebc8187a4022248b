"""The two classifiers."""
