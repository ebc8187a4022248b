"""The words that the offline brain knows: what people type for what, and which words belong together. Data only."""

from __future__ import annotations

# What is typed -> the words that it stands for.
SPELLED_OUT = {
    "im": "i am", "i'm": "i am", "ive": "i have", "i've": "i have", "id": "i would", "i'd": "i would",
    "i'll": "i will", "we're": "we are", "we've": "we have", "weve": "we have", "we'd": "we would",
    "we'll": "we will", "you're": "you are", "youre": "you are", "you've": "you have", "you'd": "you would",
    "he's": "he is", "she's": "she is", "it's": "it is", "it'd": "it would", "itd": "it would", "that'd": "that would",
    "they're": "they are", "they've": "they have",
    "that's": "that is", "thats": "that is", "there's": "there is", "theres": "there is", "here's": "here is",
    "heres": "here is", "what's": "what is", "whats": "what is", "who's": "who is", "whos": "who is",
    "where's": "where is", "wheres": "where is", "how's": "how is", "hows": "how is", "when's": "when is",
    "let's": "let us", "lets": "let us", "don't": "do not", "dont": "do not", "doesn't": "does not",
    "doesnt": "does not", "didn't": "did not", "didnt": "did not", "isn't": "is not", "isnt": "is not",
    "aren't": "are not", "arent": "are not", "wasn't": "was not", "wasnt": "was not", "weren't": "were not",
    "won't": "will not", "wont": "will not", "can't": "can not", "cant": "can not", "cannot": "can not",
    "couldn't": "could not", "couldnt": "could not", "shouldn't": "should not", "shouldnt": "should not",
    "wouldn't": "would not", "wouldnt": "would not", "haven't": "have not", "havent": "have not",
    "hasn't": "has not", "hasnt": "has not", "hadn't": "had not", "mustn't": "must not",
    "wanna": "want to", "gonna": "going to", "gotta": "have to", "gimme": "give me", "lemme": "let me",
    "dunno": "do not know", "kinda": "kind of", "u": "you", "ur": "your", "r": "are", "pls": "please",
    "plz": "please", "plss": "please", "pleas": "please", "pleaze": "please", "thx": "thanks", "tks": "thanks",
    "tnx": "thanks", "ty": "thanks", "tysm": "thanks", "cheers": "thanks", "sb": "somebody", "smb": "somebody",
    "sbdy": "somebody", "sth": "something", "smth": "something", "ppl": "people", "w/o": "without",
    "w/": "with", "b4": "before", "2day": "today", "tmrw": "tomorrow", "cuz": "because", "coz": "because",
    "bc": "because", "wat": "what", "wut": "what", "wich": "which", "hav": "have", "shud": "should",
    "cud": "could", "wud": "would", "anyones": "anyone", "every1": "everyone", "any1": "anyone",
    "some1": "someone", "no1": "nobody", "iso": "in search of", "wtb": "want to buy", "acct": "account",
    "acc": "account", "accs": "accounts", "msg": "message", "dm": "direct message", "info": "information",
    "cofounders": "cofounder", "co-founder": "cofounder", "sub-nexus": "subnexus", "sub-group": "subnexus",
    "invite-only": "private", "members-only": "members only", "single-use": "single use", "one-time": "single use",
    "anymore": "any more", "nomore": "no more", "everyones": "everyone 's", "y'all": "you all",
    "idk": "i do not know", "atm": "at the moment", "rn": "right now", "btw": "by the way",
    "unmod": "remove moderator", "demod": "remove moderator", "deadmin": "remove admin", "unadmin": "remove admin",
    "shutdown": "shut down", "inv": "invite", "pls.": "please",
}  # fmt: skip

