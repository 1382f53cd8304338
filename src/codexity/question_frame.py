"""What stands around a question and is none of it: greetings, and `can you tell me`."""

from __future__ import annotations

import re
from typing import Final

from codexity.analysis.stop_words import STOP_WORDS

_I: Final = re.IGNORECASE
_SOMEBODY: Final = (
    r"(?:(?:my|our|the|a|an|some) \w{2,20}|somebody|someone)(?: (?:at|in|of|from) (?:the|my|our))?"
    r"(?: \w{2,20})?"
)
_KNOWN: Final = rf"(?:{_SOMEBODY} (?:wants?|wanted|needs?|would like) to know,?)"
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
    r"|(?:(?:i|we)(?: would|['’]d)? |would )?(?:really |just |only )?"
    rf"(?:like|love|want|need|have|wish|am trying|are trying|try) to {_KNOW}"
    r"|(?:i|we) (?:was |am |were |are |just )?wonder(?:ing)?"
    r"|i['’]m (?:wondering|trying to find out)|i (?:forgot|forget|have no idea)"
    r"|i do(?:n['’]?t| not) (?:know|remember|understand)|i can(?:['’]?t|not) (?:find|remember)"
    r"|no idea|any idea|wondering"
    r"|(?:please )?(?:tell|remind|show) (?:me|us)|please (?:explain|help)"
    r"|(?:please )?help (?:me|us) (?:understand|find out|find)|let (?:me|us) know"
    rf"|{_SOMEBODY} (?:asked|asks|keeps asking|is asking|wonders)(?: me| us)?"
    r"|(?:können|könnten|kannst|könntest) (?:sie|du)(?: mir| uns)?(?: bitte)? (?:sagen|erklären)"
    r"|(?:wissen sie|weißt du|weiß jemand)|ich (?:möchte|würde gerne?|will) wissen"
    r"|sag mir(?: bitte)?|(?:peux-tu|pouvez-vous|pourriez-vous)(?: me)? (?:dire|expliquer)"
    r"|(?:sais-tu|savez-vous)|je (?:voudrais|veux|souhaite) savoir"
    r"|(?:me )?(?:puedes|puede|podrías|podría) (?:decir(?:me)?|explicar(?:me)?)"
    r"|(?:sabes|sabe usted)"
    r"|quiero saber|quisiera saber)"
)
_ASKING: Final = (
    r"(?=(?:if|whether|what|which|who|whom|whose|when|where|why|how|ob|was|welche\w?|wer|wem|wann"
    r"|wo|warum|wie|si|ce qui|ce que|quel\w*|qui|quand|où|pourquoi|comment|combien|qué|quién|cuándo"
    r"|dónde|cuánto|cuál|cómo|por qué)\b)"
)
_ABOUT: Final = (
    r"(?:(?:please )?(?:can you )?(?:give|write|get|send) (?:me|us) (?:a|an|the|some)"
    r" (?:(?:short|brief|quick|detailed|rough) )?"
    r"(?:summary|overview|explanation|description|idea|information|info|details)"
    r" (?:of|about|on|for)"
    r"|(?:please )?(?:tell|inform) (?:me|us) (?:more |something |everything |a bit )?about"
    r"|what (?:do|does) (?:the|my|our) (?:documents?|notes|files|papers|sources) say(?: about)?"
    r"|what (?:do you know|can you (?:tell|say)(?: me)?) about"
    r"|i (?:want|need|would like|['’]d like) (?:some |more )?(?:information|info|details)"
    r" (?:about|on)"
    r"|(?:i am|i['’]m) (?:looking for|interested in))"
)
_LOOK: Final = (
    r"(?:please )?(?:search(?: (?:the|my|our) \w{3,20})? for|look(?:ing)? (?:up|for)|google"
    r"|find (?:me|us|out)|(?:check|look in|search|go through|use) (?:the|my|our|your|all)"
    r" (?:documents?|docs|files|notes|papers|sources|library)(?: and|,)?(?: (?:tell|show) me)?)"
)
_BEFORE: Final = re.compile(
    rf"^\W{{0,4}}(?:{_GREETING}\s{{0,3}}[,.!:–-]{{1,3}}|{_OPENING}\s{{0,3}}[,.!:–-]{{1,3}}"
    rf"|{_GREETING} (?={_FRAME}|{_ASKING}\w)|{_FRAME}(?:[,:]? {_ASKING}|:)|{_KNOWN}"
    rf"|(?:{_ABOUT}|{_LOOK})(?=:? \w):?|(?:but|and) (?=\w))\s{{0,3}}",
    _I,
)
_BEHIND: Final = re.compile(
    r"[\s,;–-]{1,4}(?:asap|as soon as possible|by any chance|do you know|any ideas?"
    r"|if (?:i|one) may ask|if you know|i wonder|i was wondering|weißt du das|sais-tu)"
    r"(?P<end>\s{0,3}\?{0,3})[.!]?\s{0,3}$",
    _I,
)
_SOURCES: Final = re.compile(
    r"(?:^|[\s,(]{1,3})(?:in|from|based on|according to|as per|by)"
    r" (?:(?:all|any) (?:of )?)?(?:my|the|our|these|those|your)"
    r" (?:documents?|docs|files|papers|sources|notes|library|collection|knowledge base)"
    r"(?=[\s,.;:?!)]|$)\)?,?",
    _I,
)
"""Where everything is looked for anyway."""
_OURS: Final = re.compile(
    r"\s(?:at|in|for|with|within|of) (?:our|my|this) (?:own )?(?:place|company|firm|business"
    r"|organi[sz]ation|institution|community)(?=[\s,.;:?!)]|$)",
    _I,
)
_ADVERB: Final = re.compile(
    r"(?<=\w) (?:exactly|actually|really|basically|honestly|precisely|kindly|please"
    r"|normally|usually|generally|typically|today(?=\W*$))"
    r"(?=[\s,.;:?!)]|$)",
    _I,
)
_NUMBERED: Final = re.compile(
    rf"^\s{{0,4}}(?:\d{{1,2}}[.)]|[a-e]\)|q\d{{0,2}}[:.)])\s{{1,4}}{_ASKING}", _I
)
_SIGNED: Final = re.compile(
    r"\n\s{0,9}(?:(?:kind|best|warm|many) )?(?:regards|wishes|thanks|cheers|sincerely|viele grüße"
    r"|mit freundlichen grüßen|cordialement|saludos|sent from my)\b.{0,80}$",
    _I | re.DOTALL,
)
_ASIDE: Final = re.compile(r"\s?\(([^()]{1,40})\)")
_WHERE: Final = re.compile(
    r"(?:,? and)?,? (?:in|from|on) (?:which|what) (?:document|file|source|page|paper)s?"
    r" (?:is|are|does|do|did|can) .{0,60}$",
    _I,
)
"""What asks for the source, which is told anyway."""
_MARKS: Final = re.compile(r"(?<=\w)\s?[?!]{2,9}$")
_CLAUSE: Final = re.compile(r"[.!?;:,](?=\s)|,?\s(?:but|[-–—])(?=\s)")
_APOSTROPHE: Final = re.compile(r"['’]")
_WORD: Final = re.compile(r"[^\W\d_]+")
_ASKS: Final = re.compile(rf"\s?{_ASKING}", _I)
_CHATTER: Final = frozenset(
    """sorry dumb stupid silly basic probably question questions new here look looked looking search
    searched searching find found anywhere nowhere everywhere need needed quick quickly urgent
    urgently asap help please know knew sure check checked remember remembered forget forgot
    forgotten wonder wondering idea ideas clue hour hours minutes ages while today now hope hoping
    hello hi hey everyone everybody anyone anybody someone somebody maybe curious confused lost
    stuck read seen saw see documents document docs papers answer answers ask asked asking asks
    want wants wanted like understand sense simple easy hard trying try tried bother disturb moment
    second time times already yet still really just right ok okay well thanks thank lot much many
    remind told say says said written writes stands quite bit
    little good morning afternoon evening day let doubt ve ll cant dont ive im id""".split()
)
"""What people say around a question, whatever it is about."""
_WHETHER: Final = re.compile(r"^(?:if|whether|ob|si) (?=\w)", _I)
_AGAIN: Final = 4
_FEW: Final = 2
_LOOKED_AT: Final = 1_000


