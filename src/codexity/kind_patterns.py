"""The kinds of things that questions ask for: how each is asked for, and what one looks like."""

from __future__ import annotations

from typing import Final

from codexity import kind_askings as asks
from codexity import kind_signs as signs
from codexity.kind import KindPattern

KINDS: Final[tuple[KindPattern, ...]] = (
    KindPattern(
        "called",
        r"\bwhat(?:['’]s| is| are| was| were)\b.*\b(?:called|named)\b|\bnicknames?\b|\bwie heißt\b"
        r"|\bcomment s['’]appelle|\bcómo se llama",
        rf"\b(?:called|named|names?|nicknamed|heißt|s['’]appelle|se llama)\b|[\"“`]|{signs.NAME}"
        r"|\w_\w|: ",
    ),
    KindPattern(
        "email",
        r"\b(?:e-?mail|mail)[ -]?(?:address(?:es)?|adress\w*)\b|\be-?mail of\b|邮箱|メールアドレス",
        r"\S@\S",
    ),
    KindPattern(
        "address",
        rf"{asks.ATTRIBUTE}(?:(?:postal|street|home|private|exact|full) )?"
        r"(?:address|post ?code) (?:of|for)\b"
        r"|\b(?:postal|street|home|private) address\b"
        r"|^(?!.*\b(?:e-?mail|web|ip|mac|memory)\b)(?:\W*+[\w'’-]++){1,5}"
        r" (?:address|post ?code)\W*$",
        signs.ADDRESS,
    ),
    KindPattern(
        "website",
        r"\b(?:web ?site|web ?page|home ?page|web address|url) (?:of|for)\b"
        r"|\bwhat(?:['’]s| is)\b.*\b(?:web ?site|url|home ?page|web address)\b",
        r"https?://|www\.|\b[\w-]+\.(?:com|org|net|io|eu|de|fr|es|uk|jp|cn|dev|info)\b|/\w+",
    ),
    KindPattern(
        "phone",
        r"\b(?:mobile|private|cell|home|handy|portable|móvil)\b[\w ]{0,20}\b(?:phone|number|nummer"
        r"|numéro|número)\b",
        signs.PHONE,
    ),
    KindPattern(
        "phone",
        (
            r"\b(?:(?:tele)?phone|mobile|cell|fax)(?: phone)? (?:number|extension|no)\b"
            r"|\bphone of\b|\bwho(?:m| do| should| can| must)?\b.*\b(?:phone|ring|dial)\b.*"
            r"\b(?:number)\b"
            r"|\b(?:telefon|handy|mobil)nummer\b|\bnuméro de (?:téléphone|portable)\b"
            r"|\b(?:número de )?teléfono\b|電話番号|电话|رقم (?:ال)?هاتف"
        ),
        f"{signs.PHONE}|{signs.EXTENSION}",
    ),
    KindPattern(
        "phone",
        rf"{asks.KEYWORDS}(?:(?:tele)?phone (?!calls?\b|box|booth|cases?\b|lines?\b)\w"
        r"|.*\b(?:tele)?phone\W*$)",
        f"{signs.PHONE}|{signs.EXTENSION}",
    ),
    KindPattern(
        "secret",
        r"\b(?:what(?:['’]s| is| are)|which|tell me)\b.*\b(?:password|passphrase|passcode|pin"
        r"|(?:door|gate|access|entry|alarm|lock|safe) code|combination)\b"
        r"|^(?:\W*+[\w-]++){0,3}\W*\b(?:password|passcode|pin|combination"
        r"|(?:door|gate|access|entry|alarm|lock|safe) code)\b"
        r"(?: \w+)?\W*$"
        r"|\b(?:password|passcode|code|pin|combination) (?:of|for|to)\b"
        r"|\bwie lautet (?:das|der) (?:passwort|kennwort|code|pin)\b",
        r"\b\d{3,8}\b|\b\d(?:[- ]\d){2,}"
        r"|[\"“`][^\"”`]{3,40}[\"”`]|\b(?=\w*\d)(?=\w*[A-Za-z])[\w!#$%&*+-]{4,}"
        r"|\b(?:password|passcode|code|combination|passwort|kennwort)\b\W{0,3}(?:is|:|=)\W+\S{4,}",
    ),
    KindPattern(
        "hours",
        r"\b(?:opening|business|office|visiting|consult\w+) (?:hours?|times?)\b"
        r"|\b(?:öffnungs|sprech|betriebs)zeiten\b|\b(?:heures|horaires?) d['’]ouverture\b"
        r"|\bhorarios?\b|営業時間|开放时间|营业时间|مواعيد",
        rf"{signs.CLOCK}|\d ?(?:-|–|to|till|until|bis|à|a|から|〜|至|到) ?\d|\bclosed\b"
        r"|\b24 ?hours\b"
        rf"|{signs.WEEKDAY}|\bgeschlossen\b|\bfermée?\b|\bcerrad[oa]\b|[٠-٩]|[時时點点]",
    ),
    KindPattern(
        "money",
        (
            r"\bhow (?:much|many euros) (?:is|are|was|were|do|does|did|will|would|has|have)\b.*"
            r"\b(?:costs?|charged?|pay|paid|spent|worth)\b|\bwhat (?:do|does|did|will"
            r"|would)\b.*\bcosts?\b"
            r"|\bhow much (?:is|are|was|were)\b.*\b(?:rent|fee|fine|bonus|ticket|subscription"
            r"|contract|premium|deposit|salary|wage)\b"
            r"|(?<!in the )(?<!in our )(?<!in your )\b(?:price|fee|cost|rent|fine) (?:of|for)\b"
            r"|\bhow expensive\b"
            r"|\bhow much (?:do|does|did|will|would)\b.*\b(?:earn|make)\b"
            r"|\b(?:who|which|what|does|do)\b.*\bearns?\b|\bsalary\b"
            r"|\b(?:cheap|dear)(?:er|est)\b|\b(?:more|most|less|least) expensive\b"
            rf"|{asks.KEYWORDS}.*\b(?:price|cost|fee|fare|charge)s?\W*$"
            r"|\bwas kostet\b|\bwie (?:teuer|viel kostet)\b|\b(?:preis|gebühr)\b"
            r"|\bcombien coûte|\b(?:prix|tarif) d|\bcuánto (?:cuesta|vale)|\bprecio de"
            r"|多少[钱錢]|[几幾][块塊元][钱錢]?|[价價]格|いくら|[年月]费|料金|値段"
            r"|กี่บาท|ราคา|얼마(?!나)|بكم|كم (?:سعر|يكلف|تكلف)"
        ),
        rf"{signs.MONEY}|{signs.BARE_AMOUNT}|\b(?:cheap|dear)(?:er|est)?\b|\bexpensive\b",
    ),
    KindPattern(
        "temperature",
        r"\b(?:what|which|at what|how high|how low|the)\b.*\btemperature\b|^\W*temperature\b"
        r"|\bhow (?:hot|cold|warm) (?:is|are|does|do|should|must|may|was|were)\b|\bhow many degrees"
        r"|\bwie (?:heiß|kalt|warm)\b|\btemperatur\b|\btempérature\b|\btemperatura\b|温度|气温",
        r"\d ?°|\d ?(?:degrees?|grad|degrés?|grados?)\b|\d ?[CF]\b|\d ?[度℃℉]",
    ),
    KindPattern(
        "weight",
        r"\bhow heavy\b|\bhow much (?:do|does|did|can|may)\b.*\b(?:weigh|carry|lift)\b"
        r"|\b(?:what|which|maximum|max) weight\b|^\W*weight of\b|\bweight of the\b"
        r"|\bwie (?:schwer|viel wiegt)\b|\bcombien pèse|\bcuánto pesa",
        signs.WEIGHT,
    ),
    KindPattern(
        "share",
        r"\b(?:what|which) (?:percentage|percent|share)\b|\bhow many (?:percent|per cent)\b"
        r"|\bwie ?viel prozent\b|\bquel pourcentage\b|\bqué porcentaje\b",
        r"\d ?%|\b(?:per ?cent|prozent|pour cent|por ciento)\b|\b(?:half|third|quarter)\b",
    ),
    KindPattern(
        "colour",
        r"\b(?:what|which) colou?rs?\b|^\W*colou?r of\b|\bcolou?r (?:is|are|has|of)\b"
        r"|\bwelche farbe\b|\bquelle couleur\b|\bqué color\b|\bde qué color\b|何色|什么颜色",
        signs.COLOUR,
    ),
    KindPattern(
        "make",
        r"\b(?:what|which) (?:make|brand|model|manufacturer)\b|\b(?:make|brand|manufacturer) of\b"
        r"|\bwelche marke\b|\bquelle marque\b|\bqué marca\b",
        rf"{signs.NAME}|\b[A-Z]{{1,4}}[ -]?\d",
    ),
    KindPattern(
        "dose",
        r"^(?!\W*(?:how|what|which|when|why|where|who)\b)(?:\W*+[\w'’-]++){0,3}?\W*\b(?:dose|dosage)\b"
        r"|\b(?:what|which) (?:dose|dosage) (?:of|for|is|do|does|did|should|can|must|may)\b"
        r"|\bwhat(?:['’]s| is)(?: the)?(?: [\w'’-]+){0,2} (?:dose|dosage)\b",
        signs.DOSE,
    ),
    KindPattern(
        "speed",
        r"\bhow fast\b|\b(?:what|which|at what|top|maximum|max) speed\b|^\W*speed (?:of|for)\b",
        f"{signs.SPEED}|{signs.UNIT_OF_TIME}|{signs.CLOCK}",
    ),
    KindPattern(
        "often",
        r"\bhow (?:often|frequently)\b|\bwie oft\b",
        rf"{signs.OFTEN}|{signs.UNIT_OF_TIME}|{signs.WEEKDAY}|{signs.MONTH}|\bjede[nrs]?\b|\w(?:mal|lich)\b",
    ),
    KindPattern(
        "length",
        r"\bhow (?:deep|wide|thick|tall)"
        r" (?:is|are|was|were|may|must|can|should|do|does|did|will)\b",
        rf"{signs.LENGTH}|\d ?[\"″×]|\d ?x ?\d",
    ),
    KindPattern(
        "duration",
        (
            r"\bhow long (?:is|are|do|does|did|has|have|was|were|will|must|can|may|should)\b"
            r"|\bwie lange\b|\bcombien de temps\b|\bcuánto tiempo\b|どのくらいの(?:時間|期間)"
            r"|多[长長][时時]|多久(?![^,,]{0,3}一?次)|[几幾](?:天|小时|分钟|个月)(?![^,,]{0,3}一?次)"
            r"|何(?:日間|時間|分間|週間|ヶ月)"
            r"|กี่(?:วัน|ชั่วโมง|นาที|เดือน|ปี)|며칠 ?동안|몇 (?:시간|분|달|주)"
            r"|\bfor how long\b|كم (?:من الوقت|تستغرق|يستغرق|مدة)"
        ),
        f"{signs.UNIT_OF_TIME}|{signs.LENGTH}",
        signs.SPAN,
    ),
    KindPattern(
        "clock",
        r"\bwhat time\b(?! (?:of (?:the )?year|zone|limit|span))",
        signs.HOUR,
        signs.PART_OF_DAY,
    ),
    KindPattern(
        "day",
        (
            r"\bwhen (?:did|was|were)\b|\b(?:what|which) year\b|\bwann (?:wurde|war|hat)\b"
            r"|\bquand (?:a|ont|fut|était)\b|\bcuándo (?:fue|se \w+ó)\b"
        ),
        signs.DAY_OF_PAST,
        rf"{signs.WEEKDAY}|\b(?:spring|summer|autumn|winter)\b|\bduring\b|\bafter\b|\bbefore\b",
    ),
    KindPattern(
        "day",
        r"哪一?年|何年|몇 ?년",
        rf"\d{{4}}|(?:{signs.NUMBER}|{signs.OTHER_DIGIT}) ?[年년]|年[间間代]",
    ),
    KindPattern(
        "date",
        (
            r"^\W*when\b(?! (?:may|should)\b)"
            r"|\bwhen (?:is|are|was|were|did|do|does|will|has|have|can|must)\b"
            r"|\b(?:what|which) (?:year|date|day|month|century|decade|weekday)\b"
            r"|^\W*(?:the |new |exact |next )*(?:dates?(?! of birth)|day|deadline) (?:of|for|to)\b"
            r"|\bby when\b|\bby what (?:day|date|time)\b"
            r"|\bwhat time\b|\bsince when\b|\bwann\b|\ban welchem (?:tag|datum)\b"
            r"|\bum wie viel uhr\b"
            rf"|{asks.ATTRIBUTE}(?:exact )?(?:date(?!s? of birth)|deadline)s? (?:of|for)\b"
            rf"|{asks.KEYWORDS}.*\b(?:deadline|dates?)\W*$"
            r"|\bquand\b|\bquel(?:le)? (?:jour|date|année|heure)\b|\b(?:cuándo|qué (?:día"
            r"|fecha|año|hora))\b"
            r"|何(?:時|曜日|日|月|年)|いつ|什么时候|什麼時候|几点|幾點|哪一?[天年月日]|متى"
            r"|(?:星期|周|週|礼拜|禮拜)[几幾]|[几幾][月号號]|เมื่อ(?:ไหร่|ไร|ใด)|กี่โมง|วันไหน|ตอนไหน"
            r"|언제|몇 ?[시월년]|며칠|무슨 요일"
        ),
        f"{signs.DATE}|{signs.TIME_OF_YEAR}|{signs.DAY_IN_EAST}",
        f"{signs.WHILE}|{signs.UNIT_OF_TIME}",
    ),
    KindPattern(
        "age",
        r"\bhow old (?:is|are|was|were)\b|\bage of\b|\bwie alt (?:ist|sind|war)\b|\bquel âge\b"
        r"|\bqué edad\b|几岁|何歳",
        signs.AGE,
    ),
    KindPattern(
        "number",
        r"多[深高远遠宽寬厚]|(?:高|深|長|広|厚)さ[はが]",
        rf"(?:{signs.NUMBER}|{signs.OTHER_DIGIT}) ?{signs.HAN_LENGTH}",
    ),
    KindPattern(
        "number",
        r"多重|重さ[はが]",
        rf"(?:{signs.NUMBER}|{signs.OTHER_DIGIT}) ?{signs.HAN_MASS}",
    ),
    KindPattern(
        "number",
        r"(?:多少|[几幾])[个個名位]?人|何[人名]",
        rf"(?:{signs.NUMBER}|{signs.OTHER_DIGIT}) ?[个個多余]?[人名位]",
    ),
    KindPattern(
        "number",
        rf"{asks.ATTRIBUTE}(?:(?:maximum|minimum|max|min|total|exact) )?"
        r"(?:voltage|capacity|area|population) (?:of|from|between)\b",
        rf"{signs.NUMBER}|{signs.OTHER_DIGIT}|{signs.COUNT}",
    ),
    KindPattern(
        "number",
        (
            r"\bhow (?:many|much)\b|^\W*(?:the |total )*(?:number|quantity|count) of\b"
            r"|\bwhat(?:['’]s| is| was) the (?:total )?number of\b|\bwie ?viele?\b"
            r"|\bcombien\b|\bcuánt[oa]s?\b"
            r"|多少|[几幾][个個张張只隻本位条條层層岁歲倍块塊次]"
            r"|多[大深高重宽寬厚]|いくつ|何[人個本台枚冊匹頭回]|どのくらい|กี่|เท่า(?:ไหร่|ไร|ใด)|몇|얼마나|كم\b"
            r"|\bhow (?:old|far|tall|high|large|big|wide|deep|thick|often|fast)\b"
            r"|\bwie (?:alt|breit|groß|hoch|lang|oft|schnell|tief|weit)\b"
        ),
        rf"{signs.NUMBER}|{signs.OTHER_DIGIT}|{signs.COUNT}",
    ),
    KindPattern(
        "doer",
        r"\bwho(?: else)? (?:is|are|was|were) (?:not )?(?:to|exempt|free|due|\w+(?:ed|[ai]ble))\b",
        signs.NAME,
    ),
    KindPattern(
        "person",
        (
            r"(?<![a-z]s )(?<!people )(?<!those )(?<!one )(?<!body )(?<!children )(?<!person )"
            r"(?<!member )(?<!child )(?<!guest )(?<!patient )(?<!customer )(?<!employee )(?<!man )"
            r"\bwho(?: else)?(?: is| was| are| were|['’]s)\b|\bwho (?:wrote|invented"
            r"|founded|discovered"
            r"|painted|composed|directed|designed|built|created|maintains|leads|heads|chairs|won)\b"
            r"|\bname of the (?:person|man|woman|author|director|head|boss|owner|chair\w*)\b"
            r"|\bwer (?:ist|war|sind|hat|leitet|schrieb)\b|\bqui (?:est|était|sont|a)\b"
            r"|\bquién(?:es)? (?:es|era|fue|son|ha|escribió)\b"
        ),
        rf"{signs.NAME}|^{signs.NO_NAME}[A-ZÀ-ÖØ-Þ][\w’'-]+(?=: | \()",
    ),
    KindPattern("doer", asks.DOER, signs.NAME),
    KindPattern(
        "place",
        r"^\W*(?:and |so |but )?where(?:['’]s| is| are| was| were| do| does| did| can| will| should"
        r"| must| may| has| have| had)\b",
        signs.PLACE,
    ),
    KindPattern(
        "named",
        (
            r"\bname of (?!\w* ?(?:file|option|field|key|parameter|setting|variable|function"
            r"|method|command|package|module|class|column|folder|header)\b)"
            r"|\bwh(?:at|o)(?:['’]s| is| was) (?:\S+ ){0,4}\w+['’]s? name\b"
            r"|\b(?:what|which) (?:company|companies|firms?|shop|hotel|hospital|clinic|bank|person"
            r"|people|actors?|authors?|singers?|band|university|airline)\b"
        ),
        rf"{signs.NAME}|\b(?:called|named|nicknamed|known as)\b",
    ),
)
