"""What words are about, in a few groups that advertising and fraud have in common in every place: so that "subscribe"
learned under a video helps with "join" in a chat. The lists are written for this project; a word that ends in * stands
for all that begin with it (three letters at least). The weight of a group, alone and beside another, is learned.
"""

from __future__ import annotations

WRITTEN = {
    "act": """
        click* check* visit* watch subscrib* suscrib* follow* join* download* register* regist* signup tap text txt
        send reply call ring dial contact* order* buy apply share claim* redeem verify login vote install play enter
        подпи* переход* перейд* жми* нажми* пиши* напиши* заходи* присоедин* вступ* звони* регистр* скача* кликай*
        ставь* закаж* заказ* обращайт* добавляй* получи* забирай* успей*
    """,
    "gain": """
        earn* profit* income* invest* payout* withdraw* deposit* roi passive salary paid pays payment* cash money
        bucks dollars dollar usd eur euro euros pounds pound quid rich wealth* millionaire financial finance*
        return* loan* credit* debt mortgage commission* weekly daily hourly
        зараб* доход* прибыл* инвест* выплат* вывод* депозит* деньг* деньги денег рубл* руб долл* баксов оплат*
        зарплат* кредит* займ* процент*
    """,
    "prize": """
        free win winner* winning won prize* gift* giveaway* award* reward* bonus* voucher* coupon* promo* discount*
        sale offer* deal* cheap* save selected lucky draw entry congratulations congrats guaranteed airdrop* nitro
        skins robux freebie* unlimited complimentary unclaimed
        бесплатн* приз* подар* бонус* выиг* розыгр* скид* акци* промо* дешев* халяв* раздач* гарант*
    """,
    "coin": """
        crypto* bitcoin* btc eth ethereum usdt nft nfts token* coin* wallet* trading trader* trade forex binance
        bybit coinbase metamask mint presale whitelist pump pumps signal signals altcoin* blockchain defi memecoin*
        solana p2p
        крипт* биткоин* битк* токен* монет* бирж* трейд* арбитраж* сигнал* кошел* обмен* курс* валют*
    """,
    "bet": """
        casino* bet bets betting slot slots jackpot poker odds bookmaker* roulette gambl* lottery lotto
        казино ставк* ставок букмек* тотал лайв джекпот слот* фрибет* прогноз* экспресс
    """,
    "adult": """
        sex* sexy nude* naked porn* xxx horny milf escort* webcam cam hot hottest girl girls dating date singles
        flirt* fuck* adult onlyfans lonely babe babes kinky intim* 18+ leaks
        секс* интим* порно* голы* обнаж* эрот* девуш* девоч* знаком* досуг шлюх* фото видео слив* трус*
    """,
    "now": """
        now today tonight urgent* hurry limited instant* immediate* expire* expir* asap fast quick* last only
        deadline hours minutes suspended blocked restricted
        сейчас сегодня срочн* быстр* успе* только осталось первые первым ограничен* лимит* мест
    """,
    "private": """
        dm pm inbox whatsapp* telegram* viber signal skype mobile tel phone number landline kik snapchat insta
        instagram* admin manager hmu message msg
        лс личк* личные личных личку плюс менедж* директ ватсап* вотсап* телеграм* тг бот контакт* админ*
    """,
    "mine": """
        channel* chanel* page vids vid video videos music song cover covers playlist soundcloud album remix beats
        facebook twitter twitch tiktok blog website site fanpage subs subscribers views likes followers sub4sub band
        rapper producer mixtape
        канал* сайт* групп* страниц* блог* подборк* ссылк* чат*
    """,
    "work": """
        job jobs hiring hire work vacancy vacancies remote* freelance* team partner* recruit* home online employ*
        experience training beginners business opportunity client clients mentor
        работ* ваканс* удал* команд* партн* сотруд* набор* набир* ищем ищу требу* нужны нужен опыт* обуч* бизнес*
        график занятост* подработ* новичк*
    """,
    "trust": """
        legit* trust* genuine real official* safe secure* guarantee* proof* honest* scam recommend* testimon*
        expert* thanks grateful 100% certified licensed risk*
        честн* легальн* официальн* безопасн* проверен* надежн* отзыв* доверен* гарант* риск* стабильн* законн*
    """,
    "deal": """
        service* customer* account* ringtone* tone tones polyphonic camera delivery subscription* unsubscribe stop
        optout t&c apply terms rate network operator premium per month week min ppm price* shipping quality
        cigarettes replica* seo ads advert* marketing hosting pills viagra meds diet weight
        продам продаж* продаю куплю прода* цен* достав* услуг* реклам* купи* товар* магазин* аккаунт* документ*
        справк*
    """,
    "us": """
        everyone everybody guys friends all people hello hi hey fam folks members dear sir
        всем ребят* друзья привет* здравствуйте приветствую люди внимание
    """,
}
