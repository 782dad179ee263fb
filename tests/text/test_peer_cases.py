"""Facts, sentences and credits of the case files in DEDUP_DATA; the share that is right must not fall."""

import math

import pytest
from peer_cases import score

LEAST = {"number": 0.99, "money": 0.99, "quantity": 0.98, "date": 0.98, "sentences": 0.98, "credits": 0.95}


@pytest.mark.parametrize("kind", LEAST)
def test_share_of_right_cases(kind: str) -> None:
    found = score(kind)
    if math.isnan(found.share):
        pytest.skip("DEDUP_DATA does not name a folder with peer_cases.jsonl and credit_cases.jsonl")
    assert found.share >= LEAST[kind], "\n".join(found.wrong)
