"""What stands around a question and is none of it: greetings, and `can you tell me`."""

from __future__ import annotations

import re
from typing import Final

_I: Final = re.IGNORECASE
_GREETING: Final = (
    r"(?:hi|hiya|hello|hey|hallo|good (?:morning|afternoon|evening)|dear (?:all|team|sir|madam)"
    r"|guten (?:tag|morgen|abend)|moin|servus|bonjour|salut|bonsoir|hola|buenos días|buenas tardes)"
    r"(?: (?:there|all|everybody|everyone|guys|folks|team|again|codexity|you|zusammen|alle"
    r"|à tous))?"
)
_OPENING: Final = (
    r"(?:(?:a |one |just a |another )?(?:quick|short|stupid|silly|small|simple) (?:question|one)"
    r"|(?:one|just one|another) question|question|sorry(?: to bother you)?|excuse me|um+|well"
    r"|ok(?:ay)?|so|kurze frage|eine frage|petite question|une question|una pregunta)"
)
_PERSON: Final = r"(?:you|u|anyone|anybody|someone|somebody)"
_MAYBE: Final = r"(?: (?:please|kindly|maybe|perhaps|possibly|happen to|just|quickly|also))?"
_KNOW: Final = r"(?:know|find out|understand|learn|see|ask(?: you)?|check|be sure|hear|figure out)"
_FRAME: Final = (
    rf"(?:(?:can|could|would|will) {_PERSON}{_MAYBE} (?:tell|explain to|remind|help|show|inform)"
    r"(?: me| us)?(?: (?:to )?(?:understand|find out|see|remember))?"
    rf"|(?:does|do|would|did) {_PERSON}{_MAYBE} (?:know|remember|recall)"
    r"|(?:i|we)(?: would|['’]d)? (?:really |just |only )?"
    rf"(?:like|love|want|need|have|wish|am trying|are trying|try) to {_KNOW}"
    r"|(?:i|we) (?:was |am |were |are |just )?wonder(?:ing)?"
    r"|i['’]m (?:wondering|trying to find out)|i (?:forgot|forget|have no idea)"
    r"|i do(?:n['’]?t| not) (?:know|remember|understand)|i can(?:['’]?t|not) (?:find|remember)"
    r"|no idea|any idea|wondering"
    r"|(?:please )?(?:tell|remind|show) (?:me|us)|please (?:explain|help)"
    r"|(?:please )?help (?:me|us) (?:understand|find out|find)|let (?:me|us) know"
    r"|(?:können|könnten|kannst|könntest) (?:sie|du)(?: mir| uns)?(?: bitte)? (?:sagen|erklären)"
    r"|(?:wissen sie|weißt du|weiß jemand)|ich (?:möchte|würde gerne?|will) wissen"
    r"|sag mir(?: bitte)?|(?:peux-tu|pouvez-vous|pourriez-vous)(?: me)? (?:dire|expliquer)"
    r"|(?:sais-tu|savez-vous)|je (?:voudrais|veux|souhaite) savoir"
    r"|(?:me )?(?:puedes|puede|podrías|podría) (?:decir(?:me)?|explicar(?:me)?)"
    r"|(?:sabes|sabe usted)"
    r"|quiero saber|quisiera saber)"
)
_ASKING: Final = (
    r"(?=(?:if|whether|what|which|who|whom|whose|when|where|why|how|ob|was|welche\w?|wer|wem|wann|wo"
    r"|warum|wie|si|ce qui|ce que|quel\w*|qui|quand|où|pourquoi|comment|combien|qué|quién|cuándo"
    r"|dónde|cuánto|cuál|cómo|por qué)\b)"
)
_ABOUT: Final = (
    r"(?:(?:please )?(?:can you )?(?:give|write|get|send) (?:me|us) (?:a|an|the|some)"
    r" (?:(?:short|brief|quick|detailed|rough) )?"
    r"(?:summary|overview|explanation|description|idea|information|info|details)"
    r" (?:of|about|on|for)"
    r"|(?:please )?(?:tell|inform) (?:me|us) (?:more |something |everything |a bit )?about"
    r"|what (?:do you know|can you (?:tell|say)(?: me)?) about"
    r"|i (?:want|need|would like|['’]d like) (?:some |more )?(?:information|info|details)"
    r" (?:about|on)"
    r"|(?:i am|i['’]m) (?:looking for|interested in))"
)
_BEFORE: Final = re.compile(
    rf"^\W{{0,4}}(?:{_GREETING}\s{{0,3}}[,.!:–-]{{1,3}}|{_OPENING}\s{{0,3}}[,.!:–-]{{1,3}}"
    rf"|{_GREETING} (?={_FRAME}|{_ASKING}\w)|{_FRAME}[,:]? {_ASKING}|{_ABOUT}(?= \w))\s{{0,3}}",
    _I,
)
_BEHIND: Final = re.compile(
    r"[\s,;–-]{1,4}(?:asap|as soon as possible|by any chance|do you know|any ideas?"
    r"|if (?:i|one) may ask|if you know|i wonder|i was wondering|weißt du das|sais-tu)"
    r"(?P<end>\s{0,3}\?{0,3})[.!]?\s{0,3}$",
    _I,
)
_WHETHER: Final = re.compile(r"^(?:if|whether|ob|si) (?=\w)", _I)
_AGAIN: Final = 4


def unframed(question: str) -> str:
    """The question without a greeting and what only leads up to it: `could you tell me who ...`."""
    left = question
    for _ in range(_AGAIN):
        shorter, framed = _BEFORE.subn("", left)
        if framed:
            shorter = _WHETHER.sub("", shorter)
        shorter = _BEHIND.sub(r"\g<end>", shorter)
        if shorter == left:
            break
        left = shorter
    return left
