"""Forms of dates in every language: days as words, months before days, figures, ranges and times of day."""
# ruff: noqa: RUF001 - look-alike letters and punctuation are meant

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dedup
from dedup.text.facts.dates.find import dates
from dedup.text.language import SUPPORTED_LANGUAGES, language_data

FORMS: dict[str, list[tuple[str, list[str]]]] = {
    "en": [
        ("first of June; the second of June, 1990; the twenty-third of June", ["--06-01", "1990-06-02", "--06-23"]),
        ("on June third. June the 5th; June fifth 1990", ["--06-03", "--06-05", "1990-06-05"]),
        ("In May first reports came; May first-time buyers", ["--05"]),
        ("Tue, June 3rd; Tuesday 3 June; Tues 3rd Jun, 1990", ["--06-03", "--06-03", "1990-06-03"]),
        (
            "30th june 1990 , as said; 3 june; 3 may help; the 3rd may help; 3 may 1990",
            ["1990-06-30", "--06-03", "1990-05-03"],
        ),
        (
            "9/8/1990; 3/9/15; 9-23-1990; on 9-23-90; the score was 9-23-90",
            ["1990-09-08", "2015-03-09", *["1990-09-23"] * 2],
        ),
        ("on 9/23; on 9/8; on 2/3 of it; won 9/23", ["--09-23"]),
        ("23-Sep-90; 23/Sep/1990; 23 September '90; 23 September 90 18:05", [*["1990-09-23"] * 3, "1990-09-23T18:05"]),
        ("1990-9-3; 1990/9/3; 1990.09.03; 1990-09; 1990.9; release 1990.9.3", [*["1990-09-03"] * 3, "1990-09"]),
        ("1990-Sep-03; 3.IX.1990; 3-IX-1990; 3. IX. 1990", ["1990-09-03"] * 4),
        ("June 31; 31 June 1990; 1990-06-31; 31/06/1990; 29 February 1990", ["--06", "1990-06", "1990-02"]),
        ("from 3 to 5 of June; June 3-5; June 3 thru 5, 1990", ["--06-03/--06-05"] * 2 + ["1990-06-03/1990-06-05"]),
        (
            "June 3 at 6:07 a.m.; June 3, 1990, 6.07 pm; June 3 6 pm",
            ["--06-03T06:07", "1990-06-03T18:07", "--06-03T18:00"],
        ),
        ("6:07 p.m. June 3; at 6 p.m. on Sunday, June 3", ["--06-03T18:07", "--06-03T18:00"]),
        ("June 3 at noon; June 3 at midnight; 12:10 am, June 3", ["--06-03T12:00", "--06-03T00:00", "--06-03T00:10"]),
        ("June 3, 1990 18:07:09; Sun Jun 3 18:07:09 1990", ["1990-06-03T18:07:09"] * 2),
        (
            "1990-06-03T18:07Z; 19900603T1807; 3 Jun 1990 18:07:09 -0500",
            ["1990-06-03T18:07Z", "1990-06-03T18:07", "1990-06-03T18:07:09-05:00"],
        ),
        ("June 3, 1807 GMT; 1807 GMT on June 3; June 3, 6 pm EST", ["--06-03T18:07Z"] * 2 + ["--06-03T18:00-05:00"]),
        (
            "June 3, 9:30-11:00; June 3 from 9:30 to 11 am; June 3 9:30 to June 4 11:00",
            ["--06-03T09:30/--06-03T11:00"] * 2 + ["--06-03T09:30/--06-04T11:00"],
        ),
        ("June 3, 3 hours later; June 3 at 9 percent; June 3, 18:70; lost 3:20 on June 3", ["--06-03"] * 4),
    ],
    "fr": [
        (
            "le premier juin; le deux juin 1990; le vingt et un juin; le trente juin",
            ["--06-01", "1990-06-02", "--06-21", "--06-30"],
        ),
        ("dix sept soldats; deux Mars; sept mars 1990", ["1990-03-07"]),
        ("vendredi, juin 3 1990; juin 3 1990; en juin 3 soldats", ["1990-06-03"] * 2 + ["--06"]),
        (
            "le 3 fév. 1990; le 3 sept. 1990; le 3 juil.; le 3 fev 1990",
            ["1990-02-03", "1990-09-03", "--07-03", "1990-02-03"],
        ),
        ("le 23/09; lundi 03/09; les 2/3; le 1/3 des voix", ["--09-23", "--09-03"]),
        ("le 1990-9-3; le 3.IX.1990; le 3-9-1990; le 3/9/90", ["1990-09-03"] * 4),
        (
            "le 3 juin à 9h30; le 3 juin 1990 à 9 h 30 min; le 3 juin, 21 h",
            ["--06-03T09:30", "1990-06-03T09:30", "--06-03T21:00"],
        ),
        (
            "le 3 juin à 9 heures; le 3 juin à 9 heures du soir; le 3 juin, 9 heures après",
            ["--06-03T09:00", "--06-03T21:00", "--06-03"],
        ),
        (
            "à 9h30 le 3 juin; le 3 juin à midi; le 3 juin à minuit; le 3 juin de 9 h à 11 h",
            ["--06-03T09:30", "--06-03T12:00", "--06-03T00:00", "--06-03T09:00/--06-03T11:00"],
        ),
        (
            "le lundi 3 juin 1990; du 3 au 5 juin; du lundi 3 au mardi 4 juin",
            ["1990-06-03", "--06-03/--06-05", "--06-03/--06-04"],
        ),
    ],
    "de": [
        ("am ersten Juni; der dritte Juni 1990; am einunddreißigsten Mai", ["--06-01", "1990-06-03", "--05-31"]),
        ("das erste Juni-Drittel; im Juni 3 Menschen; Juni 3, 1990", ["--06", "--06", "1990-06-03"]),
        (
            "am 3. Mär 1990; am 3. Febr. 1990; 3-Mär-1990; 3te April",
            ["1990-03-03", "1990-02-03", "1990-03-03", "--04-03"],
        ),
        (
            "am 3.9.; vom 3.9. an; am 3.9.90; Mo, 3.9.; Version 3.9.; 3.9. gegen 18 Uhr",
            ["--09-03", "--09-03", "1990-09-03", "--09-03", "--09-03T18:00"],
        ),
        ("am 1990-9-3; am 3.9.1990; 3. IX. 1990", ["1990-09-03"] * 3),
        (
            "am 3. Juni um 9.30 Uhr; 3. Juni 1990, 9 Uhr 30; 3. Juni, 9 Uhr abends",
            ["--06-03T09:30", "1990-06-03T09:30", "--06-03T21:00"],
        ),
        ("um 9:30 am So, 3. Juni; um 9 Uhr am 3. Juni 1990", ["--06-03T09:30", "1990-06-03T09:00"]),
        (
            "3. Juni, 9.30-11.00 Uhr; 3. Juni 1990, 9:30 Uhr MESZ",
            ["--06-03T09:30/--06-03T11:00", "1990-06-03T09:30+02:00"],
        ),
        (
            "vom 3. bis 5. Juni 1990; 3.-5. Juni; 3. Juni bis 5. Juli",
            ["1990-06-03/1990-06-05", "--06-03/--06-05", "--06-03/--07-05"],
        ),
        ("am 30. Februar; 21:15 am 3. Juni", ["--02", "--06-03"]),
    ],
    "es": [
        ("primero de junio; el tres de junio de 1990; treinta y uno de mayo", ["--06-01", "1990-06-03", "--05-31"]),
        ("el junio 3 del 1990; junio 3, 1990; en junio 3 personas", ["1990-06-03"] * 2 + ["--06"]),
        (
            "3 ago, 1990; domingo 3 de junio; 3-6-1990; 3.6.1990; el 23/09",
            ["1990-08-03", "--06-03", "1990-06-03", "1990-06-03", "--09-23"],
        ),
        (
            "el 3 de junio a las 9:30; 3 de junio en 1:05 pm; el 3 de junio a las 9 de la noche",
            ["--06-03T09:30", "--06-03T13:05", "--06-03T21:00"],
        ),
        (
            "el 3 de junio, 9 horas; el 3 de junio a las 9 horas; el 3 de junio a las 21 h",
            ["--06-03", "--06-03T09:00", "--06-03T21:00"],
        ),
        ("3 al 5 de junio; del 3 al 5 de junio de 1990; uno de Julio", ["--06-03/--06-05", "1990-06-03/1990-06-05"]),
    ],
    "ru": [
        ("первое июня; третьего июня 1990; двадцать первого июня", ["--06-01", "1990-06-03", "--06-21"]),
        ("3-его июня 1990; 3-ое июня; 3-е июня; 3-го июня", ["1990-06-03", *["--06-03"] * 3]),
        (
            "Июн 3, 1990 9:30; 3 сен. 1990г. 9:30; 3 июня 1990г., вторник",
            ["1990-06-03T09:30", "1990-09-03T09:30", "1990-06-03"],
        ),
        (
            "Пн, 3 июня 1990; 3 июня в 9 часов вечера; 3 июня в 9 часов; 3 июня 9 часов",
            ["1990-06-03", "--06-03T21:00", "--06-03T09:00", "--06-03"],
        ),
        (
            "3 июня в 19.30; 3 июня в 9:30 мск; 19:30 3 июня; 1:30 ночи сб, 3 июня",
            ["--06-03T19:30", "--06-03T09:30+03:00", "--06-03T19:30", "--06-03T01:30"],
        ),
        ("с 3 по 5 июня; 3 июня – 5 июля 1990; 3.06.1990", ["--06-03/--06-05", "1990-06-03/1990-07-05", "1990-06-03"]),
    ],
    "uk": [
        ("перше червня; третього червня 1990; двадцять п'ятого червня", ["--06-01", "1990-06-03", "--06-25"]),
        (
            "3 чер 1990 9:30; 3 кві; 1990-сер-03; 3-го червня 1990р.",
            ["1990-06-03T09:30", "--04-03", "1990-08-03", "1990-06-03"],
        ),
        (
            "3 червня о 9 годині вечора; о 9:30 3 червня; 3 червня 1990 о 09:30",
            ["--06-03T21:00", "--06-03T09:30", "1990-06-03T09:30"],
        ),
        ("3 - 5 червня; з 3 по 5 червня; 3 чер - 5 чер; п'ятниця, 03.06.90", [*["--06-03/--06-05"] * 3, "1990-06-03"]),
    ],
    "xx": [
        (
            "1990-6-3; 03.06.1990 9:30; 03/06/1990 19h; 1990-06-03 09:30:15 CEST",
            ["1990-06-03", "1990-06-03T09:30", "1990-06-03T19:00", "1990-06-03T09:30:15+02:00"],
        ),
    ],
}


