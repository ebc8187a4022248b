"""What people say to look at grants: the phrasings from which the offline brain learns.

The first of each is the example that people see in the help.
"""

SHOW = (
    "show me the grant {grant}",
    "how does the grant {grant} stand?",
    "show the grant for {grant}",
    "what about the grant {grant}?",
    "what is the state of the grant {grant}?",
    "how far is the grant for {grant}?",
    "grant {grant}",
    "tell me about the grant {grant}",
    "details of the grant {grant}",
    "who approved the grant {grant}?",
    "is the grant {grant} approved?",
    "was the grant for {grant} paid?",
    "what happened to the grant {grant}?",
    "let me see the grant {grant}",
    "look at the grant {grant}",
    "open the grant {grant}",
    "show that grant",
    "how is my application {grant} doing?",
)

LIST = (
    "show all grants",
    "which grants are there?",
    "list the grants",
    "list the grants of {nexus}",
    "my grants",
    "what grants do I have?",
    "which grants wait for me?",
    "which grants do I have to approve?",
    "is there a grant waiting for my approval?",
    "grants for {person}",
    "which grants did {person} get?",
    "what grants has {nexus} given?",
    "show the {state} grants",
    "which grants are {state}?",
    "grants that are {state}",
    "show me {which} grants",
    "all grants of {nexus}, please",
    "list {which} grants",
    "what has been granted to {person}?",
    "what is open for me to decide on grants?",
)
