"""Small talk: short, honest answers. Never a feeling, never human, never a model."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence

from bot.cofounder.offline.words import Shape, Word
from core.errors import N_

_YOU = r"(?: (?:there|all|everyone|everybody|cofounder|bot|nexus|folks|friend|again|guys|team|my friend|you))*"
_MORE = (
    r"(?: (?:so much|a lot|very much|again|too|then|man|mate|friend|all|everyone|now|cofounder|bot|"
    r"dear|that helped))*"
)

_TALK: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        rf"(?:oh |well )?(?:hi|hello|hey|heya|hiya|yo|howdy|hallo|greetings|good (?:morning|evening|afternoon|day)|"
        rf"morning|evening){_YOU}(?: nice to (?:meet|see) you)?",
        (
            N_("Hello. What do you need next, or what could you offer?"),
            N_("Hi. Tell me what you are working on, or what you need."),
            N_("Hello. Shall we look for somebody, or is there something to keep?"),
        ),
    ),
    (
        r"(?:hi |hello |hey |and )*(?:how are you|how is it going|how do you do|how are things|what is up|sup|"
        r"you (?:ok|okay)|how goes it|how have you been)(?: (?:doing|today|going|feeling|my friend|there))*",
        (
            N_("Ready. I have no moods, but I have notes. What is next for you?"),
            N_("All here and running. What would help you today?"),
        ),
    ),
    (
        rf"(?:ok |okay |cool |great |perfect |nice |awesome |many |wow |no )*(?:thanks|thank you|much appreciated|"
        rf"appreciated)(?: (?:for (?:your|the|all) \w+|in advance))?{_MORE}(?: you are (?:great|the best|awesome))?",
        (N_("You're welcome."), N_("Gladly. Say when there is more."), N_("Any time.")),
    ),
    (
        rf"(?:ok |okay |thanks |well )*(?:good ?bye|bye(?: bye)?|see (?:you|ya)|good night|ciao|later|take care|"
        rf"farewell|cu|talk (?:to you )?later|have a (?:good|nice|great) \w+)"
        rf"(?: (?:later|soon|tomorrow|then|all|everyone|for now|and sleep well|see you (?:later|soon|"
        rf"tomorrow)))*{_YOU}",
        (N_("Goodbye. What you told me stays kept."), N_("See you. Your notes will be here.")),
    ),
    (
        r"(?:and |so |but )*(?:who|what) (?:are|r) you(?: exactly| really| then)?|what is your name|"
        r"do you have a name|"
        r"introduce yourself|tell me about yourself|who am i talking to|what should i call you",
        (
            N_(
                "The AI Cofounder of this Nexus: a program that keeps notes and brings people together. At the moment "
                "without a language model, by the offline brain: I understand plain requests. “help” shows them."
            ),
        ),
    ),
    (
        r"(?:so |but )*(?:are|r) you (?:an? |the |really |actually |even )*(?:real )?(?:bot|robot|ai|"
        r"human|person|program|"
        r"machine|real|chatgpt|gpt|llm|alive|language model|computer|claude|man|woman|model)"
        r"(?: (?:or|and) (?:an? )?(?:\w+))?(?: person| being)?|is (?:this|that) (?:a|an) (?:bot|human|"
        r"ai|real person|person)|"
        r"who (?:made|built|created|wrote) you|am i talking to an? \w+",
        (
            N_("A program, not a person. Right now I work without a language model, by the offline brain."),
            N_("I'm software: the Cofounder's offline brain, no language model behind it at the moment."),
        ),
    ),
    (
        r"do you (?:have (?:feelings|emotions|friends|dreams|hobbies|kids|a (?:soul|body|family|heart|brain|life))|"
        r"(?:feel|dream|sleep|eat|love|like|drink)(?: \w+){0,3})|are you (?:happy|sad|tired|bored|angry|lonely|"
        r"conscious|sentient|there|awake)|how old are you|where (?:do you live|are you from|are you)|"
        r"what do you (?:think|like)",
        (
            N_("I'm a program, so there is nothing to tell there. What can I do for you?"),
            N_("Nothing of that kind: I'm a program that keeps notes. What would help you now?"),
        ),
    ),
    (
        r"(?:can you |could you |please )*(?:tell (?:me|us) (?:a|another) (?:joke|story|riddle)|"
        r"(?:tell me|say) something "
        r"(?:funny|nice|smart|interesting)|sing(?: (?:me|us))?(?: a)?(?: song)?(?: for me)?|"
        r"make me laugh|entertain me|"
        r"can you sing|do you know (?:a|any) jokes?|know any jokes)",
        (
            N_("Jokes are not among my tools. Finding people is: what do you need?"),
            N_("I'd only repeat an old one. Shall I find you somebody to laugh with instead?"),
        ),
    ),
    (
        r"(?:wow |oh )*(?:you are|you(?: are)? so|you are so|u r|youre|that was|this is|"
        r"that is)? ?(?:very |really |so |the |a "
        r"|just )*(?:great|awesome|amazing|the best|best|brilliant|clever|smart|helpful|cool|nice|"
        r"lovely|wonderful|genius|"
        r"fantastic|good bot|good job|great job|well done|excellent|perfect)"
        r"(?: (?:bot|job|work|one|stuff))*|i (?:love|like) (?:you|this|it)(?: so much| a lot)?|well done|good bot",
        (N_("Good to know that it helps."), N_("Noted. What is next?")),
    ),
    (
        r"(?:you are|you|this is|this bot is|that is|that was|it is) (?:so |really |very |a |an |"
        r"just |totally )*(?:useless|"
        r"stupid|dumb|bad|terrible|awful|annoying|idiot|slow|broken|rubbish|wrong|worthless|not helpful|confusing)"
        r"(?: (?:bot|today|again))*|i hate (?:you|this)",
        (
            N_("Sorry. Say it in other words, or say “help” to see what I can do."),
            N_("That did not help, I see. What were you trying to do?"),
        ),
    ),
    (
        r"(?:yes|yeah|yep|yup|sure|ok|okay|k|fine|alright|all right|right|got it|i see|i understand|"
        r"understood|cool|sounds "
        r"(?:good|great|fine)|good|nice|great|of course|exactly|agreed|no problem|no worries|all good|"
        r"that is (?:fine|good|"
        r"great|ok|okay|right|all)|will do|deal|done|yes please|sure thing|makes sense|true|indeed)"
        r"(?: (?:then|cool|good|great|ok|okay|thanks|thank you|sure|yes))*",
        (N_("All right."), N_("Good.")),
    ),
    (
        r"(?:no|nope|nah|not now|no thanks|no thank you|never ?mind|forget (?:it|about it|that)|"
        r"leave it|cancel(?: that| it)?|"
        r"stop(?: it| that)?|nothing|whatever|skip it|drop it|i do not care|not really|no way)"
        r"(?: (?:then|thanks|please|it is fine|it is ok|all good))*",
        (N_("All right."), N_("All right, nothing done.")),
    ),
    (
        r"(?:ha(?:ha)+|lol|lmao|rofl|hehe|hihi|wow|oh|oh no|oops|ouch|hmm+|meh|yay|omg|woah|whoa|wtf|"
        r"huh|aha|ah|test|testing|"
        r"congratulations|congrats|happy birthday|merry christmas|happy new year|cheers|"
        r"welcome(?: back)?|sorry|excuse me|"
        r"i am (?:back|here|sorry)|nice to (?:meet|see) you|good to see you|wait|one (?:moment|"
        r"second)|wait a (?:moment|second))"
        r"(?: (?:lol|haha|wow|everyone|all|you|about that))*",
        (N_("I'm here when you need something."), N_("Noted. Say what you need, any time.")),
    ),
)
_COMPILED = tuple((re.compile(pattern), replies) for pattern, replies in _TALK)
DROPPED = N_("All right.")
_CANCEL = re.compile(
    r"(?:oh |no |ok |okay |please |well |actually )*(?:no|nope|nah|not now|no thanks|no thank you|never ?mind|"
    r"forget (?:it|about it|that)|leave it|cancel(?: that| it| this)?|stop(?: it| that)?|nothing|"
    r"skip it|drop it|abort|"
    r"not any more|do not bother|it does not matter|does not matter|i changed my mind|changed my mind|no need|"
    r"let us not|i do not want (?:that|to|it)(?: any more)?|not today|quit|don't|do not)"
    r"(?: (?:then|thanks|please|it is fine|it is ok|all good|sorry|any more|i changed my mind))*"
)


def plain(words: Sequence[Word]) -> str:
    """The words without marks, in their one spelling."""
    return " ".join(w.norm for w in words if w.shape is not Shape.MARK)


def small_talk(words: Sequence[Word]) -> str:
    """The answer to small talk; empty if it is none."""
    said = plain(words)
    if not said or len(said) > 90:
        return ""
    for pattern, replies in _COMPILED:
        if pattern.fullmatch(said):
            return replies[zlib.crc32(said.encode()) % len(replies)]
    return ""


def is_cancel(words: Sequence[Word]) -> bool:
    """Whether this takes back what was going on."""
    return bool(_CANCEL.fullmatch(plain(words)))
