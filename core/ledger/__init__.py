"""The books: accounts, journals of postings, holds. Double entry in whole minor units, kept so that it can be proven.

What is posted is never changed: the store's triggers refuse it, and a correction is a reversal. Each account has its
balance (`posted`) and what is reserved of it (`held`), changed by one conditional statement together with the posting,
so that two at the same moment can never spend the same money. `verify` works all of it out again from the postings.
Accounts, journals and holds know no grant and no fund: others write through `journals` and `holds`, and read through
`accounts` and `statement`. Only what proves and hands out the books (`proof`, `operations`) looks at those tables too.
"""
