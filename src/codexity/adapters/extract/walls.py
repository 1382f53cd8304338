"""Pages that are no content are told as what they are: walls, errors, shells of scripts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from codexity.errors import ReadCode, Unreadable

_LONGEST: Final = 350
"""Above so many words a page is read, whatever it says."""
_LOOKED_AT: Final = 300_000
_FIRST_WORDS = re.compile(r"\s*(?:\S{1,400}\s+){0,80}\S{0,400}")
_PARTS = re.compile(r"\s+[|–—·•»:-]+\s+|\s*[|»·]\s*")
_ADDRESSES = re.compile(r"\s*\(?https?://\S+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a page shows: its titles, its main text, or all its text where that is hardly any."""

    url: str
    titles: tuple[str, ...]
    text: str
    words: int
    markup: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """One kind of page that is no content, by its signs.

    `title` is a whole part of a title of the page, `says` a sentence within the first words,
    `holds` a mark in the source, `at` the address. A page of at most `longest` words is of the kind
    with two of these; of `shortest` words, with the sentence or the title alone.
    """

    code: ReadCode
    message: str
    title: re.Pattern[str]
    says: re.Pattern[str]
    holds: re.Pattern[str]
    at: re.Pattern[str]
    shortest: int
    longest: int


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in patterns), re.IGNORECASE)


