"""Stop words: they say nothing of what a text is about, but tell its language."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import Final

STOP_WORDS: Final = frozenset(
    """a about above after again against all also am an and any are aren as at be because been
    before being below between both but by can cannot could couldn d did didn do does doesn doing
    don down during each else ever few for from further get gets got had hadn has hasn have haven
    having he her here hers herself him himself his how i if in into is isn it its itself just ll
    m me might mine more most mustn my myself no nor not now of off on once only or other our ours
    ourselves out over own per please re s same shall shan she should shouldn so some such t than
    that the their theirs them themselves then there these they this those through to too under
    until up upon us use used using ve very was wasn we were weren what when where whether which
    while who whom whose why will with won would wouldn you your yours yourself yourselves tell
    explain""".split()
)
"""English's."""

FUNCTION_WORDS: Final = {
    code: frozenset(words.split())
    for code, words in {
        "de": """
            der die das den dem des ein eine einen einem einer eines und oder ist sind war waren
            wird werden wurde nicht mit von vom zu zum zur im in am an auf aus bei für nach über
            unter um durch auch als wie wann wo wer was warum welche welcher welches es er sie wir
            ich sich man hat haben kann können dass wenn so noch nur aber ab bis ihr sein gibt""",
        "nl": """
            de het een en of is zijn was werd wordt worden niet met van voor naar op in uit bij
            aan om te ook als hoe wanneer waar wie wat waarom welke er hij zij wij ik zich men
            heeft hebben kan kunnen dat die deze dit nog maar door over tot""",
        "da": """
            den det de en et og eller er var bliver blev ikke med af fra til på i om for ved efter
            over under også som hvordan hvornår hvor hvem hvad hvorfor hvilken der han hun vi jeg
            sig man har kan at når men nu skal vil""",
        "no": """
            den det de en ei et og eller er var blir ble ikke med av fra til på i om for ved etter
            over under også som hvordan når hvor hvem hva hvorfor hvilken der han hun vi jeg seg
            man har kan at men nå skal vil""",
        "sv": """
            den det de en ett och eller är var blir blev inte med av från till på i om för vid
            efter över under också som hur när vem vad varför vilken där han hon vi jag sig man
            har kan att men nu ska vill""",
        "fi": """
            ja tai on ovat oli olivat ei eivät se ne tämä nämä hän he me minä joka jotka mikä
            mitkä mitä missä milloin kuka miksi miten kuin että kun jos mutta myös vain vielä
            kanssa""",
        "et": """
            ja või on oli ei see need tema nad me mina mis kus millal kes miks kuidas kui et aga
            ka ainult veel koos""",
        "hu": """
            a az egy és vagy nem is volt van vannak hogy ha mint mi ki mikor hol miért hogyan
            melyik ez ezek csak még meg de kell lehet""",
        "fr": """
            le la les un une des du de d l et ou est sont était été ne pas avec par pour dans sur
            sous chez au aux en ce cette ces qui que quoi quand où comment pourquoi quel quelle il
            elle ils nous je se on a ont peut mais si plus leur sa son""",
        "es": """
            el la los las un una unos y o es son era fue no con por para en del al de que qué
            quién cuándo dónde cómo cuál cuáles se lo le su sus este esta estos ha han hay puede
            pero si más como está""",
        "pt": """
            o a os as um uma uns e ou é são era foi não com por para em no na nos nas do da dos
            das de que quem quando onde como qual quais se ao à seu sua este esta há pode
            mas mais""",
        "it": """
            il lo la i gli le un una uno e o è sono era non con per in nel nella dei del della di
            da dal al alla che chi quando dove come quale quali perché si su questo questa ha
            hanno può ma più""",
        "ca": """
            el la els les un una uns i o és són era no amb per en del dels al de que què qui quan
            on com quin quina es ho seu seva aquest aquesta ha han hi pot però més""",
        "ro": """
            un o și sau este sunt era nu cu de la în din pe pentru prin că care cine ce când unde
            cum cât se lui lor sa său acest această are au poate dar mai al ale""",
        "pl": """
            i lub jest są był była było nie z ze w we na do od po za przez dla o że który która
            które kto co kiedy gdzie jak dlaczego się to ten ta te może ale tylko jego ich""",
        "cs": """
            a nebo je jsou byl byla bylo není s se v ve na do od po za pro o že který která které
            kdo co kdy kde jak proč to ten ta může ale jen jeho jejich""",
        "lt": """
            ir ar yra buvo ne su iš į nuo iki per dėl apie kad kuris kuri kas kada kur kaip kodėl
            tai šis ši gali bet tik""",
        "tr": """
            ve veya bir bu şu o ile için de da ne nasıl nerede zaman kim neden hangi mi mı mu mü
            değil var yok olan olarak daha çok gibi ama her""",
        "id": """
            dan atau adalah yang di ke dari pada untuk dengan oleh tidak ini itu apa siapa kapan
            mana bagaimana mengapa akan telah sudah dapat bisa tetapi juga""",
        "ga": """
            an na agus nó is tá bhí níl ag ar as do de le ó faoi go cad cé conas cathain
            cá sé sí""",
        "eu": """
            eta edo da dira zen ez bat hau hori zer nor noiz non nola zergatik ere baina egin""",
    }.items()
}
"""Of languages in Latin letters that have a stemmer, by their code of ISO 639-1."""

