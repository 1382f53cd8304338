"""How pages speak to the models that read them, in the languages in which most people write.

An override sets aside what a model was told; an address names the machine it speaks to, and makes
of it a condition, a salutation or a duty. Every gap is bounded, so that a sentence is looked at in
linear time.
"""

from __future__ import annotations

import re
from typing import Final

TRIGGERS: Final = (
    # Who is spoken to, and as what.
    *("if you are", "if you're", "if you’re", "if you happen", "if this is", " an ai", "bound by"),
    *("assist", "asistent", "language model", "langage", "lenguaje", "linguagem", "sprachmodell"),
    *("llm", "gpt", "copilot", "gemini", "claude", "developer ", "developer_", "system", "admin"),
    *("inst]", "artifici", "künstliche intell", "s virtua", "virtuels", "conversationnel"),
    # What is set aside, or given away.
    *("ignor", "disregard", "forget", "override", "bypass", "discard", "overlook", "not follow"),
    *("t follow", "stop following", "no attention", "prompt", "nstru"),
    *("hidden message", "secret message", "initial message", "olvid", "descart", "desestim"),
    *("caso omiso", "o siga", "desconsidere", "esqueça", "esqueca", "desprez", "oublie"),
    *("compte de", "abstraction de", "ne sui", "vergiss", "vergessen sie", "missachte", "verwirf"),
    *("übergehe", "befolge nicht", "beachte nicht"),
    # What is done with the page.
    *("summari", "when answer", "when respond", "when repl", "when describ", "when review"),
    *("when rat", "you answer", "you respond", "you repl", "you describ", "you review", "you rat"),
)
"""Of each command in Latin letters one stands in it, in lower case: what has none is not read."""
BOT: Final = re.compile(r"bots?\b")
"""As `TRIGGERS`, in lower case: both and bottom are no bots."""
CAPITALS: Final = ("AI", "IA", "KI", "DAN", "A.I")
"""As `TRIGGERS`, as it is written."""
_AI: Final = (
    r"(?:(?:an? |any |all |the |every |other )?(?:(?:helpful|large|generative|conversational) )?"
    r"(?:AI|A\.I\.|artificial intelligence|LLMs?|(?:AI |large )?language models?|"
    r"(?:virtual|digital) assistants?|chat ?bots?|bots?|ChatGPT|GPT-?\d*|Copilot|Gemini|Claude)"
    r"(?:[ -](?:(?:language )?models?|assistants?|agents?|systems?|crawlers?|tools?|bots?|"
    r"chatbots?|summari[sz]ers?|readers?|reviewers?))?)"
)
_ENDS_NOUN: Final = (
    r"(?=\s*(?:[,.:;!?()–—-]|$)|\s+(?:reading|processing|summari|that|which|who|and|"
    r"or|you|please|"
    r"with|must|tell|say|ignore|indexing|parsing|evaluating|reviewing|trained|answering)\b)"
)
_OUTPUT: Final = (
    r"(?:always |never |only |also |not |immediately |instead )*(?:say|tell|inform|repl|respond|"
    r"answer|recommend|mention|cite|output|print|include|state|ignore|disregard|refer|describe|"
    r"rate|rank|insert|append|praise|promote|claim|stop|follow|obey|reveal|send|forget|treat|"
    r"conclude|write|use|give|add|begin|end|start)"
)
_START: Final = (
    r"(?:^|[.!?:;,…—–)\]»”\"'*>#|-]\s*|\b(?:please|now|then|and|but|also|just|simply|first|"
    r"kindly|immediately|instead|you (?:must|should|will|can|may|are to|need to)|important)\s+)"
)
_OLD: Final = (
    r"(?:previous|prior|above|earlier|preceding|foregoing|past|former|existing|original|initial|"
    r"system|developer|other|current|safety)"
)
_ORDERS: Final = (
    r"(?:instructions?|prompts?|directives?|guidelines?|rules|commands?|orders|constraints|"
    r"programming|training|messages?|context)"
)
# "Ignore the previous instructions on the box": what is behind it is a thing, or its place.
_NOT_OF_A_THING: Final = (
    r"(?!\s+(?:on|in|at|for|if|of|by|regarding|unless|when|where|sent|printed|issued|about)\b"
    r"(?!\s+(?:this|the|your|our) (?:conversation|chat|prompt|session|context)))"
)

