"""What people say to ask about a grant, answer, change and withdraw it: from these the offline brain learns.

The first of each is the example that people see in the help.
"""

ASK = (
    "ask about the grant {grant}: {question}",
    "a question about the grant {grant}: {question}",
    "I have a question about the grant {grant}",
    "before I approve {grant}: {question}",
    "question on the grant for {grant}: {question}",
    "ask the proposer of {grant}, {question}",
    "I'd like to know about the grant {grant}: {question}",
    "regarding the grant {grant}: {question}",
    "ask about {grant}",
    "ask who proposed the grant {grant}: {question}",
    "about that grant, {question}",
    "one question on the proposal {grant}: {question}",
    "can you ask about the grant {grant}, {question}",
    "put a question to the grant {grant}: {question}",
    "I want to ask something about the grant {grant}",
    "question about the application {grant}: {question}",
)

ANSWER = (
    "answer about the grant {grant}: {answer}",
    "my answer on the grant {grant}: {answer}",
    "answer the question about {grant}: {answer}",
    "answer the question on the grant {grant} with {answer}",
    "to the question about the grant {grant}: {answer}",
    "reply to the question about the grant {grant}: {answer}",
    "tell them about the grant {grant}: {answer}",
    "the answer about {grant} is {answer}",
    "I want to answer the question about the grant",
    "answer on the grant {grant}",
    "reply on the grant {grant}: {answer}",
    "here is my answer to the question about the grant {grant}: {answer}",
    "as to what was asked about the grant {grant}: {answer}",
    "respond to the question on {grant}: {answer}",
    "answer what was asked about the grant for {grant}: {answer}",
)

CHANGE = (
    "change the grant {grant} to {amount}",
    "make the grant {grant} {amount} instead",
    "change the amount of the grant {grant} to {amount}",
    "change the purpose of the grant {grant} to {purpose}",
    "the grant {grant} should be for {person} instead",
    "lower the grant {grant} to {amount}",
    "raise the grant {grant} to {amount}",
    "edit the grant {grant}",
    "I want to change the grant that I proposed",
    "correct the grant {grant}: {amount}",
    "set the grant {grant} to {amount}",
    "the grant {grant} is for {purpose}, change that",
    "change who gets the grant {grant} to {person}",
    "update my proposal {grant} to {amount}",
    "add {hours} to the grant {grant}",
    "change my application {grant} to {amount}",
    "the proposal {grant} should say {purpose}",
)

WITHDRAW = (
    "withdraw the grant {grant}",
    "withdraw my proposal {grant}",
    "take back the grant {grant}",
    "take the proposed grant back",
    "withdraw my application {grant}",
    "cancel the grant that I proposed",
    "cancel the grant proposal {grant}",
    "I withdraw {grant} because {reason}",
    "forget the grant I proposed for {grant}",
    "drop the grant proposal {grant}",
    "I don't propose the grant {grant} any more",
    "retract the grant {grant}",
    "pull back my grant proposal {grant}, {reason}",
    "withdraw that grant",
    "never mind the grant {grant}, withdraw it",
    "undo the grant proposal {grant}",
)
