"""Sentence segmentation: terminators, abbreviations and line layout, in many languages."""
# ruff: noqa: RUF001 - dashes, quote marks and letters that look alike are the point

import gzip
import json
import os
import unicodedata
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paths import SEEDS
from strategies import layouts, texts

from dedup.text.language import SUPPORTED_LANGUAGES
from dedup.text.sentences.split import MAX_SENTENCE_LENGTH, split
from dedup.text.sentences.stops import stop_rules

DATA = Path(os.environ.get("DEDUP_DATA") or "/nonexistent")


def sentences(text: str, language: str) -> list[str]:
    return [text[start:end] for start, end in split(text, language)]


# Each tuple contains the sentences of one text, which a space joins.
FRENCH = [
    ("M. Poutine a parlé.", "Mme Merkel aussi."),
    ("Il a vu MM. Macron et Scholz.", "Puis M. Le Pen."),
    ("Le 13 oct. 2024, il est parti.", "Le lendemain, rien."),
    ("Le 1er janv. 2024 et le 3 févr. 2025.", "Bien."),
    ("L'art. 3 dit ceci.", "Voir p. 5 et fig. 2."),
    ("C'est le n° 5.", "Le no. 6 aussi."),
    ("Né en 52 av. J.-C. à Rome.", "Il mourut en 10 apr. J.-C.", "La ville resta."),
    ("Des fruits, des légumes, etc.", "Les autres aussi."),
    ("Des fruits, des légumes, etc.", "Macron en mange."),
    ("Fruits (pommes, etc.).", "Le reste."),
    ("Environ 12.000 soldats et 3,5 % de 1.500.", "Voilà."),
    ("L'usine d'Alabuga coûte 5 %.", "Le prix monte."),
    ("2024 fut dure.", "25 000 hommes sont morts.", "1 000 blessés."),
    ("Le train de 20 h.", "Macron y était."),
    ("Il l'a lu au XIXe s.", "Le siècle fut long."),
    ("Selon le Dr. Martin, c'est bon.", "Le Pr. Durand le nie."),
    ("Prof.Martin et M.Poutine.", "Oui."),
    ("J. F. Kennedy est mort.", "G. W. Bush non."),
    ("J.-M. Le Pen et S. Royal.", "R.-B. Dupont."),
    ("Le ministre A. de Gaulle.", "Fin."),
    ("Il manque de vitamine C.", "Le chat dort."),
    ("Il y en a.", "Macron le sait."),
    ("Il habite 5, av. Foch et bd. Voltaire.", "Bien."),
    ("La Cie. Air Machin vole.", "La Cie.", "Elle vole."),
    ("L’usine de Lelabouga.", "L’Ukraine aussi.", "Qu’en dire ?"),
    # quotations
    ("« Partez ! » dit-il.", "Il partit."),
    ("« Partez. »", "Il partit."),
    ("« Partez\u00a0!\u00a0»", "Il partit."),
    ("« Partez », dit-il.", "« Oui », dit-elle."),
    ("Il a dit : « La guerre est finie.", "Nous rentrons. »", "Puis il se tut."),
    ("Le complexe « Alliés. Soldats coréens » est beau.", "Oui."),
    ("Son livre « Où va la France ? » est paru.", "Bien."),
    ('Il parle de "première étape vers une guerre mondiale".', "Il pousse ses alliés."),
    ("Le ministre (LR) a dit « non ».", "Il a tort."),
    # questions, exclamations, ellipses
    ("Pourquoi ?", "Parce que !", "Ah bon ?!", "Oui..."),
    ("Est-ce vrai (oui !) ou faux (?) selon vous ?", "Non."),
    ("Il hésita... puis partit… enfin.", "Fin."),
    ("Il hésita…", "Puis il partit.", "Enfin !"),
    ("[...] Il est parti.", "(…) Elle aussi.", "Il a dit […] que non."),
    ("Qui ?", "– Moi.", "– Toi ?", "— Non, dit-il."),
    # full stops that do not end a sentence
    ("Voir www.lemonde.fr.", "Ou écrire à a.b@c.fr.", "Merci."),
    ("Le fichier data.csv est là.", "Ouvrez README.md et v2.0.1.", "Fin."),
    ("Il arriva.[12]", "Elle partit.[3][4]", "Fin."),
    ("Le 80e anniversaire (voir M. X.) fut grand.", "Oui."),
    # text without capitals; a sentence in lower case after a long word
    ("il est parti hier.", "elle est restée.", "c'est tout.", "vraiment ?", "oui."),
    ("il a vu m. macron le 3 oct. 2024 à 5 h. du matin.", "c'est tout."),
    ("Une confrontation politique durable.", "date 2025-06 Photo archives : AFP/KCNA via KNS"),
]
ENGLISH = [
    ("U.S. officials said so.", "He left the U.S.", "The end."),
    ("The U.N. General Assembly met in the U.K. Parliament.", "Then it left."),
    ("Dr. Smith met Mr. Jones and Mrs. Brown.", "Prof. Lee did not."),
    ("Rev. Jackson spoke.", "Gen. Lee, Lt. Col. Hart and Sgt. York listened."),
    ("J. K. Rowling and George W. Bush met.", "J.R.R. Tolkien did not."),
    ("He left at 5 p.m.", "He was late."),
    ("We met at 10 a.m.", "Police arrived."),
    ("At 5 p.m. Monday it closed.", "It opened at 9 a.m. EST and so on."),
    ("See No. 5 and art. 3.", "He said no.", "They left."),
    ("Apples, pears, etc.", "Next sentence."),
    ("Fruit (apples, etc.) is good.", "Yes."),
    ("He likes e.g. Paris, i.e. France.", "Ok."),
    ("Apple Inc. shares fell.", "Ford Motor Co. President Smith left.", "Acme Corp.", "The firm said no."),
    ("On Jan. 5, 2020, it snowed.", "It rained in Sept.", "The sun came back."),
    ("St. Louis won.", "They live on Wall St.", "In fact yes."),
    ("She has a Ph.D. in physics.", "He has a Ph.D.", "They met."),
    ("Mr. Smith (R-Wash.) said so.", "Sens. Alan Cranston (D-Cal.) and others agreed."),
    ("Smith v. Jones was cited.", "Roe vs. Wade too."),
    ("Yahoo! Inc. fell.", "Yahoo! rose.", "Visit Yahoo!Japan now."),
    ("The iPhone sold.", "iPads too.", "eBay fell."),
    ("He is taller than I.", "He knows.", "Plan B.", "It failed.", "We took vitamin C.", "The end."),
    ("Pope John Paul II.", "He died.", "Kim Jong-un.", "The end."),
    ("The man (b. 1950) died.", "He was old."),
    ("It was 3.5%.", "It rose.", "It cost €5.", "It fell.", "The year was 1987.", "The company grew."),
    ("They won 3-2.", "10 fans cheered."),
    ("Is it over?", "$5 million was lost.", "€3m too.", "#MeToo rose.", "@user said.", "😀 Great!", "😀 Next."),
    ("“Go home.”", "She left."),
    ("“Why?” he asked.", "“Because.”", "Right."),
    ("“He said ‘Go.’”", "Then he left."),
    ('"Go home," he said.', '"Now."', '"Really?!"'),
    ("(He left.)", "She stayed."),
    ("He wrote [sic].", "Then left."),
    ("Wait...", "What?", "Well... no."),
    ("i went home.", "it was late.", "he met dr. smith at 5 p.m. on monday."),
    ("Visit https://a.b/c.d?e=F.G!", "Now."),
    ("1. First item.", "Second sentence."),
    ("A. First item.", "Second sentence."),
    ("IV. A chapter.", "Second sentence."),
    ("THE U.S. ARMY SAID NO.", "MR. SMITH SAID YES."),
]
GERMAN = [
    ("Am 3. Oktober 1990 war es so weit.", "Das war gut."),
    ("Der 1. FC Köln gewann.", "Am 5. Mai 2020 nicht.", "Der 25. Mai auch."),
    ("Im 19. Jahrhundert und im 2. Weltkrieg.", "Danach nicht."),
    ("Es war 2019.", "Die Leute kamen.", "Er ist 25.", "Sie ist 30."),
    ("Um 17.45 Uhr kam er am 25.05.2020 an.", "Gut."),
    ("Ludwig XIV. war König.", "Papst Johannes Paul II. starb."),
    ("Z. B. Äpfel, d. h. Obst, u. a. Birnen.", "Das ist gut."),
    ("Er mag z. B. Die Zeit und d. h. Der Spiegel.", "Das ist z.B. Angela Merkel.", "Sie ging."),
    ("Rund 5 Mio. Menschen und 3 Mrd. Euro.", "Viel Geld."),
    ("Prof. Dr. Müller und Hr. Schmidt kamen.", "Fr. Maier nicht."),
    ("Äpfel, Birnen usw.", "Das reicht."),
    ("Laut Abs. 2 Nr. 5 gilt das.", "Vgl. Art. 3 GG.", "Ende."),
    ("Das war 200 v. Chr. in Rom.", "Danach kam n. Chr.", "Die Zeit verging."),
    ("Die Pandemie bzw. Epidemie ist vorbei.", "Gut."),
    ("„Geh nach Hause.“", "Er ging."),
    ("„Warum?“, fragte er.", "Dann ging er."),
    ("Er sagte: „Ich gehe.", "Du bleibst.“", "Dann ging er."),
    ("»Geh.«", "Er ging.", "»Komm«, sagte sie."),
]
SPANISH = [
    ("El Sr. García y la Sra. López.", "Ellos fueron."),
    ("Vive en EE. UU. desde 2010.", "Fue a EE.UU.", "El viaje fue largo."),
    ("Hay fruta, p. ej. manzanas.", "Sí."),
    ("¿Por qué?", "¡Porque sí!", "¿Quién?"),
    ("Eran 1.500 personas.", "El 3.5% no."),
    ("A las 8 p. m. salió.", "Volvió a las 9 p. m.", "El día pasó."),
    ("Véase el art. 3 y la pág. 5.", "Fin."),
    ("La empresa Acme S.A. quebró.", "Las FF. AA. protestaron."),
    ("El 15 de dic. de 2020 llegó D. Juan.", "El fin."),
    ("Dijo: «Me voy.", "Tú no».", "Fin."),
]
RUSSIAN = [
    ("Он живёт в г. Москва.", "Это хорошо."),
    ("Это было в 2024 г.", "Он приехал."),
    ("В 2012 г. Россия вступила в ВТО.", "Это факт."),
    ("Он родился в 1950 г. в г. Санкт-Петербург.", "Потом уехал."),
    ("В XX в. Россия изменилась.", "Очень."),
    ("Яблоки, груши и т. д.", "Он ушёл."),
    ("Яблоки, груши и т. п.", "Путин ушёл."),
    ("Яблоки, груши и т.д.", "Путин ушёл."),
    ("В. В. Путин и А.С. Пушкин.", "Они встретились."),
    ("Это 5 млн. рублей и 3 тыс. человек.", "Много."),
    ("Это стоит 5 руб. 50 коп. за штуку.", "Дорого."),
    ("См. рис. 5 и ст. 3.", "Конец."),
    ("Т. е. он ушёл, т. к. устал.", "Да."),
    ("«Уходи!» — сказал он.", "Она ушла."),
    ("Он сказал: «Я ухожу.", "Ты остаёшься».", "Всё."),
    ("— Кто там?", "— Иван.", "— Кто?"),
]
UKRAINIAN = [
    ("У 2024 р. Україна перемогла.", "Це факт."),
    ("Це було у 2024 р.", "Вона перемогла."),
    ("Він живе в м. Київ на вул. Хрещатик.", "Це добре."),
    ("Президент В. Зеленський пішов.", "Добре."),
    ("Яблука та ін.", "Він пішов і т. д.", "Вона теж."),
    ("«Іди!» — сказав він.", "Вона пішла."),
]
OTHERS = [
    ("hi", ("यह अच्छा है।", "वह गया।")),
    ("ar", ("كيف حالك؟", "أنا بخير.", "د. محمد هنا.")),
    ("ur", ("یہ اچھا ہے۔", "وہ گیا۔")),
    ("it", ("Il Sig. Rossi e il Dott. Bianchi.", "Loro no.")),
    ("pt", ("O Sr. Silva saiu.", "A Sra. Costa não.")),
    ("pl", ("Dr. Kowalski wyszedł.", "Prof. Nowak nie.")),
    ("el", ("Ο Τσίπρας έφυγε.", "Η Μέρκελ όχι.")),
    ("und", ("One.", "Two!", "Three?")),
]
WITHOUT_SPACES = [
    ("zh", ("你好。", "我是中国人！", "你呢？", "“好的。”", "他说。", "价格是3.5元。")),
    ("ja", ("今日は。", "「行きます。」と言った。", "はい。")),
    ("hi", ("यह अच्छा है।", "वह गया।")),
    ("hy", ("Բարեւ։", "Ես եմ։")),
    ("am", ("ሰላም።", "እንዴት ነህ።")),
    # Missing spaces.
    ("es", ("Será un contador.", "En sus redes sociales.", "A su vez, no.")),
    ("en", ('It is a "new strategic weapon."', "Hours earlier, it was not.", "Who is it?", "The faces.")),
]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        *[("fr", case) for case in FRENCH],
        *[("en", case) for case in ENGLISH],
        *[("de", case) for case in GERMAN],
        *[("es", case) for case in SPANISH],
        *[("ru", case) for case in RUSSIAN],
        *[("uk", case) for case in UKRAINIAN],
        *OTHERS,
    ],
)
def test_splits_text_into_sentences(language: str, expected: tuple[str, ...]) -> None:
    assert sentences(" ".join(expected), language) == list(expected)
    assert sentences("\u00a0".join(expected), language) == list(expected)
    assert sentences("\r\n".join(expected), language) == list(expected)


