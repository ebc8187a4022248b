"""Talk: what a conversation remembers between turns.

The open question of a talk lane, recent lines and their summary (only while a model is configured, which needs
them), and what the model has cost per person, Nexus and day.
"""