_KINDS: Final = (
    _Kind(
        code="captcha",
        message="The site wants to see a person first (a CAPTCHA or a wall against bots).",
        title=_any(
            r"just a moment(?:\.\.\.|…)?",
            r"attention required!?",
            r"(?:are you (?:a )?(?:robot|human)|robot check|human verification)\??",
            r"(?:security|bot|browser) (?:check|verification|challenge)",
            r"(?:verify|verifying|confirm) (?:that )?you(?:'|’)?(?: a)?re (?:a )?"
            r"(?:human|not a (?:ro)?bot).*",
            r"access (?:to this page has been )?(?:denied|blocked)",
            r"making sure you(?:'|’)re not a bot!?",
            r"(?:un moment|un momento|einen moment)"
            r"(?:,? (?:bitte|s'il vous pla[iî]t|por favor))?(?:\.\.\.|…)",
            r"pardon our interruption(?:\.\.\.|…)?",
            r"(?:please )?(?:complete|solve) (?:the|a) captcha.*",
        ),
        says=_any(
            r"(?:verify|verifying|confirm|check(?:ing)?|sure|prove)(?: if| that| whether)? "
            r"(?:you(?:'|’)?(?: a)?re|the site visitor is) (?:a )?(?:human|not a (?:ro)?bot)",
            r"checking (?:your browser|if the site connection is secure)",
            r"\b(?:we|systems?|site|network)\b[^.?!]{0,20}\b(?:detected|noticed|seen) (?:some )?"
            r"(?:unusual|suspicious|automated) "
            r"(?:traffic|activity|requests|behaviou?r)",
            r"needs to review the security of your connection",
            r"(?:complete|solve|type|enter)[^.?!]{0,40} (?:captcha|characters you see)",
            r"(?:sorry, )?you have been blocked",
            r"made us think (?:that )?you (?:are|were) a bot",
            r"you don(?:'|’)t have permission to access [^.]{0,300} on this server",
            r"press (?:&|and) hold to confirm",
            r"ungewöhnlichen datenverkehr|bestätigen sie, dass sie (?:ein mensch|kein roboter)",
            r"trafic (?:exceptionnel|inhabituel)|v[ée]rifie[rz] que vous (?:êtes|n'êtes pas)",
            r"tráfico inusual|verifi(?:ca|que) que (?:eres|es) (?:un )?humano",
        ),
        holds=_any(
            r"_cf_chl_opt|cf-challenge|challenge-error-text|cf-error-details",
            r"captcha-delivery\.com|px-captcha|_Incapsula_Resource|sec-if-cpt-container",
            r"g-recaptcha|h-captcha|hcaptcha\.com/1/api|cf-turnstile|awsWafCookieDomainList",
            r"""(?:name|id|action)=["']?[^"'>\s]{0,40}captcha""",
        ),
        at=_any(r"/sorry/index", r"/cdn-cgi/", r"/captcha\b", r"validateCaptcha"),
        shortest=60,
        longest=250,
    ),
    _Kind(
        code="consent_wall",
        message="The site wants consent to cookies before it shows the page.",
        title=_any(
            r"before you continue(?: to .{1,40})?",
            r"bevor (?:sie|du) .{0,40}(?:weitergehen|fortfahren|fortfährst)",
            r"avant (?:d'accéder|de continuer).{0,40}|antes de (?:continuar|ir).{0,40}",
            r"(?:cookie|privacy|consent)[- ](?:consent|settings|choices|preferences|notice"
            r"|wall|manager)",
            r"(?:we value )?your privacy(?: (?:matters|is important to us|choices))?",
            r"(?:datenschutz|cookie)-?(?:einstellungen|hinweis)|zustimmung",
            r".{0,30} is part of the .{1,30} family of brands",
        ),
        says=_any(
            r"we (?:and our (?:\d+ )?(?:\w+ )?partners|use|store)[^.?!]{0,120}\bcookies",
            r"before you continue to \w+",
            r"(?:accept|consent to|agree to)[^.?!]{0,60}\bcookies[^.?!]{0,60}"
            r"(?:to (?:continue|proceed|access|view|read)|before)",
            r"wir (?:und unsere (?:\d+ )?partner|verwenden|nutzen)[^.?!]{0,120}\bcookies",
            r"nous (?:et nos (?:\d+ )?partenaires|utilisons)[^.?!]{0,120}\bcookies",
            r"(?:nosotros y nuestros (?:\d+ )?socios|utilizamos|usamos)[^.?!]{0,120}\bcookies",
            r"mit werbung (?:und tracking )?(?:weiter)?lesen|werbefrei (?:für|lesen)",
        ),
        holds=_any(
            r">\s*(?:accept|agree|allow|reject"
            r"|i agree)(?: (?:to )?all)?(?: cookies)?(?: and \w+)?\s*<",
            r">\s*(?:alle(?:s)? )?(?:akzeptieren|ablehnen|zustimmen|annehmen)(?: und \w+)?\s*<",
            r">\s*(?:tout )?(?:accepter|refuser|aceptar|rechazar)(?: tout| todo)?\s*<",
            r"""value=["'](?:accept|i agree|agree|reject)(?: all)?["']""",
        ),
        at=_any(
            r"://(?:consent|guce|cmp|privacy)\.", r"/(?:cookie-?)?consent\b", r"collectconsent"
        ),
        shortest=40,
        longest=_LONGEST,
    ),
    _Kind(
        code="login",
        message="The site shows this page only to those who have signed in.",
        title=_any(
            r"(?:please )?(?:log|sign)[ -]?(?:in|on)(?: (?:to|with|or) .{1,40})?",
            r"(?:member|user|account|customer)s? (?:log|sign)[ -]?in",
            r"(?:login|sign in|subscription|authentication) required",
            r"subscribe to (?:continue|read).{0,40}",
            r"anmelden|anmeldung|einloggen|connexion|se connecter|iniciar sesión|accedi|inloggen",
        ),
        says=_any(
            r"(?:log|sign)(?:ed)?[ -]?in(?: or (?:register|sign up|subscribe"
            r"|create an account|join))? "
            r"to (?:continue|view|see|read|access|proceed)",
            r"you (?:must|need to|have to|should) (?:be |first )?(?:logged|signed|log"
            r"|sign)[ -]?in\b"
            r"(?! to (?:comment|post|reply|leave|vote|change))",
            r"(?:subscribe|register|create (?:a free|an) account)[^.?!]{0,40} to "
            r"(?:continue|keep|unlock|read|view)",
            r"(?:available|reserved|visible|open) (?:only )?(?:to|for) (?:\w+ )?"
            r"(?:subscribers|registered (?:users|members)|logged[ -]in)",
            r"to continue(?: reading)?, (?:please )?(?:log|sign)[ -]?in",
            r"(?:enter|type) your (?:e-?mail|user ?name|password|credentials)",
            r"(?:bitte )?(?:melden sie sich|loggen sie sich|melde dich)[^.?!]{0,60} (?:an|ein)\b",
            r"(?:connectez-vous|identifiez-vous|inicia sesión|inicie sesión) (?:pour|para)",
        ),
        holds=_any(r"""<input\b[^>]{0,300}\btype=["']?password"""),
        at=_any(
            r"/(?:account/|accounts/|users?/)?(?:log|sign)[-_]?in\b", r"/(?:sso|oauth2?|authwall)\b"
        ),
        shortest=50,
        longest=200,
    ),
    _Kind(
        code="error_page",
        message="The site answered with an error page.",
        title=_any(
            r"(?:http |error |oops!? ?)*(?:40[0-9]|410|429|50[0-4]|52[0-6])[ :,-]*"
            r"(?:error|not found|page not found|forbidden|gone|bad gateway|bad request"
            r"|unauthori[sz]ed"
            r"|service (?:temporarily )?unavailable|internal server error|file not found)?!?",
            r"(?:the |this )?(?:page|file|content|article|item|document)(?: was| is| could)? "
            r"(?:not(?: be)? (?:found|available)|unavailable|missing|no longer (?:exists"
            r"|available))!?",
            r"(?:not found|file not found|nothing found|error|oops[!.…]*|uh[- ]oh[!.…]*)",
            r"(?:this |that |the )?page (?:isn(?:'|’)t available|doesn(?:'|’)t exist|can(?:'"
            r"|’)t be found)",
            r"bad gateway|service unavailable|internal server error|gateway time-?out",
            r"(?:\d{3} )?(?:seite|datei|inhalt) (?:wurde )?nicht (?:gefunden|verfügbar)",
            r"page (?:non trouvée|introuvable)|pagina (?:non trovata|niet gevonden)",
            r"página (?:no encontrada|não encontrada)|страница не найдена|ページが見つかりません",
        ),
        says=_any(
            r"(?:page|file|document|article|content|link|url|address|item|resource)(?: that)? you"
            r"(?:'re|’re| are| were|'ve|’ve| have)? (?:just )?(?:look|request|try|tri|follow"
            r"|click|enter)"
            r"[^.?!]{0,60}(?:not|n['’]t|no longer|moved|removed|deleted|gone|broken|expired)",
            r"(?:can(?:no|['’])t|could ?n(?:o|['’])t|unable to|couldn['’]t)(?: seem to)? find "
            r"(?:the|that|this|what) (?:page|file|article|content|you)",
            r"(?:this|that|the|requested) (?:\w+ )?(?:page|url|file|content|article)(?: \S+)? "
            r"(?:was not|could not be|can(?:no|['’])t be|cannot be|is not|isn['’]t|does not"
            r"|doesn['’]t"
            r"|no longer|has been (?:re)?moved|may have been|might have been) ?"
            r"(?:be )?(?:found|exist|exists|available|here|moved|removed|deleted|on this server)?",
            r"nothing was found at this location|something went wrong",
            r"(?:server|service|site) (?:is )?(?:temporarily (?:unable|unavailable)"
            r"|encountered an)",
            r"(?:seite|datei|inhalt)[^.?!]{0,80}(?:nicht (?:gefunden|mehr|verfügbar"
            r"|existiert)|existiert nicht)",
            r"page (?:que vous )?[^.?!]{0,60}(?:n['’]existe (?:pas|plus)|introuvable"
            r"|pas été trouvée)",
            r"página que [^.?!]{0,60}(?:no (?:existe|se encuentra)|não (?:existe|foi encontrada))",
        ),
        holds=_any(
            r"""<body\b[^>]{0,400}\bclass=["'][^"'>]{0,300}\b(?:error-?404|page-404|not-found"""
            r"""|error-page)\b""",
            r"""<meta\b[^>]{0,200}\bcontent=["']?(?:404|50[0-4])\b""",
        ),
        at=_any(r"/(?:404|error|not-?found|page-not-found|500)(?:\.\w{2,5})?/?(?:[?#]|\Z)"),
        shortest=45,
        longest=250,
    ),
)
_SCRIPTED = _any(
    r"(?:enable|activate|turn on|allow|switch on) (?:java ?script|js\b)",
    r"(?:requires?|needs?|without) java ?script",
    r"java ?script (?:is|to be|must be|seems to be|has been) (?:\w+ )?(?:required|disabled"
    r"|enabled|turned off|needed)",
    r"(?:bitte )?(?:aktivieren sie|aktiviere) java ?script|javascript (?:ist )?(?:deaktiviert"
    r"|aktivieren)",
    r"(?:activez|activer|habilit[ae]|active) (?:le |el )?java ?script",
)
_MOUNT = re.compile(
    r"""<(?:div|main|section)\b[^>]{0,200}\bid=["']?(?:root|app|__next|__nuxt|___gatsby"""
    r"""|svelte|app-root"""
    r"""|react-root|mount|application)\b[^>]{0,200}>\s*</|<app-root\b[^>]{0,200}>\s*</""",
    re.IGNORECASE,
)
_SCRIPT = re.compile(r"<script\b", re.IGNORECASE)
_SHELL_WORDS: Final = 40


