"""Names of bodies with small words inside, offices beside persons, and the navigation of pages."""
# ruff: noqa: RUF001 - look-alike letters and whole sentences are meant

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dedup
from dedup.text.facts.names.spelling import refers, same_name

CASES = [
    ("en", "Ursula von der Leyen spoke. The bloc agreed.", "Ursula von der Leyen"),
    ("en", "On Monday Ursula von der Leyen spoke to Robert De Niro.", "Ursula von der Leyen | Robert De Niro"),
    ("en", "UN Secretary-General Antonio Guterres spoke in Geneva.", "UN | Antonio Guterres | Geneva"),
    ("en", "Federal Reserve Chair Jerome Powell left.", "Federal Reserve | Jerome Powell"),
    ("en", "It was up to Federal Reserve Chair Jerome Powell.", "Federal Reserve | Jerome Powell"),
    ("en", "The Office for National Statistics (ONS) reported a rise.", "Office for National Statistics | ONS"),
    (
        "en",
        "The Organization for Security and Co-operation in Europe sent monitors.",
        "Organization for Security and Co-operation in Europe",
    ),
    ("en", "He praised the Centers for Disease Control and Prevention.", "Centers for Disease Control and Prevention"),
    ("en", "They met the Tenants' Union in Leeds.", "Tenants' Union | Leeds"),
    ("en", "The Tenants' Union of Leeds marched.", "Tenants' Union of Leeds"),
    ("en", "Day Tradition PASADENA (AP)", "Day Tradition | PASADENA | AP"),
    ("en", "Home News Sport", ""),
    ("en", "Apple CEO Tim Cook met EU Commissioner Thierry Breton.", "Tim Cook | EU | Thierry Breton"),
    (
        "en",
        "NATO chief Jens Stoltenberg and IMF Managing Director Kristalina Georgieva met.",
        "NATO | Jens Stoltenberg | IMF | Kristalina Georgieva",
    ),
    ("en", "The Department of Health and Human Services said no.", "Department of Health and Human Services"),
    ("en", "He lives in Washington and London.", "Washington | London"),
    ("en", "The University of Oxford and the Bank of Japan agreed.", "University of Oxford | Bank of Japan"),
    ("en", "Saturday's game in Boston was off.", "Boston"),
    ("en", "She works for Doctors Without Borders in Sudan.", "Doctors Without Borders | Sudan"),
    ("fr", "L'ONU Antonio Guterres.", "ONU | Antonio Guterres"),
    ("fr", "Le secrétaire général de l'ONU Antonio Guterres est venu.", "ONU | Antonio Guterres"),
    ("fr", "Le patron de la Réserve fédérale Jerome Powell est venu.", "Réserve fédérale | Jerome Powell"),
    ("fr", "Ursula von der Leyen est venue à Paris.", "Ursula von der Leyen | Paris"),
    ("fr", "Le président de la Fed Jerome Powell hésite.", "Fed | Jerome Powell"),
    (
        "fr",
        "L'Organisation pour la sécurité et la coopération en Europe (OSCE) observe.",
        "Organisation pour la sécurité et la coopération en Europe | OSCE",
    ),
    ("fr", "Médecins sans frontières est au Soudan.", "Médecins sans frontières | Soudan"),
    ("de", "Ursula von der Leyen kam nach Wien.", "Ursula von der Leyen | Wien"),
    ("de", "Anmelden Österreich", ""),
    ("de", "A ÖVP fordert Reformen.", "ÖVP"),
    ("de", "UNO-Generalsekretär António Guterres kam nach Genf.", "António Guterres | Genf"),
    (
        "es",
        "El secretario general de la ONU, António Guterres, viajó a EE. UU. ayer.",
        "ONU | António Guterres | EE.UU.",
    ),
    ("es", "Viajó de los EE. UU. a Perú.", "EE.UU. | Perú"),
    (
        "es",
        "La Organización para la Seguridad y la Cooperación en Europa observó.",
        "Organización para la Seguridad y la Cooperación en Europa",
    ),
    ("es", "Ursula von der Leyen llegó a Madrid.", "Ursula von der Leyen | Madrid"),
    ("es", "El secretario general de la ONU António Guterres llegó.", "ONU | António Guterres"),
    ("ru", "Генсек ООН Антониу Гутерриш прибыл в Киев.", "ООН | Антониу Гутерриш | Киев"),
    ("ru", "Глава ФРС Джером Пауэлл выступил.", "ФРС | Джером Пауэлл"),
    ("ru", "Глава Еврокомиссии Урсула фон дер Ляйен прибыла.", "Еврокомиссии | Урсула фон дер Ляйен"),
    ("uk", "Генсек ООН Антоніу Гутерріш прибув до Києва.", "ООН | Антоніу Гутерріш | Києва"),
    ("uk", "Урсула фон дер Ляєн прибула до Києва.", "Урсула фон дер Ляєн | Києва"),
    ("es", "Viajó de los EE. UU. a Perú.", "EE.UU. | Perú"),
    (
        "en",
        "The Bank of Japan and Toyota agreed; so did the Ministry of Defence and Rolls-Royce.",
        "Bank of Japan | Toyota | Ministry of Defence | Rolls-Royce",
    ),
    ("en", "He left the European Union for Boston.", "European Union | Boston"),
    ("en", "The Office for National Statistics in London said so.", "Office for National Statistics | London"),
    ("en", "It went without the Boston Bulls' Michael Reed.", "Boston Bulls | Michael Reed"),
    ("fr", "Elle travaille à ONU Femmes et à la SNCF.", "ONU Femmes | SNCF"),
    ("de", "Sie traf Heinrich von der Heyden in Kiel.", "Heinrich von der Heyden | Kiel"),
    ("pl", "Był tam.\nWarszawa śpi, a Warszawa i Kraków nie.", "Warszawa | Warszawa | Kraków"),
]
# A language, a head word with what may follow it, and words that continue the name.
BODIES = [
    ("en", "the {} for {} and {} in Europe", ["Organization", "Office", "Institute"], ["Security", "Water", "Peace"]),
    ("es", "la {} para la {} y la {}", ["Organización", "Oficina", "Comisión"], ["Seguridad", "Pesca", "Paz"]),
]


