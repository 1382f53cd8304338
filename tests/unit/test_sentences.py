"""Sentences end where readers of their language end them; `|` marks where."""

from __future__ import annotations

from time import process_time

import pytest

from codexity.text import sentences

CASES = {
    "en": """
        Ask Dr. Hale at 4 p.m. about it.| She knows.
        The U.S. Army built it.| It stands.
        He lives in the U.S.| She does not.
        See No. 5 and Fig. 3 first.| Then pull.
        No.| It is shut.
        J. R. R. Tolkien wrote it.| A. A. Milne did not.
        Use a rope, e.g. Manila hemp.| It holds.
        Run setup.py.| Take v2.1.| The rest is done.
        Read https://mill.example/a.html.| It says why.
        It costs 3.50 a day.| Pay at 11:00.| Bring coins.
        1. Shut the sluice.| 2. Open the gate.| 3. Wait.
        The office opens at 9 a.m.| Visitors ring.
        Take vitamin C.| Oranges have it.
        He paused…| Then he said "Stop!"| Nobody did.
        Ropes, oars, etc.| The punt has none.
        Harry S. Truman and Jan. 5 stay whole.| So they do.
        It rained [...] Everybody left.| Good.""",
    "de": """
        Der Bus kommt am 19. Mai.| Er ist voll.
        Rufen Sie tel. Auskunft an.| Danke.
        Nimm z. B. Hanf, d. h. Seil.| Das hält.
        Es gilt § 3 Abs. 2 Nr. 5.| Danach nicht.
        Siehe S. 12 bzw. Kapitel drei.| Dort steht es.
        Es sind ca. Fünfzig.| Frau Dr. Ruge zählt.
        Seile, Ruder usw.| Der Kahn hat keins.
        Im 19. Jahrhundert war es so.| Heute nicht.
        Am 3. 10. 2025 ist frei.| Am 28.9. nicht.
        Um 11:00 Uhr beginnt es.| Kommen Sie am 5.| Wir warten.
        Sie sagte: „Halt!“| Er hielt.
        Er kam.| »Ja«, sagte sie.
        Es sind 5 Mio. Euro.| Das reicht.
        Unter Ludwig XIV. Bourbon begann es.| Er baute.
        Er starb 50 v. Chr.| Seine Frau lebte.
        Im Jahr 1999.| Danach kam er.""",
    "fr": """
        M. Dupont et Mme. Petit partent.| Ils rentrent.
        Voir art. L. 5 et p. ex. Lyon.| Bien.
        En 50 av. J.-C. il naît.| Elle aussi.
        Il est né en 50 av. J.-C.| Sa femme vit.
        Il y en a env. 20 au no. 5.| Pas plus.
        « Oui ! »| Il sort.| « Non. »| Elle reste.
        Il sort.| À midi il rentre.
        Pourquoi ?| Parce que.
        Le Dr. Roux vient à 11 h.| Attendez.""",
    "es": """
        La Sra. Dña. Ana viaja.| Vuelve hoy.
        Vive en EE. UU. desde 1990.| Está bien.
        Vive en EE. UU.| Ella viaja.
        Véase la pág. 5 y el núm. 3.| Fin.
        Fin.| ¿Qué hora es?| ¡Las once!
        El Sr. Gómez y la Dra. Ruiz.| Nadie más.
        Por ej. Madrid.| Es grande.
        Murió en 44 a. C.| Era viejo.""",
    "it": """
        Il sig. Rossi parte.| Torna oggi.
        Vale l'art. 5 del D.Lgs. n. 81.| Basta.
        Abita in p.zza Dante.| È vecchia.
        Il dott. Bo e la dott.ssa Re.| Nessun altro.
        Vedi pag. 12 e fig. 3.| Poi chiudi.
        Corde, remi ecc.| La barca è vuota.
        Morì nel 44 a. C.| Era vecchio.
        Perché?| Non so.""",
    "nl": """
        Dhr. Jansen en mevr. Smit komen.| Ze blijven.
        Hij woont bijv. Amsterdam uit.| Mooi.
        Op blz. 5 staat o.a. Rembrandt.| Klaar.
        Zie art. 3 en nr. 7.| Daarna niet.
        Prof. dr. Vos leest.| Hij schrijft.
        Touw, riemen enz.| De boot is leeg.
        Om 11:00 begint het.| Kom op tijd.
        Waarom?| Daarom.""",
    "pt": """
        O Sr. Silva e a Sra. Dias moram aqui.| Eles ficam.
        Mora na Av. Paulista, n.º 5.| A Dra. Ana também.
        Veja a pág. 5 e o art. 3.| Fim.
        Por ex. Lisboa.| É grande.
        Cordas, remos etc.| O barco não tem.
        Às 11:00 começa.| Venha cedo.
        Por quê?| Não sei.
        O prof. Lima lê.| Ele escreve.""",
    "pl": """
        Mieszka przy ul. Długiej 5.| Ma psa.
        Znał np. Adama, tzn. Mickiewicza.| Tak było.
        Prof. Nowak i dr. Lis czekają.| Jest ok.
        Liny, wiosła itd.| Łódź jest pusta.
        Zob. art. 5 i rys. 3.| Potem nie.
        W 1999 r. zmarł Adam.| Było zimno.
        Ul. Długa jest krótka.| Żal.
        Dlaczego?| Świeci słońce.""",
    "cs": """
        Narodil se 5. května 1900.| Žil tam.
        Pracuje např. Petr.| Čeká na něj.
        Prof. Novák a Ing. Malá čekají.| Šli domů.
        Lana, vesla atd.| Člun je prázdný.
        Viz odst. 5 a str. 12.| Pak ne.
        Bydlí na nám. Míru.| Je tam klid.
        Dne 3. 10. 2025 je volno.| Pak ne.
        Proč?| Řekni.""",
    "ru": """
        Он живёт на ул. Ленина.| Там тихо.
        Это г. Москва, т. е. Россия.| Потом нет.
        Верёвки, вёсла и т. д.| Лодка пуста.
        Он умер в 1999 г.| Потом была зима.
        А. С. Пушкин писал.| Мы читаем.
        См. рис. 3 и стр. 12.| Затем нет.
        Это было в XIX в.| Теперь нет.
        Почему?| Потому.
        Проф. Иванов и др.| Они ждут.""",
    "ja": """
        門を閉めた。|次の日に開けた。
        彼は「はい。」と言った。|終わり。
        彼は言った。|「はい。」|彼女は笑った。
        本当?|はい!|行こう。
        待って……また来た！？|よし。
        版は3．5です。|次は4です。
        「なぜ？」って聞いた。|黙った。
        終わり。|OK。|python は別だ。""",
    "zh": """
        门关了。|第二天开了。
        他说：“好。”|然后走了！|真的？|是。
        “好。”，他说。|她笑了。
        等等……又来了。|好。
        价格是3.5元。|不贵。
        （见上文。）|然后关门。
        「好！」|他走了。
        没有句号的一句话""",
    "ar": """
        هل جاء؟| نعم.| ذهب.
        أغلق الباب.| ثم فتحه!
        قال د. سامي ذلك.| سكت.
        جاء؛ ثم ذهب.| انتهى.
        الثمن 3.5 دينار.| رخيص.
        انظر ص. 12 أولا.| ثم اقرأ.
        لماذا؟| لا أعرف.
        قال: «نعم.»| ثم خرج.""",
    "el": """
        Τι κάνεις;| Καλά.| Πάμε.
        Ο κ. Παππάς ήρθε.| Έφυγε.
        Πάρε π.χ. Σχοινί.| Κρατάει.
        Δες σελ. 12 και αρ. 5.| Μετά όχι.
        Κ. Π. Καβάφης έγραψε.| Διαβάζουμε.
        Γιατί;| Όχι!
        Στις 11:00 αρχίζει.| Έλα νωρίς.
        Κοστίζει 3.50 ευρώ.| Λίγο.""",
    "hi": """
        वह आया।| डॉ. राम गए।| सब ठीक है।
        क्या?| नहीं!| चलो।
        प्रो. शर्मा पढ़ते हैं।| वे लिखते हैं।
        दाम 3.5 है।| सस्ता है।
        वह गया॥| फिर आया।
        देखो।| रुको।
        समय 11:00 है।| आओ।
        श्री. वर्मा यहाँ हैं।| बैठो।""",
    "sv": """
        Ta t.ex. Hampa.| Den håller.
        Bl.a. Anna kom.| Hon stannade.
        Se s. 12 och nr. 5.| Sedan inte.
        Dr. Berg väntar.| Han läser.
        Kl. 11 börjar det.| Kom tidigt.
        Varför?| Därför.
        Det kostar 3.50 kr.| Åk dit.
        Rep, åror osv.| Båten är tom.""",
}
ROWS = [
    (language, line.strip())
    for language, lines in CASES.items()
    for line in lines.strip().split("\n")
]