@pytest.mark.parametrize(
    ("language", "text", "expected"), [(name, *case) for name, cases in FORMS.items() for case in cases]
)
def test_reads_the_forms_of_a_language(language: str, text: str, expected: list[str]) -> None:
    assert [fact.value for fact in dates(text, language)] == expected


@pytest.mark.parametrize(
    ("language", "text", "mention"),
    [
        ("en", "He left on April 9, 2013 at 6:11 a.m. for good.", "April 9, 2013 at 6:11 a.m."),
        ("en", "At 8 p.m. on Tuesday, October 8, it rained.", "8 p.m. on Tuesday, October 8"),
        ("en", "It was the third of May, as ever.", "third of May"),
        ("en", "It was on June 3 at 6 pm.", "June 3 at 6 pm"),
        ("en", "It began in Oct '14.", "Oct '14"),
        ("fr", "Il partit le 8 octobre à 8h.", "8 octobre à 8h"),
        ("fr", "Il partit le 8 octobre 2024 à 9h30 précises.", "8 octobre 2024 à 9h30"),
        ("de", "Er ging am 8. Oktober um 9 Uhr 30.", "8. Oktober um 9 Uhr 30"),
    ],
)
def test_a_time_of_day_belongs_to_its_date(language: str, text: str, mention: str) -> None:
    facts = dedup.analyze(text, language).facts
    assert [text[fact.start : fact.end] for fact in facts if fact.kind == "date"] == [mention]
    assert not [fact for fact in facts if fact.kind == "number"]


