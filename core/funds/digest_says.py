"""What people say for what was given in some time: the phrasings from which the offline brain learns.

The first of each is the example that people see in the help.
"""

DIGEST = (
    "what did we give this month?",
    "what did {nexus} give in {period}?",
    "how much did we give in {period}?",
    "summary of what was given in {period}",
    "who did we support in {period}?",
    "digest of {nexus}",
    "how many people did we help in {period}?",
    "what have we given so far?",
    "hours and money given in {period}",
    "what did {nexus} give?",
    "recap of our giving in {period}",
    "how much money and time went to people in {period}?",
    "what went out in {period}?",
    "our impact in {period}",
    "give me the digest for {period}",
    "review of grants given in {period}",
    "to how many people did we give something?",
    "what was all given last month?",
)

MONTHLY = (
    "tell me each month what we gave",
    "send me a monthly digest of {nexus}",
    "post a monthly summary here",
    "I want a monthly report of what {nexus} gave",
    "every month, tell this channel what was given",
    "subscribe me to the digest",
    "stop the monthly digest",
    "no more monthly summaries please",
    "switch the monthly digest off",
    "switch the monthly digest on here",
    "let me know every month what {nexus} has given",
    "monthly digest please",
    "keep us posted each month on what was given",
    "don't send me the monthly digest any more",
    "unsubscribe from the monthly digest",
    "turn on the monthly summary for this channel",
    "a summary every month would be nice",
)
