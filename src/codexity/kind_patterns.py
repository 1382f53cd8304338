"""The kinds of things that questions ask for: how each is asked for, and what one looks like."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

Kind = Literal[
    "called",
    "email",
    "website",
    "phone",
    "secret",
    "hours",
    "money",
    "temperature",
    "weight",
    "share",
    "colour",
    "make",
    "duration",
    "day",
    "date",
    "age",
    "number",
    "person",
    "named",
]

NUMBER: Final = r"\d+(?:[.,]\d+)*"
COUNT: Final = (
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand"
    r"|million|half|once|twice|none|no|every|each|unlimited|several|few|both|single"
    r"|eins?|eine[nrms]?|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|hundert|tausend"
    r"|halbe[nrs]?|kein\w*|jede\w*|une?|deux|trois|quatre|cinq|sept|huit|neuf|dix|onze|douze|cent"
    r"|mille|demie?|chaque|aucune?|un[oa]?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once"
    r"|doce|cien|mil|medi[oa]|cada|ningun[oa]?)\b"
)
_OTHER_DIGIT: Final = r"[一二三四五六七八九十百千万两]|[٠-٩]"
_UNIT_OF_TIME: Final = (
    r"(?:\b(?:milli)?(?:seconds?|minutes?|hours?|days?|nights?|weeks?|months?|years?|decades?"
    r"|centur(?:y|ies)|sec|mins?|hrs?|sekunden?|minuten?|stunden?|tage?n?|wochen?|monate?n?"
    r"|jahre?n?|secondes?|heures?|jours?|semaines?|mois|ans?|années?|segundos?|minutos?|horas?"
    r"|días?|semanas?|mes(?:es)?|años?)\b|\d ?(?:m?s|h|min|d)\b"
    r"|[秒分时時天日周週月年]|小时|時間|ヶ月"
    r"|دقيقة|ساعة|ساعات|يوم|أيام|أسبوع|شهر|أشهر|سنة|سنوات)"
)
_SPAN: Final = (
    r"\b(?:un)?til\b|\bsince\b|\bfrom\b.{1,60}\bto\b|\bpermanent\w*|\bfor ?ever\b|\bimmediately\b"
)
_MONTH: Final = (
    r"\b(?:jan(?:uary|uar|vier)?|feb(?:ruary|ruar)?|février|mar(?:ch|s|zo)?|märz|a[pvb]r(?:il)?"
    r"|(?-i:May)|mai|mayo|jun[ei]?|juin|junio|jul[iy]?|juillet|julio|aug(?:ust)?|août|agosto"
    r"|sept?(?:ember|embre|iembre)?|o[ck]t(?:ober|obre|ubre)?|nov(?:ember|embre|iembre)?"
    r"|de[cz](?:ember|embre)?|décembre|diciembre|enero|febrero|abril)\b"
)
_WEEKDAY: Final = (
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|\b(?-i:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b"
    r"|\b(?:mon|tue|wed|thu|fri)\b"
    r"|\b(?:mon|diens|donners|frei|sams|sonn)tage?s?\b|\b(?:mittwochs?|sonnabends?)\b"
    r"|\b(?:lun|mar|mercre|jeu|vendre|same)dis?\b|\bdimanches?\b"
    r"|\b(?:lunes|martes|miércoles|jueves|viernes|sábados?|domingos?)\b"
)
_CLOCK: Final = (
    r"\b\d{1,2}[:.h]\d\d\b|\b\d{1,2} ?(?:am|pm|a\.m\.|p\.m\.|o['’]clock|uhr|h)\b"
    r"|\b(?:noon|midnight|mittags?|mitternacht|midi|minuit|mediodía|medianoche)\b|\d ?[時时點点]"
)
_TIME_OF_YEAR: Final = (
    r"\b(?:spring|summer|autumn|winter|christmas|easter|morning|evening|night|weekends?|today"
    r"|tomorrow|yesterday|daily|weekly|monthly|yearly|annually|always|never"
    r"|frühling|frühjahr|sommer|herbst|weihnachten|ostern|täglich|wöchentlich|jährlich"
    r"|printemps|été|automne|hiver|noël|pâques|primavera|verano|otoño|invierno|navidad)\b"
    r"|\d{1,4} ?[年月日号號]|[一二三四五六日月火水木金土]曜|[周週]|星期"
)
_WHILE: Final = (
    r"\b(?:before|after|when|while|during|until|since|ago|at the (?:end|beginning|start)"
    r"|as soon as|every|each"
    r"|once|within|vor|nach|während|bis|sobald|avant|après|pendant|dès|antes|después|durante)\b"
)
_DATE: Final = (
    rf"{_MONTH}|{_WEEKDAY}|{_CLOCK}|\b(?:1\d{{3}}|20\d\d)s?\b|\d{{1,2}}(?:st|nd|rd|th)\b"
    r"|\bcentury\b|\bB\.?C\b|\d{1,2}\.\d{1,2}\.|\b\d{1,2}/\d{1,2}\b|(?:يناير|فبراير|مارس|أبريل"
    r"|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر"
    r"|ديسمبر|السبت|الأحد|الاثنين|الثلاثاء|الأربعاء|الخميس|الجمعة)|[٠-٩]"
)
_DAY_OF_PAST: Final = (
    rf"{_MONTH}|\b(?:1\d{{3}}|20\d\d)s?\b|\bcentury\b|\bB\.?C\b|\d{{1,2}}\.\d{{1,2}}\."
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\bago\b"
)
_MONEY: Final = (
    r"[€$£¥₤₩₹元円圓]|\b(?:euros?|eur|usd|gbp|chf|dollars?|pounds?|pence|cents?|crowns?|kronen?|kr"
    r"|francs?|franken|yen|pesos?|rupees?|pesetas?|shillings?)\b|欧元|يورو|ريال|دولار|درهم|دينار|جنيه"
    r"|\b(?:free|gratis|kostenlos|gratuite?s?|gratuit[oa]s?|for nothing|no charge)\b|مجان|無料|免费"
)
_PHONE: Final = r"\d(?:[ /().-]?\d){5,}|[٠-٩]{5,}"
_CALLED: Final = (
    r"\b(?:extension|ext|phone|telephone|tel|mobile|call|dial|ring|durchwahl|telefon|téléphone"
    r"|poste|teléfono)\b|電話|电话|内線|هاتف"
)
_NO_NAME: Final = (
    r"(?!(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|The|This|That|These|It|If|In|On|At)\b)"
)
NAME: Final = (
    rf"(?<![.!?] )(?<!^)\b{_NO_NAME}[A-ZÀ-ÖØ-Þ][\w’'-]+"
    rf"|^{_NO_NAME}[A-ZÀ-ÖØ-Þ][\w’'-]+(?= [A-ZÀ-ÖØ-Þ])"
)
_COLOUR: Final = (
    r"\b(?:red|blue|green|yellow|white|black|gr[ae]y|brown|orange|purple|violet|pink|beige|silver"
    r"|gold(?:en)?|turquoise|cream|rot|blau|grün|gelb|weiß|schwarz|grau|braun|rosa|silbern|rouge"
    r"|bleue?|verte?|jaune|blanc(?:he)?|noire?|grise?|roj[oa]|azul|verde|amarill[oa]|blanc[oa]"
    r"|negr[oa])\b|[红蓝绿黄白黑灰赤青緑]|RAL ?\d"
)
_WEIGHT: Final = (
    r"\d\s?(?:kg|g|mg|t|lbs?|oz|kilos?|kilograms?|kilogrammes?|grams?|grammes?|pounds?|tons?"
    r"|tonnes?|gramm|kilogramm|pfund)\b|公斤|千克|\d ?克|キロ|グラム"
)


class KindPattern(NamedTuple):
    """A kind, how it is asked for, what one looks like, and what may stand for one."""

    kind: Kind
    asks: str
    finds: str
    vague: str = ""


KINDS: Final[tuple[KindPattern, ...]] = (
    KindPattern(
        "called",
        r"\bwhat(?:['’]s| is| are| was| were)\b.*\b(?:called|named)\b|\bwie heißt\b"
        r"|\bcomment s['’]appelle|\bcómo se llama",
        rf"\b(?:called|named|names?|nicknamed|heißt|s['’]appelle|se llama)\b|[\"“`]|{NAME}|\w_\w|: ",
    ),
    KindPattern(
        "email",
        r"\b(?:e-?mail|mail)[ -]?(?:address(?:es)?|adress\w*)\b|\be-?mail of\b|邮箱|メールアドレス",
        r"\S@\S",
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
        _PHONE,
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
        rf"{_PHONE}|(?:{_CALLED})\W+(?:\w+\W+){{0,6}}?\d{{2,}}",
    ),
    KindPattern(
        "secret",
        r"\b(?:what(?:['’]s| is| are)|which|tell me)\b.*\b(?:password|passphrase|passcode|pin"
        r"|(?:door|gate|access|entry|alarm|lock|safe) code|combination)\b"
        r"|^(?:\W*[\w-]+){0,3}\W*\b(?:password|passcode|pin|door code|gate code|combination)\b"
        r"(?: \w+)?\W*$"
        r"|\b(?:password|passcode|code|pin|combination) (?:of|for|to)\b"
        r"|\bwie lautet (?:das|der) (?:passwort|kennwort|code|pin)\b",
        r"\b\d{3,8}\b|[\"“`][^\"”`]{3,40}[\"”`]|\b(?=\w*\d)(?=\w*[A-Za-z])[\w!#$%&*+-]{4,}"
        r"|\b(?:password|passcode|code|combination|passwort|kennwort)\b\W{0,3}(?:is|:|=)\W+\S{4,}",
    ),
    KindPattern(
        "hours",
        r"\b(?:opening|business|office|visiting|consult\w+) (?:hours?|times?)\b"
        r"|\b(?:öffnungs|sprech|betriebs)zeiten\b|\b(?:heures|horaires?) d['’]ouverture\b"
        r"|\bhorarios?\b|営業時間|开放时间|营业时间|مواعيد",
        rf"{_CLOCK}|\d ?(?:-|–|to|till|until|bis|à|a|から|〜|至|到) ?\d|\bclosed\b|\b24 ?hours\b"
        r"|\bgeschlossen\b|\bfermée?\b|\bcerrad[oa]\b|[٠-٩]|[時时點点]",
    ),
    KindPattern(
        "money",
        (
            r"\bhow (?:much|many euros) (?:is|are|was|were|do|does|did|will|would|has|have)\b.*"
            r"\b(?:costs?|charged?|pay|paid|spent|worth)\b|\bwhat (?:do|does|did|will"
            r"|would)\b.*\bcosts?\b"
            r"|\bhow much (?:is|are|was|were)\b.*\b(?:rent|fee|fine|bonus|ticket|subscription"
            r"|contract|premium|deposit|salary|wage)\b"
            r"|\b(?:price|fee|cost|rent|fine) (?:of|for)\b|\bhow expensive\b"
            r"|\bwas kostet\b|\bwie (?:teuer|viel kostet)\b|\b(?:preis|gebühr)\b"
            r"|\bcombien coûte|\b(?:prix|tarif) d|\bcuánto (?:cuesta|vale)|\bprecio de"
            r"|多少[钱錢]|いくら|[年月]费|料金|値段|价格|بكم|كم (?:سعر|يكلف|تكلف)"
        ),
        _MONEY,
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
        _WEIGHT,
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
        _COLOUR,
    ),
    KindPattern(
        "make",
        r"\b(?:what|which) (?:make|brand|model|manufacturer)\b|\b(?:make|brand|manufacturer) of\b"
        r"|\bwelche marke\b|\bquelle marque\b|\bqué marca\b",
        rf"{NAME}|\b[A-Z]{{1,4}}[ -]?\d",
    ),
    KindPattern(
        "duration",
        (
            r"\bhow long (?:is|are|do|does|did|has|have|was|were|will|must|can|may|should)\b"
            r"|\bwie lange\b|\bcombien de temps\b|\bcuánto tiempo\b|どのくらいの(?:時間|期間)|多久"
            r"|\bfor how long\b|كم (?:من الوقت|تستغرق|يستغرق|مدة)"
        ),
        _UNIT_OF_TIME,
        _SPAN,
    ),
    KindPattern(
        "day",
        (
            r"\bwhen (?:did|was|were)\b|\b(?:what|which) year\b|\bwann (?:wurde|war|hat)\b"
            r"|\bquand (?:a|ont|fut|était)\b|\bcuándo (?:fue|se \w+ó)\b"
        ),
        _DAY_OF_PAST,
        rf"{_WEEKDAY}|\b(?:spring|summer|autumn|winter)\b|\bduring\b|\bafter\b|\bbefore\b",
    ),
    KindPattern(
        "date",
        (
            r"^\W*when\b(?! (?:may|should)\b)|\bwhen (?:is|are|was|were|did|do|does|will|has|have|can|must)\b"
            r"|\b(?:what|which) (?:year|date|day|month|century|decade|weekday)\b"
            r"|\bwhat time\b|\bsince when\b|\bwann\b|\ban welchem (?:tag|datum)\b"
            r"|\bum wie viel uhr\b"
            r"|\bquand\b|\bquel(?:le)? (?:jour|date|année|heure)\b|\b(?:cuándo|qué (?:día"
            r"|fecha|año|hora))\b"
            r"|何(?:時|曜日|日|月|年)|いつ|什么时候|什麼時候|几点|幾點|哪[天年]|متى"
        ),
        f"{_DATE}|{_TIME_OF_YEAR}",
        _WHILE,
    ),
    KindPattern(
        "age",
        r"\bhow old (?:is|are|was|were)\b|\bage of\b|\bwie alt (?:ist|sind|war)\b|\bquel âge\b"
        r"|\bqué edad\b|几岁|何歳",
        r"\d (?:years?|months?|weeks?|days?|jahre|monate|ans|años)\b|\bborn\b|\baged \d"
        r"|(?<![\d/.-])(?:1[5-9]|20)\d\d\b(?![/.-])|[岁歳]|\b(?:one|two|three|four|five|six|seven|eight"
        r"|nine|ten)(?: and a half)? (?:years?|months?|weeks?)\b",
    ),
    KindPattern(
        "number",
        (
            r"\bhow (?:many|much)\b|\bwie ?viele?\b|\bcombien\b|\bcuánt[oa]s?\b|多少|几[个個]"
            r"|幾[个個]|いくつ|何[人個本台枚冊]|كم\b"
            r"|\bhow (?:old|far|tall|high|large|big|wide|deep|thick|often|fast)\b"
            r"|\bwie (?:alt|breit|groß|hoch|lang|oft|schnell|tief|weit)\b"
        ),
        rf"{NUMBER}|{_OTHER_DIGIT}|{COUNT}",
    ),
    KindPattern(
        "person",
        (
            r"\bwho(?: else)?(?: is| was| are| were|['’]s)\b|\bwho (?:wrote|invented"
            r"|founded|discovered"
            r"|painted|composed|directed|designed|built|created|maintains|leads|heads|chairs|won)\b"
            r"|\bname of the (?:person|man|woman|author|director|head|boss|owner|chair\w*)\b"
            r"|\bwer (?:ist|war|sind|hat|leitet|schrieb)\b|\bqui (?:est|était|sont|a)\b"
            r"|\bquién(?:es)? (?:es|era|fue|son|ha|escribió)\b"
        ),
        NAME,
    ),
    KindPattern(
        "named",
        (
            r"\bname of (?!\w* ?(?:file|option|field|key|parameter|setting|variable|function|method"
            r"|command|package|module|class|column|folder|header)\b)"
            r"|\b(?:what|which) (?:company|companies|firms?|hotel|bank|person|people"
            r"|actors?|authors?|singers?|band|university|airline)\b"
        ),
        NAME,
    ),
)
