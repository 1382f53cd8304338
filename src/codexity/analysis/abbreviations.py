"""Abbreviations: what ends with a full stop that ends no sentence, by language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

_LEADS: Final = {
    "": """dr prof mr mrs ms mme mlle mgr st mt ft vs cf fig figs eq approx op.cit e.g i.e viz nr
        tel ca vgl bzw ggf evtl bspw z.b d.h u.a hr dott dhr sra dña dra núm pág págs blz ul np inż
        т.е т.к т.н ул див вул напр см стр рис им проф акад тов гр обл пос пер пл наб просп д-р г-н
        κ κα κκ π.χ λ.χ δηλ αρ σελ δρ βλ τηλ डॉ प्रो श्री पृ सं د أ أ.د م ص""",
    "en": "gen sen rep gov rev lt col capt sgt ch vol sec ed eds hon messrs supt cmdr maj ave incl"
    " dept univ",
    "de": """abs art kap abb tab anm aufl bd bde hrsg dipl ing fr frl rd mind max sog gem lt geb
        gest verh allg bes insb insbes ebd zzgl abzgl inkl exkl einschl ehem entspr wg zw tägl
        wöchentl monatl jährl i.d.r i.a u.u z.t z.z z.zt z.hd m.e o.g u.u.u v.a i.s.d s.a d.i ff.u
        mag lic ing phil""",
    "nl": """dr drs ir ing mr mw mevr bijv bv o.a d.w.z i.p.v m.a.w m.b.t t.a.v a.u.b.d z.g t.o.v
        i.v.m afb art hfst jhr nl prof resp vgl zgn incl excl""",
    "fr": """m mm mmes mlles me art env p.ex c.-à-d chap éd av apr vol réf fig fol cf tél bd ex st
        ste dép arr hab al coll trad mons""",
    "es": """sr srta sres sras d dr dña da ud uds vd art arts cap fig p.ej ej av avda c tel teléf
        gral ing lic prof pp vol ee aprox dpto prov admón""",
    "pt": """sr srs srta sras dr dras d exmo exma av art arts cap eng profa fig p.ex ex tel séc vol
        ed aprox pp lgo lda.n""",
    "it": """sig sig.ra sigg sig.na dr dott.ssa avv ing geom rag arch on art artt cap pag pagg fig
        es p.es prof.ssa tel vol ecc.mo d.lgs d.l n nn c.so v.le p.zza lgs spett""",
    "ca": "sr sra dr dra art núm pàg p.ex av tel",
    "ro": "dl dna d-na d-l art nr str pag prof ing cca de.ex p.ex",
    "pl": """al os pl tzn tzw prof hab inż mgr im ks św art par ust poz rys tab por zob wg ok tel
        ww dot śp płk gen kpt nr red t.j m.in""",
    "cs": """tzn tzv tj např č čp str odst zák sb ing mgr bc judr mudr phdr doc prof sv ul nám tř
        tel obr tab srov popř příp mj min max viz t.j a.s.č""",
    "sk": "tzn tzv tj napr č str ods ing mgr bc judr mudr doc prof sv ul nám tel obr",
    "ru": "д стр ст п пп ч кв корп оф тел напр ср т гл табл",
    "uk": "тобто.т ст п пп буд кв тел ім ред",
    "da": "f.eks bl.a dvs kl jf hr fr ca nr tlf pga mht ifm inkl ekskl stk",
    "no": "f.eks bl.a dvs kl jf jfr hr fr ca nr tlf pga mht ifm inkl ekskl",
    "sv": "t.ex bl.a dvs s.k kl jfr nr tel sid kap fig inkl exkl",
    "fi": "esim ns n klo puh nro ks vrt ts mm.muun",
    "hu": "pl kb ún ill dr id ifj özv szt u vö ld",
    "tr": "dr prof doç bkz örn cad sok mah av yrd no alb",
}
"""Before what they belong to: no sentence ends with them."""

_NUMBERED: Final = {
    "": "no nos pp abs art kap par pos pkt lfd ziff rn randnr fn bl",
    "en": "app ex para paras pt",
    "de": "hs hnr plz",
}
"""Before a number only: `No. 5`, but `No.`"""

_BETWEEN: Final = {
    "": "jan feb apr jun jul aug sept sep oct nov dec inc ltd co corp jr sr al mio mrd",
    "en": "mar assn bros dist ph.d b.a m.a mfg intl est",
    "de": "ff min std str okt dez gmbh tsd jh jhd jhdt mwst bzgl ang dt engl frz lat wo o.ä u.ä",
    "fr": "janv févr avr juil déc sté hab éts",
    "es": "ene abr ago dic cía hnos s.a s.l izq dcha",
    "pt": "fev abr mai ago set out dez cia ltda s.a",
    "it": "genn febbr mag giu lug ott dic s.p.a s.r.l",
    "nl": "mrt okt",
    "pl": "tys mln mld godz min zł",
    "cs": "tis mil hod min kč s.r.o a.s",
    "ru": "тыс млн млрд руб коп мин сек",
    "sv": "okt maj",
}
"""Within a sentence or at its end: what follows says."""

_CLOSING: Final = {
    "": (
        r"\bи\s(?:т\.\s?[дп]|др|пр)|н\.\s?э|[\dIVXХ]\s?(?:г|гг|в|вв|р|рр|ст)|J\.-C|EE\.\s?UU"
        r"|\b[avn]\.\s?(?:C|Chr)|[πμ]\.\s?Χ|\d\s?r|[\d°]\s?[hgmlVWAKCF]"
    ),
    "es": r"\bd\.\s?C",
    "it": r"\bd\.\s?C",
    "pt": r"\bd\.\s?C",
    "pl": r"\bw",
}
"""At the end of what they belong to: a capital letter behind them begins a sentence."""

ORDINAL: Final = frozenset("de cs sk pl da no nb nn fi hu hr sl sr bs et lv is tr lb".split())
"""Languages that write ordinal numbers with a full stop."""


@dataclass(frozen=True, slots=True)
class Abbreviations:
    """Those of a language, in lower case, without the full stop at the end or blanks inside.

    `closing` matches the end of a text. `ends` are the words that one of them may end with: only
    behind these, and behind single letters, has to be looked closer.
    """

    leads: frozenset[str]
    numbered: frozenset[str]
    between: frozenset[str]
    closing: re.Pattern[str]
    ends: frozenset[str]


@cache
def abbreviations(language: str | None) -> Abbreviations:
    """Those of a language (ISO 639-1); English's where it is not known or has none here.

    Those that are no words in other languages hold for all.
    """
    code = language if language in _LEADS else "en"
    leads, numbered, between = (
        frozenset(" ".join(_of(table, code)).split()) for table in (_LEADS, _NUMBERED, _BETWEEN)
    )
    return Abbreviations(
        leads=leads,
        numbered=numbered,
        between=between,
        closing=re.compile(rf"(?:{'|'.join(_of(_CLOSING, code))})\.$"),
        ends=frozenset(one.rpartition(".")[2] for one in leads | numbered | between),
    )


def _of(table: Mapping[str, str], code: str) -> list[str]:
    return [table[key] for key in ("", code) if key in table]