@pytest.mark.parametrize(("language", "expected"), WITHOUT_SPACES)
def test_splits_sentences_without_spaces(language: str, expected: tuple[str, ...]) -> None:
    assert sentences("".join(expected), language) == list(expected)


@pytest.mark.parametrize(
    "text",
    [
        "Call self.Foo() or a.B.C or foo.Bar.baz",
        "It is at Booking.Com or on Wikipedia.Org",
        "See http://a.b/Some.Page and C:\\Users\\me.Doc or x@y.Z",
        "© 2019 A. B. Moore, Ph.D",
        "shares of <ainp.Pa> and <Neoy.He> fell",
        "3.14, 1.000.000, 12:30, 25.05.2020, 2.Bundesliga",
        "Prof.Smith met Sen.Jones",
        "a.\u0301 b.\ufe0fC",
    ],
)
def test_keeps_addresses_and_names_whole(text: str) -> None:
    assert sentences(text, "en") == [text]


# Abbreviations, lists within a line, numbers of notes, omissions, parentheses and missing spaces, by language.
FORMS = [
    ("en", ("The fare is Rs. 250 or rs. 300/- in all.", "He paid it.")),
    ("en", ("The camp is at N°. 4512.883.201.", "Nobody lives there.")),
    ("en", ("On Sun. 5 Jan. he paid approx. $5 for 3 lbs. 4 oz. of tea.", "It was cold.")),
    ("en", ("See Eqs. 3 and 4, App. 2 and max. 50 pages.", "Then stop.")),
    ("en", ("1.) Wash the rice", "2.) Boil the water")),
    ("en", ("1) Wash the rice.", "2) Boil the water.", "3) Wait.")),
    ("en", ("1. Wash the rice", "2. Boil the water")),
    ("en", ("• 9. Wash the rice", "• 10. Boil the water")),
    ("en", ("a. Wash the rice", "b. Boil the water", "c. Wait for it")),
    ("en", ("(a) Wash the rice", "(b) Boil the water")),
    ("en", ("i) Wash the rice", "ii) Boil the water", "iii) Wait for it")),
    ("en", ("The act says:", "(1) Rice is free.", "(2) Water is free.")),
    ("en", ("We need three things:", "1) rice", "2) water", "3) salt")),
    ("en", ("We need: a) rice, b) water and c) salt.", "It is late.")),
    ("en", ("We need: a) rice; b) water; c) salt.", "It is late.")),
    ("de", ("Weber, Flüsse, 2. Aufl., 3. Bd., S. 5 ff.", "Gut.")),
    ("en", ("We need a) rice, b) water and c) salt.", "It is late.")),
    ("en", ("The act says that (a) rice and (b) water are free.", "It is old.")),
    ("en", ("A. Smith and B. Jones met C. Low.", "They ate.")),
    (
        "en",
        ("He walked to the sea.4", "Nobody saw him.[2-5]", "It rose by 5%.12 13", "It was cold.²", "It fell.*", "So?"),
    ),
    ("en", ("It is fig.3 or No.5 The end.",)),
    ("en", ("We saw . . . the sea . . . We did not go.", "It is far.")),
    ("en", ("The use . . . was that of long lists.", ". . . The use was not given up. . . .")),
    ("en", ("He walked . . . .", "Next he sat.")),
    ("en", ("He came (he was late. Very late.) and sat.", "We ate.", "(He slept.)", "We left.")),
    ("en", ("He bought Yum! shares.", "She did not.")),
    ("en", ("He was born on\na cold\nnight.", "It rained.")),
    ("de", ("Der Brief ging an Hrn. Dr. med. Weber und Frau Dipl.-Ing. Lang.", "Beide lasen ihn.")),
    ("de", ("Univ.-Prof. Dr. h. c. mult. Weber wohnt in der Bergstr. 5.", "Er ist alt.")),
    ("de", ("Gem. § 4 Abs. 2 i. V. m. § 7 gilt das.", "Vgl. Abschn. 5 lit. a DSGVO.", "Gut.")),
    ("de", ("Er kam am Mo., den 4. Okt. 2021, mit der Fa. Weber.", "Im 3. Jh. n. Chr. war das so.", "Gut.")),
    ("de", ("Äpfel, Birnen u. v. m.", "Wir kaufen ein.", "Das gilt insb. f. Kinder.")),
    ("de", ("a) Äpfel", "b) Birnen", "c) Nüsse")),
    ("de", ("Der 1. FC Weber und der 2. FC Lang spielen.", "Es regnet.")),
    ("fr", ("Le dossier n°. 45 est clos.", "Le N°. 46 aussi.")),
    ("fr", ("Voir al. 3, fasc. 2, art. L. 121-4 et art. R. 45-2.", "Bien.")),
    ("fr", ("Il est né le lun. 3 sept. 1990 à 5 fr. 50 près.", "Elle, p. ex. Anne, est née après.")),
    ("fr", ("C'est « Oui ! Non ! » qu'il cria.", "Elle partit.")),
    ("es", ("El art. 5, párr. 3 y párrf. 4 de la ley.", "Llame al Ext. 45.", "Gracias.")),
    ("es", ("El lun. 4 de feb. y el Mié. 6 de ago. no hay.", "Nació en el 5 d. C. en Roma.", "Atte. Juan Low.")),
    ("es", ("a) El pan", "b) El vino", "c) La sal")),
    ("ru", ("В 1990-1995 гг. он жил в Омске, доб. 6, каб. 7.", "Зав. каф. Иванов пришел.")),
    ("ru", ("а) яблоки", "б) груши", "в) сливы")),
    ("ru", ("Цена 5 тыс. руб. за кв. м.", "Дорого.", "Он род. 5 янв. 1950 г. в Омске.")),
    ("uk", ("Рейс о 5 год. 30 хв. ранку.", "Він нар. 1950 р. у Львові, зав. каф. фізики.", "Рано.")),
    ("uk", ("а) яблука", "б) груші", "в) сливи")),
]
# Texts without a space after a full stop.
RUN_ON = [
    ("en", ("The rain came today.", "Mrs. Ford was late and paid 2,000.", "That was all.")),
    ("de", ("Der Preis stieg um 3 Prozent.", "Das ist viel.")),
    ("ru", ("Он ушел.", "Она осталась.")),
]
# The languages' lists of items, for the test that reads any list back.
LABELS = {
    "1": ["1", "2", "3", "4"],
    "a": ["a", "b", "c", "d"],
    "i": ["i", "ii", "iii", "iv"],
    "а": ["а", "б", "в", "г"],
}


