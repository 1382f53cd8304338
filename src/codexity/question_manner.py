"""What a question says of its answer's form: `in two sentences`, `briefly`, `answer in French`."""

from __future__ import annotations

import re
from typing import Final

from codexity.question_frame import unframed

_I: Final = re.IGNORECASE
_COUNT: Final = (
    r"(?:\d{1,5}|an?|one|two|three|four|five|six|seven|eight|nine|ten|a few|a couple of"
    r"|eine[mnr]?|zwei|drei|vier|fünf|ein paar|une?|deux|trois|quatre|cinq|quelques"
    r"|una?|dos|tres|cuatro|cinco|pocas|unas pocas)"
)
_ABOUT: Final = (
    r"(?:(?:at most|no more than|not more than|less than|fewer than|under|about|around|roughly"
    r"|exactly|only|just|max(?:imum|imal|\.)?|höchstens|weniger als|etwa|rund|genau|nur"
    r"|moins de|au plus|environ|seulement|menos de|como máximo|unas|solo) )?"
)
_KIND: Final = r"(?:(?:short|simple|brief|clear|easy|kurzen|einfachen|courtes|cortas) )?"
_UNIT: Final = (
    r"(?:words?|sentences?|lines?|paragraphs?|bullet[ -]?points?|bullets"
    r"|Wörtern?|Worten?|Wort|Sätzen?|Satz|Zeilen|Stichpunkten|mots?|phrases?|lignes"
    r"|palabras?|frases?|líneas)"
)
_SIZE: Final = (
    rf"(?:in|within|using|as|with|en|dans|con) {_ABOUT}{_COUNT} {_KIND}{_UNIT}"
    r"(?: or (?:less|fewer)| max(?:imum)?\b| at (?:the )?most)?"
)
_LANGUAGE: Final = (
    r"(?:english|german|french|spanish|italian|dutch|portuguese|polish|russian|chinese|japanese"
    r"|arabic|turkish|deutsch|englisch|französisch|spanisch|français|anglais|allemand|espagnol"
    r"|español|inglés|alemán|francés)"
)
_WAY: Final = (
    r"(?:briefly|concisely|in (?:short|brief|detail|a nutshell)"
    r"|in (?:very )?(?:simple|plain|easy|layman['’]?s|lay) (?:words|terms|language|english)"
    r"|like i['’]?m (?:five|5)|kurz und knapp|in einfachen Worten"
    r"|stichpunktartig|brièvement|en bref|en détail|en termes simples"
    r"|brevemente|en breve|en detalle|en pocas palabras|en palabras sencillas)"
)
_APART: Final = (
    r"(?:as (?:a |an )?(?:short |bulleted |numbered |simple )?"
    r"(?:list|table|bullet points|bullets|one-liner)"
    rf"(?: (?:with|of) {_COUNT} (?:points|items|rows))?"
    r"|step[ -]by[ -]step|Schritt für Schritt|étape par étape|paso a paso"
    r"|kurz|knapp|ausführlich|als (?:kurze )?(?:Liste|Tabelle)|sous forme de (?:liste|tableau)"
    r"|como (?:lista|tabla))"
)
"""What may be asked about as well, where no comma parts it: `return it as a list`."""
_POLITE: Final = (
    r"(?:please|pls|plz|thanks(?: a lot)?|thank you(?: very much)?(?: in advance)?|cheers"
    r"|bitte(?: schön)?|danke(?: schön)?|s['’]il (?:te|vous) pla[iî]t|svp|merci|por favor|gracias)"
)
_SAY: Final = (
    r"(?:answer|reply|respond|say|explain|tell|describe|summari[sz]e|write|put|give|keep"
    r"|antworte|erkläre?|sag|beschreibe|réponds|répondez|explique[zr]?|responde|explica)"
    r"(?: (?:it|this|that|me|us|the answer|your answer|es|mir|das|moi|lo|me)){0,3}"
)
_END: Final = r"(?=\s{0,4}(?:[.,;:!?)]|$))"
_AGAIN: Final = 4
"""So many wishes may stand in a row: `in two sentences, in simple words, please`."""

_ASKED: Final = re.compile(
    rf"(?:(?<=[.?!:;,(])|^)\s{{0,4}}(?:{_POLITE},? )?{_SAY}"
    rf"(?: {_SIZE}| {_WAY}| {_APART}| (?:only )?(?:in|auf|en) {_LANGUAGE}"
    rf"| (?:with|by|mit) (?:yes or no|ja oder nein)| short|,? and| {_POLITE}|,){{1,6}}{_END}[.!]?",
    _I,
)
"""A clause of its own: `Please answer in German, as a list.`"""
_BEFORE: Final = re.compile(
    rf"^\s*(?:(?:{_SIZE}|{_WAY}|{_APART}|{_POLITE}|eli5|tl;?dr)\s*[:,]|(?:eli5|tl;?dr|{_POLITE})\s)\s*",
    _I,
)
"""What stands before the question: `In simple words: how ...`, `eli5 how ...`."""
_BEHIND: Final = re.compile(
    rf"(?:[\s,;(–-]{{1,6}}(?:{_SIZE}|{_WAY}|{_POLITE}|eli5|tl;?dr)|[,;(–-]\s{{0,4}}{_APART})"
    r"\s{0,4}[.!)]{0,4}(?P<end>\s{0,4}\?{0,4})\s{0,4}$",
    _I,
)
"""What stands behind it: `..., in two sentences please?`"""
_WITHIN: Final = re.compile(
    rf"^(?P<say>(?:(?:can|could|would) you )?(?:please )?{_SAY})\s+(?:{_SIZE}|{_WAY})\s+(?=\w)", _I
)
"""What stands behind the verb: `Explain in three sentences how ...`"""
_DENSE: Final = re.compile(
    r"(?:请|請)?用(?:\d{1,4}|[一二两兩三四五几幾])(?:句话|句話|个字|個字|字)(?:以内)?(?:回答|说明|說明|解释|解釋)?"
    r"|(?:请|請)?用(?:中文|英文|日文|英语|日语)(?:回答|说明)|(?:\d{1,4}|[一二三四五])(?:行|文|字以内)で"
    r"|(?:簡潔|簡単|手短)に(?=教|説明|答)"
)
_WORD: Final = re.compile(r"\w{2}")


def matter(question: str) -> str:
    """The question without what stands around it or tells of its answer's form; never empty.

    What is looked for is the matter alone; a model that writes gets the whole question.
    """
    left = _DENSE.sub("", question)
    for _ in range(_AGAIN):
        shorter = _ASKED.sub(" ", unframed(left))
        shorter = _BEHIND.sub(r"\g<end>", _BEFORE.sub("", shorter))
        shorter = _WITHIN.sub(r"\g<say> ", shorter)
        if shorter == left:
            break
        left = shorter
    left = " ".join(left.split()) if left != question else question
    return left if _WORD.search(left) else question
