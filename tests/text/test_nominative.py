"""Nominatives of names in other cases, in tables for each language."""
# ruff: noqa: RUF001 - Cyrillic letters

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import texts

from dedup.text.language import SUPPORTED_LANGUAGES
from dedup.text.sources.nominative import nominative

CASES = ["genitive", "dative", "accusative", "instrumental", "locative", "der", "des", "dem", "vom", ""]

PERSONS = [
    ("ru", "genitive", "Дмитрия Орлова", "Дмитрий Орлов"),
    ("ru", "genitive", "Сергея Вольского", "Сергей Вольский"),
    ("ru", "genitive", "Ольги Захаровой", "Ольга Захарова"),
    ("ru", "genitive", "Марии Вольской", "Мария Вольская"),
    ("ru", "genitive", "Урсулы фон дер Ляйен", "Урсула фон дер Ляйен"),
    ("ru", "genitive", "Джо Байдена", "Джо Байден"),
    ("ru", "genitive", "Игоря Кравченко", "Игорь Кравченко"),
    ("ru", "genitive", "Льва Толстого", None),
    ("ru", "dative", "Антону Белову", "Антон Белов"),
    ("ru", "dative", "Анне Беловой", "Анна Белова"),
    ("ru", "accusative", "Ивана Белова", "Иван Белов"),
    ("ru", "instrumental", "Иваном Беловым", "Иван Белов"),
    ("uk", "genitive", "Олега Марченка", "Олег Марченко"),
    ("uk", "genitive", "Ігоря Коваля", "Ігор Коваль"),
    ("uk", "genitive", "Павла Зарічного", "Павло Зарічний"),
    ("uk", "genitive", "Ганни Зарічної", "Ганна Зарічна"),
    ("uk", "genitive", "Юлії Свириденко", "Юлія Свириденко"),
    ("uk", "dative", "Олені Зарічній", "Олена Зарічна"),
]
BODIES = [
    ("ru", "genitive", "Росстата", "Росстат"),
    ("ru", "genitive", "Кремля", "Кремль"),
    ("ru", "genitive", "Министерства обороны", "Министерство обороны"),
    ("ru", "genitive", "Минобороны", "Минобороны"),
    ("ru", "genitive", "МИД", "МИД"),
    ("ru", "genitive", "Bloomberg", "Bloomberg"),
    ("ru", "genitive", "Новой газеты", "Новая газета"),
    ("ru", "genitive", "Следственного комитета", "Следственный комитет"),
    ("ru", "genitive", "Федерального агентства", "Федеральное агентство"),
    ("ru", "genitive", "Всемирной организации здравоохранения", "Всемирная организация здравоохранения"),
    ("ru", "dative", "Коммерсанту", "Коммерсант"),
    ("ru", "dative", "Медузе", "Медуза"),
    ("ru", "accusative", "Новую газету", "Новая газета"),
    ("ru", "accusative", "Минфин", "Минфин"),
    ("ru", "locative", "Кремле", "Кремль"),
    ("ru", "locative", "Камаке", None),
    ("ru", "locative", "Росгвардии", "Росгвардия"),
    ("uk", "genitive", "Держстату", "Держстат"),
    ("uk", "genitive", "Національного банку", "Національний банк"),
    ("uk", "genitive", "Української правди", "Українська правда"),
    ("uk", "genitive", "Служби безпеки України", "Служба безпеки України"),
    ("uk", "genitive", "Державного агентства", "Державне агентство"),
    ("uk", "dative", "Бабелю", "Бабель"),
    ("uk", "locative", "Генштабі", "Генштаб"),
    ("de", "der", "Deutschen Welle", "Deutsche Welle"),
    ("de", "der", "Kronen Zeitung", "Kronen Zeitung"),
    ("de", "des", "Auswärtigen Amts", "Auswärtige Amt"),
    ("de", "des", "Kremls", "Kreml"),
    ("de", "dem", "Deutschen Wetterdienst", "Deutsche Wetterdienst"),
    ("en", "genitive", "Reuters", None),
]


@pytest.mark.parametrize(("language", "case", "written", "expected"), PERSONS)
def test_nominative_of_persons(language: str, case: str, written: str, expected: str | None) -> None:
    assert nominative(written.split(), case, language, is_person=True) == expected


@pytest.mark.parametrize(("language", "case", "written", "expected"), BODIES)
def test_nominative_of_bodies(language: str, case: str, written: str, expected: str | None) -> None:
    assert nominative(written.split(), case, language, is_person=False) == expected


@given(
    st.lists(
        st.one_of(texts.filter(str.strip), st.sampled_from(["Росстата", "Новой", "по", "D'Arc"])),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from(CASES),
    st.sampled_from(SUPPORTED_LANGUAGES),
    st.booleans(),
)
def test_nominative_keeps_the_words(words: list[str], case: str, language: str, is_person: bool) -> None:
    words = " ".join(words).split()
    found = nominative(words, case, language, is_person=is_person)
    assert found is None or len(found.split(" ")) == len(words)