@pytest.mark.parametrize(("language", "expected"), FORMS)
def test_splits_abbreviations_lists_and_notes(language: str, expected: tuple[str, ...]) -> None:
    assert sentences(" ".join(expected), language) == list(expected)


@pytest.mark.parametrize(("language", "expected"), RUN_ON)
def test_splits_sentences_where_a_space_is_missing(language: str, expected: tuple[str, ...]) -> None:
    assert sentences("".join(expected), language) == list(expected)


@given(
    st.sampled_from(SUPPORTED_LANGUAGES),
    st.sampled_from([*LABELS]),
    st.sampled_from(["{})", "({})", "{}.)"]),
    st.lists(st.sampled_from(["Reis", "du pain", "вода", "Sal y agua", "5 cups"]), min_size=2, max_size=4),
)
def test_reads_back_the_items_of_a_list(language: str, kind: str, label: str, contents: list[str]) -> None:
    items = [f"{label.format(name)} {content}" for name, content in zip(LABELS[kind], contents, strict=False)]
    assert sentences(" ".join(items), language) == items


@pytest.mark.parametrize("language", SUPPORTED_LANGUAGES)
def test_no_listed_abbreviation_ends_a_sentence_before_a_lower_case_word(language: str) -> None:
    rules = stop_rules(language, False)
    for word in sorted(rules.leading | rules.numbered | rules.inside | rules.ending):
        text = f"Xx {word}. xx xx."
        assert sentences(text, language) == [text]


