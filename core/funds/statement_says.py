"""What people say for the operations on bank statements: the phrasings from which the offline brain learns.

The first of each is the example that people see in the help.
"""

IMPORT = (
    "import a bank statement",
    "import this statement: {lines}",
    "read in the bank statement",
    "here is our bank statement",
    "here is the csv of the bank: {lines}",
    "take in these lines of the account: {lines}",
    "load the account statement",
    "I have a csv from our bank",
    "import csv",
    "import the bank's csv in {unit}",
    "upload the statement of our account",
    "read this export of our bank: {lines}",
    "bank statement: {lines}",
    "I want to import transactions from the bank",
    "import our transactions",
    "add the bank export",
    "process this bank statement please",
    "the bank sent a statement, import it",
)

MATCH = (
    "match the bank statement",
    "match the lines with what was entered",
    "reconcile the account",
    "reconcile the bank statement with the books",
    "which lines fit which deposits? match them",
    "match the line {line} with {entry}",
    "the line {line} is the deposit {entry}",
    "line {line} belongs to {entry}",
    "check the statement against our deposits and payments",
    "compare the bank with the books and match",
    "match everything that fits",
    "pair bank lines with payments",
    "reconcile",
    "tick off what is on the statement",
    "assign the line {line} to {entry}",
    "match open lines",
    "do the reconciliation for {nexus}",
)

IGNORE = (
    "ignore the line {line}: {reason}",
    "leave out the line {line} because {reason}",
    "skip the bank line {line}, {reason}",
    "the line {line} is not ours, {reason}",
    "line {line} has nothing to do with the fund, {reason}",
    "don't match {line}, it is {reason}",
    "disregard the statement line {line}: {reason}",
    "{line} on the statement doesn't concern us: {reason}",
    "ignore this bank line",
    "the line {line} is only a bank fee, ignore it",
    "exclude the line {line}",
    "drop line {line} from the comparison: {reason}",
    "bank line {line} can be ignored",
    "please ignore {line} on the statement, {reason}",
    "we don't need the line {line}: {reason}",
)

LINES = (
    "open lines of the bank statement",
    "which lines are not matched?",
    "what is on the statement but not in the books?",
    "show unmatched bank lines",
    "which deposits are on no statement?",
    "what is missing on the bank statement?",
    "where do the bank and our books differ?",
    "open lines",
    "unmatched lines of {nexus}",
    "is everything reconciled?",
    "what is left to match?",
    "show the differences between bank and books",
    "which payments has the bank not shown yet?",
    "list open statement lines",
    "which bank lines are still open?",
)