DAY_AS_WORD = {"en": "the {d} of {m} {y}", "de": "am {d} {m} {y}", "fr": "le {d} {m} {y}"}
DAY_AS_WORD |= {"es": "el {d} de {m} de {y}", "ru": "{d} {m} {y} года", "uk": "{d} {m} {y} року"}
CLOCKS = {
    "en": ["{d} {m} {y} at {h}:{n:02}", "{m} {d}, {y}, {h12}:{n:02} {half}", "{h12}:{n:02} {half}, {m} {d}, {y}"],
    "de": ["{d}. {m} {y} um {h}:{n:02} Uhr", "{d}. {m} {y}, {h}.{n:02} Uhr", "um {h} Uhr {n:02} am {d}. {m} {y}"],
    "fr": ["{d} {m} {y} à {h}h{n:02}", "{d} {m} {y} à {h} h {n:02}", "à {h}:{n:02}, le {d} {m} {y}"],
    "es": ["{d} de {m} de {y} a las {h}:{n:02}", "{m} {d}, {y} {h12}:{n:02} {half}"],
    "ru": ["{d} {m} {y} г. в {h}:{n:02}", "{d} {m} {y} года в {h}.{n:02}"],
    "uk": ["{d} {m} {y} року о {h}:{n:02}", "{d} {m} {y} о {h}.{n:02}"],
}
days, times = st.dates(date(1500, 1, 1), date(2099, 12, 31)), st.times()
languages = st.sampled_from(SUPPORTED_LANGUAGES)


