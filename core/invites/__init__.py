"""Invitations: a code that lets people into a Nexus with a role.

Only a hash of the code is stored. A used-up, expired, revoked or unknown code gets one and the same kind refusal.
May touch: nexuses, people, notices, buttons, quotas.
"""
