"""Credits of any agency and any person in the forms of each language."""
# ruff: noqa: RUF001, E501 - characters that look alike, and whole sentences, are the point

from hypothesis import given
from hypothesis import strategies as st

import dedup


def sources(text: str, language: str) -> list[str]:
    return [credit.source for credit in dedup.analyze(text, language).credits]


# For each language, forms of a credit with places for the name of an agency, and for that of a person.
AGENCY_FORMS = {
    "en": ["ROME ({}) - The ferry sank.", "Source: {}", "(with {})", "The ferry sank, according to {}.", "As {} reported, the ferry sank."],
    "fr": ["ROME ({}) - Le ferry a coulé.", "Source : {}", "(avec {})", "Le ferry a coulé, selon {}.", "Comme l'a révélé {}, le ferry a coulé."],
    "de": ["ROM ({}) - Die Fähre sank.", "Quelle: {}", "Mit Material von {}.", "Die Fähre sank laut {}.", "Nach Angaben von {} sank die Fähre."],
    "es": ["ROMA ({}).- El barco se hundió.", "Fuente: {}", "(Con información de {})", "El barco se hundió, según {}.", "Según informó {}, el barco se hundió."],
    "ru": ["РИМ, 3 мая. /{}/. Паром затонул.", "Источник: {}", "По данным {}, паром затонул.", "Как сообщает {}, паром затонул."],
    "uk": ["РИМ, 3 травня — {}. Пором затонув.", "Джерело: {}", "За даними {}, пором затонув.", "Як повідомляє {}, пором затонув.", "Про це пише {}."],
}  # fmt: skip
AGENCIES = {code: ["AFP", "Reuters", "AP", "EFE"] for code in AGENCY_FORMS} | {
    "ru": ["ТАСС", "НТВ", "Reuters"],
    "uk": ["УНІАН", "Reuters", "AFP"],
}
PERSON_FORMS = {
    "en": [
        "“It is over,” said {}, who runs the port.",
        "According to {}, it is over.",
        "Mayor {} announced a new tax.",
    ],
    "fr": ["« C'est fini », a déclaré {}.", "Selon {}, c'est fini.", "Le maire {} a annoncé un nouvel impôt."],
    "de": ["„Es ist vorbei“, sagte {}.", "Laut {} ist es vorbei.", "Bürgermeisterin {} kündigte eine Steuer an."],
    "es": ["«Se acabó», dijo {}.", "Según {}, se acabó.", "La alcaldesa {} anunció un impuesto."],
}
PERSONS = ["Ana Sol", "Peter Lund", "Ursula von der Leyen", "Kim Jong-un", "Vera Novak"]


@given(st.data(), st.sampled_from(sorted(AGENCY_FORMS)))
def test_agency_is_credited_in_each_form(data: st.DataObject, language: str) -> None:
    form, agency = data.draw(st.sampled_from(AGENCY_FORMS[language])), data.draw(st.sampled_from(AGENCIES[language]))
    assert sources(form.format(agency), language) == [agency]


@given(st.data(), st.sampled_from(sorted(PERSON_FORMS)), st.sampled_from(PERSONS))
def test_person_is_credited_in_each_form(data: st.DataObject, language: str, person: str) -> None:
    form = data.draw(st.sampled_from(PERSON_FORMS[language]))
    assert sources(form.format(person), language) == [person]