def month_names(language: str, month: int) -> list[str]:
    """Return the names of a month; in Russian and Ukrainian the genitive, which follows a day."""
    names: list[str] = language_data(language)["dates"]["months"][month - 1]
    return [names[1]] if language in ("ru", "uk") else names


@given(days, languages, st.data())
def test_a_day_as_a_word_is_read_back(day: date, language: str, data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(language_data(language)["dates"]["day_words"][day.day - 1]))
    month = data.draw(st.sampled_from(month_names(language, day.month)))
    text = DAY_AS_WORD[language].format(d=word, m=month, y=day.year)
    assert [fact.value for fact in dates(text, language)] == [day.isoformat()]


@given(days, times, languages, st.data())
def test_a_day_with_a_time_is_read_back(day: date, clock: time, language: str, data: st.DataObject) -> None:
    month = data.draw(st.sampled_from(month_names(language, day.month)))
    template = data.draw(st.sampled_from(CLOCKS[language]))
    half = "p.m." if clock.hour >= 12 else "a.m."
    text = template.format(
        d=day.day, m=month, y=day.year, h=clock.hour, h12=(clock.hour - 1) % 12 + 1, n=clock.minute, half=half
    )
    assert [fact.value for fact in dates(text, language)] == [f"{day.isoformat()}T{clock:%H:%M}"]


@given(days, languages, st.data())
def test_abbreviated_months_and_figures_are_read_back(day: date, language: str, data: st.DataObject) -> None:
    short = language_data(language)["dates"]["short"][day.month - 1]
    names = [*short, *(f"{name}." for name in short), *month_names(language, day.month)]
    roman = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"][day.month - 1]
    name = data.draw(st.sampled_from(names))
    form = data.draw(
        st.sampled_from(
            [
                *(f"{day.day} {name} {day.year}", f"{day.day}-{name}-{day.year}", f"{day.day:02} {name} {day.year}"),
                *(f"{name} {day.day}, {day.year}", f"{day.year}-{name}-{day.day:02}"),
                *(
                    f"{day.day}.{roman}.{day.year}",
                    f"{day.year}-{day.month}-{day.day}",
                    f"{day.day}.{day.month}.{day.year}",
                ),
            ]
        )
    )
    assert [fact.value for fact in dates(form, language)] == [day.isoformat()], form