# Words of one meaning -> one of them. Used for telling operations apart and for finding where an argument begins.
_MEANINGS = {
    "be": "be am is are",
    "i": "i we",
    "me": "me us",
    "my": "my our",
    "have": "have has",
    "do": "do does",
    "more": "more longer",
    "who": "who whom",
    "make": "make create generate produce prepare establish launch spin craft creating making generating creates",
    "nexus": "nexus nexuses community communities group groups space spaces subnexus workspace "
    "server servers subgroup subspace subcommunity realm nexi nexus's",
    "chat": "chat channel channels room chatroom thread chats groupchat conversation",
    "invite": "invite invitation invites invitations inviting invitelink",
    "someone": "someone somebody anyone anybody some1 person",
    "everyone": "everyone everybody all",
    "thought": "thought thoughts note notes idea ideas memo memos notebook jottings",
    "remove": "remove delete erase drop discard trash scrap bin ditch deleting removing wipe",
    "revoke": "revoke revoked withdrawn cancelled canceled disabled withdraw cancel rescind retract kill disable "
    "invalidate void deactivate retire revoking",
    "close": "close resolve complete solve closing resolved solved settled fulfilled done met",
    "show": "show list display see view print read pull bring showing",
    "search": "search find look lookup browse scan",
    "looking": "looking searching seeking hunting seek hunt",
    "join": "join joining enroll enrol enlist",
    "leave": "leave leaving quit exit resign depart",
    "approve": "approve accept admit okay confirm approving accepting",
    "reject": "reject decline refuse deny rejecting declining",
    "connect": "connect link bind hook attach tie pair merge connecting linking associate hitch wire map",
    "connected": "connected linked bound attached tied hooked paired associated",
    "disconnect": "disconnect disconnected unlinked separated detached unlink unbind detach separate uncouple "
    "unhook disconnecting unlinking split",
    "promote": "promote promoted appointed appoint assign nominate elevate upgrade grant raise bump promoting "
    "appointing",
    "demote": "demote demoted strip downgrade dethrone depose demoting relieve unseat",
    "called": "called named titled entitled",
    "rename": "rename renamed relabel retitle renaming rebrand",
    "archive": "archive archived archiving mothball shutter sunset",
    "help": "help assist support helping assistance hand",
    "can": "can could may",
    "would": "would will",
    "want": "want wants wish love like",
    "account": "account accounts login logins",
    "move": "move moved relocate transfer shift moving nest",
    "into": "into inside within under underneath beneath",
    "redeem": "redeem redeeming apply activate",
    "keep": "keep save store retain",
    "remember": "remember memorise memorize",
    "write": "write jot scribble",
    "offer": "offer offering provide give",
    "need": "need require needing",
    "code": "code passcode codes key",
    "lately": "lately recently",
    "history": "history log logs audit activity changelog",
    "forget": "forget forgetting",
    "good": "good great skilled experienced",
    "yes": "yes yeah yep yup sure",
    "members": "members member people folks participants others",
    "ban": "ban bans banned banning permaban perma-ban banish",
    "kick": "kick kicked kicking boot eject expel",
    "mute": "mute muted muting silence silenced gag hush",
    "timeout": "timeout timeouts time-out",
    "warn": "warn warned warning warnings caution",
    "lock": "lock locked locking lockdown freeze frozen",
    "unlock": "unlock unlocked unlocking unfreeze unfrozen",
    "slowmode": "slowmode slow-mode",
    "message": "message messages msgs",
    "appeal": "appeal appeals appealed appealing",
    "undo": "undo undone revert",
    "overturn": "overturn overturned overrule quash annul",
}  # fmt: skip
MEANING = {word: meaning for meaning, words in _MEANINGS.items() for word in words.split()}

ARTICLES = frozenset("a an the".split())
# May stand anywhere in a request without changing it.
FILLERS = frozenset(
    "really just also still urgently currently desperately please now quickly again actually kindly right simply "
    "then well oh ok okay hey too even basically definitely badly directly totally finally".split()
)
NEXUS_NOUNS = frozenset(_MEANINGS["nexus"].split()) - {"nexus's"}
CHAT_NOUNS = frozenset("chat channel room thread topic groupchat chatroom".split())
PLATFORMS = frozenset("discord slack telegram whatsapp signal matrix terminal".split())
SOMEONE = frozenset(_MEANINGS["someone"].split())

