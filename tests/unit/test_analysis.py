"""What words are found by, however and in whatever script and language they are written."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest

from codexity.analysis import spelled, stems, told, words
from codexity.text import asked


def shared(one: str, other: str, language: str | None = None) -> set[str]:
    return set(stems(one)) & set(stems(other, language))


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("Sørensen", "Sorensen"),
        ("Sørensen", "SØRENSEN"),
        ("Çelik", "celik"),
        ("Łódź", "Lodz"),
        ("Großmarkt", "GROSSMARKT"),
        ("GROẞMARKT", "großmarkt"),
        ("Großmarkt", "grossmarkt"),
        ("Jürgen", "Juergen"),
        ("æble", "aeble"),
        ("cre\u0300me", "crème"),
        ("cre\u0300me", "creme"),
        ("e\ufb03cient", "efficient"),
        ("\ufb02oor", "floor"),
        ("Άνοιξη", "ανοιξη"),
        ("ΔΡΟΜΟΣ", "δρόμος"),
        ("ＶＡＬＶＥ", "valve"),
        ("１２０５", "1205"),
        ("١٢٠٥", "1205"),
        ("DIYARBAKIR", "Diyarbakır"),
        ("İZMİR", "izmir"),
        ("مَكْتَبَة", "مكتبة"),
        ("مكتبه", "مكتبة"),
        ("أسعار", "اسعار"),
        ("بِلَاد", "بـلاد"),
        ("\u06a9\u062a\u0627\u0628", "\u0643\u062a\u0627\u0628"),
        ("סֵפֶר", "ספר"),
        ("win\u00addow", "window"),
        ("win\u200bdow", "window"),
        ("Hà Nội", "ha noi"),
        ("Đà Lạt", "Da Lat"),
        ("ёлка", "елка"),
        ("H₂O", "h2o"),
    ],
)
def test_the_spellings_of_a_word_are_one(written: str, typed: str) -> None:
    missing = set(stems(typed)) - set(stems(written))
    assert shared(written, typed)
    assert len(missing) < len(set(stems(typed)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("10⁶", "106"),
        ("3½", "31"),
        ("3½", "312"),
        ("байка", "баика"),
        ("かき", "がき"),
        ("bowl", "fowl"),
    ],
)
def test_what_is_another_word_stays_another(one: str, other: str) -> None:
    assert not shared(one, other)


@pytest.mark.parametrize(
    ("text", "asked_for"),
    [
        ("我们学校的图书馆星期五关门", "图书馆"),
        ("我们学校的图书馆星期五关门", "图书馆什么时候关门？"),
        ("圖書館旁邊有一棵松樹", "松樹"),
        ("院子里有一条狗。", "狗"),
        ("電車は九時に出発します。", "電車は何時に出発しますか"),
        ("カメラを修理に出した。", "ｶﾒﾗ"),
        ("おにぎりを食べた。", "おにぎり"),
        ("か\u3099っこうへ行く。", "がっこう"),
        ("수영장은 아침에만 엽니다.", "수영장"),
        ("우리 집에 개가 있다.", "집"),
        ("\u1109\u116e\u110b\u1167\u11bc\u110c\u1161\u11bc\u110b\u1173\u11ab", "수영장"),
        ("ร้านหนังสือปิดวันจันทร์", "หนังสือ"),
        ("ร้านหนังสือปิดวันจันทร์", "ปิด"),
        ("ຮ້ານຂາຍປຶ້ມປິດວັນຈັນ", "ປຶ້ມ"),
        ("ហាងលក់សៀវភៅបិទថ្ងៃចន្ទ", "សៀវភៅ"),
        ("စာအုပ်ဆိုင်ပိတ်သည်", "စာအုပ်"),
        ("型号X200的水泵坏了", "x200水泵"),
        ("第３章讲水泵", "3"),
    ],
)
def test_scripts_without_spaces_are_found_by_their_words(text: str, asked_for: str) -> None:
    looked_for = set(stems(asked_for))
    assert len(looked_for & set(stems(text))) >= len(looked_for) / 2 > 0


@pytest.mark.parametrize(
    ("text", "asked_for"),
    [
        ("院子里有一条狗。", "猫"),
        ("電車は九時に出発します。", "飛行機"),
        ("수영장은 아침에만 엽니다.", "도서관"),
        ("ร้านหนังสือปิดวันจันทร์", "ปลา"),
    ],
)
def test_scripts_without_spaces_are_not_found_by_other_words(text: str, asked_for: str) -> None:
    assert not shared(text, asked_for)


def test_words_that_only_ask_are_left_out() -> None:
    assert "什么" not in stems("松鼠吃什么")
    assert stems("什么") != (), "unless there is nothing else"


@pytest.mark.parametrize("at", [98, 99, 100, 101, 250])
def test_a_long_run_is_whole(at: int) -> None:
    run = "".join(chr(0x4E00 + 37 * n % 9_000) for n in range(400))
    assert run[at : at + 2] in stems(run)


@pytest.mark.parametrize(
    ("text", "language", "asked_for"),
    [
        ("Die Häuser stehen auf dem Hügel und sind alt.", "de", "Haus"),
        ("Die Brücken der Stadt sind nicht offen.", "de", "Brücke"),
        ("Les chevaux sont dans les écuries du village.", "fr", "écurie"),
        ("Las ciudades del norte son frías y húmedas.", "es", "ciudad"),
        ("Le biblioteche della città sono chiuse.", "it", "biblioteca"),
        ("De boeken zijn in het huis van de buren.", "nl", "boek"),
        ("Böckerna står på hyllan och är inte nya.", "sv", "böcker"),
        ("Książki są w bibliotece, ale nie dla dzieci.", "pl", "książka"),
        ("Kirjastossa on uusia kirjoja, ja se ei ole auki.", "fi", "kirjasto"),
        ("Os navios não são do porto, mas da cidade.", "pt", "navio"),
    ],
)
def test_a_text_is_stemmed_in_its_own_language(text: str, language: str, asked_for: str) -> None:
    assert told(text) == language
    assert shared(asked_for, text) | (set(stems(asked_for, language)) & set(stems(text)))


@pytest.mark.parametrize(
    ("text", "asked_for"),
    [
        ("Читатели берут книги в библиотеке.", "книга"),
        ("Τα βιβλία είναι στη βιβλιοθήκη.", "βιβλίο"),
        ("किताबें मेज़ पर हैं", "किताब"),
        ("الكتاب على الطاولة", "كتاب"),
    ],
)
def test_a_script_tells_its_stemmer(text: str, asked_for: str) -> None:
    assert shared(asked_for, text)


@pytest.mark.parametrize(
    "text",
    [
        "The pump in the yard is loud.",
        "In what country is Normandy located?",
        "What is an important problem?",
        "C# or C++",
        "La Paz",
        "",
    ],
)
def test_english_and_what_cannot_be_told_stay_as_they_are(text: str) -> None:
    assert told(text) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("It is written in C#.", "c#"),
        ("It is written in F#, mostly", "f#"),
        ("C++17 and g++ are needed", "c++"),
        ("Ｃ＃ is used", "c#"),
        ("the key of C♯", "c#"),
        ("Notepad++ or vi", "notepad++"),
        ("C/C++ only", "c++"),
        ("ask AT&T", "at&t"),
        ("built on ASP (.NET 8)", ".net"),
        ("put it into .env", ".env"),
        ("a Q&A at noon", "q&a"),
        ("an A/B test", "a/b"),
        ("the I/O board", "i/o"),
        ("open 24/7", "24/7"),
        ("if a == b:", "=="),
        ("x !== y", "!=="),
        ("p->next", "->"),
        ("n := 3", ":="),
        ("the @cached decorator", "@cached"),
        ("run it with --dry-run", "--dry-run"),
        ("run it with -x", "-x"),
        ("export $HOME", "$home"),
        ("a 3D plot", "3d"),
    ],
)
def test_a_name_with_signs_is_found_as_itself(text: str, name: str) -> None:
    assert name in stems(text)
    assert name in stems(name)


@pytest.mark.parametrize("name", ["C#", "C++", "A+"])
def test_a_letter_with_a_sign_is_not_the_letter(name: str) -> None:
    assert name[0].lower() not in stems(name)
    assert stems("plain C") == ("plain", "c")


@pytest.mark.parametrize(
    "text",
    ["It ended.Then it began.", "see https://a.example/b", "---- ====", "a - b / c", "x@y.example"],
)
def test_marks_of_prose_are_no_names(text: str) -> None:
    assert not [one for one in stems(text) if one[0] in ".-=@/#" and "\n" not in one]


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("e-book", "ebook"),
        ("ebook", "e-book"),
        ("vue.js", "vuejs"),
        ("Wi-Fi", "wifi"),
        ("co-operate", "cooperate"),
        ("check-in", "checkin"),
        ("x\u2011ray", "xray"),
        ("O’Hara", "OHara"),
        ("D'Arcy", "darcy"),
        ("U.S.A.", "USA"),
        ("3-D", "3D"),
        ("TCP/IP", "tcpip"),
        ("12,500", "12500"),
        ("1.250.000", "1250000"),
    ],
)
def test_what_a_sign_joins_is_found_written_as_one(written: str, typed: str) -> None:
    assert shared(written, typed)


@pytest.mark.parametrize(
    ("written", "typed"),
    [("3.14", "314"), ("2019-2020", "20192020"), ("l'arbre", "larbre"), ("it's", "its")],
)
def test_what_is_not_one_word_is_not_joined(written: str, typed: str) -> None:
    assert not shared(written, typed)


@pytest.mark.parametrize(
    ("question", "noun"),
    [("set up the pump", "setup"), ("log in here", "login"), ("e book", "ebook")],
)
def test_two_words_of_a_question_are_looked_for_as_one(question: str, noun: str) -> None:
    assert set(stems(noun)) <= set(asked(question))


def test_tokens_are_told_as_they_are_written() -> None:
    assert spelled("Is C++ or node.js better?") == ["is", "c++", "or", "node.js", "better"]
    assert words("Is C++ or node.js better?") == ["is", "c", "or", "node", "js", "better"]


@pytest.mark.parametrize(
    "text",
    [
        "a-" * 200_000,
        "e\u0301\u0323" * 150_000,
        "\u0300\u0316" * 200_000,
        "-" * 400_000,
        "a.b'c&d/" * 50_000,
        "か\u3099" * 100_000,
        "ก็" * 150_000,
        "1,234," * 60_000,
        "ﷺ" * 60_000,
    ],
)
def test_hostile_texts_take_as_long_as_their_length(text: str) -> None:
    begin = time.perf_counter()
    stems(text)
    assert time.perf_counter() - begin < 5


def test_nothing_is_computed_at_import() -> None:
    program = (
        "import sys, codexity.analysis as one;"
        "print(one.told.__module__, 'resiliparse' in sys.modules, 'sqlite3' in sys.modules)"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert said.stdout.split() == ["codexity.analysis.stop_words", "False", "False"]