@given(st.sampled_from(SUPPORTED_LANGUAGES), st.data())
def test_abbreviations_before_a_name_or_a_number_go_on(language: str, data: st.DataObject) -> None:
    rules = stop_rules(language, False)
    title = data.draw(st.sampled_from(sorted(rules.leading - rules.ending - rules.starters)))
    number = data.draw(st.sampled_from(sorted(rules.numbered)))
    text = f"Xx {title}. Qyxz xx {number}. 45 xx."
    assert sentences(text, language) == [text]


def test_cuts_long_rows_and_words() -> None:
    row = ("mot | " * 270 + "fin; puis " + "mot | " * 270).strip()
    first, second = sentences(row, "fr")
    assert first.endswith("fin;")
    assert second.startswith("puis")
    spaced = split("mots| " * 600, "fr")
    assert [end - start for start, end in spaced] == [1997, 1601]
    assert [span.end - span.start for span in split("a" * 4500, "fr")] == [2000, 2000, 500]
    assert sentences("x" * MAX_SENTENCE_LENGTH, "fr") == ["x" * MAX_SENTENCE_LENGTH]


@pytest.mark.parametrize("letter", ["e\u0301", "क्षि", "👩\u200d👩\u200d👧", "👍\ufe0f", "q\u0334\u0323", "か\u3099"])
def test_cut_keeps_combining_marks_with_their_letter(letter: str) -> None:
    text = letter * MAX_SENTENCE_LENGTH
    found = split(text, "und")
    assert len(found) >= len(letter)
    for left, right in pairwise(found):
        assert left.end == right.start
        assert unicodedata.category(text[right.start])[0] != "M"
        assert "\u200d" not in text[right.start - 1 : right.start + 1]