# End every name, unless it is quoted: the small words of grammar.
HARD_STOPS = frozenset(
    "please thanks thank in into inside within under of for from to as with or now because who that which so when "
    "if but then until till any anymore again here too also at on by is are should be was were not has have had can "
    "could may will would must does do did it its i me my we us our you your he she they him them her this these "
    "those than where what how why a an the via per after before since while though expires expiring lasting "
    "lasts valid let there today tomorrow anyway instead already just very really becomes become gets means wants "
    "needs belongs immediately asap okay ok and shall am been being no longer name called named underneath beneath "
    "below about only out up off over down away back right access myself yourself where whose along forever "
    "anybody anyone somebody someone everyone everybody nobody".split()
)
# Words that are not (part of) a person's name when typed in lower case.
COMMON = HARD_STOPS | frozenset(
    "open new good private public closed use used set move go goes get make made put join joins take give show find "
    "somebody someone anybody anyone everybody everyone nobody people person friend friends coworker colleague guy "
    "man woman men women kid kids boss team crew group nexus community space circle chat channel room member members "
    "guest guests moderator moderators steward stewards owner owners treasurer admin role roles code invite invites "
    "invitation invitations link account accounts need offer offers thought thoughts note notes help list look search "
    "know see tell say says said ask asked call one two three four five six seven eight nine ten first second last "
    "next great bad big small old young mine yours ours theirs some many much more most few all both each every other "
    "another same such own time day week month year hour minute thing things something anything nothing everything "
    "stuff way place world life love hate work job business money home house yes hello hi hey bye sure maybe yesterday "
    "tonight morning evening night always never ever often sometimes happened happening going doing left sandwich "
    "coffee tea joke story song bread president king queen capital weather alone later maybe crazy taxi cake laugh "
    "names reset password request requests rights powers duties responsibilities position job title thing".split()
)

# Frequent first names: a hint that a word is a person. Names that are ordinary words are left out.
FIRST_NAMES = frozenset(
    """aaron abby abdul abel adam adele aditi adrian ahmed aiden aisha akira alan albert alberto aleksandra alena alex
    alexander alexandra alexis alfred ali alice alicia alina allison amanda amara amelia amina amir amit amy ana
    anastasia anders andre andrea andrei andrew andy angela anil anita anja anke ann anna anne annie anton antonio anya
    arjun arthur arturo asha ashley astrid aurora ayesha barbara bart beatrice becky ben benjamin bernd beth betty bill
    billy bjorn bob boris brad brenda brian bruno callum camila carl carla carlos carmen carol caroline catherine
    cecilia
    celia charles charlie charlotte chen chiara chloe chris christian christina christine christopher claire clara
    claudia clement connor craig cristina cynthia dan dana daniel daniela danny darko dave david deborah deepak denis
    derek diana diego dieter dimitri dina dmitri dominic dominik donna dorothy doug duncan ed eddie edgar eduardo edward
    elena eli elias elif elisa elizabeth ella ellen elliot emil emilia emily emma enrique eric erica erik erika ernesto
    esther ethan eva evan evelyn fabian fabio farah fatima felix fernando filip finn fiona florian frances francesca
    francesco francisco franz fred frederik gabriel gabriela gary gavin george georgia gerald gina giovanni giulia
    gordon greg gregor greta guido gustav hana hannah hans harold harry hassan heather hector heidi helen helena helga
    henrik henry hiro holly hugo ian ibrahim ida igor ilya imran ines ingrid irena irene irina isaac isabel isabella
    ivan ivana jack jacob jake jakob jakub james jamie jan jana jane janet jason javier jay jean jeff jen jennifer
    jenny jens jeremy jess jesse jessica jill jim jimmy joan joanna joao joe joel johan johannes john johnny jon jonah
    jonas jonathan jordan jorge jose josef joseph josh joshua juan judith judy julia julian julie julien juan jurgen
    justin kai kamal karel karen karim karin karl karla kasia kate katharina katherine kathy katie katja kay keith kelly
    ken kenji kevin khalid kim klara klaus kofi kristin kristina kumar kurt kwame kyle lars laura lauren lea leah lee
    lena leo leon leonie lila lily lin lina linda lisa liu liz logan lola lorenzo louis louise luca lucas lucia lucy
    luigi luis luka lukas luke luna lydia maciej mads magda magnus mai maja malik manuel marc marcel marco marcus
    margaret
    maria marie marina mario marta martha martin martina mary mateo mathias matilda matt matteo matthew max maya mei
    melanie melissa mia michael michaela michal michele miguel mika mike mila milan milena milos mina ming miriam
    mohamed
    mohammed mona monica monika morgan moritz muhammad murat mustafa nadia nancy naomi natalia natalie natasha nathan
    neil
    nia nick nicola nicolas nicole niko nikolai nils nina noah noor nora norman ola oleg olga oliver olivia olu omar
    oscar otto pablo paola pascal patricia patrick paul paula pavel pawel pedro penny peter petr petra phil philip
    pierre piotr priya quentin rachel rafael rahim rahul raj ralf ralph ramon raphael raul rebecca renata rene ricardo
    richard rita rob robert roberto robin roger roland roman ron rosa ross roxana roy ruben rudolf ruth ryan sabine
    sabrina sadia said sally salma sam samantha samir samuel sandra sanjay santiago sara sarah sasha scott sean
    sebastian selma serena sergei sergio shreya sid silvia simon simone sofia sonia sonja sophia sophie stefan stefanie
    stella stephanie stephen steve steven stuart sue sunita susan susanne sven svetlana sylvia takeshi tamara tania
    tanya tara tariq ted teresa theo theodore theresa thomas tim timo tina tobias todd tom tomas tomasz tommy toni tony
    tracy ulrich uma ursula valentina valeria vanessa vera veronica victor victoria vijay viktor vincent viola vlad
    vladimir walter wanda wei wendy werner wilhelm william wolfgang xavier xin yan yana yannick yara yasmin yuki yuri
    yusuf yvonne zack zara zeynep zoe zofia""".split()
)

