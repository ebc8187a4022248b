"""How people ask to close up."""

BEGIN = (
    "we are being raided",
    "close up, this is a raid",
    "raid mode on",
    "start raid mode",
    "there is a raid, close the doors",
    "lock the server down, we are raided",
    "stop the raid",
    "turn on raid protection now",
    "close the door, bots are pouring in",
    "raid!",
    "protect us from this raid",
    "no newcomers for a while, it is a raid",
    "emergency: raid",
    "pause invitations and slow everything down",
    "shut the gates, a raid is going on",
)
