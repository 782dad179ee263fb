"""Dates: their values in every language with a data file, their spans, and the comparison of two dates."""
# ruff: noqa: RUF001 - look-alike letters and punctuation are meant

import re
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import layouts, texts

from dedup.text.facts.dates.find import dates, same_date
from dedup.text.language import SUPPORTED_LANGUAGES
from dedup.text.spans import Fact

LANGUAGES = (*SUPPORTED_LANGUAGES, "xx")

FRENCH = [
    ("juin 2024", ["2024-06"]),
    ("Juin 2024, JUIN 2024", ["2024-06", "2024-06"]),
    ("Dès le mois de juin, en juin", ["--06", "--06"]),
    ("au mois d'août, au mois d’aout", ["--08", "--08"]),
    ("le 13 octobre 2024", ["2024-10-13"]),
    ("le 13 oct. 2024, le 13 oct 2024", ["2024-10-13", "2024-10-13"]),
    ("le 13\u00a0octobre\u202f2024", ["2024-10-13"]),
    ("le 1er mai 2020, le 1er mai", ["2020-05-01", "--05-01"]),
    ("le dimanche 13 octobre", ["--10-13"]),
    ("le 13\noctobre\n2024", ["2024-10-13"]),
    ("le 8 févr. 2020, le 8 fe\u0301vrier 2020", ["2020-02-08", "2020-02-08"]),
    ("le 13/10/2024, le 13.10.2024, le 13-10-2024, le 13/10/24", ["2024-10-13"] * 4),
    ("le 10/13/2024", ["2024-10-13"]),
    ("le 5/6/2024", ["2024-06-05"]),
    ("2024-10-13, 2024-06, 2024/10/13", ["2024-10-13", "2024-06", "2024-10-13"]),
    ("date 2025-06 Photo", ["2025-06"]),
    ("entre le 8 et le 13 octobre", ["--10-08/--10-13"]),
    ("du 8 au 13 octobre 2024", ["2024-10-08/2024-10-13"]),
    ("les 8 et 9 octobre, du 8-13 octobre", ["--10-08/--10-09", "--10-08/--10-13"]),
    ("du mardi 24 au mercredi 25 mars", ["--03-24/--03-25"]),
    ("du 30 septembre au 2 octobre 2024", ["2024-09-30/2024-10-02"]),
    ("du 30 décembre 2023 au 2 janvier", ["2023-12-30/2024-01-02"]),
    ("entre janvier et février 2025", ["2025-01/2025-02"]),
    ("de décembre à février 2025", ["2024-12/2025-02"]),
    ("en janvier et février 2025", ["--01", "2025-02"]),
    ("de janvier 2024 à mars 2025", ["2024-01/2025-03"]),
    ("mars-avril 2020", ["2020-03/2020-04"]),
    ("En 2024, depuis février 2022, l’année 2024, l'an 2000", ["2024", "2022-02", "2024", "2000"]),
    ("Alors que 2025 avance", ["2025"]),
    ("la crise de 2008, (2016), 1789.", ["2008", "2016", "1789"]),
    ("de 2020 à 2024, 2020-2024, entre 2020 et 2024", ["2020/2024"] * 3),
    ("la saison 2019-20, 2019/20, 2019/2020", ["2019/2020"] * 3),
    ("1500 militaires, 2000 euros, 1900 km, 2024 soldats", []),
    ("plus de 2000, près de 1800 hommes, jusqu’à 2000", []),
    ("Au deuxième trimestre 2025, 2e trimestre 2025, T2 2025", ["2025-Q2"] * 3),
    ("au premier trimestre de 2025, au dernier trimestre", ["2025-Q1", "--Q4"]),
    ("au premier semestre 2025, au second semestre", ["2025-H1"]),
    ("les années 1990, les années 90, dans les années 2010", ["1990s", "1990s", "2010s"]),
    ("en mars, en mai 2020, le 3 mars, la mi-mai, fin mars", ["--03", "2020-05", "--03-03", "--05", "--03"]),
    ("la planète Mars, le Champ de Mars, Mars a dit, mais", []),
    ("lundi, mardi prochain, hier", []),
    ("25 000 hommes, à 18:30, à 20h30, 192.168.1.1, 12.000", []),
    ("Geran-2024, A2020, 2024abc, n° 2024, page 1850, 20245", []),
    ("l’article 1641 du code", []),
    ("le 32 juin, le 0 juin", ["--06", "--06"]),
    ("sept hommes, sept. hommes", []),
]
ENGLISH = [
    ("October 13, 2024; October 13 2024; Oct. 13, 2024; Oct 13, 2024", ["2024-10-13"] * 4),
    ("13 October 2024; 13th of October, 2024; the 13th of October 2024", ["2024-10-13"] * 3),
    ("26-FEB-1987; 26-Feb-1987", ["1987-02-26"] * 2),
    ("October 13; October 13th; 13 October; OCTOBER 13", ["--10-13"] * 4),
    ("June 2024; June, 2024; in June; June", ["2024-06", "2024-06", "--06", "--06"]),
    ("10/13/2024; 13/10/2024; 5/6/2024", ["2024-10-13", "2024-10-13", "2024-05-06"]),
    ("13.10.2024", ["2024-10-13"]),
    ("between October 8 and 13; October 8-13, 2024", ["--10-08/--10-13", "2024-10-08/2024-10-13"]),
    ("from October 8 to October 13; October 8 to 13", ["--10-08/--10-13"] * 2),
    ("from 30 September to 2 October 2024", ["2024-09-30/2024-10-02"]),
    ("between January and February 2025; January-February 2025", ["2025-01/2025-02"] * 2),
    ("the January-March period; May-June 2020", ["--01/--03", "2020-05/2020-06"]),
    ("from June 2024 to May 2025", ["2024-06/2025-05"]),
    ("In 2024, since 2022, 2016 elections, the 2019 sales", ["2024", "2022", "2016", "2019"]),
    ("2000 people, 1500 troops, about 1800, over 2000, $1987, 1987 dlrs, 1,987", []),
    ("1930 GMT, 2024 km, 1990.5", []),
    ("from 2020 to 2024; 2020-2024; 2020–24; the 2011-12 season", ["2020/2024"] * 3 + ["2011/2012"]),
    ("second quarter of 2025; second-quarter 2025; Q2 2025; the second\nquarter 2025", ["2025-Q2"] * 4),
    ("the first quarter; the first half of 1986; the second half", ["--Q1", "1986-H1"]),
    ("the 1990s, the 90s, early 1990s, the '90s", ["1990s"] * 4),
    ("In his 60s, 90s hits", []),
    ("it may be; May I?; March on!; a march", []),
    ("in May; May 5; May 2020; mid-May; 5 March", ["--05", "--05-05", "2020-05", "--05", "--03-05"]),
    ("June Carter sang, in June President Smith", ["--06"]),
    ("Monday, on Tuesday", []),
    ("Jan said, Sept and Dec, Mar", []),
    ("ended\nSeptember\n30, 1986", ["1986-09-30"]),
    ("April 6 5.5 pct", ["--04-06"]),
    ("April 5%", ["--04"]),
]
GERMAN = [
    ("13. Oktober 2024; 13. Okt. 2024; 13.10.2024; 13.10.24", ["2024-10-13"] * 4),
    ("am 13. Oktober; 13.Oktober", ["--10-13"] * 2),
    ("vom 8. bis 13. Oktober; vom 8. bis zum 13. Oktober; 8.-13. Oktober", ["--10-08/--10-13"] * 3),
    ("am 8. und 9. Oktober", ["--10-08/--10-09"]),
    ("zwischen dem 8. und dem 13. Oktober", ["--10-08/--10-13"]),
    ("vom 1. Mai bis 13. Juni", ["--05-01/--06-13"]),
    ("im Juni; Juni 2024; im Mai; Anfang März; Ende August 2020", ["--06", "2024-06", "--05", "--03", "2020-08"]),
    ("zwischen Januar und Februar 2025", ["2025-01/2025-02"]),
    ("im Jahr 2024; seit 2019; 2019 starben viele; (2020)", ["2024", "2019", "2019", "2020"]),
    ("2000 Menschen, rund 1900, 1500 Euro", []),
    ("zweites Quartal 2025; im ersten Quartal; im ersten Halbjahr 2020", ["2025-Q2", "--Q1", "2020-H1"]),
    ("die 1990er Jahre; die 90er-Jahre; den 90er Jahren", ["1990s"] * 3),
    ("1. Jänner 2015", ["2015-01-01"]),
    ("Herr Mai, der August, 18.30 Uhr", []),
]
SPANISH = [
    ("13 de octubre de 2024; 13 de octubre del 2024; 13 octubre 2024", ["2024-10-13"] * 3),
    ("el 13 de octubre; 1º de mayo", ["--10-13", "--05-01"]),
    ("del 8 al 13 de octubre; entre el 8 y el 13 de octubre", ["--10-08/--10-13"] * 2),
    ("en junio; junio de 2024; en marzo; mayo de 2020", ["--06", "2024-06", "--03", "2020-05"]),
    ("entre enero y febrero de 2025", ["2025-01/2025-02"]),
    ("en 2024; el año 2020; el 2019 fue; (2016)", ["2024", "2020", "2019", "2016"]),
    ("2000 personas; más de 2000; 1900 euros", []),
    ("los años 90; la década de 1990; años 1990", ["1990s"] * 3),
    ("los 60 años; los 40 km/h", []),
    ("segundo trimestre de 2025; primer semestre de 2020", ["2025-Q2", "2020-H1"]),
    ("Mayo dijo", []),
]
RUSSIAN = [
    ("13 октября 2024 года; 13 октября 2024 г.; 13 октября 2024; 13.10.2024", ["2024-10-13"] * 4),
    ("13 октября; 13-го октября", ["--10-13"] * 2),
    ("с 8 по 13 октября; 8–13 октября", ["--10-08/--10-13"] * 2),
    ("в июне; июнь 2024; в июне 2024 года; в мае; май 2020", ["--06", "2024-06", "2024-06", "--05", "2020-05"]),
    ("между январём и февралём 2025 года", ["2025-01/2025-02"]),
    ("между январем и мартом", ["--01/--03"]),
    ("в 2024 году; 2024 год; 2024г.; (2020)", ["2024"] * 3 + ["2020"]),
    ("2000 человек; около 1900; 2024 солдата", []),
    ("1990-е годы; 90-х годов; в 1990-х", ["1990s"] * 3),
    ("второй квартал 2025 года", ["2025-Q2"]),
]
UKRAINIAN = [
    ("13 жовтня 2024 року; 13 жовтня 2024 р.; 13.10.2024", ["2024-10-13"] * 3),
    ("з 8 до 13 жовтня; 8–13 жовтня", ["--10-08/--10-13"] * 2),
    ("у червні; червень 2024; 5 лютого; у лютому 2022 року", ["--06", "2024-06", "--02-05", "2022-02"]),
    ("у 2024 році; 2024 рік", ["2024"] * 2),
    ("лютий мороз; 2000 осіб", []),
    ("другий квартал 2025 року; 1990-ті роки", ["2025-Q2", "1990s"]),
]
OTHERS = [
    ("2024-10-13, 13/10/2024, 13.10.2024", ["2024-10-13"] * 3),
    ("w 2020 roku, 2000 żołnierzy", ["2020"]),
    ("2024年10月13日, 2024年10月, 2024年", ["2024-10-13", "2024-10", "2024"]),
    ("2024년 10월 13일", ["2024-10-13"]),
    ("١٣/١٠/٢٠٢٤", ["2024-10-13"]),
]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (language, *case)
        for language, cases in zip(
            ("fr", "en", "de", "es", "ru", "uk", "xx"),
            (FRENCH, ENGLISH, GERMAN, SPANISH, RUSSIAN, UKRAINIAN, OTHERS),
            strict=True,
        )
        for case in cases
    ],
)
def test_finds_dates_in_iso_form(language: str, text: str, expected: list[str]) -> None:
    assert [fact.value for fact in dates(text, language)] == expected


