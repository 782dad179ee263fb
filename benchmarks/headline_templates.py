"""Generate French headlines: events that outlets report in other words, and formulas that recur with other facts."""

from collections.abc import Mapping, Sequence

import numpy as np

_VALUES = {
    "town": (
        "Lyon Lille Nantes Rennes Toulouse Bordeaux Marseille Nice Grenoble Dijon Angers Reims Brest Limoges "
        "Amiens Metz Perpignan Orléans Mulhouse Rouen Caen Nancy Avignon Poitiers Pau Bayonne Béziers Quimper "
        "Valence Troyes Lorient Chambéry Niort Albi Tarbes Arras Vannes Bourges Colmar Évreux Laval Belfort "
        "Castres Blois Nevers Agen Dax Sète"
    ),
    "country": (
        "Italie Espagne Grèce Turquie Pologne Norvège Autriche Irlande Hongrie Bulgarie Croatie Serbie "
        "Tunisie Égypte Colombie Argentine Bolivie Équateur Indonésie Thaïlande Éthiopie Ouganda Angola "
        "Islande Arménie Albanie Estonie"
    ),
    "name": (
        "Morel Garnier Lefèvre Rousseau Chevalier Lambert Fontaine Mercier Blanchard Guérin Boyer Perrin "
        "Marchand Dufour Renaud Giraud Colin Vidal Caron Picard Lemoine Besson Aubert Rolland Charpentier "
        "Millet Prévost Brunet Leclercq Poirier Royer Benoit Tessier Laporte Marty Bailly Jacquet Collet "
        "Delmas Barbier Pascal Gillet Weber Pruvost"
    ),
    "firm": (
        "Altéo Novatex Brévil Camdor Solvane Ferrand Mécalis Orsane Valtec Duvex Lumena Cortal Bioval Transia "
        "Aquinor Gerland Pharmelis Textor Vitalia Sogemar Kermac Delvigne Robotim Navalis Ardec Fromental "
        "Sidéral Cerdane Agrival Montel"
    ),
    "day": ("lundi mardi mercredi jeudi vendredi samedi dimanche"),
    "sign": ("Bélier Taureau Gémeaux Cancer Lion Vierge Balance Scorpion Sagittaire Capricorne Verseau Poissons"),
    "month": ("janvier février mars avril mai juin juillet août septembre octobre novembre décembre"),
}
VALUES: Mapping[str, Sequence[str]] = {slot: values.split() for slot, values in _VALUES.items()}
"""Values of the slots of templates."""
# The phrasings of an event; "{n}" is a number and "{few}" a small one.
EVENTS: Sequence[Sequence[str]] = (
    (
        "Incendie à {town} : {few} morts dans un immeuble",
        "{few} personnes tuées dans l'incendie d'un immeuble à {town}",
        "À {town}, un immeuble en flammes fait {few} victimes",
        "Drame à {town} : le feu ravage un immeuble, {few} morts",
    ),
    (
        "{firm} supprime {n} postes en France",
        "Plan social chez {firm} : {n} emplois menacés",
        "{n} salariés de {firm} vont perdre leur emploi",
        "Le groupe {firm} annonce la suppression de {n} postes",
    ),
    (
        "{country} : un séisme fait au moins {n} morts",
        "Au moins {n} morts dans un tremblement de terre en {country}",
        "Séisme en {country}, le bilan monte à {n} morts",
        "La terre tremble en {country} : plus de {n} victimes",
    ),
    (
        "Le maire de {town}, {name}, mis en examen pour corruption",
        "Corruption : {name}, maire de {town}, mis en examen",
        "{town} : le maire {name} soupçonné de corruption",
        "Soupçons de corruption à {town}, {name} devant les juges",
    ),
    (
        "{name} condamné à {few} ans de prison pour fraude fiscale",
        "Fraude fiscale : {few} ans de prison pour {name}",
        "L'homme d'affaires {name} écope de {few} ans ferme",
        "{few} ans de prison requis et obtenus contre {name} dans l'affaire de fraude",
    ),
    (
        "Accident de car en {country} : {few} lycéens de {town} blessés",
        "{few} lycéens de {town} blessés dans un accident de car en {country}",
        "Un car de lycéens de {town} se renverse en {country}",
        "{country} : un autocar transportant des élèves de {town} sort de la route",
    ),
    (
        "{firm} rachète {firm2} pour {n} millions d'euros",
        "Rachat de {firm2} par {firm} : une opération à {n} millions",
        "{n} millions d'euros : {firm} s'offre son rival {firm2}",
        "{firm2} passe sous le contrôle de {firm}",
    ),
    (
        "Grève des éboueurs à {town} : {n} tonnes de déchets dans les rues",
        "{town} croule sous {n} tonnes de poubelles",
        "À {town}, les éboueurs en grève, {n} tonnes d'ordures non ramassées",
        "Poubelles : la ville de {town} submergée par la grève",
    ),
    (
        "La romancière {name} reçoit le prix Mistral pour « La Nuit de {town} »",
        "Prix Mistral : {name} récompensée pour son roman sur {town}",
        "« La Nuit de {town} » de {name} remporte le prix Mistral",
        "Littérature : le prix Mistral à {name}",
    ),
    (
        "{name} quitte le gouvernement après {few} mois",
        "Démission de {name}, ministre depuis {few} mois",
        "Le ministre {name} claque la porte du gouvernement",
        "Gouvernement : {name} s'en va, {few} mois après sa nomination",
    ),
)
FORMULAS: Sequence[str] = (
    "Météo à {town} : les prévisions pour {day} {few} {month}",
    "Horoscope du {day} {few} {month} : {sign}",
    "Programme TV : que regarder {day} {few} {month} au soir ?",
    "{town} - {town2} : à quelle heure et sur quelle chaîne voir le match ?",
    "Résultats du Loto : le tirage du {day} {few} {month}",
    "Municipales à {town} : les résultats du premier tour",
    "Bourse de Paris : le CAC 40 gagne 0,{few} % {day} {few2} {month}",
    "Ligue 1 : {town} s'impose {goals} à {goals2} face à {town2}",
    "Disparition de {name} : un appel à témoins lancé à {town}",
    "Accident à {town} : un blessé grave {day}",
    "Avis de décès : {name}, {town}",
    "{town} : un homme de {n} ans interpellé",
    "Immobilier à {town} : les prix quartier par quartier",
    "Mots croisés du {day} {few} {month}",
    "{firm} : chiffre d'affaires en hausse de {few} % au troisième trimestre",
    "Trafic : {n} kilomètres de bouchons {day} autour de {town}",
)


