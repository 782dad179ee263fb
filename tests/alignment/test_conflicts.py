"""Numbers that differ in the same role, and numbers that do not."""

import pytest

import dedup
from dedup.alignment.roles import roles_of
from dedup.text.analysis import analyse

CONFLICTS = [
    (
        "en",
        "The blast in Homs killed 12 people on Monday.",
        "A blast in Homs on Monday left 15 people dead.",
        "12 ≠ 15 deaths",
    ),
    (
        "en",
        "A bomb exploded in the market, killing 12.",
        "A bomb exploded in the market, killing at least 14.",
        "12 ≠ 14 deaths",
    ),
    (
        "en",
        "The raid wounded 30 in the port.",
        "In the port the raid left 40 injured.",
        "30 ≠ 40 injured",
    ),
    (
        "en",
        "Police detained 120 protesters in Minsk.",
        "In Minsk police arrested 150 protesters.",
        "120 ≠ 150 arrested",
    ),
    (
        "en",
        "The 34-year-old man from Leeds was shot.",
        "The man from Leeds, aged 36, was shot.",
        "34 ≠ 36 age",
    ),
    (
        "en",
        "The plant cut 3,000 jobs in Turin.",
        "In Turin the plant cut 4,000 jobs.",
        "3000 ≠ 4000 jobs",
    ),
    (
        "en",
        "Turnout in the vote reached 61.5 percent.",
        "Turnout in the vote was 64 percent.",
        "61.5 ≠ 64 %",
    ),
    (
        "fr",
        "L'explosion à Lyon a fait 12 morts lundi.",
        "Lundi, une explosion à Lyon a tué 15 personnes.",
        "12 ≠ 15 morts",
    ),
    (
        "de",
        "Bei der Explosion in Kassel starben 12 Menschen.",
        "Die Explosion in Kassel tötete 15 Menschen.",
        "12 ≠ 15 Tote",
    ),
    (
        "es",
        "La explosión en Cali dejó 12 muertos el lunes.",
        "En Cali murieron 15 personas por la explosión.",
        "12 ≠ 15 muertos",
    ),
    (
        "ru",
        "При взрыве в Казани погибли 12 человек.",
        "Взрыв в Казани: погибли 15 человек.",
        "12 ≠ 15 погибли",
    ),
    (
        "uk",
        "Унаслідок вибуху в Одесі загинули 12 людей.",
        "Вибух в Одесі: загинули 15 людей.",
        "12 ≠ 15 загинули",
    ),
]
AGREEMENTS = [
    # The value is elsewhere in the other text.
    (
        "en",
        "The blast in Homs killed 12 people. Doctors counted 15 dead on Tuesday.",
        "A blast in Homs left 15 people dead.",
    ),
    # A percentage of one thing and a number of another.
    (
        "en",
        "Shares of Volvo fell 1.25 percent on Monday.",
        "Shares of Volvo closed at 80.9 on Monday.",
    ),
    (
        "en",
        "Shares of Volvo fell 1.25 percent on Monday.",
        "Unemployment in Sweden stood at 80.9 percent.",
    ),
    # Bombs are not people.
    (
        "en",
        "Two bombs killed 12 people in Homs.",
        "In Homs 3 bombs killed 12 people.",
    ),
    # Deaths and injured.
    (
        "en",
        "The blast in Homs killed 12 people.",
        "The blast in Homs wounded 30 people.",
    ),
    # Two values on a side.
    (
        "en",
        "The blast in Homs killed 12 people; another killed 13.",
        "A blast in Homs left 15 people dead.",
    ),
    # Ordinals count nothing.
    (
        "fr",
        "Le 3e homme du groupe est arrivé à Lyon.",
        "Le 4e homme du groupe est arrivé à Lyon.",
    ),
]


def conflicts(left: str, right: str, language: str) -> list[str]:
    found = dedup.diff(left, right, language)
    return [str(conflict) for pair in found.pairs for conflict in pair.conflicting]


@pytest.mark.parametrize(("language", "left", "right", "expected"), CONFLICTS)
def test_the_same_quantity_differs(language: str, left: str, right: str, expected: str) -> None:
    assert expected in conflicts(left, right, language)


@pytest.mark.parametrize(("language", "left", "right"), AGREEMENTS)
def test_other_numbers_do_not_conflict(language: str, left: str, right: str) -> None:
    found = conflicts(left, right, language)
    assert [conflict for conflict in found if "bombs" not in conflict] == []


def test_roles_of_numbers() -> None:
    text = (
        "The attack killed at least 12 and wounded 30 people. Some 200 were arrested. "
        "Two of the dead were children aged 8. The town has 5,000 inhabitants."
    )
    analysis = analyse(text, "en")
    found = roles_of(analysis, range(len(analysis.sentences)))
    values = {(analysis.facts[rank].value, role.noun) for rank, role in found.items()}
    assert {("12", "deaths"), ("30", "injured"), ("200", "arrested"), ("8", "age")} <= values
    assert ("5000", "inhabitants") in values
