"""How pages ask for consent to cookies, and what the answers to it are called, by language."""

from __future__ import annotations

import re
from typing import Final

_COOKIES = r"\b(?:cookies?|kakor|traceurs|informasjonskapsler)\b"
_WITHIN = r"[^.!?。！？]{0,120}?"
ASKS: Final = re.compile(
    "|".join(
        (
            rf"\b(?:we|(?:this|our|the) (?:web)?sites?|us)\b{_WITHIN}{_COOKIES}",
            rf"{_COOKIES}{_WITHIN}\b(?:help us|allow us|our (?:web)?site|this (?:web)?site|we)\b",
            r"\bwe (?:value|care about|respect) your privacy",
            r"\bwe and our (?:\d+ )?(?:\w+ )?partners\b",
            rf"\b(?:wir|(?:diese|unsere) (?:web-?)?(?:seite|site))\b{_WITHIN}{_COOKIES}",
            rf"{_COOKIES}{_WITHIN}\b(?:zu|helfen uns|unsere?r?|verwendet|eingesetzt)\b",
            rf"\b(?:nous|ce site|notre site)\b{_WITHIN}{_COOKIES}",
            rf"\b(?:utilizamos|usamos|utiliza|usa|empleamos)\b{_WITHIN}{_COOKIES}",
            rf"\b(?:utilizziamo|usiamo|utilizza|usa|questo sito)\b{_WITHIN}{_COOKIES}",
            rf"\b(?:wij|deze (?:web)?site|onze (?:web)?site)\b{_WITHIN}{_COOKIES}",
            rf"\b(?:vi|webbplatsen|sajten|nettstedet|siden|hjemmesiden){_WITHIN}{_COOKIES}",
            rf"\bden(?:na|ne) (?:webbplats|hjemmeside|nettside|side)\w*{_WITHIN}{_COOKIES}",
            rf"\b(?:käytämme|käyttää|sivusto\w*){_WITHIN}\beväste",
            rf"\b(?:używamy|korzystamy|wykorzystujemy|serwis|strona){_WITHIN}(?:{_COOKIES}|ciasteczk)",
            rf"\b(?:používáme|používa|tento web|tato stránka)\w*{_WITHIN}(?:{_COOKIES}|soubor)",
            rf"\b(?:oldal|weboldal)\w*{_WITHIN}(?:{_COOKIES}|süti)",
            rf"\b(?:folosim|utilizăm|acest site){_WITHIN}\bcookie",
            r"\bçerez\w*[^.!?]{0,80}(?:kullan|kabul)",
            rf"(?:мы|сайт|используем|ми|використовуємо)\b{_WITHIN}(?:{_COOKIES}|\bкуки)",
            rf"(?:χρησιμοποι|ιστότοπ)\w*{_WITHIN}{_COOKIES}",
            r"(?:cookie|クッキー)[^。]{0,60}(?:使用|利用|同意)",
            r"(?:使用|运用|運用|接受)[^。！？]{0,30}cookie",
            r"(?:쿠키|cookie)[^.]{0,40}(?:사용|이용|동의)",
        )
    ),
    re.IGNORECASE,
)
ACCEPTS: Final = re.compile(
    r"(?:(?:yes,? )?(?:i )?(?:accept|allow|agree|reject|decline|deny|understand)"
    r"|ok(?:ay)?\b|got it|continue without"
    r"|(?:alle[sn]? |nur |ja,? )?(?:cookies |notwendige\w* )?(?:akzeptier|annehm|ablehn|zulass"
    r"|zustimm|erlaub|verstanden|einverstanden)"
    r"|(?:tout |je |j['’])?(?:accepte|refuse|ai compris|d['’]accord)|continuer sans"
    r"|acept|rechaz|entendido|accett|rifiut|ho capito|aceit|rejeit|entendi|concord"
    r"|(?:alle[s]? )?(?:cookies )?(?:accepteer|accepteren|toestaan|weiger)|akkoord|begrepen"
    r"|godkänn|acceptera|tillåt|godta|tillad|avvis|afvis|hyväksy|salli|hylkää"
    r"|akceptuj|zgadzam|zgoda|odrzuć|przyjmuję|přijmout|souhlas|odmítn|elfogad|sunt de acord"
    r"|kabul|tümünü|reddet|принять|принима|соглас|понятно|хорошо|прийняти|αποδοχή|απόρριψη"
    r"|(?:全部)?(?:接受|同意|允许|允許|拒绝|拒絕)|我知道了|(?:すべて)?(?:同意|許可|受け入れ|承諾|拒否)"
    r"|(?:모두 )?(?:동의|수락|허용|거부))",
    re.IGNORECASE,
)
