"""What a Nexus asks for before money of its fund is given: approvals by amount and unit, limits, mandates.

Policies are handed down, and of all on the way up the strictest holds for each point. What held when a grant was
proposed fixes how many approvals it takes. `core.policies.terms` has the decision rules, pure.
"""
