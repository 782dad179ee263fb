"""Names: where they begin and end, their values, and capitalised words that are not names."""
# ruff: noqa: RUF001 - look-alike letters and punctuation are meant

from collections import Counter
from itertools import pairwise

import pytest
import strategies
from hypothesis import given
from hypothesis import strategies as st
from paths import SEEDS

from dedup.text.facts.names.find import names
from dedup.text.sentences.split import split
from dedup.text.spans import Fact, Span

# Language, text, and its names by start.
CASES = [
    ("fr", "Selon NHK et RBC-Ukraine, la Russie attend Kim Jong-un.", "NHK | RBC-Ukraine | Russie | Kim Jong-un"),
    ("fr", "Le président Vladimir Poutine et M. Lavrov sont à Moscou.", "Vladimir Poutine | Lavrov | Moscou"),
    ("fr", "Le Premier ministre Keir Starmer a parlé à Mme Le Pen.", "Keir Starmer | Le Pen"),
    ("fr", "Il cite les Nations unies et la Corée du Nord.", "Nations unies | Corée du Nord"),
    ("fr", "Hier, la Banque centrale européenne s’est réunie.", "Banque centrale européenne"),
    ("fr", "Selon le Service de renseignement sud-coréen (NIS), c’est vrai.", "Service de renseignement | NIS"),
    ("fr", "Ursula von der Leyen a reçu Bachar al-Assad.", "Ursula von der Leyen | Bachar al-Assad"),
    ("fr", "L’Ukraine tient. Les alliés de l’Ukraine aussi.", "Ukraine | Ukraine"),
    ("fr", "L’Organisation mondiale du commerce le dit.", "Organisation mondiale du commerce"),
    ("fr", "Les drones Geran-2 et les chars Chonma-2 arrivent.", "Geran-2 | Chonma-2"),
    ("fr", "Les Ukrainiens et les Nord-Coréens ont tiré lundi.", ""),
    ("fr", "Je lis Poutine. La Russie de Poutine inquiète la Russie.", "Poutine | Russie | Poutine | Russie"),
    ("fr", "Moscou se tait. Rien ne vient de Moscou.", "Moscou | Moscou"),
    ("fr", "Cependant, rien ne bouge. Imaginez un monde.", ""),
    ("fr", "« Imaginez un monde », dit-il. « Moscou attend », dit Moscou.", "Moscou | Moscou"),
    (
        "fr",
        "Un Partenariat Inédit Entre Moscou Et Pyongyang\nIl va de Moscou à Pyongyang.",
        "Moscou | Pyongyang | Moscou | Pyongyang",
    ),
    ("fr", "LA RUSSIE ENVOIE DES DRONES\nC’est la Russie qui les envoie.", "Russie | Russie"),
    ("fr", "Que Gagne La Corée Du Nord ?\nOn le demande à la Corée du Nord.", "Corée du Nord | Corée du Nord"),
    ("fr", "Il vient de Côte d’Ivoire et du Royaume-Uni.", "Côte d'Ivoire | Royaume-Uni"),
    ("fr", "On a vu Louis XIV à la Maison Blanche, rue Saint-Denis.", "Louis XIV | Maison Blanche | Saint-Denis"),
    ("fr", "Le chapitre IV et le point A sont clos.", ""),
    ("fr", "L’Assemblée et l’État se taisent, dit l’Onu.", "Onu"),
    ("fr", "Photo archives : AFP/KCNA via KNS", "AFP | KCNA | KNS"),
    ("en", "Russian President Vladimir Putin met Kim Jong Un on Monday.", "Vladimir Putin | Kim Jong Un"),
    ("en", "The Bank of Japan Governor Kazuo Ueda spoke in May.", "Bank of Japan | Kazuo Ueda"),
    (
        "en",
        "Foreign Minister Sergei Lavrov called Secretary of State Antony Blinken.",
        "Sergei Lavrov | Antony Blinken",
    ),
    ("en", "Putin's spokesman said so. It was about Putin.", "Putin | Putin"),
    ("en", "The North Koreans left; the French stayed.", ""),
    ("en", "US officials and the WHO warned the U.S. of it.", "US | WHO | U.S."),
    ("en", "We met Dr. Smith and John F. Kennedy in St. Petersburg.", "Smith | John F. Kennedy | St. Petersburg"),
    ("en", "They use Pyongyang-backed troops, I'm told, and I'll say so.", "Pyongyang"),
    ("en", "The Ministry of Defence and Rolls-Royce agreed.", "Ministry of Defence | Rolls-Royce"),
    ("en", "National Data Corp said it bought Johnson & Johnson.", "National Data Corp | Johnson & Johnson"),
    ("en", "Trump Meets Putin And Kim In Moscow\nHe met Putin.", "Putin | Putin"),
    ("en", "Bashar al-Assad left.", "Bashar al-Assad"),
    (
        "de",
        "Der russische Präsident Wladimir Putin traf Kim Jong-un in Pjöngjang.",
        "Wladimir Putin | Kim Jong-un | Pjöngjang",
    ),
    ("de", "Laut NHK arbeiten in Alabuga viele Menschen in der Fabrik.", "NHK | Alabuga"),
    ("de", "Die Regierung plant eine neue Maßnahme für die Wirtschaft.", ""),
    (
        "de",
        "Die Europäische Union und die Deutsche Bank warnten die Ukraine.",
        "Europäische Union | Deutsche Bank | Ukraine",
    ),
    ("de", "Er lebt in Hamburg. Nun sucht Hamburgs CDU einen Chef.", "Hamburg | Hamburgs | CDU"),
    ("de", "SPD-Chef Norbert Walter-Borjans kam.", "Norbert Walter-Borjans"),
    ("es", "El presidente de Corea del Norte, Kim Jong-un, viajó el lunes.", "Corea del Norte | Kim Jong-un"),
    ("es", "La señora Yolanda Díaz citó a EE.UU. y a la Unión Europea.", "Yolanda Díaz | EE.UU. | Unión Europea"),
    ("es", "Hablaron Lionel Messi y Cristiano Ronaldo.", "Lionel Messi | Cristiano Ronaldo"),
    ("ru", "Министр иностранных дел России Сергей Лавров приехал в Пхеньян.", "России | Сергей Лавров | Пхеньян"),
    ("ru", "Об этом пишут РБК-Украина и NHK.", "РБК-Украина | NHK"),
    ("ru", "Это подтвердило Министерство обороны РФ в понедельник.", "Министерство обороны РФ"),
    ("uk", "Президент України Володимир Зеленський був у Києві.", "України | Володимир Зеленський | Києві"),
    ("uk", "Про це каже Служба безпеки України.", "Служба безпеки України"),
    ("zh", "据日本广播协会NHK报道，RBC-Ukraine也证实。", "NHK | RBC-Ukraine"),
    ("ar", "قالت وكالة NHK إن روسيا تنتظر", "NHK"),
    ("pl", "Wczoraj prezydent Andrzej Duda był w Warszawie.", "Andrzej Duda | Warszawie"),
    ("und", "", ""),
]
IN_SEEDS = {
    "000": "Corée du Nord×2 Kim Jong-un×2 Koursk×1 Kremlin×1 Lelabouga×2 Moscou×6 NHK×1 Pyongyang×3 RBC-Ukraine×1 "
    "Russie×5 Shahed×1 Tatarstan×4 Vladimir Poutine×2",
    "001": "AFP×1 Corée du Nord×6 KCNA×1 KNS×1 Lelabouga×1 Moscou×4 NHK×1 Nations unies×1 Pyongyang×4 RBC-Ukraine×1 "
    "Russie×8 Ukraine×2",
    "002": "Corée du Nord×6 Corée du Sud×1 Moscou×2 Pyongyang×5 Russie×7 Sud×1 Séoul×1 Ukraine×2",
    "003": "Alabuga×1 Andreï Belousov×1 Armée rouge×1 Belousov×1 Chonma-2×1 Corée du Nord×6 Fédération de Russie×1 "
    "Geran-2×1 Kim Jong-un×1 Koursk×2 Lavrov×1 Moscou×2 No Kwang Chol×1 Pacifique×1 Pyongyang×4 Russie×10 "
    "Sergueï Lavrov×1 Vladimir Poutine×1",
    "004": "Corée du Nord×3 Keir Starmer×2 Moscou×1 NIS×1 Occident×1 Pyongyang×1 Russie×10 Service de renseignement×1 "
    "Ukraine×2 Volodymyr Zelensky×2",
}
WORDS = [
    *["Moscou", "La", "Russie", "de", "du", "NHK", "RBC-Ukraine", "l’Ukraine", "M.", "Le", "al-", "U.S.", "Union", "."],
    *["européenne", "a dit", "\n", "\n\n", "«", "»", "Kim", "Jong-un", "von der", "&", "L’", "É", "Berlin", "2024"],
]
texts = st.one_of(
    strategies.texts,
    strategies.layouts(),
    st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join),
    st.text(max_size=60),
)
LANGUAGES = ["fr", "en", "de", "es", "ru", "uk", "zh", "und"]
LONG = [
    *["a" * 10**6, "1 " * 10**5, "« " * 10**5, "(" * 10**6, "A" * 10**6, "A " * 10**5, "." * 10**6, "A.B." * 10**5],
    *[
        "Ab-" * 10**5,
        "L’A" * 10**5,
        "A de " * 10**5,
        "U.S. " * 10**4,
        "\n" * 10**6,
        "A" + " " * 10**6 + "B",
        "A’" * 10**5,
    ],
    *["Nations" + " unies" * 10**5, "Von der " * 10**4],
]


