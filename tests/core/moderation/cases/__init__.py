"""Cases of moderators: deciding, taking back, appealing, forgetting."""
