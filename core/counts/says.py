"""What people say to count people: the phrasings from which the offline brain learns.

The first of each is the example that people see in the help.
"""

COUNT = (
    "how many people need {about} {since}?",
    "how many people need {about}?",
    "how many people offer {about} in {nexus}?",
    "how many offer {about}?",
    "how many need {about} in {nexus}?",
    "how many of us need {about}?",
    "how many of us offer {about} {since}?",
    "how many members are looking for {about}?",
    "how many people are looking for {about} {since}?",
    "how many people were looking for {about} {since}?",
    "how many people have needed {about} {since}?",
    "how many people have offered {about} {since}?",
    "how many people here are good at {about}?",
    "how many people know {about} in {nexus}?",
    "how many people speak {about}?",
    "how many people are good at {about}?",
    "how many people know about {about}?",
    "how many people needed {about} {since}?",
    "how many people offered {about} {since}?",
    "how many people have a need {since}?",
    "how many people have an offer in {nexus}?",
    "how many people posted a need {since}?",
    "count the people who need {about}",
    "count the people who offer {about} in {nexus}",
    "count who needs {about} {since}",
    "what is the number of people who need {about}?",
    "number of people who offer {about} in {nexus}",
    "tell me how many people need {about}",
    "can you count how many people offer {about}?",
    "how big is the need for {about} {since}?",
    "is there much need for {about}? how many people need it?",
)