def find_names(text: str, language: str) -> list[Fact]:
    return names(text, split(text, language), language)


@pytest.mark.parametrize(("language", "text", "expected"), CASES)
def test_finds_names(language: str, text: str, expected: str) -> None:
    assert " | ".join(fact.value for fact in find_names(text, language)) == expected


@pytest.mark.parametrize("seed", IN_SEEDS)
def test_finds_names_of_sample_articles(seed: str) -> None:
    (path,) = SEEDS.glob(f"{seed}_*")
    counts = Counter(fact.value for fact in find_names(path.read_text(encoding="utf-8"), "fr"))
    assert " ".join(f"{name}×{count}" for name, count in sorted(counts.items())) == IN_SEEDS[seed]


def test_value_has_normalized_punctuation() -> None:
    text = "Il vient de Côte d’Ivoire, dit RBC‑Ukraine,\r\nà New\u00a0York."
    facts = find_names(text, "fr")
    assert [text[fact.start : fact.end] for fact in facts] == ["Côte d’Ivoire", "RBC‑Ukraine", "New\u00a0York"]
    assert [fact.value for fact in facts] == ["Côte d'Ivoire", "RBC-Ukraine", "New York"]
    assert {fact.kind for fact in facts} == {"name"}


def test_line_break_inside_a_name() -> None:
    text = "It was owned by Texas\n  Commerce Bank until then."
    assert [fact.value for fact in names(text, [Span(0, len(text))], "en")] == ["Texas Commerce Bank"]


@given(texts, st.sampled_from(LANGUAGES))
def test_names_are_ordered_and_do_not_overlap(text: str, language: str) -> None:
    sentences = split(text, language)
    facts = names(text, sentences, language)
    assert facts == names(text, sentences, language)
    for fact in facts:
        assert any(sentence.start <= fact.start < fact.end <= sentence.end for sentence in sentences)
        assert any(map(str.isupper, text[fact.start : fact.end])) or any(map(str.istitle, text[fact.start : fact.end]))
        assert fact.value == " ".join(fact.value.split()) != ""
    assert all(one.end <= other.start for one, other in pairwise(facts))


@given(texts, st.sampled_from(LANGUAGES))
def test_no_sentences_no_names(text: str, language: str) -> None:
    assert names(text, [], language) == []
    assert names(text, [Span(0, 0)], language) == []


@pytest.mark.parametrize("text", LONG, ids=lambda text: repr(text[:8]))
def test_handles_long_repetitive_texts(text: str) -> None:
    assert all(text[fact.start : fact.end] for fact in find_names(text, "fr"))
