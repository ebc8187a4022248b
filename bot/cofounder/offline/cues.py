"""Words that tell a request from talk: reports, the past, conditions, other people, other languages. Data only."""

from __future__ import annotations

from bot.cofounder.offline.lexicon import ARTICLES, CHAT_NOUNS, NEXUS_NOUNS

REPORTED = frozenset(
    "said say says told tells asked asks wrote writes heard shouted shouts claims claimed thinks believes suggested "
    "mentioned insists dreamed dreamt dream promised complained keeps wondered joked yelled laughed screamed "
    "read reads".split()
)
PAST = frozenset(
    "made left thought wrote was were had did went met saw gave took found got forgot kept became taught told said "
    "sent built bought sold lost won ran came knew felt let-in began almost nearly used".split()
)
NOT_PAST = frozenset("need feed speed embed proceed indeed seed bleed red bed hundred interested tired excited".split())
PAST_TIMES = frozenset("yesterday ago".split())
LONG_AGO = frozenset(
    [("last", "week"), ("last", "month"), ("last", "year"), ("last", "night"), ("last", "summer"), ("used", "to")]
)
HYPOTHETICAL = frozenset(
    "if suppose supposing imagine maybe perhaps might unless wish wishes whether hopefully considering pretend "
    "assuming hypothetically once doubt hope hoping wonder afraid almost".split()
)
SOME_DAY = frozenset(
    [
        ("some", "day"), ("one", "day"), ("thinking", "about"), ("thinking", "of"), ("not", "sure"),
        ("be", "nice"), ("be", "great"), ("what", "if"), ("should", "i"), ("should", "we"), ("would", "i"),
        ("when", "i"), ("were", "to"), ("had", "to"), ("you", "should"), ("you", "must"), ("it", "be"),
        ("it", "would"), ("if", "i"), ("if", "we"), ("if", "only"),
    ]
)  # fmt: skip
WOULD_BE = frozenset("like love prefer be appreciate want need require rather".split())  # "I would like" is a wish
OTHERS = frozenset("he she they it people nobody everybody everyone his her their its him someone somebody".split())
THEIR_WISHES = frozenset("wants needs likes wanted needed hopes asks asked says said told thinks keeps would".split())
THEIR_VERBS = THEIR_WISHES | frozenset(
    "has had is was loves hates looks made left went lives works helped offered lost called gave took".split()
)
POINTING = ARTICLES | {"this", "that", "these", "those"}
PERSONS = frozenset(
    "sister brother mother father mum mom dad parents son daughter child children kid kids wife husband "
    "partner friend friends neighbour neighbor neighbours boss landlord client clients customer customers "
    "user users teacher doctor cousin uncle aunt grandmother grandfather grandma grandpa nephew niece cat "
    "dog horse car plants plant competitor competitors rent world government country colleague flatmate "
    "roommate ex girlfriend boyfriend house flat roof".split()
)
PLACING = frozenset("in inside within under for into at on from below as".split())
OWNERS = frozenset("my our the this that these those his her their your its everyone everybody all".split())
QUESTIONS = frozenset(
    "who what why where when how which whose did does is are was were has have had do am should would shall".split()
)
LETTING_IN = frozenset("let letting approve accept admit want allow allowed come join get welcome enter be in".split())
NO = frozenset("not never nobody none noone".split())
# Verbs that people begin an order with.
IMPERATIVE = frozenset(
    """make create generate produce prepare establish launch found start set open build add spin show list give tell
    join sign enroll register switch go head hop jump leave quit exit move put shift relocate transfer nest place bring
    take rename relabel retitle rebrand change call name archive close shut dissolve retire mothball end promote appoint
    assign grant nominate elevate upgrade hand install trust entrust turn remove demote revoke strip withdraw relieve
    dismiss fire kick throw drop invite issue accept redeem use apply enter cancel kill delete disable invalidate void
    deactivate stop block rescind retract approve let admit allow confirm welcome reject decline refuse deny keep save
    store note remember remind write jot record log memo forget erase discard scrap trash wipe post publish share
    announce ask offer search find look recommend suggest introduce connect link merge pair unlink disconnect separate
    detach bind attach tie hook map treat unbind release cut break undo pull tick mark claim update correct address
    refer split visit send spread include count hold restore reopen prefer rather want need looking seeking searching
    offering wanted giving happy glad willing available reminder thought idea request seek require shutdown wind get
    help resign step discuss talk continue work teach explain check fetch swap assist deposit propose pledge fund pay
    award donate sponsor reimburse book reserve schedule skip complete finish repeat pause resume support
    file ban unban mute warn caution silence gag hush timeout expel eject boot pardon forgive readmit unblock purge
    clear wipe nuke clean sweep lock unlock freeze unfreeze slow slowmode limit activate report flag alert appeal
    contest uphold overturn overrule quash annul undo revert reverse roll lift attach comment append edit correct
    replace amend
    """.split()
)
# What moderators do, and what is said of it by those whom it is about.
MODERATION = frozenset(
    "warn timeout kick ban unban purge lock unlock slowmode reason note report dismiss appeal uphold overturn "
    "undo".split()
)
# Common nouns that stand where a name may stand: "ban alcohol", "mute the phone".
NO_PERSON = frozenset(
    "alcohol smoking plastic meat sugar traffic noise music porn gambling spam tv phone phones mic microphone radio "
    "screen laptop alarm door window ball football dog cat butt ass habit bucket coffee oven pan soup bread dough war "
    "advertising ads politics religion fun time life work".split()
)
FOREIGN = frozenset(
    """ich du er sie wir ihr nicht ist und oder aber ein eine einen einem eines der das dem den des für mit wie wer bist
    brauche suche möchte kann kannst mir mich dir dich bitte danke auch wenn zu zum zur von bei wo warum heute
    je tu elle nous vous un une le la les des du et ou mais pour avec suis est besoin cherche veux peux merci
    bonjour sur dans mes ce cette qui quoi yo el los las unos y pero necesito busco quiero puedo gracias hola mis por
    para qué quién cómo soy eres está donde ayuda io lui lei noi voi gli ma ho bisogno cerco voglio grazie ciao sono
    di eu você ele nós obrigado obrigada preciso quero não uma com já jsem jsi jsme ale pro prosím děkuji potřebuji
    hledám chci mám mně ne ano kdo jak kde ja ty wy nie tak proszę dziękuję potrzebuję szukam chcę jest ik jij het een
    niet voor met dank nodig zoek wil hoi llamo gusta vivo heiße heisse appelle mia mio moc skupiny grupo grupa
    gruppe""".split()
)
ENGLISH = frozenset(
    "i you we the is are am was to of for with my me can please what who how need want this that have it be not on at "
    "and or from your our make create give show let find about an into as would could looking".split()
)
# Nouns and verbs by which the subject of an operation is said outright.
EVIDENCE: dict[str, frozenset[str]] = {
    "nexus": NEXUS_NOUNS | {"nexus", "archive", "rename", "members"},
    "role": frozenset({"<role>", "role", "roles", "promote", "demote"}),
    "invite": frozenset({"invite", "invited", "code", "redeem"}),
    "owner": frozenset({"owner", "claim", "code"}),
    "thought": frozenset({"thought", "remember", "memo", "noted"}),
    "need": frozenset({"need", "needs", "wanted", "request"}),
    "offer": frozenset({"offer", "offers", "offering", "volunteer"}),
    "record": frozenset({"search", "posts"}),
    "people": frozenset({"someone", "expert", "people", "members"}),
    "person": frozenset({"profile", "name", "rename", "names"}),
    "account": frozenset({"account", "<platform>", "code"}),
    "place": CHAT_NOUNS | {"chat", "nexus"},
    "audit": frozenset({"history", "lately", "changes", "happened"}),
    "fact": frozenset({"fact", "facts", "profile", "myself"}),
    "consent": frozenset({"consent", "consents", "limits", "privacy", "quote", "repeat", "count", "counted", "export"}),
    "retention": frozenset({"retention", "kept", "expire", "keep", "delete", "old", "after"}),
    "rule": frozenset({"rule", "rules", "public", "visible", "members", "guests"}),
    "link": frozenset({"link", "links", "linked", "linking", "unlink"}),
    "why": frozenset({"why", "reason"}),
    "model": frozenset({"model", "models", "provider", "ai", "openai"}),
    "grant": frozenset("grant grants <money> funding apply application award propose proposal tranche payment".split()),
    "fund": frozenset("fund funds <money> budget deposit balance donation books".split()),
    "hours": frozenset("hours hour minutes time helped logged".split()),
    "office": frozenset("office hours meeting meetings slot slots appointment book met".split()),
    "pledge": frozenset("pledge pledges promise".split()),
    "mandate": frozenset("mandate mandates".split()),
    "policy": frozenset("policy policies approval approvals dollar".split()),
    "receipt": frozenset("receipt receipts paid".split()),
    "payout": frozenset("payout payouts paid payment payments stripe".split()),
    "warn": frozenset({"warn"}),
    "timeout": frozenset("timeout mute silence silent quiet shut write writing posting messages suspend".split()),
    "kick": frozenset("kick throw remove out".split()),
    "ban": frozenset({"ban", "block", "hammer", "out"}),
    "unban": frozenset("unban ban unblock pardon forgive readmit".split()),
    "purge": frozenset("purge messages message posts msgs clear wipe nuke".split()),
    "lock": frozenset("lock read-only write writing post posting messages close".split()),
    "unlock": frozenset("unlock lock lockdown read-only write writing post open reopen".split()),
    "slowmode": frozenset("slowmode slow message messages post".split()),
    "case": frozenset({"case"}),
    "cases": frozenset("cases warn warnings points sanctions record moderation".split()),
    "reason": frozenset({"reason", "case"}),
    "note": frozenset({"case"}),
    "report": frozenset("report moderator moderators mods complaint flag".split()),
    "dismiss": frozenset({"report"}),
    "appeal": frozenset("appeal case contest object objection disagree unfair fair review".split()),
    "uphold": frozenset("case uphold appeal stands stays".split()),
    "overturn": frozenset("overturn appeal case".split()),
    "undo": frozenset({"undo", "case", "sanction"}),
    "help": frozenset("help commands menu instructions manual guide options command tour".split()),
}
HOUSE = frozenset("join leave bot accounts post posts link linking sub-nexus people matching commands buttons".split())
HAPPENINGS = frozenset(
    "here lately recently latest recent changes history log logs audit trail activity missed miss missing away "
    "group nexus community happening stuff things".split()
)
ABOUT_SOMEBODY = frozenset("do need needs offer offers have know want work look help role roles build make".split())
LISTENING = frozenset(
    "hear hears listen listens listening read reads see sees bound group audience private public alone "
    "connected linked messages nexus".split()
)
LOST = frozenset("help lost know understand new clue idea beginner guidance stuck confused".split())
AROUND = frozenset("here us everyone everybody around".split())
ABOUT_ME = frozenset(
    [
        ("about", "me"), ("about", "myself"), ("am", "i"), ("do", "i"), ("have", "i"), ("on", "me"), ("i", "am"),
        ("my", "profile"), ("my", "page"), ("my", "role"), ("my", "roles"), ("my", "needs"), ("my", "own"),
        ("i", "look"),
    ]
)  # fmt: skip
IDLE = frozenset(
    "break hug coffee drink nap sleep holiday holidays vacation moment minute second time beer tea shower "
    "rest air love water food chocolate wine cigarette laugh hand-hold miracle trouble answer answers you nothing "
    "anything haircut".split()
)
NO_NEED = frozenset(
    "dead to you it nothing anything that more forward at after into like good great up back none no".split()
)
NO_OFFER = frozenset(
    "it not believe see go do be hear swim sing dance condolences apologies sympathy thanks you no myself".split()
)
NO_SERVICE = frozenset(
    "see hear feel smell remember imagine understand wait tell say think only barely hardly always never "
    "finally already eat cry sleep die sit walk live die drink relate confirm assure promise come join get "
    "not help's use have take need".split()
)
FOUND_WITHIN = frozenset("peace love happiness god myself hope joy faith inspiration nothing time him her".split())
NO_RECORD = frozenset("to him her it out that them myself yourself you".split())
NOT_CALLED = frozenset(
    "later maybe crazy back tomorrow when if a an the tonight soon asap again stupid old-fashioned anytime whenever "
    "names at on in before after sometime today once it".split()
)
NOBODY_IN_PARTICULAR = frozenset(
    "god problem life reason way point chance difference doubt hope meaning limit catch".split()
)
NO_SKILL = frozenset(
    "say have be i you care tell blame resist know forget that it me what why when if whether where who".split()
)
