"""The page on formats lists the names of columns that are recognised."""

import re

import pytest
from paths import ROOT

from dedup.corpus.columns import METADATA_NAMES

PAGE = (ROOT / "docs" / "formats.md").read_text("utf-8")


@pytest.mark.parametrize("role", ["outlet", "date", "title"])
def test_page_lists_the_recognised_names(role: str) -> None:
    found = re.search(rf"^\| {role} \|.*$", PAGE, re.MULTILINE)
    assert found is not None
    assert sorted(re.findall(r"`(\w+)`", found[0])) == sorted(METADATA_NAMES[role])
