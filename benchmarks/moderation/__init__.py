"""`python -m benchmarks.moderation`: the two classifiers beside a char n-gram baseline, evasions, unseen sources, streams
of ordinary chat and of attacks under the default rules, and what a message costs."""
