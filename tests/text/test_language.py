"""Language detection, data files and stemming."""
# ruff: noqa: RUF001 - letters of many scripts are the point

import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import texts

from dedup.text.language import (
    SAMPLE_COUNT,
    SAMPLE_LENGTH,
    SUPPORTED_LANGUAGES,
    detect,
    detect_pair,
    language_data,
    likely_language,
    stem,
    stemmer,
)

NEWS = {
    "de": "Die Regierung kündigte am Montag neue Maßnahmen gegen die Ausbreitung des Virus an.",
    "en": "The government announced new measures against the spread of the virus on Monday.",
    "es": "El gobierno anunció el lunes nuevas medidas contra la propagación del virus.",
    "fr": "Le gouvernement a annoncé lundi de nouvelles mesures contre la propagation du virus.",
    "ru": "В понедельник правительство объявило о новых мерах против распространения вируса.",
    "uk": "У понеділок уряд оголосив про нові заходи проти поширення вірусу.",
    "pl": "W poniedziałek rząd ogłosił nowe środki przeciwko rozprzestrzenianiu się wirusa.",
    "pt": "O governo anunciou na segunda-feira novas medidas contra a propagação do vírus.",
    "gl": "O goberno anunciou o luns novas medidas contra a propagación do virus na comunidade galega.",
    "ca": "El govern ha anunciat dilluns noves mesures contra la propagació del virus.",
    "lb": "D'Regierung huet e Méindeg nei Moossname géint d'Verbreedung vum Virus ugekënnegt.",
    "ja": "政府は月曜日、ウイルスの拡散に対する新たな措置を発表した。",
    "zh": "政府周一宣布了新的防疫措施。",
    "ar": "أعلنت الحكومة يوم الاثنين إجراءات جديدة ضد انتشار الفيروس.",
}
HEADLINES = [
    ("fr", "Conséquences et enjeux pour le conflit ukrainien"),
    ("fr", "Guerre en Ukraine"),
    ("fr", "LA CORÉE DU NORD"),
    ("en", "Trashing Mike Bloomberg"),
    ("en", "Armed Robber Flees Bank In Leeds Town Centre: Police"),
    ("en", "hello world"),
    ("de", "Duisburger Seniorin (75) wittert Betrug am Telefon"),
    ("de", "PhonePad Max 6G: Günstiges Tablet kommt nach Österreich"),
    ("es", "Fuerte granizo en el área metropolitana de Bilbao"),
    ("es", "Aplican Operativo Interinstitucional en zona serrana"),
    ("uk", "Зеленський про війну"),
    ("ru", "Привет мир"),
]


@pytest.mark.parametrize("language", NEWS)
def test_detects_the_language_of_a_sentence(language: str) -> None:
    assert detect(NEWS[language]) == language


@pytest.mark.parametrize(("language", "headline"), HEADLINES)
def test_detects_the_language_of_a_headline(language: str, headline: str) -> None:
    assert detect(headline) == language


@pytest.mark.parametrize("text", ["", " \n", "170 240", "?!…", "—", "\u0301", "\0", "ok", "..."])
def test_text_without_evidence_is_undetermined(text: str) -> None:
    assert detect(text) == "und"


def test_detects_the_main_language_despite_the_first_lines() -> None:
    cookies = "We use cookies to make our site better. By going on you agree to that. Sign up for our newsletter!\n" * 8
    assert detect(cookies) == "en"
    assert detect(cookies + NEWS["fr"] * 60) == "fr"
    assert detect(NEWS["fr"] * 60 + cookies) == "fr"


def test_text_as_long_as_the_samples_is_read_whole() -> None:
    assert detect(" " * (SAMPLE_COUNT * SAMPLE_LENGTH - 17) + "Guerre en Ukraine") == "fr"


def test_detects_the_language_of_a_long_text() -> None:
    assert detect(NEWS["de"] * 100_000) == "de"


def test_likely_language() -> None:
    assert {likely_language(text) for text in ("", "12", "東京")} == {None}
    for language in SUPPORTED_LANGUAGES:
        assert likely_language(NEWS[language]) == language


