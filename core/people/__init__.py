"""People, first-class, and the accounts through which they come.

A first message makes a guest. One person may have accounts on several platforms; linking is confirmed on both sides.
May touch: nexuses (to show roles), notices, buttons.
"""
