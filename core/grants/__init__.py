"""A grant: an investment in a person, without a stake and without a say. Its life from the proposal to the receipt.

`states` has the ways from one state to the next, pure; `conflicts` who has an interest and so decides nothing; `grants`
loads one, changes its state and tells those concerned. The money is in the books (`core.ledger`): approval holds it,
payment posts it. Time is beside the money and never turns into it.
"""