@pytest.mark.parametrize(
    ("language", "text", "mentions"),
    [
        ("fr", "entre le 8 et le 13 octobre, en juin 2024.", ["8 et le 13 octobre", "juin 2024"]),
        ("fr", "le 13 oct. 2024 et le 13 oct.", ["13 oct. 2024", "13 oct."]),
        ("fr", "dans les années 1990", ["années 1990"]),
        ("en", "on October 13, 2024, and in the 1990s", ["October 13, 2024", "1990s"]),
        ("en", "between January and February 2025", ["January and February 2025"]),
        ("de", "am 8. und 9. Oktober 2024", ["8. und 9. Oktober 2024"]),
        ("ru", "13 октября 2024 года", ["13 октября 2024 года"]),
    ],
)
def test_span_covers_only_the_date(language: str, text: str, mentions: list[str]) -> None:
    assert [text[fact.start : fact.end] for fact in dates(text, language)] == mentions


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("2024-06", "2024-06", True),
        ("--06", "2024-06", True),
        ("2024-06-19", "2024-06", True),
        ("2024-06-19", "--06", True),
        ("2024-06-19", "--06-19", True),
        ("--06-19", "--06", True),
        ("--06-19", "2024-06", False),
        ("2024", "2024-06", False),
        ("2024", "2024", True),
        ("2024", "2024-06-19", False),
        ("2024-06", "2023-06", False),
        ("2024-06-19", "2024-06-18", False),
        ("--06", "--07", False),
        ("--Q2", "2025-Q2", True),
        ("2024-Q2", "2025-Q2", False),
        ("--Q2", "2025-02", False),
        ("1990s", "1990s", True),
        ("1990s", "1990", False),
        ("--10-08/--10-13", "2024-10-08/2024-10-13", True),
        ("--10-08/--10-13", "2024-10-08/2024-10-14", False),
        ("--10-08/--10-13", "2024-10-08", False),
        ("2020/2024", "2020/2024", True),
        ("2024-06-19", "2024-06-19T09:30", True),
        ("--06-19T09:30", "2024-06-19", True),
        ("--06-19T09:30", "2024-06", False),
        ("2024-06-19T09:30", "2024-06-19T10:30", False),
        ("2024-06-19T09:30", "2024-06-19T09:30:15", True),
        ("2024-06-19T09:30", "2024-06-19T09:30+02:00", True),
        ("2024-06-19T09:30Z", "2024-06-19T11:30+02:00", True),
        ("2024-06-19T09:30Z", "2024-06-19T09:30+02:00", False),
        ("2024-06-30T23:30Z", "2024-07-01T01:30+02:00", True),
        ("2024-07-01T01:30+02:00", "2024-07-01", True),
    ],
)
def test_same_date_if_one_refines_the_other(left: str, right: str, same: bool) -> None:
    left_date, right_date = Fact("date", 0, 1, left), Fact("date", 0, 1, right)
    assert same_date(left_date, right_date) is same
    assert same_date(right_date, left_date) is same