# After "in" these are places of the world, times, languages or tools, not Nexuses.
NOT_A_NEXUS = frozenset(
    """berlin hamburg munich münchen cologne köln frankfurt stuttgart leipzig dresden vienna wien zurich zürich geneva
    basel bern prague praha brno paris lyon marseille london manchester leeds bristol oxford cambridge edinburgh glasgow
    dublin cork amsterdam rotterdam utrecht brussels antwerp ghent copenhagen oslo bergen stockholm gothenburg malmö
    helsinki tallinn riga vilnius warsaw krakow kraków wroclaw gdansk budapest bucharest sofia belgrade zagreb ljubljana
    athens istanbul ankara rome milan turin naples florence venice bologna madrid barcelona valencia seville bilbao
    lisbon porto kyiv kiev lviv odessa moscow minsk tbilisi yerevan baku dubai doha cairo lagos nairobi accra kampala
    johannesburg durban casablanca tunis delhi mumbai bangalore bengaluru chennai hyderabad kolkata karachi lahore dhaka
    singapore bangkok hanoi saigon jakarta manila tokyo osaka kyoto seoul busan beijing shanghai shenzhen taipei sydney
    melbourne brisbane perth auckland wellington toronto montreal vancouver ottawa calgary york nyc boston chicago
    seattle portland denver austin dallas houston miami atlanta philadelphia washington francisco sf la angeles diego
    vegas detroit phoenix mexico bogota bogotá medellin lima santiago quito caracas havana rio paulo buenos montevideo
    germany austria switzerland france spain portugal italy greece poland czechia slovakia hungary romania bulgaria
    serbia croatia slovenia england scotland ireland wales uk britain netherlands holland belgium denmark norway sweden
    finland iceland estonia latvia lithuania ukraine russia turkey israel egypt nigeria ghana kenya uganda tanzania
    ethiopia morocco tunisia algeria india pakistan bangladesh nepal china japan korea thailand vietnam indonesia
    malaysia philippines australia zealand canada usa us america brazil argentina chile peru colombia europe asia africa
    california texas florida bavaria saxony tuscany catalonia
    january february march april may june july august september october november december spring summer autumn fall
    winter monday tuesday wednesday thursday friday saturday sunday q1 q2 q3 q4
    english german french spanish italian portuguese czech polish russian ukrainian turkish arabic hebrew hindi chinese
    mandarin cantonese japanese korean dutch swedish danish norwegian finnish greek hungarian romanian latin swahili
    python java javascript typescript rust go golang ruby php kotlin swift react vue angular django rails excel word
    powerpoint figma photoshop blender wordpress sql postgres css html linux windows macos ios android aws azure c
    san santa saint new los las east west north south upper lower old near
    sundays mondays tuesdays wednesdays thursdays fridays saturdays weekends evenings mornings
    ui ux seo hr it pr b2b saas law medicine physics math maths biology chemistry
    """.split()
)

