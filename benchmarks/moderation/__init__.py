"""`python -m benchmarks.moderation`: the classifiers beside a char n-gram baseline, evasions, unseen sources, ordinary
chat and attacks under the default rules, and what a message costs."""