def test_cuts_a_letter_with_too_many_marks() -> None:
    assert [span.end - span.start for span in split("a" + "\u0301" * 5000, "fr")] == [2000, 2000, 1001]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\u00a0\u3000\t", "\x1c\x1f\x85"])
def test_white_space_has_no_sentences(text: str) -> None:
    assert split(text, "fr") == []


@pytest.mark.parametrize("text", ["\0", "...", "?", "»", "\u0301", "\ufeff", "\ud800", "—", "|", "1.", "😀"])
def test_other_characters_are_a_sentence(text: str) -> None:
    assert sentences(f" {text}\n", "fr") == [text]


def assert_covers(text: str, language: str) -> None:
    """Assert that sentences are ordered, disjoint, trimmed, short, and cover everything but white space."""
    at = 0
    for start, end in split(text, language):
        assert at <= start < end <= len(text)
        assert end - start <= MAX_SENTENCE_LENGTH
        assert not text[start].isspace()
        assert not text[end - 1].isspace()
        assert not text[at:start].strip()
        at = end
    assert not text[at:].strip()


@given(st.one_of(texts, layouts(), st.text(max_size=60)), st.sampled_from([*SUPPORTED_LANGUAGES, "ja", "und"]))
def test_sentences_cover_any_text(text: str, language: str) -> None:
    assert_covers(text, language)