def unframed(question: str) -> str:
    """The question without a greeting and what only leads up to it: `could you tell me who ...`."""
    left = _MARKS.sub("?", question.strip()) if _MARKS.search(question.strip()) else question
    left = _quietly(_NUMBERED.sub("", _SIGNED.sub("", left)))
    left = _ASIDE.sub(lambda found: "" if _is_chatter(found[1]) else found[0], left)
    for _ in range(_AGAIN):
        shorter, framed = _BEFORE.subn("", left)
        if framed:
            shorter = _WHETHER.sub("", shorter)
        for around in (_SOURCES, _OURS, _ADVERB, _WHERE):
            shorter = around.sub("", shorter)
        shorter = _without_chatter(_BEHIND.sub(r"\g<end>", shorter))
        if shorter == left:
            break
        left = shorter
    return left


def _quietly(question: str) -> str:
    """What is typed in capitals throughout, in small letters but for what has figures."""
    if not question.isupper() or len(question.split()) <= _FEW:
        return question
    return " ".join(one if any(map(str.isdigit, one)) else one.lower() for one in question.split())


def _without_chatter(question: str) -> str:
    """Without a clause at either end that is about nothing: `I'm new here, where is it kept?`."""
    if len(question) > _LOOKED_AT:
        return question
    clauses = list(_CLAUSE.finditer(question))
    for found in (*clauses[:1], *clauses[-1:]):
        first, rest = question[: found.start()], question[found.end() :].strip()
        if _is_chatter(first) and not _is_chatter(rest):
            return rest
        if _is_chatter(rest) and not _is_chatter(first):
            mark = found[0][0] if found[0][0] in "?!." else "?" if rest.endswith("?") else ""
            return first.rstrip() + mark
    return question


def _is_chatter(clause: str) -> bool:
    if _ASKS.match(clause):
        return False
    words = _WORD.findall(_APOSTROPHE.sub(" ", clause.lower()))
    return not any(map(str.isdigit, clause)) and all(
        one in _CHATTER or one in STOP_WORDS for one in words
    )
