"""How people make rules of their own about messages, and take them back."""

from core.errors import N_

LOOKING = N_(
    "I am looking at the last seven days meanwhile, as far as I may read them, and tell you whom it would have met."
)
LOOKING_ALL = N_(
    "I am looking at the last seven days meanwhile, as far as I may read them, and tell you whom they would have met."
)
DRAFT = (
    "delete messages with “free nitro” or “steam gift” from people who joined less than a day ago",
    "warn whoever writes in capitals more than three times in ten minutes",
    "time out for 2h anyone who mentions more than 8 people",
    "ask us about links from newcomers",
    "delete messages that match /free\\s+nitro/",
    "mention bomb from 6 mentions on",
    "delete links except to github.com",
    "delete invitations from new members",
    "mute people who send more than 10 messages in 30 seconds",
    "ban accounts younger than 3 days that post links to known bad sites",
    "warn anyone who repeats the same text 4 times in an hour",
    "kick whoever posts invites to other servers",
    "delete the message and time them out for an hour if somebody calls everyone",
    "tell us about messages that read like abuse",
    "remove pictures from people who are new",
    "rule nitro: delete messages with “free nitro”",
    "change the rule nitro to: delete messages with “nitro”",
    "make a rule: warn for messages in capitals",
    "I want a new moderation rule",
    "add a rule of our own about messages",
    "delete messages longer than 2000 characters from newcomers",
    "flood from 6 messages in 10 seconds on",
    "time out anyone who posts the same text as 3 others",
    "delete forwarded messages with a link",
    "flag messages with the word casino",
)
REMOVE = (
    "take the {rule} rule back",
    "remove the moderation rule {rule}",
    "delete the {rule} rule",
    "drop the rule {rule}",
    "get rid of our {rule} rule",
    "we no longer need the rule {rule}",
    "cancel our own rule {rule}",
    "the {rule} rule should go",
    "delete our moderation rule {rule}",
    "throw out the {rule} rule about messages",
    "take back the rule of our own called {rule}",
    "remove our own rule {rule}",
    "scrap the {rule} rule",
    "abolish the message rule {rule}",
    "I want to remove a rule of our own",
)
