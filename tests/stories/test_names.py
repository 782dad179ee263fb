"""Groups of names of sources, and outlets that are credited."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.stories.description.names import NameGroups, is_outlet
from dedup.text.facts.names.spelling import distinct

NAMES = st.sampled_from(
    [
        *(
            "Lavrov",
            "Sergei Lavrov",
            "Sergue\u00ef Lavrov",
            "Lawrow",
            "NHK",
            "nhk",
            "BBC",
            "BBC News",
            "Reuters",
            "ONS",
        ),
        *(
            "Office for National Statistics",
            "Kim",
            "Kim Jong-un",
            "Kim Jong Un",
            "New York Times",
            "The Times",
            "Times",
        ),
        *(
            "ministry of defence",
            "Ministry of Defence",
            "AFP",
            "Agence France-Presse",
            "RBC-Ukraine",
            "RBC",
            "x",
            "a b",
        ),
    ]
)


@given(st.lists(NAMES, max_size=12))
def test_groups_are_those_of_the_plain_comparison(names: list[str]) -> None:
    groups = NameGroups()
    for name in names:
        groups.add(name)
    assert groups.names == distinct(dict.fromkeys(names))


@pytest.mark.parametrize(
    ("source", "outlet", "same"),
    [
        ("Le Monde", "Monde", True),
        ("Le Monde", "LE MONDE", True),
        ("Le Monde", "www.lemonde.fr", True),
        ("BBC", "bbc.co.uk", True),
        ("Agence France-Presse", "AFP", True),
        ("New York Times", "Times", False),
        ("Times", "New York Times", False),
        ("Post", "Herald", False),
        ("Brackwater", "Brackwater Times", False),
    ],
)
def test_outlets_are_credited_by_their_names(source: str, outlet: str, same: bool) -> None:
    assert is_outlet(source, outlet) is same
