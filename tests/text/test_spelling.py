"""Spelling: the same names in different spellings, and different names that look alike."""
# ruff: noqa: RUF001 - look-alike letters and punctuation are meant

import tomllib
from pathlib import Path

import pytest
import strategies
from hypothesis import given
from hypothesis import strategies as st

from dedup.text.facts.names.sounds import NO_MATCH_COST, consonant_keys, distance, sounds, substitution_cost
from dedup.text.facts.names.spelling import lookup_keys, match_names, refers, same_name

PAIRS = {
    part: {kind: [tuple(pair.split(" = ")) for pair in pairs] for kind, pairs in kinds.items()}
    for part, kinds in tomllib.loads((Path(__file__).parent / "spellings.toml").read_text(encoding="utf-8")).items()
}
SAME = [
    *[
        "Lelabouga = Alabuga",
        "Zelensky = Зеленский",
        "Zelenskyy = Zelensky",
        "Zelenskyy = Selenskyj",
        "Zelenski = Selenskyj",
    ],
    *["Poutine = Putin", "Poutine = Путин", "Putin = Путин", "Kim Jong-un = Kim Jong Un", "Kim Jong‑un = KIM JONG-UN"],
    *["Volodymyr Zelensky = Volodymyr Selenskyj", "Chostakovitch = Shostakovich", "Tchaïkovski = Tchaikovsky"],
    *["Чайковский = Tchaikovsky", "Чайковский = Tschaikowski", "Koursk = Kursk", "Koursk = Курск", "Kiev = Kyiv"],
    *["Київ = Kyiv", "Київ = Kiev", "Киев = Kiev", "Lavrov = Lawrow", "Лавров = Lawrow", "Belousov = Beloussov"],
    *["Белоусов = Beloussov", "Pyongyang = Pjöngjang", "RBC-Ukraine = RBC Ukraine", "RBC-Ukraine = РБК-Украина"],
    *["Chonma-2 = Ch'ŏnma-2", "Pékin = Peking", "Congo = Kongo", "l’Ukraine = Ukraine", "Putin’s = Putin", "U.S. = US"],
    *[
        "NATO = Nato",
        "F-16 = F16",
        "Hong Kong = Hongkong",
        "Gaza\u0301 = Gazá",
        "Mün\u00adchen = München",
        "ISIS = Isis",
    ],
]
DIFFERENT = [
    *["Alabuga = Alabama", "Alabuga = Malaga", "Alabama = Malaga", "Lelabouga = Malaga", "Lelabouga = Alabama"],
    *["NHK = NHL", "NHK = NHS", "Ukraine = RBC-Ukraine", "Niger = Nigeria", "Austria = Australia"],
    *["Russie = Biélorussie", "Russia = Belarus", "Kim Jong-un = Kim Jong-il", "Kim Jong-un = Kim Yo-jong"],
    *["Geran-2 = Geran-3", "Iran = Irak", "Iran = Iraq", "Slovakia = Slovenia", "Mali = Malawi"],
    *["Corée du Nord = Corée du Sud", "Guinea = Guyana", "Martin = Marin", "Paris = Parma", "Georgia = George"],
    *["Minsk = Pinsk", "Karl = Carla", "Hansen = Jansen", "Mauritius = Mauritania", "Dominica = Dominican"],
    *[
        "Zambia = Gambia",
        "2023 = 2024",
        "Poutine = Vladimir Poutine",
        "Geran-2 = Geran",
        "UN = US",
        "Charles II = Charles III",
    ],
]
REFERS = [
    *["Poutine = Vladimir Poutine", "Putin = Vladimir Poutine", "Путин = Vladimir Putin", "Kim = Kim Jong-un"],
    *["Kim = Kim Jong Un", "Xi = Xi Jinping", "von der Leyen = Ursula von der Leyen", "Leyen = Ursula von der Leyen"],
    *[
        "Le Pen = Marine Le Pen",
        "de Gaulle = Charles de Gaulle",
        "al-Assad = Bachar al-Assad",
        "Assad = Bashar al-Assad",
    ],
    *["NIS = Service de renseignement (NIS)", "ONU = Organisation des Nations unies", "BOJ = Bank of Japan"],
    *["OMS = Organisation mondiale de la santé", "Лаврова = Сергей Лавров", "Zelensky = Volodymyr Zelenskyy"],
]
NOT_REFERS = [
    *["Vladimir = Vladimir Poutine", "Korea = North Korea", "York = New York", "Nord = Corée du Nord"],
    *["Japan = Bank of Japan", "France = Banque de France", "Ukraine = RBC-Ukraine", "Poutine = Poutine"],
    *[
        "Un = Kim Jong-un",
        "Russie = Fédération de Russie",
        "Kingdom = United Kingdom",
        "unies = Nations unies",
        " = A B",
    ],
]
UNUSUAL = [
    "",
    " ",
    "-",
    "’",
    "\0",
    "123",
    "A",
    "a",
    "أ",
    "العربية",
    "中国",
    "\u0301",
    "\u200b",
    "١٢",
    "½",
    "Ⅷ",
    "👩\u200d👧",
    "A" * 100_000,
]
names = st.one_of(
    strategies.words,
    strategies.texts,
    st.sampled_from(UNUSUAL),
    st.sampled_from([name for kinds in PAIRS.values() for pairs in kinds.values() for pair in pairs for name in pair]),
)


