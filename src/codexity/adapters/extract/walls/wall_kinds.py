"""The kinds of pages that are no content, each by what it says in several languages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from codexity.errors import ReadCode

LONGEST: Final = 350
"""Above so many words a page is read, whatever it says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
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


KINDS: Final = (
    Kind(
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
            r"(?:安全|人机|访问|身份)验证|(?:安全|人機|訪問|身份)驗證|请稍候(?:[.…。]*)|請稍候(?:[.…。]*)",
            r"しばらくお待ちください(?:[.…。]*)|セキュリティ(?:チェック|検証)|보안 ?확인"
            r"|잠시만 기다[려리].{0,10}",
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
            r"[请請](?:您|先)?(?:完成|进行|進行|通过|通過)[^。！？]{0,20}(?:验证|驗證)",
            r"(?:确认|確認|证明|證明)(?:您|你)(?:不是|并非|並非)(?:机器人|機器人)",
            r"(?:访问|請求|请求|訪問)(?:过于|過於|太)(?:频繁|頻繁)|(?:异常|異常)(?:流量|访问|訪問)",
            r"ロボットで(?:は)?ない|通常と異なるトラフィック|異常なトラフィック",
            r"로봇이 아닙니다|로봇이 아님|비정상적인 (?:트래픽|접근|활동)",
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
    Kind(
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
            r"(?:cookie|隐私|隱私|プライバシー|クッキー)\s?(?:の)?(?:设置|設定|同意)",
            r"쿠키 (?:설정|동의)",
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
            r"(?:我们|我們|本网站|本網站|本站)[^。！？]{0,30}(?:使用|运用|運用)[^。！？]{0,20}\bcookie",
            r"(?:当|本)(?:サイト|社|ウェブサイト)[^。]{0,40}(?:cookie|クッキー)[^。]{0,30}(?:使用|利用)",
            r"(?:쿠키|cookie)를 (?:사용|이용)",
        ),
        holds=_any(
            r">\s*(?:accept|agree|allow|reject"
            r"|i agree)(?: (?:to )?all)?(?: cookies)?(?: and \w+)?\s*<",
            r">\s*(?:alle(?:s)? )?(?:akzeptieren|ablehnen|zustimmen|annehmen)(?: und \w+)?\s*<",
            r">\s*(?:tout )?(?:accepter|refuser|aceptar|rechazar)(?: tout| todo)?\s*<",
            r"""value=["'](?:accept|i agree|agree|reject)(?: all)?["']""",
            r">\s*(?:全部)?(?:接受|同意|允许|允許)(?:所有|全部)?(?: ?cookies?)?\s*<",
            r">\s*(?:すべて(?:受け入れる|許可する|許可|同意する)|同意(?:する|して続行))\s*<",
            r">\s*(?:모두 )?(?:동의|허용|수락)(?:합니다|하기)?\s*<",
        ),
        at=_any(
            r"://(?:consent|guce|cmp|privacy)\.", r"/(?:cookie-?)?consent\b", r"collectconsent"
        ),
        shortest=40,
        longest=LONGEST,
    ),
    Kind(
        code="login",
        message="The site shows this page only to those who have signed in.",
        title=_any(
            r"(?:please )?(?:log|sign)[ -]?(?:in|on)(?: (?:to|with|or) .{1,40})?",
            r"(?:member|user|account|customer)s? (?:log|sign)[ -]?in",
            r"(?:login|sign in|subscription|authentication) required",
            r"subscribe to (?:continue|read).{0,40}",
            r"anmelden|anmeldung|einloggen|connexion|se connecter|iniciar sesión|accedi|inloggen",
            r"(?:用户|會員|会员|用戶)?(?:登录|登錄|登入)|(?:会員)?(?:ログイン|サインイン)(?:画面|ページ)?"
            r"|(?:회원 ?)?로그인",
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
            r"[请請](?:您|先){0,2}(?:登录|登錄|登入)|(?:登录|登錄|登入)[后後](?:才能|即可|可|方可|才可以)?"
            r"(?:查看|阅读|閱讀|浏览|瀏覽|观看|觀看|继续|繼續)",
            r"ログイン(?:して(?:ください|続行)|が必要)|続き[^。]{0,20}(?:ログイン|会員登録)|会員限定",
            r"로그인(?:이 필요| ?후 이용|하세요|해 ?주세요|하셔야)",
        ),
        holds=_any(r"""<input\b[^>]{0,300}\btype=["']?password"""),
        at=_any(
            r"/(?:account/|accounts/|users?/)?(?:log|sign)[-_]?in\b", r"/(?:sso|oauth2?|authwall)\b"
        ),
        shortest=50,
        longest=200,
    ),
    Kind(
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
            r"(?:404\W{0,3})?(?:(?:页面|頁面|网页|網頁)(?:不存在|未找到|找不到(?:了)?)"
            r"|找不到(?:该|該|您要的)?(?:页面|頁面|网页|網頁))",
            r"(?:404\W{0,3})?(?:お探しの|指定された)?ページ[がは](?:見つかりません|存在しません|ありません).{0,10}"
            r"|(?:404\W{0,3})?페이지를 찾을 수 없습니다\.?",
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
            r"(?:页面|頁面|网页|網頁|内容|內容|文章)[^。！？]{0,8}(?:不存在|找不到"
            r"|已(?:被|经|經)?(?:删除|刪除|移除|下架))",
            r"(?:お探し|ご指定|指定された|アクセス|要求された)[^。]{0,20}ページ[^。]{0,30}"
            r"(?:見つかり|ありません|存在しません|削除|移動)",
            r"(?:요청하신|찾으시는) 페이지[^.]{0,20}(?:찾을 수 없|존재하지 않|삭제|없습니다)",
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
SCRIPTED = _any(
    r"(?:enable|activate|turn on|allow|switch on) (?:java ?script|js\b)",
    r"(?:requires?|needs?|without) java ?script",
    r"java ?script (?:is|to be|must be|seems to be|has been) (?:\w+ )?(?:required|disabled"
    r"|enabled|turned off|needed)",
    r"(?:bitte )?(?:aktivieren sie|aktiviere) java ?script|javascript (?:ist )?(?:deaktiviert"
    r"|aktivieren)",
    r"(?:activez|activer|habilit[ae]|active) (?:le |el )?java ?script",
    r"[请請](?:您|先|在浏览器中|在瀏覽器中)?(?:启用|啟用|开启|開啟|打开|打開) ?java ?script",
    r"java ?script ?(?:を|が)(?:有効|オン|無効|必要)",
    r"(?:자바스크립트|java ?script)[를을] (?:활성|사용|켜)",
    r"(?:включите|требуется|необходим) java ?script",
)
