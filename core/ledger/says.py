"""What people say to have the books proven or handed out: the phrasings from which the offline brain learns.

The first of each is the example that people see in the help.
"""

VERIFY = (
    "are the books right?",
    "check the books",
    "check the books of {nexus}",
    "verify the books",
    "prove that the books are right",
    "do the books add up?",
    "do the numbers of {nexus} add up?",
    "is every cent accounted for?",
    "can you verify the accounts of {nexus}?",
    "recount the money",
    "count the money of {nexus} once more",
    "audit the fund's books",
    "are all balances correct?",
    "is anything wrong with the accounts?",
    "has anybody tampered with the books?",
    "I want to be sure that the books of {nexus} are right",
    "run the checks over the books",
    "does the money in {nexus} balance?",
    "please double check the bookkeeping",
    "work out all balances again",
)

EXPORT = (
    "export the books",
    "export the books of {nexus}",
    "export the books as {format}",
    "give me the books as {format}",
    "download the books of {nexus} as {format}",
    "I need the books of {period} for our accountant",
    "send me the accounts of {nexus} as a file",
    "books as {format} please",
    "the books of {period} as a spreadsheet",
    "can I get all payments and deposits as a {format} file?",
    "hand me the bookkeeping of {nexus}",
    "a file with all the money movements of {period}",
    "export {period} as {format}",
    "dump the fund's books to {format}",
    "I'd like the ledger as {format}",
    "our accountant needs the books of {nexus}",
    "get me a {format} export of the fund",
    "take the books along as a file",
)