@pytest.mark.parametrize("pair", SAME)
def test_same_names(pair: str) -> None:
    left, right = pair.split(" = ")
    assert same_name(left, right)
    assert same_name(right, left)


@pytest.mark.parametrize("pair", DIFFERENT)
def test_different_names(pair: str) -> None:
    left, right = pair.split(" = ")
    assert not same_name(left, right)
    assert not same_name(right, left)


@pytest.mark.parametrize(
    ("part", "recall", "specificity"), [("tuned", 0.96, 0.99), ("held_out", 0.95, 0.99)], ids=["tuned", "held out"]
)
def test_recall_and_specificity_of_name_pairs(part: str, recall: float, specificity: float) -> None:
    same, different = PAIRS[part]["same"], PAIRS[part]["different"]
    assert len(same) > 200
    assert len(different) > 450
    missed = [pair for pair in same if not same_name(*pair)]
    mistaken = [pair for pair in different if same_name(*pair)]
    assert len(missed) <= (1 - recall) * len(same), missed
    assert len(mistaken) <= (1 - specificity) * len(different), mistaken


def test_tuned_and_held_out_pairs_are_disjoint() -> None:
    seen = [{frozenset(pair) for pairs in kinds.values() for pair in pairs} for kinds in PAIRS.values()]
    assert seen[0].isdisjoint(seen[1])


@given(names, names)
def test_same_name_is_symmetric_and_implies_a_shared_lookup_key(left: str, right: str) -> None:
    assert same_name(left, left)
    assert same_name(left, right) == same_name(right, left)
    if left != right and same_name(left, right):
        assert set(lookup_keys(left)) & set(lookup_keys(right))


@given(st.lists(names, max_size=8), st.lists(names, max_size=8))
def test_match_names_equals_all_pairs(lefts: list[str], rights: list[str]) -> None:
    every = [
        (at, other_at) for at, one in enumerate(lefts) for other_at, other in enumerate(rights) if same_name(one, other)
    ]
    assert match_names(lefts, rights) == every


@pytest.mark.parametrize("pair", REFERS)
def test_refers_to_full_name(pair: str) -> None:
    assert refers(*pair.split(" = "))


@pytest.mark.parametrize("pair", NOT_REFERS)
def test_does_not_refer_to_full_name(pair: str) -> None:
    assert not refers(*pair.split(" = "))


@pytest.mark.parametrize("left", UNUSUAL)
def test_unusual_names_match_nothing(left: str) -> None:
    for right in ("Poutine", "NHK", "Kim Jong-un", "2024"):
        assert not same_name(left, right)
        assert not refers(left, right)


def test_distance_is_symmetric_and_zero_implies_a_shared_key() -> None:
    words = [
        sounds(name) for name in ("Poutine", "Путин", "Alabuga", "Elabuga", "Alabama", "Niger", "Nigeria", "بوتين", "")
    ]
    for one in words:
        for other in words:
            forward, backward = distance(one, other, NO_MATCH_COST), distance(other, one, NO_MATCH_COST)
            assert (forward == 0) <= (set(consonant_keys(one)) & set(consonant_keys(other)) != set())
            assert forward == backward or min(forward, backward) >= NO_MATCH_COST
    assert substitution_cost("k", "m") == NO_MATCH_COST
    assert substitution_cost("SCX", "C1") == 0


def test_compares_long_lists_of_names() -> None:
    every = [name for kinds in PAIRS.values() for pairs in kinds.values() for pair in pairs for name in pair]
    lefts, rights = every[:1000:2], every[1:1000:2]
    assert len(match_names(lefts, rights)) > 100  # of 250,000 pairs