@given(
    st.lists(
        st.sampled_from([*"aA1.!?…»«“”„\"'()[]-–•|:;, \n\t。」", "M.", "z. B.", "\n\n", "\u0301"]), max_size=60
    ).map("".join),
    st.sampled_from(SUPPORTED_LANGUAGES),
)
def test_sentences_cover_any_punctuation(text: str, language: str) -> None:
    assert_covers(text, language)


@given(st.one_of(texts, layouts()), st.one_of(texts, layouts()), st.sampled_from(SUPPORTED_LANGUAGES))
def test_blocks_are_independent(first: str, second: str, language: str) -> None:
    joined = f"{first}\n\n{second}"
    offset = len(first) + 2
    shifted = [(start + offset, end + offset) for start, end in split(second, language)]
    assert split(joined, language) == [*split(first, language), *shifted]


@pytest.mark.parametrize(
    "piece",
    [
        *["a", "1 ", "« ", "(", "A", "A ", ".", ". ", "a. ", "A. ", "...\n", "\n", "a\n", "- a\n", "| ", "a\t\t"],
        *["。", "\u3000", "！」と", " »", ". »", ".[1]", "\u0301", "\u200d", '."', ".A", "a.Bc", "z. B. ", "3. ", ", "],
        *["(a. B ", "“a. B ", "x" * 50 + "\n", "ab cd" * 12 + "\n", "  a\n    b\n", "?!", "\ufeff", "د. ", "\x85"],
    ],
)
def test_long_repetitive_text(piece: str) -> None:
    """It takes half a second; a quadratic algorithm would take minutes."""
    assert_covers(piece * (300_000 // len(piece)), "de")


def test_sentences_of_sample_articles() -> None:
    texts = {path.name[:3]: path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))}
    found = {name: sentences(text, "fr") for name, text in texts.items()}
    assert {name: len(spans) for name, spans in found.items()} == SEED_SENTENCE_COUNTS
    assert any(sentence.endswith("le complexe statuaire « Alliés. Soldats coréens ».") for sentence in found["003"])
    assert any(sentence.startswith("M. Lavrov a également") for sentence in found["003"])
    assert "date 2025-06 Photo archives : AFP/KCNA via KNS" in found["001"]
    assert "« Cette alliance pourrait redéfinir les équilibres mondiaux si elle perdure. »" in found["002"]
    assert "Élément | Contribution Nord-Coréenne | Impact Estimé |" in found["002"]


# Number of sentences of each sample article, counted by hand.
SEED_SENTENCE_COUNTS = {"000": 66, "001": 24, "002": 62, "003": 29, "004": 29}


@pytest.mark.skipif(not (DATA / "deplain_alignments.jsonl.gz").is_file(), reason="needs DEplain in DEDUP_DATA")
@pytest.mark.parametrize(("side", "min_f1"), [("original", 0.9), ("simplification", 0.96)])
def test_agrees_with_annotated_sentence_boundaries(side: str, min_f1: float) -> None:
    correct = errors = 0
    with gzip.open(DATA / "deplain_alignments.jsonl.gz", "rt", encoding="utf-8") as file:
        for row in map(json.loads, file):
            annotated = [" ".join(sentence.split()) for sentence in row[side] if sentence.strip()]
            text = " ".join(annotated)
            ends = {sum(map(len, annotated[:count])) + count - 1 for count in range(1, len(annotated))}
            found = {end for _, end in split(text, "de")[:-1]}
            correct += len(ends & found)
            errors += len(ends ^ found)
    assert 2 * correct / (2 * correct + errors) >= min_f1
