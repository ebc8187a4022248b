"""What people say to propose a grant and to apply for one: the phrasings from which the offline brain learns.

The first of each is the example that people see in the help.
"""

PROPOSE = (
    "grant {person} {amount} for {purpose}",
    "propose a grant of {amount} to {person} for {purpose}",
    "give {person} {amount} for {purpose}",
    "let's give {amount} to {person} for {purpose}",
    "I want to give {person} {amount} for {purpose}",
    "a grant for {person}: {amount}, {purpose}",
    "propose {amount} for {person} from {nexus} for {purpose}",
    "{nexus} should give {person} {amount} for {purpose}",
    "give {person} {amount} from me for {purpose}",
    "give {amount} to {person} out of my own deposit for {purpose}",
    "use my mandate to give {person} {amount} for {purpose}",
    "let us support {person} with {amount} for {purpose}",
    "fund {person} with {amount} for {purpose}",
    "I propose that {person} gets {amount} for {purpose}",
    "grant {amount} to {person} in {parts} parts, one every {each}, for {purpose}",
    "grant {person} {amount} and {hours} for {purpose}",
    "I'd like to invest {amount} in {person} for {purpose}",
    "propose a grant",
    "new grant for {person}",
    "give {person} {amount} every {every} for {purpose}",
    "can we pay {person} {amount} for {purpose}?",
    "offer {person} a grant of {amount} for {purpose} with a report in {report}",
    "start a grant of {amount} to {person} for {purpose}",
    "promise {person} {amount} of time for {purpose}",
)

APPLY = (
    "apply for {amount} for {purpose}",
    "I would like to apply for a grant of {amount} for {purpose}",
    "I ask for a grant of {amount} for {purpose}",
    "can I get a grant of {amount} for {purpose}?",
    "application: {amount} for {purpose}",
    "apply for a grant",
    "I need {amount} from {nexus} for {purpose}, please",
    "I'd like to ask {nexus} for {amount} for {purpose}",
    "request a grant of {amount} for {purpose}",
    "may I have {amount} for {purpose}?",
    "put in an application for {amount} for {purpose}",
    "I'm applying for {amount} to {purpose}",
    "apply to {nexus} for {amount}, {purpose}",
    "I want to apply for {amount} and {hours} for {purpose}",
    "could {nexus} support me with {amount} for {purpose}?",
    "I would need {amount} to {purpose}, can I apply?",
    "request funding: {amount} for {purpose}",
    "please consider me for a grant of {amount} for {purpose}",
)
