"""What people say for the operations on pledges: the phrasings from which the offline brain learns.

The first of each is the example that people see in the help.
"""

MAKE = (
    "I pledge {amount}",
    "I want to back {nexus} with {amount}",
    "I'll put {amount} into the fund of {nexus}",
    "I will give {amount} to the fund by {until}",
    "pledge {amount} to {nexus}",
    "I'd like to support {nexus} with {amount}",
    "count on {amount} from me",
    "I promise {amount} for the fund by {until}",
    "you can expect {amount} from me by {until}",
    "I want to become a backer with {amount}",
    "I'm going to donate {amount}",
    "I commit to {amount} by {until}",
    "put me down for {amount}",
    "I would like to contribute {amount} to the fund of {nexus}",
    "my pledge is {amount}",
    "sign me up as a backer for {amount}",
    "I'm in with {amount}",
    "I intend to fund {nexus} with {amount}",
)

LIST = (
    "who has pledged what?",
    "show the pledges",
    "list pledges to {nexus}",
    "which pledges are open?",
    "what did I pledge?",
    "my pledges",
    "how much is pledged to the fund?",
    "what have backers promised?",
    "pledges of {nexus}",
    "which backers still owe us what they pledged?",
    "outstanding pledges",
    "show me all open pledges for the fund",
    "what money is promised to {nexus}?",
    "did anybody pledge something?",
    "is there anything still to come from backers?",
    "what did I promise to put in?",
)

WITHDRAW = (
    "withdraw my pledge {pledge}",
    "take back my pledge",
    "cancel the pledge {pledge}",
    "I can't keep my pledge {pledge}",
    "I no longer want to give what I pledged",
    "forget about my pledge",
    "cancel my pledge",
    "my pledge {pledge} won't happen",
    "I can't put in the money after all",
    "please withdraw the pledge {pledge}",
    "I have to pull my pledge",
    "drop the pledge {pledge}",
    "no money from me after all, cancel my pledge",
    "retract my pledge {pledge}",
    "I changed my mind about the pledge {pledge}",
)
