"""What things of a kind look like in a text: numbers, dates, amounts, names."""

from __future__ import annotations

from typing import Final

NUMBER: Final = r"\d+(?:[.,]\d+)*"
COUNT: Final = (
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand"
    r"|million|half|once|twice|none|no|every|each|unlimited|several|few|both|single"
    r"|eins?|eine[nrms]?|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|hundert|tausend"
    r"|halbe[nrs]?|kein\w*|jede\w*|une?|deux|trois|quatre|cinq|sept|huit|neuf|dix|onze|douze|cent"
    r"|mille|demie?|chaque|aucune?|un[oa]?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once"
    r"|doce|cien|mil|medi[oa]|cada|ningun[oa]?)\b"
)
HAN_NUMBER: Final = "[〇零一二三四五六七八九十百千万萬两兩半]"
OTHER_DIGIT: Final = (
    rf"{HAN_NUMBER}|[٠-٩]"
    r"|หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า|สิบ|ร้อย|พัน|ครึ่ง|[๐-๙]"
    r"|(?<![가-힣])(?:한|두|세|네|다섯|여섯|일곱|여덟|아홉|열|스무)(?= )"
)
UNIT_OF_TIME: Final = (
    r"(?:\b(?:milli)?(?:seconds?|minutes?|hours?|days?|nights?|weeks?|months?|years?|decades?"
    r"|centur(?:y|ies)|sec|mins?|hrs?|sekunden?|minuten?|stunden?|tage?n?|wochen?|monate?n?"
    r"|jahre?n?|secondes?|heures?|jours?|semaines?|mois|ans?|années?|segundos?|minutos?|horas?"
    r"|días?|semanas?|mes(?:es)?|años?)\b|\d ?(?:m?s|h|min|d)\b"
    r"|[〇零一二三四五六七八九十百千万萬两兩半几]{0,8}[秒分时時天日周週月年夜晚]|小时|時間|ヶ月"
    r"|.{0,3}(?:วัน|คืน|เดือน|ปี|ชั่วโมง|นาที|สัปดาห์)|[일주달년분초]|시간|개월"
    r"|دقيقة|ساعة|ساعات|يوم|أيام|أسبوع|شهر|أشهر|سنة|سنوات)"
)
SPAN: Final = (
    r"\b(?:un)?til\b|\bsince\b|\bfrom\b.{1,60}\bto\b|\bpermanent\w*|\bfor ?ever\b|\bimmediately\b"
)
MONTH: Final = (
    r"\b(?:jan(?:uary|uar|vier)?|feb(?:ruary|ruar)?|février|mar(?:ch|s|zo)?|märz|a[pvb]r(?:il)?"
    r"|(?-i:May)|mai|mayo|jun[ei]?|juin|junio|jul[iy]?|juillet|julio|aug(?:ust)?|août|agosto"
    r"|sept?(?:ember|embre|iembre)?|o[ck]t(?:ober|obre|ubre)?|nov(?:ember|embre|iembre)?"
    r"|de[cz](?:ember|embre)?|décembre|diciembre|enero|febrero|abril)\b"
)
WEEKDAY: Final = (
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|\b(?-i:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b"
    r"|\b(?:mon|tue|wed|thu|fri)\b"
    r"|\b(?:mon|diens|donners|frei|sams|sonn)tage?s?\b|\b(?:mittwochs?|sonnabends?)\b"
    r"|\b(?:lun|mar|mercre|jeu|vendre|same)dis?\b|\bdimanches?\b"
    r"|\b(?:lunes|martes|miércoles|jueves|viernes|sábados?|domingos?)\b"
)
CLOCK: Final = (
    r"\b\d{1,2}[:h]\d\d\b|(?<![£$€¥\d.,])\b\d{1,2}\.\d\d\b"
    r"(?= ?(?:-|–|to\b|till?\b|until\b|bis\b|uhr\b|[ap]m\b|o['’]))"
    r"|(?<=\b(?:at|to|by) )\d{1,2}\.\d\d\b|\b\d{1,2} ?(?:am|pm|a\.m\.|p\.m\.|o['’]clock|uhr|h)\b"
    r"|\b(?:noon|midnight|mittags?|mitternacht|midi|minuit|mediodía|medianoche)\b|\d ?[時时點点]"
)
TIME_OF_YEAR: Final = (
    r"\b(?:spring|summer|autumn|winter|christmas|easter|morning|evening|night|weekends?|today"
    r"|tomorrow|yesterday|daily|weekly|monthly|yearly|annually|always|never"
    r"|frühling|frühjahr|sommer|herbst|weihnachten|ostern|täglich|wöchentlich|jährlich"
    r"|printemps|été|automne|hiver|noël|pâques|primavera|verano|otoño|invierno|navidad)\b"
)
WHILE: Final = (
    r"\b(?:before|after|when|while|during|until|since|ago|at the (?:end|beginning|start)"
    r"|as soon as|every|each"
    r"|once|within|vor|nach|während|bis|sobald|avant|après|pendant|dès|antes|después|durante)\b"
)
DATE: Final = (
    rf"{MONTH}|{WEEKDAY}|{CLOCK}|\b(?:1\d{{3}}|20\d\d)s?\b|\d{{1,2}}(?:st|nd|rd|th)\b"
    r"|\bcentury\b|\bB\.?C\b|(?<![\d.])\d{1,2}\.\d{1,2}\.(?!\d(?!\d))|\b\d{1,2}/\d{1,2}\b|(?:يناير|فبراير|مارس|أبريل"
    r"|مايو|يونيو|يوليو|أغسطس|سبتمبر|أكتوبر|نوفمبر"
    r"|ديسمبر|السبت|الأحد|الاثنين|الثلاثاء|الأربعاء|الخميس|الجمعة)|[٠-٩]"
)
DAY_OF_PAST: Final = (
    rf"{MONTH}|\b(?:1\d{{3}}|20\d\d)s?\b|\bcentury\b|\bB\.?C\b|\d{{1,2}}\.\d{{1,2}}\."
    r"|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\bago\b"
)
_AMOUNT: Final = r"\d{1,7}(?:[.,]\d{1,3}){0,2}"
_AMOUNT_ENDS: Final = (
    r"(?=\s*(?:$|[.;:)!]|,(?!\d)|(?:an?|per|each|with|incl\w*|plus|including|for|in|and|or|till"
    r"|until)\b))"
)
BARE_AMOUNT: Final = (
    r"\b(?:for|costs?|prices?|fees?|hire|rent|paid|pays?|fine|deposit|charge[ds]?)"
    rf"(?: (?:is|was|of))?:? {_AMOUNT}{_AMOUNT_ENDS}"
    rf"|(?<![\d.,]){_AMOUNT}"
    r" (?:(?:a|per) (?:month|week|day|year|night|hour|person|head|piece|kilo|kg|mile)"
    r"|(?:with|incl\w*|plus|including) (?:postage|vat|tax|delivery|shipping|service|breakfast)"
    r"|each)\b"
)
"""An amount that is said without its currency: `for 90 a month`, `hire 120`."""
MONEY: Final = (
    r"[€$£¥₤₩₹元円圓]|\b(?:euros?|eur|usd|gbp|chf|dollars?|pounds?|pence|cents?|crowns?|kronen?|kr"
    r"|francs?|franken|yen|pesos?|rupees?|pesetas?|shillings?)\b|[块塊]|บาท|\d ?원|\b\d{1,3}p\b"
    r"|欧元|يورو|ريال|دولار|درهم|دينار|جنيه"
    r"|\b(?:free|gratis|kostenlos|gratuite?s?|gratuit[oa]s?|for nothing|no charge)\b"
    r"|مجان|無料|免[费費]"
    r"|不要[钱錢]|不收[费費钱錢]|ไม่เสียเงิน|ฟรี|무료"
)
PHONE: Final = (
    r"(?<![\d/.:,-])(?!\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b)(?!\d{4}[/.-]\d{1,2}[/.-]\d{1,2}\b)"
    r"\d(?:[ /().-]?\d){5,}|[٠-٩]{5,}"
)
CALLED: Final = (
    r"\b(?:extension|ext|phone|telephone|tel|mobile|call|dial|ring|durchwahl|telefon|téléphone"
    r"|poste|teléfono)\b|電話|电话|内線|هاتف"
)
EXTENSION: Final = (
    rf"(?:{CALLED})\W+(?:\w+\W+){{0,6}}?\d{{2,}}|(?:{CALLED}) (?:\w+ ){{0,12}}?\d{{3,}}"
)
NO_NAME: Final = (
    r"(?!(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|The|This|That|These|It|If|In|On|At)\b)"
)
NAME: Final = (
    rf"(?<![.!?] )(?<!^)\b{NO_NAME}[A-ZÀ-ÖØ-Þ][\w’'-]+"
    rf"|^{NO_NAME}[A-ZÀ-ÖØ-Þ][\w’'-]+(?= [A-ZÀ-ÖØ-Þ])"
)
COLOUR: Final = (
    r"\b(?:red|blue|green|yellow|white|black|gr[ae]y|brown|orange|purple|violet|pink|beige|silver"
    r"|gold(?:en)?|turquoise|cream|rot|blau|grün|gelb|weiß|schwarz|grau|braun|rosa|silbern|rouge"
    r"|bleue?|verte?|jaune|blanc(?:he)?|noire?|grise?|roj[oa]|azul|verde|amarill[oa]|blanc[oa]"
    r"|negr[oa])\b|[红蓝绿黄白黑灰赤青緑]|RAL ?\d"
)
AGE: Final = (
    r"(?:(?<!every )(?<!each )(?<!for )(?<!after )(?<!within )(?<!than ))\b(?:\d{1,3}"
    r"|one|two|three|four|five|six|seven|eight|nine|ten)(?: and a half)?[ -]"
    r"(?:years?|months?|weeks?|jahre|monate|ans|años)\b"
    r"|\d (?:days? old|tage alt)|\bborn\b|\bage[ds]?:? \d|\((?:aged )?\d{1,2}\)"
    r"|, \d{1,2}(?=,|\.?$)|\b(?:is|are|am|was|were|turn(?:s|ed)?|now|just|nearly|almost|only)"
    r" \d{1,3}\b(?![.,:/-]?\d| ?%)"
    r"|\b(?:built|bought|made|since|founded|from|of|in|new|installed|planted|opened|started"
    r"|begun|cast|dates?)\b[^.;]{0,20}?(?<![\d/.-])(?:1[5-9]|20)\d\d\b|[岁歳]"
)
WEIGHT: Final = (
    r"\d\s?(?:kg|g|mg|t|lbs?|oz|kilos?|kilograms?|kilogrammes?|grams?|grammes?|pounds?|tons?"
    r"|tonnes?|gramm|kilogramm|pfund)\b|公斤|千克|\d ?克|キロ|グラム"
)
LENGTH: Final = (
    r"\d\s?(?:km|m|cm|mm|ft|yd|mi)\b(?! ?/)"
    r"|\d\s?in(?=\.?\W*$|[,;:)]| (?:x|by|long|wide|high|deep|thick)\b)"
    r"|\b(?:(?:kilo|centi|milli)?met(?:re|er)s?|inch(?:es)?|feet|foot"
    r"|yards?|miles?|pages?|words?|characters?|lines?|zeichen|seiten|pages|mètres?|metros?)\b|[米公里]"
)
HAN_LENGTH: Final = r"(?:[公厘分毫平]|センチ|平方|キロ)?(?:[米里尺丈寸]|メートル|[ck]?m\b)"
HAN_MASS: Final = r"(?:[公市]?斤|[吨噸克两兩]|キロ|グラム|トン|[kg]g?\b|t\b)"
DAY_IN_EAST: Final = (
    rf"(?:\d{{1,4}} ?|{HAN_NUMBER}{{1,8}})[年月日号號時时点點]"
    r"|[一二三四五六日月火水木金土]曜|[周週]|星期"
    r"|[上下]午|[早晚]上|[夜早]里|中午|傍晚|清[早晨]|半夜|[春夏秋冬][天季]|[以之][前后後内內]|期[间間]"
    r"|(?<!小)[时時](?:候|[,,、])|正月|除夕|端午|中秋|清明|[重端][阳陽午]|每[天年月]|当天"
    r"|午前|午後|正午|[前当翌]日|[朝昼夜春夏秋冬]|[前後]に|とき|まで|から|毎[日週月年]"
    r"|วัน.?|.โมง|.ทุ่ม|ตี(?=[หนส])|เที่ยง|เช้า|เย็น|ค่ำ|ก่อน|หลัง|เมื่อ(?!ไร|ไหร่|ใด).|เดือน"
    r"|\d{1,4} ?[년월일시]|[월화수목금토일]요일|오전|오후|아침|저녁|[름을봄울]에"
    r"|까지|부터|전에|후에"
)
"""A day, a time of the day or of the year in Chinese, Japanese, Thai and Korean."""
HOUR: Final = (
    rf"{CLOCK}|(?<![\d.,:/-])\d{{1,2}} ?(?:-|–|to|till?|until|and) ?\d{{1,2}}(?![\d.,:/-]*\d)"
    r"|\b(?:at|by|from|until|till|before|after|around|about|past) \d{1,2}\b(?![.,:/-]\d| ?[^\W\d_])"
    r"|\b(?:six|seven|eight|nine|ten|eleven|twelve|one|two|three|four|five)"
    r" (?:o['’]clock|in the (?:morning|afternoon|evening)|at night)"
    r"|\b(?:half|quarter) (?:past|to)\b"
)
"""A time of the day, told by the clock."""
PART_OF_DAY: Final = (
    r"\b(?:morning|afternoon|evening|night|lunch|breakfast|dinner|break|sunrise|sunset|dawn|dusk"
    r"|before|after|when|while|during|until|since|any ?time)\b"
)
SPEED: Final = (
    r"\b(?:km/?h|kph|kmh|mph|knots?|kn|m/s|rpm|r/min|rev(?:olution)?s?|bpm|beats|min/km|[kmg]?bit/s"
    r"|[kmg]bps|[kmg]b/s|speeds?|pace|fast(?:er|est)?|slow(?:er|est|ly)?)\b|\bper \w+"
    r"|\ba (?:second|minute|hour|day)\b|\d ?%|\d ?/ ?(?:s|min|h)\b"
)
OFTEN: Final = (
    r"\b(?:every|each|once|twice|thrice|times|daily|nightly|weekly|fortnight\w*|monthly|quarterly"
    r"|yearly|annual(?:ly)?|hourly|per|an? (?:hour|day|week|month|quarter|season|year)|rarely|never"
    r"|always|regular\w*|after|before)\b|\d ?x\b"
)
ADDRESS: Final = (
    rf"\b\d{{1,4}}[a-z]?,? {NO_NAME}(?-i:[A-ZÀ-Þ])[\w’'-]+(?![\w’'-]|:)"
    r"|\b(?-i:[A-Z])[\w’'-]+ (?-i:Road|Rd|Street|St|Lane|Row|Way|Avenue|Ave|Close"
    r"|Square|Place|Hill|Drive|Gardens?|Court|Quay|Yard|Walk|Crescent|Terrace"
    r"|Green|Park|Gate|Mews|Parade|Alley|Boulevard)\b"
    r"|\w(?:straße|strasse|weg|gasse|platz|allee|ufer|damm)\b"
    r"|\b(?:rue|chemin|quai|calle|avenida|plaza|via|boulevard|p\.? ?o\.? ?box|address|post ?code"
    r"|localhost)\b"
    r"|\S@\S|://|:\d{2,5}\b|\d\.\d{1,3}\.\d|\b(?-i:[A-Z]{1,2}\d[\dA-Z]? ?\d[A-Z]{2})\b|\b\d{5}\b"
    r"|(?<!\w)/\w|[路街号號]|丁目|番地"
)
DOSE: Final = (
    r"\d ?(?:mg|ml|µg|mcg|g|iu|units?|drops?|tablets?|capsules?|puffs?|sprays?"
    r"|spoons?\w*|teaspoons?|w|watts?|m?j|joules?|min(?:ute)?s?|sessions?)\b|\d ?%"
    r"|\b(?:one|two|three|half an?|a) (?:drop|tablet|capsule|puff|spray|\w*spoon)\w*"
)
OTHER_THAN_MONEY: Final = (
    rf"{PHONE}|{CLOCK}|\d{{1,2}}\.? {MONTH}|{MONTH} \d{{1,4}}"
    r"|(?<![\d/.-])(?:\d{1,2}[/.]){1,2}(?:19|20)\d\d(?![\d/.-])|\d{4}-\d\d-\d\d"
    rf"|{LENGTH}|{WEIGHT}"
    rf"|\d[\d.,]* ?(?:{UNIT_OF_TIME}|ml|l|litres?|°|%|kw|w|v)(?!\w)"
)
"""Figures of a record that are no amounts: the number of an item, a time, a measure."""
PLACE: Final = (
    rf"{ADDRESS}"
    r"|\b(?:in|into|inside|at|on|onto|under|underneath|behind|besides?|near|next to|between"
    r"|above|below|opposite|along|outside|to|from|over|by|through|around) "
    rf"(?!(?:{MONTH}|{WEEKDAY}|(?:the )?(?:morning|afternoon|evening|night|end|beginning|time"
    r"|average|last|first|next|request|holiday|leave|foot|loan|sale)\b|[\d£$€]|the \d))"
    r"|\b(?:places?|where|rooms?|shelf|venue|location|floor|site|upstairs|downstairs|here|there"
    r"|nowhere|everywhere|anywhere|online|left|right|corner|cellar|attic|shed|cupboard|drawer)\b"
)
"""A place, which hardly ever is told without one of these words."""