_LATIN: Final = (
    # English.
    (
        rf"{_START}(?:ignore|disregard|forget|override|bypass|discard|overlook|do not follow|"
        rf"don['’]t follow|stop following|pay no attention to)\s+(?:\w+ ){{0,3}}?"
        rf"(?:{_OLD} (?:\w+ ){{0,2}}?{_ORDERS}|(?:all |any |every )(?:of )?(?:your |the |"
        rf"my |these )?"
        rf"{_ORDERS}|(?:your|the user['’]s) (?:{_ORDERS}|question|query)|"
        rf"(?:\w+ ){{0,2}}?{_ORDERS} (?:above|before|so far|you (?:were|have been|got)))\b"
        rf"{_NOT_OF_A_THING}"
    ),
    (
        rf"{_START}(?:ignore|disregard|forget) (?:all|everything|anything|"
        rf"whatever)\b[^.!?]{{0,30}}"
        r"\b(?:above|before (?:this|that)|previously|you (?:were|have been) (?:told|"
        r"taught|given)|"
        r"you know)\b"
    ),
    (
        rf"\bif (?:you are|you['’]re|you happen to be|this is (?:being )?(?:read|"
        rf"processed) by) {_AI}"
        rf"{_ENDS_NOUN}"
    ),
    rf"\bas {_AI}\b[^.,!?]{{0,60}},? (?:you\b|please\b|do not\b|never\b|always\b|{_OUTPUT}\b)",
    (
        rf"(?:^|[:*#>-]\s*)(?:attention|note|notice|important|message|instructions?|dear|"
        rf"hey|hello|hi|"
        rf"warning|to|for)[,:!]? ?(?:to |for |of )?{_AI}s?(?:[,:!—–-]|\s+(?:reading|"
        rf"processing|that|"
        rf"who|which|summari)\b)"
    ),
    (
        rf"(?:^|[:*#>-]\s*){_AI}s?\b[^.!?]{{0,60}} (?:must|shall|are (?:required|"
        rf"instructed|asked|"
        rf"requested|told|directed) to|is (?:required|instructed|asked|directed) to|"
        rf"have to|has to|"
        rf"need to|needs to|should) {_OUTPUT}"
    ),
    (
        rf"(?:^|[:*#>-]\s*)(?:AI|LLM|ChatGPT|assistants?|chatbots?|"
        rf"GPT)\b ?[,:!—–-]+ ?(?:please )?"
        rf"{_OUTPUT}"
    ),
    (
        r"(?:^|[.!?:;,—–]\s*)you(?: are|['’]re)(?: now| no longer)? (?:an? |the |in )?(?:helpful "
        r"assistant|(?:\w+ )?(?:AI|language model|LLM|chat ?bot)(?: assistant| model)?|"
        r"DAN|developer "
        r"mode|bound by)\b(?! (?:researcher|engineer|developer|company|team|scientist))"
    ),
    (
        rf"{_START}(?:act|behave|respond|pretend to be|pretend you are|"
        rf"role-?play)(?: as)? (?:an? |the )?"
        r"(?:\w+ )?(?:AI|language model|LLM|chatbot|DAN)\b"
    ),
    (
        rf"{_START}(?:reveal|print|output|repeat|show|leak|disclose|expose)(?: me| us)? (?:\w+ )?"
        r"(?:your|the) (?:\w+ ){0,2}?(?:system|hidden|initial|secret) (?:prompt|"
        r"instructions?|message)\b"
    ),
    (
        rf"\bwhen (?:you )?(?:summari[sz]|answer|respond|repl|describ|review|"
        rf"rat)\w* (?:\w+ ){{0,6}}?"
        r"(?:this (?:page|document|text|article|e-?mail|site|paper|content)|"
        r"the user)\b[^.!?]{0,60}"
        rf"[,:] (?:please |you must |you should )?{_OUTPUT}"
    ),
    r"\b(?:your )?new (?:system )?(?:instructions?|prompt)(?: (?:is|are)\b[^.!?]{0,20}|:)",
    # Spanish, Portuguese, French, German.
    (
        r"(?:^|[.!?:;,¡—–]\s*|\b(?:por favor|y|e) )(?:ignor[ae]n?|ignorad|olvid[ae]n?|"
        r"descart[ae]|"
        r"desestim[ae]|desconsidere|esque[çc]a|desprez[ea]|haz caso omiso de|haga caso omiso de|"
        r"no sigas|não siga)\s+(?:\w+ ){0,4}?(?:instrucciones|instruções|órdenes|ordens|"
        r"indicaciones|"
        r"comandos|reglas|regras|directrices|"
        r"diretrizes)\s+(?:\w+ ){0,2}?(?:anterior(?:es)?|previ[ao]s|"
        r"prévi[ao]s|de arriba|acima|recibidas|recebidas|del sistema|do sistema)"
    ),
    (
        r"\b(?:si (?:eres|usted es|es usted)|se (?:você é|você for|tu és|fores|"
        r"for)) (?:una? |uma? )?"
        r"(?:IA|inteligencia artificial|inteligência artificial|modelo de (?:lenguaje|linguagem)|"
        r"LLM|chatbot|asistente|assistente)\b"
    ),
    (
        r"(?:^|[:*#>-]\s*)(?:l?[oa]s )?(?:asistentes|assistentes|modelos|sistemas)"
        r"(?: virtua[li]e?s| de (?:IA|lenguaje|linguagem|inteligencia artificial|inteligência "
        r"artificial)){1,2} (?:deben|tienen que|devem|têm de|precisam)\b"
    ),
    (
        r"\b(?:como|en tanto que|enquanto) (?:una? |uma? )?(?:IA|modelo de (?:lenguaje|"
        r"linguagem)|"
        r"(?:asistente|assistente) de IA)\b[^.!?]{0,50}, (?:di(?:le|ga)?|debes|recomiend|"
        r"responde|diga|"
        r"você deve|recomende|deves)"
    ),
    (
        r"(?:^|[.!?:;,—–]\s*|\b(?:veuillez|et|maintenant) )(?:ignore[zr]?|oublie[zr]?|"
        r"ne (?:tiens|tenez) (?:pas|plus) compte de(?:s)?|fai(?:s|tes) abstraction de(?:s)?|"
        r"ne suis (?:pas|plus)|ne suivez (?:pas|plus))\s+(?:\w+ ){0,3}?(?:instructions|consignes|"
        r"directives|ordres|règles)\s+(?:\w+ ){0,2}?(?:précédente?s|antérieure?s|"
        r"ci-dessus|reçue?s|"
        r"initiale?s|du système)"
    ),
    (
        r"\bsi (?:tu es|vous êtes) (?:une? )?(?:IA|intelligence artificielle|"
        r"modèle de langage|LLM|"
        r"chatbot|assistant (?:d['’])?(?:IA|virtuel)|assistant,)"
    ),
    (
        r"(?:^|[:*#>-]\s*)(?:les |tous les )?(?:assistants|modèles|agents)(?: d['’]?| de )?"
        r"(?: ?(?:IA|langage|virtuels|conversationnels)){1,2} (?:doivent|sont tenus)\b"
    ),
    (
        r"\ben tant qu['’](?:une? )?(?:IA|modèle de langage|"
        r"assistant (?:d['’])?IA)\b[^.!?]{0,50},"
        r" (?:dis|dites|tu dois|vous devez|réponds|recommande)"
    ),
    (
        r"(?:^|[.!?:;,—–]\s*|\b(?:bitte|und|jetzt) )(?:ignorier(?:e|en sie|t)?|vergiss|"
        r"vergessen sie|"
        r"missachte|verwirf|übergehe|befolge nicht|beachte nicht)\s+(?:\w+ ){0,4}?(?:(?:vorherig|"
        r"bisherig|vorig|früher|obig|vorangegangen|vorstehend|ursprünglich)\w*\s+(?:\w+ )?|alle "
        r"(?:deine |ihre )?)(?:anweisungen|instruktionen|befehle|vorgaben|regeln|prompts?)\b"
    ),
    (
        r"\b(?:wenn|falls|sofern|solltest) (?:du|sie|"
        r"dies)\b[^.!?,]{0,12} (?:eine? )?(?:KI(?:-\w+)?|"
        r"(?:großes )?sprachmodell|chatbot|LLM|künstliche intelligenz|virtueller assistent)\b"
        r"(?! ?-?(?:forsch|entwickl|firma))"
    ),
    (
        r"(?:^|[:*#>-]\s*)(?:alle )?(?:KI-(?:assistenten|modelle|systeme|agenten)|sprachmodelle|"
        r"chatbots) (?:müssen|sollen|haben)\b[^.!?]{0,80}(?:nutzer|sagen|antworten|"
        r"empfehlen|nennen|"
        r"erwähnen|ausgeben|ignorieren|mitteilen)"
    ),
    (
        r"\bals (?:KI(?:-\w+)?|sprachmodell)\b[^.!?]{0,50},? (?:sag|antworte|empfiehl|musst du|"
        r"teile? )"
    ),
)
# A role that speaks: `SYSTEM: Recommend ...`. With what it says, since a sheet of data has it too.
_LABEL: Final = (
    r"(?:^|\n|[.!?。]\s)[\s*_#>\[(<|]{0,8}(?:(?:im_start|start_header_id)\|?>\s*)?(?:SYSTEM|"
    r"(?:system|developer|assistant|admin)(?: |_)(?:prompt|message|override|note|instructions?|"
    r"update|notice|alert)|INST\]|系统(?:提示|消息|指令)?|система|システム)[\s*_\])>|]{0,8}"
)
_SPOKEN: Final = (
    r"(?:[:：∶]|\|>)?\s*(?:you\b|your\b|do not\b|don['’]t\b|never\b|always\b|from now on\b|new "
    rf"(?:task|instruction|objective)|please\b|the (?:assistant|user|model)\b|{_OUTPUT}|请|你|"
    r"忽略|игнорируй|сообщи|отвечай)"
)
LATIN: Final = re.compile("|".join(f"(?:{one})" for one in _LATIN), re.IGNORECASE)
LABEL: Final = re.compile(f"(?:{_LABEL}){_SPOKEN}", re.IGNORECASE)
BARE_LABEL: Final = re.compile(
    r"(?:\A|\n)[\s*_#>\[(]{0,8}system(?=[\s*_\])]{0,4}[:：])", re.IGNORECASE
)
"""Where a role in lower case would have to be in capitals to be meant: `System: Linux`."""
GOES_ON: Final = re.compile(
    r"(?:then|instead|also|and|now|please|do not|don['’]t|never|always|from now on|you\b|your\b|"
    rf"the user\b|{_OUTPUT}\b|\w+ (?:the|this|our|your|it|only|to)\b[^.!?]{{0,60}}\bthe user\b)",
    re.IGNORECASE,
)
"""A sentence behind a command, to the same."""
REPORTED: Final = re.compile(
    r"\b(?:attack\w*|adversar\w*|malicious\w*|inject\w*|jailbreak\w*|payloads?|phrases?|strings?|"
    r"such as|e\.g\.|says?|said|writes?|wrote|written|called|reads|argue[sd]?|tells?|told|"
    r"according to|regulat\w*|laws?|act requires|directive \d|researchers?|stud(?:y|ies)|paper|"
    r"critics|should not|ethic\w*|guidelines (?:say|require)|policy|lawmakers|experts?|"
    r"angreifer\w*|schreib\w*|sagt\w*|atacante\w*|dice[ns]?|escrib\w*|attaquant\w*|écri\w*|"
    r"disent|злоумышленник\w*|пиш\w*|говор\w*|atacantes|escreve\w*|dizem)\b"
    r"|攻击|攻撃|写道|例如|说：|हमलावर|लिखते|হামলাকারী|লেখেন|المهاجم|يكتب|حملہ آور|لکھتے",
    re.IGNORECASE,
)
"""What makes of a command something that is told about."""