# Before anything else, with or without a comma.
GREETINGS = (
    "hi there", "hey there", "hello there", "hi", "hello", "hey", "hallo", "heya", "hiya", "yo", "howdy", "greetings",
    "good morning", "good evening", "good afternoon", "good day", "dear cofounder", "hey cofounder", "hi cofounder",
    "hello cofounder", "hey bot", "hi bot", "hi all", "hello all", "hi everyone", "hello everyone", "hey everyone",
    "hey all", "hi folks", "hi guys", "hi again", "hello again", "ok so", "okay so", "ok", "okay", "so", "well", "oh",
    "um", "uhm", "ah", "alright", "sorry", "excuse me", "quick question", "one more thing", "by the way", "and",
    "but", "also", "please", "from now on", "as of now", "as of today", "hi friends", "hello friends", "hmm",
    "in that case", "unfortunately", "sadly", "luckily", "hm", "mm", "er", "ehm", "great", "cool", "perfect", "thanks",
    "thank you", "now", "then",
)  # fmt: skip
# The same, if a comma or a full stop follows.
CALLS = (
    "cofounder", "nexus", "bot", "nope", "nah", "everyone", "everybody", "all", "folks", "team", "guys", "friend",
    "friends", "again",
    "there", "right", "no", "yes", "yeah", "yep", "sure", "fine", "nice", "first", "listen", "morning", "evening",
    "unfortunately", "sadly", "luckily", "today", "finally", "next", "later", "buddy", "mate", "my friend", "ai",
    "as of today", "from now on", "if possible", "if you can", "when you can", "as discussed", "dear all", "wow",
    "new here", "i am new here", "i am new", "actually", "anyway", "question", "a question", "one question",
)  # fmt: skip

# Before the request itself. Longest first at use.
POLITE = (
    "would you be so kind to", "would you be so kind and", "would you be so kind as to", "be so kind and",
    "could you be so kind to", "would it be possible to", "would it be possible for you to", "is it possible to",
    "is it possible for you to", "is it possible for me to", "would it be possible for me to",
    "is there a way to", "would you mind", "do you mind", "would you please",
    "could you please", "can you please", "will you please", "could you", "can you", "would you", "will you",
    "may you", "can we please", "can we", "could we", "shall we", "can i please", "i would like you to",
    "i want you to", "i need you to", "i would love you to", "i would like for you to", "i want to ask you to",
    "i would ask you to", "i was wondering if you could", "i am wondering if you could", "i wonder if you could",
    "wondering if you could", "i would appreciate if you could", "i would appreciate it if you could",
    "it would be great if you could", "it would be nice if you could", "would be great if you could",
    "would be nice if you could", "it would help if you could", "i hope you can", "do you think you could",
    "do you think you can", "any chance you could", "any chance you can", "is there any chance you could",
    "help me to", "help me", "please help me to", "please help me", "please", "kindly", "just", "go ahead and",
    "you can", "you may", "we need to",
    "we have to", "we must", "we want to", "we would like to", "we wish to", "i would like to", "i would love to",
    "i want to", "i wish to", "i need to", "i have to", "i am trying to", "i am going to",
    "i am here to", "i came to", "i am looking to", "i decided to",
    "i have decided to", "we decided to", "we have decided to", "it is time to", "it is time for me to",
    "it is time for us to", "time to", "let us", "let me",
    "allow me to", "may i", "can i", "could i", "i would prefer to", "i would rather", "i feel like", "like to",
    "i think i want to", "i think i would like to", "i guess i want to", "want to", "need to", "would like to",
    "would love to", "trying to", "ready to", "i am ready to", "feel free to",
    "you are allowed to", "go and", "try to", "make sure to", "next", "then", "do me a favor and",
    "do me a favour and", "i will", "we will", "i am about to", "help us", "help us to",
)  # fmt: skip

TAILS = (
    "please", "thanks", "thank you", "thank you very much", "thank you so much", "thanks a lot", "thanks a bunch",
    "many thanks", "thanks in advance", "thank you in advance", "thanks so much", "if possible", "if you can",
    "if that is possible", "if that is ok", "if that is okay", "if that is alright", "if you do not mind",
    "if you would", "would you", "will you", "could you", "can you", "okay", "ok", "for me", "for us", "now",
    "right now",
    "right away", "when you can", "when you get a chance", "when you have time", "when you have a minute",
    "at your convenience", "anyone", "anybody", "any ideas", "any takers", "who can help", "can anyone help",
    "can somebody help", "can someone help", "does anyone know", "you know", "i would appreciate it",
    "much appreciated", "appreciated", "mate",
    "buddy", "bro", "man", "dude", "cofounder", "lol", "haha", "again", "that would be great", "that would be nice",
    "that would be awesome", "that would be lovely", "would be great", "would be nice", "from now on", "as of now",
    "as of today", "immediately", "then", "that is all", "is that possible", "is it possible", "kind regards",
    "best regards", "best", "cheers", "at the moment", "hello", "hi", "yes", "asap please", "k thx", "okay thanks",
)  # fmt: skip