MONTHS = {
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    "uk": "січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня",
}
TEMPLATES = {
    "fr": "le {d} {m} {y}",
    "en": "on {m} {d}, {y}",
    "de": "am {d}. {m} {y}",
    "es": "el {d} de {m} de {y}",
    "ru": "{d} {m} {y} года",
    "uk": "{d} {m} {y} року",
}


@given(st.dates(date(1500, 1, 1), date(2100, 12, 31)), st.sampled_from(SUPPORTED_LANGUAGES))
def test_finds_any_day_from_1500_to_2100(day: date, language: str) -> None:
    month = MONTHS[language].split()[day.month - 1]
    text = TEMPLATES[language].format(d=day.day, m=month, y=day.year)
    assert [fact.value for fact in dates(text, language)] == [day.isoformat()]


pieces = st.sampled_from(
    [
        *["13", "8", "1er", "13th", "13.", "2024", "1990", "1990s", "90", "2024-06", "13/10/2024", "5.6.24"],
        *["octobre", "mai", "mars", "May", "March", "October", "Oct.", "Oktober", "de", "octubre", "октября", "мая"],
        *["et", "et le", "au", "à", "to", "and", "bis", "al", "по", "entre", "between", "in", "2019-20"],
        *["deuxième trimestre", "second quarter", "of", "Q2", "-", "–", "/", ",", "\n", "\u202f", "années", "года"],
        *[
            "at",
            "9h30",
            "à",
            "9:30:15",
            "p.m.",
            "Uhr",
            "+02:00",
            "T",
            "T0945",
            "20240131",
            "8.X.2024",
            "first",
            "premier",
        ],
        *["soldats", "people", "%", "$", "1500 militaires", "25 000", "18:30", "年", "月", "٢٠٢٤"],
    ]
)
mixtures = st.lists(st.tuples(pieces, st.sampled_from([" ", " ", "", "\n"])), max_size=25).map(
    lambda drawn: "".join(piece + gap for piece, gap in drawn)
)
TIME = r"T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?"
VALUE = rf"(?:\d{{4}}|-)-(?:\d\d(?:-\d\d(?:{TIME})?)?|[QH]\d)|\d{{4}}s?"