def fill(template: str, values: Mapping[str, str]) -> str:
    """Fill a template with values."""
    return template.format_map(values)


def draw(random: np.random.Generator) -> dict[str, str]:
    """Draw a value for each slot; two towns and two firms are different."""
    values = {slot: choices[int(random.integers(len(choices)))] for slot, choices in VALUES.items()}
    for slot in ("town", "firm"):
        others = [choice for choice in VALUES[slot] if choice != values[slot]]
        values[f"{slot}2"] = others[int(random.integers(len(others)))]
    numbers = {"n": (12, 900), "few": (2, 28), "few2": (2, 28), "goals": (2, 5), "goals2": (0, 2)}
    return values | {slot: str(random.integers(*limits)) for slot, limits in numbers.items()}


def generate(stories: int, formulas: int, seed: int = 1) -> list[tuple[str, int]]:
    """Generate headlines.

    Args:
        stories: Number of events, each with one to all of its phrasings.
        formulas: Number of headlines by formula, each a story of its own unless its words are the same.
        seed: Seed of all choices.

    Returns:
        Distinct headlines and their stories.
    """
    random = np.random.default_rng(seed)
    found: dict[str, int] = {}
    for story in range(stories):
        phrasings = EVENTS[int(random.integers(len(EVENTS)))]
        values = draw(random)
        count = int(random.integers(1, len(phrasings) + 1))
        for at in random.choice(len(phrasings), count, replace=False).tolist():
            found.setdefault(fill(phrasings[at], values), story)
    for number in range(formulas):
        found.setdefault(fill(FORMULAS[int(random.integers(len(FORMULAS)))], draw(random)), stories + number)
    return list(found.items())
