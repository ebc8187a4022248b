"""How words treat people, in a few groups: what separates "you are vermin" from "don't call them vermin" is not one
word but who is spoken of, what is said, and whether it is said or told. The lists are written for this project and
hold, because they must, words that hurt. The weight of a group, alone and beside another, is learned.
"""

from __future__ import annotations

WRITTEN = {
    "slur": """
        nigg* faggot* fag fags dyke dykes tranny trannies kike* spic spics chink* gook* wetback* towelhead* raghead*
        paki pakis muzzie* muzzy retard* spaz spastic* cripple mongol coon coons jigaboo* cunt* whore* slut* thot
        thots skank* beaner* camelfuck* shemale* sandnigg* bimbo* wop dago gypsy gyppo zipperhead* sodomite*
        libtard* feminazi*
        чурк* хач хачи жид жиды пидор* пидар* хохол* хохлы москал* шлюх* сука суки блядь мразь твар* дебил* урод*
        даун*
    """,
    "swear": """
        fuck* shit* bullshit* bitch* ass asshole* arse* dick dickhead* prick pricks bastard* damn crap pussy piss*
        wank* cock dumbass* jackass motherfuck* bollocks twat* douche* wtf stfu fck fuk hoe hoes
        бля* хуй хуе* пизд* ебан* нахуй жопа говно
    """,
    "group": """
        women woman womn female* females girl girls gay* gays lesbian* trans transgender* homosexual* queer*
        bisexual* muslim* islam* jew jews jewish christian* hindu* black blacks african* asian* white whites latino*
        mexican* arab* chinese indian indians immigrant* migrant* refugee* foreigner* disabled handicapped autistic
        deaf blind roma race races ethnic* religion* minority minorities people* folk men man
        женщин* бабы геи мусульман* евре* негр* мигрант* беженц* цыган*
    """,
    "someone": """
        he him his she her they them guy dude kid trump biden obama president republican* democrat* liberal*
        conservative* politician* fan fans artist* capitalist* banker* lawyer* snowboarder* economist* executive*
        teacher*
    """,
    "thing": """
        it its this that these those song movie food weather traffic game code bug car phone computer clothes dress
        cup steak* milk bread table tea coffee cockroach* rat rats insect* weed* virus book* idea* robot* software
    """,
    "you": "you your yours yourself youre u ur ya ты тебя тебе твой вы вас",
    "we": "i im ive we us our my me myself were я мы мне нас",
    "low": """
        scum vermin trash garbage filth* dirt dirty disgust* repuls* revolt* inferior subhuman* animal* beast*
        parasit* pest plague disease cancer cockroach* pigs pig dogs monkey* ape apes worthless useless pathetic
        stupid* dumb* idiot* moron* imbecil* ignora* evil despicable deplor* degenera* barbar* savage* primitive
        leech* loser* ugly fat crazy insane mental sick creep* liar* lying thief thieves dishonest untrustworthy
        rude lazy criminal* terrorist* lowest shameful disgrac* abominat* sub-human unnatural freak* nasty gross
        мусор тупой тупые тупая идиот* кретин* придур* свинья ничтож* отброс*
    """,
    "harm": """
        kill* murder* die dies died death dead shoot shot stab* beat beaten punch* hit slap hang hanged lynch* burn*
        rape* raping drown* choke strangle cut throat throats neck smash* crush* bomb* gas exterminat* eliminat*
        eradicat* wipe wiped destroy* hurt suffer* punish* deport* gun execute* torture* slaughter* behead*
        убить убей убью сдохни сдохн* умри повес* расстрел* зарежу сожг*
    """,
    "hate": """
        hate hates hated hatred despise* detest* loathe* resent* fear dislike contempt abhor* cannot stand
        ненавиж* презира*
    """,
    "out": """
        ban banned expel* kick remove* leave rid stop stopped forbidden illegal allowed deserve* should must send
        back jail
    """,
    "told": """
        say says said saying call calls called calling quote* wrote write tweet* post posted message* comment* word
        words term phrase someone wish wishing using use uses used song joke* shout* yell*
    """,
    "against": """
        bigot* racist* racism sexist* misogyn* homophob* transphob* xenophob* islamophob* wrong unacceptable awful
        horrible disrespect* offensive consequences blocked apolog* tolerate hateful ashamed report* respect
    """,
    "not": "not no never dont isnt arent shouldnt cant cannot wont doesnt nobody none without hardly",
    "kind": """
        love* loved great good best amazing awesome beautiful wonderful fantastic proud brave welcom* celebrat* kind
        friend* respect* admire* support* happy hope nice equal equally rights strong smart brilliant talented
        honest thank* compassion* deserve value* hero heroes excellent cool adorable incredib*
    """,
}
