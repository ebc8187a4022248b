"""Cases: one per decision about a person, whatever their accounts, with evidence, acts on platforms, appeal, undo."""