def test_language_model_and_stemmers_are_loaded_lazily() -> None:
    code = (
        "import sys; from dedup.text import language; from dedup.text.sentences.split import split;"
        "split('Oui. Non.', 'fr');"
        "print(sorted({'py3langid', 'Stemmer', 'numba', 'numpy'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout == "[]\n"


def test_language_is_detected_while_the_model_is_loading() -> None:
    code = (
        "from dedup.text.language import detect, load_in_background;"
        "load_in_background(); print(detect('Guerre en Ukraine'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout == "fr\n"


@given(texts)
def test_detects_a_language_in_any_text(text: str) -> None:
    found = detect(text)
    assert found == detect(text)
    assert found.isalpha()
    assert 2 <= len(found) <= 3


@pytest.mark.parametrize("language", SUPPORTED_LANGUAGES)
def test_data_files_have_their_tables(language: str) -> None:
    tables = language_data(language)
    assert tables.keys() >= {"name", "words", "sentences", "numbers", "dates", "names", "attribution"}


def test_language_without_a_data_file_has_no_data() -> None:
    assert language_data("xx") == language_data("../fr") == language_data("") == {}


@pytest.mark.parametrize(
    ("language", "left", "right"),
    [
        ("fr", "ouvriers", "ouvrières"),
        ("fr", "Nord-coréen", "nord-coréenne"),
        ("fr", "MARCHER", "marchait"),
        ("en", "soldier", "soldiers"),
        ("en", "Announced", "announcing"),
        ("de", "Soldaten", "Soldat"),
        ("de", "Häuser", "Häusern"),
        ("es", "soldado", "soldados"),
        ("ru", "ракета", "Ракеты"),
        ("it", "soldato", "soldati"),
        ("uk", "Ракета", "ракета"),
        ("xx", "Été", "ete"),
    ],
)
def test_forms_of_a_word_share_a_stem(language: str, left: str, right: str) -> None:
    assert stem(left, language) == stem(right, language)


@pytest.mark.parametrize(
    ("language", "left", "right"),
    [("fr", "soldat", "solde"), ("en", "news", "new"), ("uk", "ракета", "ракети"), ("xx", "soldier", "soldiers")],
)
def test_different_words_have_different_stems(language: str, left: str, right: str) -> None:
    assert stem(left, language) != stem(right, language)


def test_composed_and_decomposed_words_share_a_stem() -> None:
    for word, language in [("éléments", "fr"), ("Häuser", "de"), ("construcción", "es"), ("йодный", "ru")]:
        assert stem(unicodedata.normalize("NFD", word), language) == stem(word, language)


def test_stem_is_folded() -> None:
    assert stem("ÉTÉ", "fr") == "ete"
    assert stem("Ünlü", "xx") == "unlu"


def test_language_without_a_stemmer_keeps_words() -> None:
    assert stemmer("uk")("солдатами") == "солдатами"
    assert stemmer("xx")("Soldats") == "Soldats"


def test_stemmer_is_thread_safe() -> None:
    words = [base + ending for base in ("march", "chant", "parl") for ending in ("er", "ons", "ait", "é")] * 50
    alone = [stemmer("fr")(word) for word in words]
    stemmer.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(stemmer("fr"), words)) == alone


@given(st.one_of(texts, st.text(max_size=12)), st.sampled_from([*SUPPORTED_LANGUAGES, "ar", "fi", "hi", "tr", "xx"]))
def test_any_string_has_a_stem(word: str, language: str) -> None:
    found = stem(word, language)
    assert found == stem(word, language)
    assert bool(found) <= bool(word)


def test_languages_of_two_texts_differ_only_if_certain() -> None:
    french = "Selon NHK, la Russie attend 25 000 ouvriers nord-coréens dans son usine de drones."
    english = "According to NHK, Russia expects 25,000 workers from North Korea in its drone factory."
    assert detect_pair(french, english) == ("fr", "en")
    assert detect_pair(english, french) == ("en", "fr")
    assert detect_pair(french, "Breaking news") == ("fr", "fr")
    assert detect_pair("170 240", english) == ("en", "en")
    assert detect_pair("170 240", "") == ("und", "und")
