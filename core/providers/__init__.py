"""What goes to the provider of the model, and who says so.

`provider` is which one this process was configured with, `consents` what Nexuses and people have said about it,
`operations` how they say it. Core itself sends nothing anywhere: the bot asks here before it does.
"""
