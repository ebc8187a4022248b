"""The bots to compare with, one a platform: what a competent developer writes in an hour with its library and openai.

Each answers a message with a placeholder, shows the model's answer in it by edits, and ends with a final edit.
"""