_OTHER_SCRIPTS: Final = frozenset(
    """и в во не на с со по как что это к ко из у за от для о об а но или же бы ли когда где
    кто почему какой какая какие чем его их она он мы я быть был была есть й та що як це і
    до від де коли ο η το οι τα του τησ των τον την ένα μια και ή είναι ήταν με σε στο στη
    στην από για ότι που πωσ ποιοσ πότε τι γιατί δεν θα να في من على الى إلى عن مع هذا هذه
    التي الذي ما متى أين كيف هل لماذا و أو لا את של על עם זה מה מתי איפה איך מי האם לא או का
    की के है हैं में से को और पर यह क्या कब कहाँ कैसे कौन था थी ने भी""".split()
)
_CLEARLY_ENGLISH: Final = frozenset(
    """the and that with this from which have has you what how does when where who why should
    your are were been their they it its of to be by not can did there would about into""".split()
)
_GLIMPSE_CHARS: Final = 160
_SAMPLE_CHARS: Final = 400
_WORD: Final = re.compile(r"[^\W\d_]{2,12}")
_AT_LEAST: Final = 2


def told(text: str) -> str | None:
    """The language of a text whose words are to be stemmed as its own; None for English.

    None also where it cannot be told, and for languages without a stemmer or in scripts that tell
    the stemmer themselves. Short texts are told too, by the function words in them: two at least.
    """
    # Nearly every text is English, and says so in its first line.
    if len(_CLEARLY_ENGLISH.intersection(text[:_GLIMPSE_CHARS].lower().split())) >= _AT_LEAST:
        return None
    sample = frozenset(_WORD.findall(text[:_SAMPLE_CHARS].lower()))
    english = len(sample & _CLEARLY_ENGLISH)
    by_word = _languages_of()
    found = Counter(code for word in sample & by_word.keys() for code in by_word[word])
    code, count = max(found.items(), key=lambda one: one[1], default=("", 0))
    return code if count >= _AT_LEAST and count > english else None


def is_clearly_english(text: str) -> bool:
    """Whether a question has a word that only English has, so that a single one tells it."""
    return not _CLEARLY_ENGLISH.isdisjoint(_WORD.findall(text[:_SAMPLE_CHARS].lower()))


def other_stop_words() -> frozenset[str]:
    """Stop words of scripts other than Latin, folded: they clash with no other language's."""
    return _folded_others()


@cache
def _languages_of() -> dict[str, tuple[str, ...]]:
    # What English has too (`in`, `is`, `an`) tells nothing.
    every = {
        word
        for words in FUNCTION_WORDS.values()
        for word in words
        if len(word) > 1 and word not in STOP_WORDS
    }
    return {
        word: tuple(code for code, words in FUNCTION_WORDS.items() if word in words)
        for word in every
    }


@cache
def _folded_others() -> frozenset[str]:
    from .folding import fold

    return frozenset(map(fold, _OTHER_SCRIPTS))
