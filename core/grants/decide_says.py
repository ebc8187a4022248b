"""What people say to approve, reject, accept and decline a grant: from these the offline brain learns.

The first of each is the example that people see in the help.
"""

APPROVE = (
    "approve the grant {grant}",
    "I approve {grant}",
    "yes to the grant for {grant}",
    "approve the grant for {grant}",
    "approve {grant}",
    "I'm fine with the grant {grant}",
    "{grant} gets my approval",
    "my approval for {grant}",
    "you have my yes for the grant {grant}",
    "let's do the grant {grant}, approved",
    "say yes to the proposed grant",
    "I agree to the grant {grant}",
    "approve the proposed grant",
    "sign off on {grant}",
    "sign off the grant for {grant}",
    "grant {grant} is approved from my side",
    "I support the proposal {grant}",
    "approve the application {grant}",
    "approve that application",
)

REJECT = (
    "reject the grant {grant}",
    "reject {grant} because {reason}",
    "I'm against the grant {grant}",
    "no to the grant {grant}: {reason}",
    "turn down the grant {grant}",
    "turn down the application {grant}, {reason}",
    "reject the proposed grant",
    "reject the application {grant}",
    "we can't give that grant, {reason}",
    "don't approve {grant}",
    "refuse the grant for {grant}",
    "refuse the proposal {grant} because {reason}",
    "that grant should not happen: {reason}",
    "I reject the grant for {grant}",
    "veto the grant {grant}",
    "the grant {grant} is rejected, {reason}",
    "no grant for {grant}, {reason}",
)

ACCEPT = (
    "accept the grant",
    "I accept the grant {grant}",
    "I'll take the grant {grant}",
    "yes, I take the grant",
    "accept {grant}",
    "I gladly accept the grant {grant}",
    "thank you, I accept the grant",
    "take the grant {grant}",
    "I want the grant {grant}, thanks",
    "I'm happy to take the grant from {grant}",
    "accept my grant",
    "I say yes to the grant that you offered me",
    "the grant {grant}: accepted",
    "count me in for the grant {grant}",
    "I accept what you want to give me",
    "accept the money for {grant}",
)

DECLINE = (
    "decline the grant",
    "I don't want the grant {grant}",
    "decline the grant {grant} because {reason}",
    "no thanks to the grant {grant}",
    "I won't take the grant {grant}",
    "I decline {grant}",
    "I can't accept the grant, {reason}",
    "please give the grant to somebody else",
    "no, I do not take the grant",
    "I pass on the grant {grant}",
    "turn down the grant that I was offered",
    "I'd rather not take the grant {grant}",
    "thanks, but I decline the grant",
    "decline {grant}: {reason}",
    "I do not need the grant any more",
    "don't give me the grant {grant}",
)
