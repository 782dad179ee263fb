"""Results in Python: short descriptions, HTML in notebooks, data frames."""

import re
import sys
from dataclasses import fields
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pytest
from paths import SEEDS

import dedup
from dedup.duplicates.explain import Explanation
from dedup.render.html.notebook import MAX_ROWS

HOSTILE = '<script>alert(1)</script>"&\u202e'
TEXT = f"The council voted on Monday to build {HOSTILE} a new bridge over the river, according to Reuters {HOSTILE}."
NEAR = TEXT.replace("Monday", "Tuesday")


@pytest.fixture(scope="module")
def cleaned(tmp_path_factory: pytest.TempPathFactory) -> dedup.Cleaned:
    return dedup.clean(SEEDS, tmp_path_factory.mktemp("results") / "out")


@pytest.fixture(scope="module")
def aligned() -> dedup.Aligned:
    return dedup.align(SEEDS)


def hostile_results(folder: Path) -> list[Any]:
    """Results of each class with a hostile text, id, outlet, title, and noun."""
    names = dict.fromkeys(("outlet", "title", "date"), HOSTILE)
    rows = [{**names, "id": f"{HOSTILE}{rank}", "text": text} for rank, text in enumerate((TEXT, NEAR, TEXT))]
    options: dict[str, Any] = {"min_tokens": 0, "threshold": 0.5}
    cleaned = dedup.clean(texts=rows, out=folder / HOSTILE.replace("/", ""), **options)
    assert cleaned.out is not None
    index = dedup.Index(folder / "index")
    index.add(texts=rows, **options)
    stories = dedup.align(texts=rows, language="en")
    return [
        *(cleaned, cleaned.run, dedup.scan(texts=rows, **options), dedup.tune(texts=rows, min_tokens=0)),
        *(dedup.explain(cleaned.out, "#2"), *index.query([TEXT]), dedup.analyze(TEXT), dedup.diff(TEXT, NEAR)),
        *(stories, stories.result, *stories.stories),
    ]


