"""What people say for what backers ask: the phrasings from which the offline brain learns.

The first of each is the example that people see in the help.
"""

SHOW = (
    "what did my money do?",
    "what became of my money?",
    "where did my deposit go?",
    "show me what my money did in {nexus}",
    "who got my money?",
    "what happened to the money I put in?",
    "how was my contribution used?",
    "what was paid with my money?",
    "show what the money of {person} did",
    "what did the deposits of {person} do?",
    "my statement as a backer",
    "backer statement for {person}",
    "how much of my money is left?",
    "what have I given so far and to whom did it go?",
    "trace my money",
    "was my donation spent?",
    "to whom did my donation go?",
    "report on my contributions to {nexus}",
    "which grants did I pay for?",
)
