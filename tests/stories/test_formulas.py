"""Formula texts in several languages: weather, accidents and earnings are families, not stories."""
# ruff: noqa: S311 - random texts, no secrets

import random
from collections.abc import Callable

import pyarrow as pa
import pytest

import dedup
from dedup.results import Stories

Formula = Callable[[random.Random, str], str]


def weather(choice: random.Random, town: str) -> str:
    day = choice.choice(["lundi", "mardi", "jeudi", "samedi"])
    return (
        f"Météo {town} : les prévisions pour {day} {choice.randint(1, 28)} mars\n\nVoici les prévisions pour {town}. "
        f"Le ciel sera couvert en matinée, avec un risque de pluie de {choice.randint(1, 9)}0 % en soirée.\n\n"
        f"La température maximale atteindra {choice.randint(15, 30)} degrés, pour un minimum de "
        f"{choice.randint(0, 9)} degrés. Le vent soufflera du nord à {choice.randint(10, 40)} km/h.\n\n"
        "Abonnez-vous à notre newsletter pour recevoir la météo chaque matin."
    )


def accident(choice: random.Random, town: str) -> str:
    return (
        f"POL: Verkehrsunfall in {town}\n\n{town} (ots) - Am {choice.choice(['Montag', 'Dienstag', 'Freitag'])} gegen "
        f"{choice.randint(10, 22)}:{choice.randint(10, 59)} Uhr kam es zu einem Verkehrsunfall. Ein "
        f"{choice.randint(18, 80)}-jähriger Autofahrer übersah beim Abbiegen eine {choice.randint(18, 80)}-jährige "
        "Radfahrerin. Die Frau wurde leicht verletzt und in ein Krankenhaus gebracht. Es entstand ein Sachschaden von "
        f"etwa {choice.randint(2, 20) * 500} Euro. Zeugen werden gebeten, sich bei der Polizei in {town} zu melden."
    )


def earnings(choice: random.Random, firm: str) -> str:
    return (
        f"{firm} : résultat net en hausse de {choice.randint(1, 30)},{choice.randint(1, 9)} %\n\nLe groupe {firm} a "
        f"publié {choice.choice(['mardi', 'mercredi', 'jeudi'])} un chiffre d'affaires de {choice.randint(100, 900)},"
        f"{choice.randint(1, 9)} millions d'euros au titre du trimestre. Le résultat net ressort à "
        f"{choice.randint(10, 90)},{choice.randint(1, 9)} millions d'euros. Les analystes interrogés par FactSet "
        f"attendaient en moyenne {choice.randint(100, 900)} millions. Le groupe confirme ses objectifs annuels."
    )


FORMULAS: dict[str, tuple[Formula, list[str]]] = {
    "weather": (weather, ["Angers", "Quimper", "Nevers", "Albi", "Gap", "Laon", "Dole", "Vichy"]),
    "accidents": (accident, ["Bamberg", "Coburg", "Ansbach", "Landshut", "Kempten", "Weiden", "Passau"]),
    "earnings": (earnings, ["Valtrex", "Nordalis", "Optimos", "Sélénia", "Carvel", "Aldion"]),
}
PAIRS = [
    "Le maire de Tulle, Bernard Combes, a annoncé mardi la construction d'une passerelle de 4,2 millions d'euros sur "
    "la Corrèze. Les travaux commenceront en septembre.",
    "Une passerelle enjambera la Corrèze à Tulle : le projet, annoncé mardi par le maire Bernard Combes, coûtera 4,2 "
    "millions d'euros. Début du chantier en septembre.",
    "Ein Brand hat in der Nacht zum Montag eine Lagerhalle in Passau zerstört. Nach Angaben der Polizei beträgt der "
    "Schaden rund 1,3 Millionen Euro. 120 Feuerwehrleute waren im Einsatz.",
    "Großbrand in Passau: Eine Lagerhalle ist am frühen Montag abgebrannt, wie die Polizei mitteilte. Die Feuerwehr "
    "rückte mit 120 Kräften an, der Schaden wird auf 1,3 Millionen Euro geschätzt.",
]


def texts_of(name: str) -> list[str]:
    formula, subjects = FORMULAS[name]
    choice = random.Random(5)
    return [formula(choice, subject) for subject in subjects]


def align(texts: list[str]) -> Stories:
    return dedup.align(pa.table({"text": texts})).result


@pytest.mark.parametrize("name", FORMULAS)
@pytest.mark.parametrize("size", [3, None])
def test_formula_texts_are_a_family_and_no_story(name: str, size: int | None) -> None:
    texts = texts_of(name)[:size]
    found = align(texts)
    assert found.stories == ()
    assert [family.documents for family in found.templates] == [len(texts)]
    assert any(found.templates[0].example in text for text in texts)


def test_stories_are_found_among_formula_texts() -> None:
    formulas = [text for name in FORMULAS for text in texts_of(name)]
    found = align([*formulas, *PAIRS])
    first = len(formulas)
    assert sorted(sorted(document.doc for document in story.documents) for story in found.stories) == [
        [first, first + 1],
        [first + 2, first + 3],
    ]
    assert sorted(family.documents for family in found.templates) == sorted(
        len(subjects) for _, subjects in FORMULAS.values()
    )