def check_content(seen: Seen, *, fewest: int) -> None:
    """Refuses a page that is a wall, an error or a shell, and says which.

    Never by a word: two signs of one kind on a short page, or one on a page of a few lines. The
    library's documents are not asked: who put them there knows what they are.
    `fewest` is below how many words a page is empty anyway.

    Raises:
        Unreadable: `captcha`, `consent_wall`, `login`, `error_page`, `needs_javascript`.
    """
    if seen.words > _LONGEST or not seen.url.startswith(("http://", "https://")):
        return
    markup = seen.markup[:_LOOKED_AT]
    first = _FIRST_WORDS.match(_ADDRESSES.sub("", seen.text))
    opening = first.group() if first else ""
    for kind in _KINDS:
        if _is(kind, seen, opening, markup):
            raise Unreadable(kind.message, code=kind.code)
    speaks = _SCRIPTED.search(opening if seen.words >= fewest else f"{opening} {markup}")
    empty = seen.words < fewest and _MOUNT.search(markup) and _SCRIPT.search(markup)
    if seen.words <= _SHELL_WORDS and (speaks or empty):
        message = "The site shows this page's text only with JavaScript."
        raise Unreadable(message, code="needs_javascript")


def _is(kind: _Kind, seen: Seen, opening: str, markup: str) -> bool:
    if seen.words > kind.longest:
        return False
    parts = [part for title in seen.titles for part in (title, *_PARTS.split(title))]
    titled = any(kind.title.fullmatch(part.strip()) for part in parts)
    says = kind.says.search(opening) is not None
    if not (titled or says):
        return False
    address = urlsplit(seen.url)
    at = kind.at.search(f"://{address.netloc}{address.path}") is not None
    holds = kind.holds.search(markup) is not None
    if titled + says + at + holds < 2:
        return seen.words <= kind.shortest
    # Articles about such pages quote what they say, and forms and banners stand on any page.
    return titled or at or seen.words <= 2 * kind.shortest
