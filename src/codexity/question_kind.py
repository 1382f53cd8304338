"""Question classification: what kind of thing a question asks for, and which texts hold one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from codexity.analysis import stem, stems
from codexity.synonyms import synonyms

Kind = Literal["money", "phone", "duration", "day", "date", "number", "person", "named"]

_I: Final = re.IGNORECASE
_NUMBER: Final = r"\d+(?:[.,]\d+)*"
_HAN_NUMBER: Final = "[〇零一二三四五六七八九十百千万萬两兩半]"
_DIGIT: Final = (
    rf"{_NUMBER}|{_HAN_NUMBER}|[٠-٩]"
    r"|หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า|สิบ|ร้อย|พัน|ครึ่ง|[๐-๙]"
    r"|(?<![가-힣])(?:한|두|세|네|다섯|여섯|일곱|여덟|아홉|열|스무)(?= )"
)
_COUNT: Final = (
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand"
    r"|million|half|once|twice|none|no|every|each|unlimited|several|few|both|single"
    r"|eins?|eine[nrms]?|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|hundert|tausend"
    r"|halbe[nrs]?|kein\w*|jede\w*|une?|deux|trois|quatre|cinq|sept|huit|neuf|dix|onze|douze|cent"
    r"|mille|demie?|chaque|aucune?|un[oa]?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once"
    r"|doce|cien|mil|medi[oa]|cada|ningun[oa]?)\b"
)
_UNIT_OF_TIME: Final = (
    r"(?:\b(?:milli)?(?:seconds?|minutes?|hours?|days?|nights?|weeks?|months?|years?|decades?"
    r"|centur(?:y|ies)|sec|mins?|hrs?|sekunden?|minuten?|stunden?|tage?n?|wochen?|monate?n?"
    r"|jahre?n?|secondes?|heures?|jours?|semaines?|mois|ans?|années?|segundos?|minutos?|horas?"
    r"|días?|semanas?|mes(?:es)?|años?)\b|\d ?(?:m?s|h|min|d)\b"
    r"|[〇零一二三四五六七八九十百千万萬两兩半几]{0,8}[秒分时時天日周週月年夜晚]|小时|時間|ヶ月"
    r"|.{0,3}(?:วัน|คืน|เดือน|ปี|ชั่วโมง|นาที|สัปดาห์)|[일주달년분초]|시간|개월"
    r"|دقيقة|ساعة|ساعات|يوم|أيام|أسبوع|شهر|أشهر|سنة|سنوات"
    r"|\b(?:un)?til\b|\bsince\b|\bfrom\b.{1,60}\bto\b|\bpermanent\w*|\bfor ?ever\b|\bimmediately\b)"
)
_MONTH: Final = (
    r"\b(?:jan(?:uary|uar|vier)?|feb(?:ruary|ruar)?|février|mar(?:ch|s|zo)?|märz|a[pvb]r(?:il)?"
    r"|may|mai|mayo|jun[ei]?|juin|junio|jul[iy]?|juillet|julio|aug(?:ust)?|août|agosto"
    r"|sept?(?:ember|embre|iembre)?|o[ck]t(?:ober|obre|ubre)?|nov(?:ember|embre|iembre)?"
    r"|de[cz](?:ember|embre)?|décembre|diciembre|enero|febrero|abril)\b"
)
_DAY: Final = (
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b"
    r"|\b(?:mon|diens|donners|frei|sams|sonn)tage?s?\b|\b(?:mittwochs?|sonnabends?)\b"
    r"|\b(?:lun|mar|mercre|jeu|vendre|same)dis?\b|\bdimanches?\b"
    r"|\b(?:lunes|martes|miércoles|jueves|viernes|sábados?|domingos?)\b"
    r"|\b(?:spring|summer|autumn|winter|christmas|easter|noon|midnight|morning|evening|night"
    r"|weekends?|today|tomorrow|yesterday|daily|weekly|monthly|yearly|annually|always|never"
    r"|frühling|frühjahr|sommer|herbst|weihnachten|ostern|täglich|wöchentlich|jährlich"
    r"|printemps|été|automne|hiver|noël|pâques|midi|minuit|primavera|verano|otoño|invierno"
    r"|navidad|mediodía|medianoche)\b"
    rf"|\d{{1,2}}[:h]\d\d|(?:\d{{1,4}} ?|{_HAN_NUMBER}{{1,8}})[年月日号號時时点點]"
    r"|[一二三四五六日月火水木金土]曜|[周週]|星期"
    r"|[上下]午|[早晚]上|[夜早]里|中午|傍晚|清[早晨]|半夜|[春夏秋冬][天季]|[以之][前后後内內]|期[间間]"
    r"|(?<!小)[时時](?:候|[,,、])|正月|除夕|端午|中秋|清明|[重端][阳陽午]|每[天年月]|当天"
    r"|午前|午後|正午|[前当翌]日|[朝昼夜春夏秋冬]|[前後]に|とき|まで|から|毎[日週月年]"
    r"|วัน.?|.โมง|.ทุ่ม|ตี(?=[หนส])|เที่ยง|เช้า|เย็น|ค่ำ|ก่อน|หลัง|เมื่อ(?!ไร|ไหร่|ใด).|เดือน"
    r"|\d{1,4} ?[년월일시]|[월화수목금토일]요일|오전|오후|아침|저녁|[름을봄울]에"
    r"|까지|부터|전에|후에"
    r"|\b(?:before|after|when|while|during|until|since|ago|at the (?:end|beginning|start)"
    r"|as soon as"
    r"|once|within|vor|nach|während|bis|sobald|avant|après|pendant|dès|antes|después|durante)\b"
)
_DATE: Final = (
    rf"{_MONTH}|{_DAY}|\b(?:1\d{{3}}|20\d\d)s?\b|\d{{1,2}}(?:st|nd|rd|th)\b|\bcentury\b|\bB\.?C\b"
    r"|\d{1,2}\.\d{1,2}\.|(?:يناير|فبراير|مارس|أبريل|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر"
    r"|ديسمبر|السبت|الأحد|الاثنين|الثلاثاء|الأربعاء|الخميس|الجمعة)|[٠-٩]"
)
_DAY_OF_PAST: Final = (
    rf"{_MONTH}|\b(?:1\d{{3}}|20\d\d)s?\b|\bcentury\b|\bB\.?C\b|\d{{1,2}}\.\d{{1,2}}\."
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\bago\b|\b(?:spring|summer|autumn|winter)\b"
    r"|\bduring\b|\bafter\b|\bbefore\b"
)
_MONEY: Final = (
    r"[€$£¥₤₩₹元円圓]|\b(?:euros?|eur|usd|gbp|chf|dollars?|pounds?|pence|cents?|crowns?|kronen?|kr"
    r"|francs?|franken|yen|pesos?|rupees?|pesetas?|shillings?)\b|[块塊]|บาท|\d ?원"
    r"|欧元|يورو|ريال|دولار|درهم|دينار|جنيه"
    r"|\b(?:free|gratis|kostenlos|gratuite?s?|gratuit[oa]s?|for nothing|no charge)\b"
    r"|مجان|無料|免[费費]"
    r"|不要[钱錢]|不收[费費钱錢]|ไม่เสียเงิน|ฟรี|무료"
)
_PHONE: Final = r"\d(?:[ /().-]?\d){5,}|[٠-٩]{5,}"
_CALLED: Final = (
    r"\b(?:extension|ext|phone|telephone|tel|mobile|call|dial|ring|durchwahl|telefon|téléphone"
    r"|poste|teléfono)\b|電話|电话|内線|هاتف"
)
_NAME: Final = r"(?<![.!?] )(?<!^)\b[A-ZÀ-ÖØ-Þ][\w’'-]+|^[A-ZÀ-ÖØ-Þ][\w’'-]+(?= [A-ZÀ-ÖØ-Þ])"
_LENGTH: Final = r"(?:[公厘分毫平]|センチ|平方|キロ)?(?:[米里尺丈寸]|メートル|[ck]?m\b)"
_MASS: Final = r"(?:[公市]?斤|[吨噸克两兩]|キロ|グラム|トン|[kg]g?\b|t\b)"
_FIGURE: Final = rf"{_DIGIT}|{_COUNT}"

_KINDS: Final[tuple[tuple[Kind, str, str], ...]] = (
    (
        "phone",
        (
            r"\b(?:(?:tele)?phone|mobile|cell|fax)(?: phone)? (?:number|extension|no)\b"
            r"|\bphone of\b"
            r"|\b(?:telefon|handy|mobil)nummer\b|\bnuméro de (?:téléphone|portable)\b"
            r"|\b(?:número de )?teléfono\b|電話番号|电话|رقم (?:ال)?هاتف"
        ),
        rf"{_PHONE}|(?:{_CALLED})\W+(?:\w+\W+){{0,6}}?\d{{2,}}",
    ),
    (
        "money",
        (
            r"\bhow (?:much|many euros) (?:is|are|was|were|do|does|did|will|would|has|have)\b.*"
            r"\b(?:costs?|charged?|pay|paid|spent|worth)\b|\bwhat (?:do|does|did|will"
            r"|would)\b.*\bcosts?\b"
            r"|\bhow much (?:is|are)\b.*\b(?:rent|fee|fine|bonus|ticket|subscription"
            r"|contract|premium)\b"
            r"|\b(?:price|fee|cost|rent|fine) (?:of|for)\b"
            r"|\bwas kostet\b|\bwie (?:teuer|viel kostet)\b|\b(?:preis|gebühr)\b"
            r"|\bcombien coûte|\b(?:prix|tarif) d|\bcuánto (?:cuesta|vale)|\bprecio de"
            r"|多少[钱錢]|[几幾][块塊元][钱錢]?|[价價]格|いくら|[年月]费|料金|値段"
            r"|กี่บาท|ราคา|얼마(?!나)|بكم|كم (?:سعر|يكلف|تكلف)"
        ),
        _MONEY,
    ),
    (
        "duration",
        (
            r"\bhow long (?:is|are|do|does|did|has|have|was|were|will|must|can|may|should)\b"
            r"|\bwie lange\b|\bcombien de temps\b|\bcuánto tiempo\b|どのくらいの(?:時間|期間)"
            r"|多[长長][时時]|多久(?![^,,]{0,3}一?次)|[几幾](?:天|小时|分钟|个月)(?![^,,]{0,3}一?次)"
            r"|何(?:日間|時間|分間|週間|ヶ月)"
            r"|กี่(?:วัน|ชั่วโมง|นาที|เดือน|ปี)|며칠 ?동안|몇 (?:시간|분|달|주)"
            r"|\bfor how long\b|كم (?:من الوقت|تستغرق|يستغرق|مدة)"
        ),
        _UNIT_OF_TIME,
    ),
    (
        "day",
        (
            r"\bwhen (?:did|was|were)\b|\b(?:what|which) year\b|\bwann (?:wurde|war|hat)\b"
            r"|\bquand (?:a|ont|fut|était)\b|\bcuándo (?:fue|se \w+ó)\b"
        ),
        _DAY_OF_PAST,
    ),
    ("day", r"哪一?年|何年|몇 ?년", rf"\d{{4}}|(?:{_DIGIT}) ?[年년]|年[间間代]"),
    (
        "date",
        (
            r"^\W*when\b|\bwhen (?:is|are|was|were|did|do|does|will|has|have|can|must)\b"
            r"|\b(?:what|which) (?:year|date|day|month|century|decade|weekday)\b"
            r"|\bwhat time\b|\bsince when\b|\bwann\b|\ban welchem (?:tag|datum)\b"
            r"|\bum wie viel uhr\b"
            r"|\bquand\b|\bquel(?:le)? (?:jour|date|année|heure)\b|\b(?:cuándo|qué (?:día"
            r"|fecha|año|hora))\b"
            r"|何(?:時|曜日|日|月|年)|いつ|什么时候|什麼時候|几点|幾點|哪一?[天年月日]|متى"
            r"|(?:星期|周|週|礼拜|禮拜)[几幾]|[几幾][月号號]|何年|เมื่อ(?:ไหร่|ไร|ใด)|กี่โมง|วันไหน|ตอนไหน"
            r"|언제|몇 ?[시월년]|며칠|무슨 요일"
        ),
        _DATE,
    ),
    ("number", r"多[深高远遠宽寬厚]|(?:高|深|長|広|厚)さ[はが]", rf"(?:{_DIGIT}) ?{_LENGTH}"),
    ("number", r"多重|重さ[はが]", rf"(?:{_DIGIT}) ?{_MASS}"),
    ("number", r"(?:多少|[几幾])[个個名位]?人|何[人名]", rf"(?:{_DIGIT}) ?[个個多余]?[人名位]"),
    (
        "number",
        (
            r"\bhow (?:many|much)\b|\bwie ?viele?\b|\bcombien\b|\bcuánt[oa]s?\b"
            r"|多少|[几幾][个個张張只隻本位条條层層岁歲倍块塊次]"
            r"|多[大深高重宽寬厚]|いくつ|何[人個本台枚冊匹頭回]|どのくらい|กี่|เท่า(?:ไหร่|ไร|ใด)|몇|얼마나|كم\b"
            r"|\bhow (?:old|far|tall|high|large|big|wide|deep|often|heavy|fast)\b"
            r"|\bwie (?:alt|breit|groß|hoch|lang|oft|schnell|schwer|tief|warm|weit)\b"
            r"|\bwhat (?:percentage|percent|share)\b"
        ),
        _FIGURE,
    ),
    (
        "person",
        (
            r"\bwho(?: else)?(?: is| was| are| were|['’]s)\b|\bwho (?:wrote|invented"
            r"|founded|discovered"
            r"|painted|composed|directed|designed|built|created|maintains|leads|heads|chairs|won)\b"
            r"|\bname of the (?:person|man|woman|author|director|head|boss|owner|chair\w*)\b"
            r"|\bwer (?:ist|war|sind|hat|leitet|schrieb)\b|\bqui (?:est|était|sont|a)\b"
            r"|\bquién(?:es)? (?:es|era|fue|son|ha|escribió)\b"
        ),
        _NAME,
    ),
    (
        "named",
        (
            r"\bname of the\b|\b(?:what|which) (?:company|companies|firms?|hotel|bank|person|people"
            r"|actors?|authors?|singers?|band|university|airline)\b"
        ),
        _NAME,
    ),
)


_ASKED_NUMBER: Final = re.compile(
    r"\b(?:how many|wie ?viele|combien d(?:e |['’])|cuánt[oa]s)\s*+([^\W\d_]{3,40})", _I
)
_AROUND: Final = 40
"""A number stands as many characters from what it counts, at most."""
_ELSEWHERE: Final = 0.75
"""What a number is worth that stands beside something else."""
_BEGINNING: Final = 5
_BARE: Final = re.compile(_NUMBER)
_BEFORE: Final = re.compile(r"(?<!\d)\d{1,9}\W?$")
_AMOUNT_CHARS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedFor:
    """What a question asks for: its kind, and what finds one in a text.

    `counted` is the word of which a number is asked for, empty where there is none.
    """

    kind: Kind
    finds: re.Pattern[str]
    counted: str = ""

    def held_by(self, text: str, question: str, *, record: bool = False) -> float:
        """Whether the text has one that the question itself does not name: 1, or 0 where not.

        Of a number that does not stand beside what is counted only a part. In a record, such as
        a row of a table, a bare figure may be an amount: its head says of what.
        """
        finds = _BARE if record and self.kind == "money" else self.finds
        found = [one for one in finds.finditer(text) if not _is_named(one, question)]
        if not found or not self.counted:
            return float(bool(found))
        beginning = self.counted[:_BEGINNING].lower()
        alike = {stem(self.counted), *synonyms(stem(self.counted))}
        for one in found:
            near = text[max(0, one.start() - _AROUND) : one.end() + _AROUND].lower()
            if beginning in near or alike.intersection(stems(near, "en")):
                return 1.0
        return _ELSEWHERE


def _is_named(one: re.Match[str], question: str) -> bool:
    """Whether the question itself has what was found, with the number that stands before it."""
    before = _BEFORE.search(one.string, max(0, one.start() - _AMOUNT_CHARS), one.start())
    said = f"{before[0] if before else ''}{one[0]}"
    first, last = (r"(?<!\d)" * said[0].isdigit(), r"(?!\d)" * said[-1].isdigit())
    return re.search(f"{first}{re.escape(said)}{last}", question) is not None


@lru_cache(maxsize=256)
def asked_for(question: str) -> AskedFor | None:
    """What kind of thing is asked for; None where the words do not say, or any text may answer."""
    for kind, asks, finds in _compiled():
        if asks.search(question):
            counted = _ASKED_NUMBER.search(question) if kind == "number" else None
            return AskedFor(kind=kind, finds=finds, counted=counted[1] if counted else "")
    return None


@lru_cache(maxsize=1)
def _compiled() -> tuple[tuple[Kind, re.Pattern[str], re.Pattern[str]], ...]:
    return tuple(
        (kind, re.compile(asks, _I), re.compile(finds, 0 if finds is _NAME else _I))
        for kind, asks, finds in _KINDS
    )