@given(st.one_of(texts, layouts(), mixtures, mixtures), st.sampled_from(LANGUAGES))
def test_dates_are_ordered_and_do_not_overlap(text: str, language: str) -> None:
    found = dates(text, language)
    for fact in found:
        mention = text[fact.start : fact.end]
        assert mention
        assert mention == mention.strip()
        assert fact.kind == "date"
        assert re.fullmatch(rf"{VALUE}(?:/(?:{VALUE}))?", fact.value), fact.value
        first, _, last = fact.value.partition("/")
        assert not last or first < last
    for before, after in pairwise(found):
        assert before.end <= after.start
    assert dates(text, language) == found


@pytest.mark.parametrize(
    "piece", ["a", "1 ", "2024 ", "2024-", "1-", "1/", "mai ", "May ", "8 et ", "juin à ", "deuxième ", "2024年", "T"]
)
@pytest.mark.parametrize("language", ["fr", "en", "xx"])
def test_handles_long_repetitive_texts(piece: str, language: str) -> None:
    assert len(dates(piece * 20_000, language)) <= 20_000


@pytest.mark.parametrize("text", ["", " ", "\0", "\n\n", "\ufeff", "\u0301", "\u202e2024\u202c", "²⁰²⁴", "T2", "-"])
def test_accepts_unusual_texts(text: str) -> None:
    for language in LANGUAGES:
        for fact in dates(text, language):
            assert text[fact.start : fact.end].strip()