class Tags(HTMLParser):
    """Collects the tags and attributes of a fragment."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        self.attributes |= {name for name, _ in attrs}


def test_hostile_text_is_escaped_in_every_result(tmp_path: Path) -> None:
    results = [
        item for result in hostile_results(tmp_path) for item in (result if isinstance(result, list) else [result])
    ]
    kinds = {type(result).__name__ for result in results}
    assert kinds >= {
        "Cleaned",
        "Scan",
        "Tuning",
        "Explanation",
        "QueryResult",
        "TextAnalysis",
        "Diff",
        "Aligned",
        "Stories",
    }
    for result in results:
        html = result._repr_html_()
        if isinstance(result, dedup.Run):
            assert html is None
            continue
        tags = Tags()
        tags.feed(html)
        assert tags.found <= {"style", "div", "table", "caption", "thead", "tbody", "tr", "th", "td", "p", "br"} | {
            *("span", "bdi", "del", "ins", "u")
        }
        assert tags.attributes <= {"class", "dir", "lang", "scope", "colspan", "role", "aria-label", "tabindex"}
        assert "\u202e" not in html


def test_descriptions_are_short(cleaned: dedup.Cleaned, aligned: dedup.Aligned) -> None:
    assert repr(cleaned) == f"Cleaned(documents=5, removed_documents=0, removed_paragraphs=2, out={str(cleaned.out)!r})"
    assert repr(cleaned.run) == "Run(command='clean', documents=5, removed_documents=0, removed_paragraphs=2)"
    assert repr(dedup.scan(SEEDS)) == "Scan(documents=5, removed_documents=0, removed_paragraphs=2, groups=2)"
    assert repr(aligned) == "Aligned(documents=5, stories=1)"
    assert re.fullmatch(
        r"Story\(number=1, headline='.{60}', documents=3, outlets=0, links=\d+\)", repr(aligned.stories[0])
    )
    assert re.fullmatch(r"Diff\(pairs=1, similarity=0\.\d+, coverage=\(.{,14}\)\)", repr(dedup.diff(TEXT, NEAR)))


def test_tables_in_notebooks(cleaned: dedup.Cleaned, aligned: dedup.Aligned) -> None:
    html = cleaned._repr_html_() or ""
    assert "5 of 5 documents kept" in html
    assert '<td dir="auto">paragraphs within a document</td><td class="number">2</td>' in html
    assert "1 story in 5 documents" in (aligned._repr_html_() or "")
    assert "RBC-Ukraine" in (aligned.stories[0]._repr_html_() or "")
    assert "<del>Monday</del>" in (dedup.diff(TEXT, NEAR)._repr_html_() or "")


def test_long_results_say_how_much_is_left_out() -> None:
    html = dedup.analyze(
        " ".join(f"In {year} there were {year * 7} bridges." for year in range(1900, 1930))
    )._repr_html_()
    assert html is not None
    assert html.count("<tr>") == MAX_ROWS + 3  # with the head, and the table of sources, which is empty
    assert re.search(r"<p>\d+ more\.</p>", html)


def test_stories_are_a_sequence(aligned: dedup.Aligned) -> None:
    [story] = aligned.stories
    assert [item.id for item in aligned.stories[0].documents] == aligned.to_arrow()["id"].to_pylist()
    assert (story.headline, story.facts[1], story.outlets, len(story.links) > 1) == (story.headline, "25000", (), True)
    assert aligned.run is aligned.result.run


def test_all_stories_are_described_unless_fewer_are_wanted() -> None:
    places = ["Lyon", "Oslo", "Cairo", "Quito", "Perth", "Delhi", "Kyoto", "Lagos", "Hanoi", "Accra", "Turin", "Minsk"]
    reports = [
        f"A fire at the {place} plant of Company{place} killed {rank + 13} workers and hurt {rank * 31 + 117}, "
        f"Mayor Peter {place}son said. The damage in {place} is {rank * 7 + 211} million euros."
        for rank, place in enumerate(places)
    ]
    texts = [text for report in reports for text in (report, f"Late report. {report}")]
    found = dedup.align(texts=texts, language="en")
    assert len(found.stories) == found.result.count > 10
    fewer = dedup.align(texts=texts, language="en", stories=3)
    assert (len(fewer.stories), fewer.result.count) == (3, found.result.count)
    assert repr(fewer).endswith(f"stories={found.result.count}, described=3)")
    assert f"<p>{found.result.count - 3} more.</p>" in (fewer._repr_html_() or "")
    assert fewer.to_arrow().equals(found.to_arrow())


@pytest.mark.parametrize("name", ["clean", "removed", "pairs"])
def test_tables_as_data_frames(cleaned: dedup.Cleaned, name: Any) -> None:
    rows = cleaned.to_arrow(name).to_pylist()
    assert cleaned.to_polars(name).to_dicts() == rows
    frame = cleaned.to_pandas(name)
    assert list(frame.columns) == list(cleaned.to_polars(name).columns)
    assert [None if pd.isna(value) else value for value in frame.iloc[:, 1].tolist()] == [
        row[frame.columns[1]] for row in rows
    ]


def test_whole_numbers_stay_whole_numbers(cleaned: dedup.Cleaned) -> None:
    frame = cleaned.to_pandas()
    assert str(frame["row"].dtype) == "Int64"
    assert frame["row"].isna().all()  # each document is a file


def test_other_results_as_data_frames() -> None:
    pairs = dedup.diff(TEXT, NEAR).to_polars()
    assert pairs.select("kind", "left_text", "right_text").rows() == [("light", TEXT, NEAR)]
    groups = dedup.scan(texts=[TEXT, TEXT, NEAR], min_tokens=0).to_pandas()
    assert groups[["group", "doc", "kept_doc", "reason"]].values.tolist()[0] == [1, 1, 0, "exact"]
    tuned = dedup.tune(texts=[TEXT, NEAR, TEXT], min_tokens=0).to_polars()
    assert tuned["threshold"].to_list()[0] == 0.5
    assert tuned["documents_removed"].to_list()[-1] == 1


def test_empty_results_keep_their_columns() -> None:
    assert dedup.diff("One.", "Другой текст.").to_polars().columns[:3] == ["kind", "score", "moved"]
    assert dedup.scan(texts=["a"]).to_polars().schema["jaccard"] == pl.Float64


def test_errors(cleaned: dedup.Cleaned, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(dedup.SettingsError, match="There is no table 'links'; it must be one of"):
        cleaned.to_arrow("links")  # type: ignore[arg-type]
    with pytest.raises(dedup.SettingsError, match="compared with no reference"):
        cleaned.to_pandas("reference")
    for package in ("pandas", "polars"):
        monkeypatch.setitem(sys.modules, package, None)
        with pytest.raises(dedup.DedupError, match=f"Install it: pip install {package}"):
            getattr(cleaned, f"to_{package}")()


def test_reference_as_a_data_frame(cleaned: dedup.Cleaned) -> None:
    found = dedup.clean(texts=[cleaned.clean["text"][0].as_py()], against=cleaned.out)
    assert found.to_polars("reference").height == 1


def test_descriptions_name_real_attributes() -> None:
    explanation = Explanation(0, "a", "a.txt", None, kept=True, characters=3, passages=(), replaced=())
    assert repr(explanation) == "Explanation(doc=0, id='a', kept=True, passages=0, replaced=0)"
    assert {"doc", "id", "kept", "passages", "replaced"} <= {item.name for item in fields(Explanation)}