@pytest.mark.parametrize(("language", "line"), ROWS)
def test_sentences_end_where_readers_of_the_language_end_them(language: str, line: str) -> None:
    text = line.replace("|", "")
    found = [text[start:end] for start, end in sentences(text, language=language)]
    assert found == [part.strip() for part in line.split("|")]


@pytest.mark.parametrize(
    ("line", "languages"),
    [
        ("Das ist gut, z. B. Hanf.| Er hält.", (None, "de")),
        ("La Sra. Dña. Ana viaja.| Vuelve.", (None, "es", "en")),
        ("Он на ул. Ленина.| Там тихо.", (None, "en", "ru")),
        ("We made art.| Peter liked it.", (None, "en")),
        ("It is on the 19.| May I come?", ("en",)),
        ("The C++.| Python is slow.", (None, "en")),
    ],
)
def test_abbreviations_of_others_hold_where_they_are_no_words(
    line: str, languages: tuple[str | None, ...]
) -> None:
    text = line.replace("|", "")
    for language in languages:
        found = [text[start:end] for start, end in sentences(text, language=language)]
        assert found == [part.strip() for part in line.split("|")], language


@pytest.mark.parametrize(
    "unit",
    [
        "A. ",
        "a. ",
        "1. ",
        "z. B. ",
        "! ",
        '."',
        '. "',
        ".» ",
        "。」",
        "中!",
        "α; ",
        "।",
        ".[ ",
        ". — ",
    ],
)
def test_time_grows_with_the_length_of_hostile_text(unit: str) -> None:
    def seconds(times: int) -> float:
        begun = process_time()
        for _ in sentences(unit * times):
            pass
        return process_time() - begun

    seconds(100)
    # Quadratic, the longer one would take sixteen times as long and more: minutes for 5 MB.
    assert seconds(80_000) < 8 * seconds(20_000) + 0.2


@pytest.mark.parametrize("initials", [1, 2, 7, 8, 40])
def test_initials_however_many_end_no_sentence(initials: int) -> None:
    name = "A. " * initials + "Marsh"
    text = f"It was {name} who wrote. He left."
    assert [text[start:end] for start, end in sentences(text, language="en")] == [
        f"It was {name} who wrote.",
        "He left.",
    ]