def found_names(text: str, language: str) -> list[str]:
    return [fact.value for fact in dedup.analyze(text, language).facts if fact.kind == "name"]


@pytest.mark.parametrize(("language", "text", "expected"), CASES)
def test_names(language: str, text: str, expected: str) -> None:
    assert " | ".join(found_names(text, language)) == expected


@given(st.data(), st.sampled_from(BODIES))
def test_bodies_are_read_whole(data: st.DataObject, body: tuple[str, str, list[str], list[str]]) -> None:
    language, form, heads, words = body
    drawn = [data.draw(st.sampled_from(heads)), *data.draw(st.permutations(words))[:2]]
    name = form.format(*drawn)
    text = {"en": "They wrote to {}.", "es": "Escribieron a {}."}[language].format(name)
    assert found_names(text, language) == [name.partition(" ")[2]]


@pytest.mark.parametrize("language", ["pl", "it", "sv", "und"])
def test_name_after_a_line_break_begins_at_its_first_letter(language: str) -> None:
    text = "x y,\nOslo z Oslo"
    names = [fact for fact in dedup.analyze(text, language).facts if fact.kind == "name"]
    assert [text[fact.start : fact.end] for fact in names] == ["Oslo", "Oslo"]


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("ONS", "Office for National Statistics"),
        ("OSCE", "Organization for Security and Co-operation in Europe"),
        ("MSF", "Médecins sans frontières"),
        ("von der Leyen", "Ursula von der Leyen"),
    ],
)
def test_short_forms_of_bodies(short: str, full: str) -> None:
    assert refers(short, full)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("Зеленского", "Зеленський"),
        ("Пескова", "Песков"),
        ("Захаровой", "Захарова"),
        ("Києва", "Київ"),
    ],
)
def test_case_forms_are_the_same_name(left: str, right: str) -> None:
    assert same_name(left, right)
