"""Dates of documents: which is the earliest, what is said about dates that are not understood, and dates as facts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from itertools import permutations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import dedup
from dedup.results import Story
from dedup.stories.dates import DateReading, earliest, order_by_date, read_dates
from dedup.stories.description.facts import fact_classes
from dedup.stories.description.members import read_member
from dedup.text.analysis import analyse

TEXTS = [
    "The council of Kingsport voted on Tuesday to build a bridge over the Miskatonic. It will cost 25 million dollars, "
    "mayor Ruth Peaslee told Reuters.",
    "A 25-million-dollar bridge will span the Miskatonic, the Kingsport council has decided, according to Reuters. It "
    "is the third one.",
    "Kingsport gets its bridge: on Tuesday councillors voted for the span over the Miskatonic, which is to cost 40 "
    "million dollars.",
]
FILLER = ["Dogs sleep for half of the day.", "A storm is expected on the coast.", "Prices of wheat rose in March."]


def align(dates: list[object]) -> tuple[Story, tuple[str, ...]]:
    count = len(dates)
    table = pa.table({"text": [*TEXTS[:count], *FILLER], "date": pa.array([*dates, *[dates[0]] * len(FILLER)])})
    found = dedup.align(table)
    [story] = found.result.stories
    return story, found.result.run.notes


def first_of(dates: list[str | None]) -> int | None:
    reading = read_dates(dates)
    return earliest({doc: reading.period(date) for doc, date in enumerate(dates)})


@pytest.mark.parametrize(
    ("dates", "first"),
    [
        (["2024-05-03", "2024-05-02", "2024-05-04"], 1),
        (["2024-05-03T09:00+02:00", "2024-05-03T08:30Z"], 0),
        (["2024-05-03T10:00+02:00", "2024-05-03T07:30Z"], 1),
        (["2024-05-02T23:30-05:00", "2024-05-03T01:00Z"], 1),
        (["2024-05-03", "2024-05-03T00:00"], None),
        (["2024-05-03", "2024-05-03T23:00"], None),
        (["2024-05-02", "2024-05-03T00:00"], 0),
        (["2024-05", "2024-05-03"], None),
        (["2024-04", "2024-05-01"], 0),
        (["2023", "2024-01-01"], 0),
        (["2024-12", "2025"], 0),
        (["2024-05-03", "2024-05-03"], None),
        (["2024-05-03T09:00", "2024-05-03T09:00"], None),
        (["2024-05-03T09:00:30", "2024-05-03T09:00"], None),
        (["2024-05-03T09:00:00.2", "2024-05-03T09:00:00.1"], 1),
        (["2024-05-03", None], None),
        (["2024-05-03", "soon"], None),
        (["01/02/2024", "03/02/2024"], None),
        (["01/02/2024", "31/01/2024"], 1),
        (["01/02/2024", "01/31/2024"], 0),
        (["08.10.2024", "09.10.2024"], 0),
        (["1714525200", "2024-05-01T01:00:01Z"], 0),
        (["1714525200000", "1714525199"], 1),
        (["Tue, 02 Jan 2024 10:00:00 +0200", "20240102T0830Z"], 0),
        (["2-MAR-1987 03:57", "2-MAR-1987 03:56"], 1),
        (["8 octobre 2024 à 9h30", "8. Oktober 2024, 9.29 Uhr"], 1),
        (["2024-10-08 09:30 CEST", "2024-10-08 08:00 UTC"], 0),
        (["2024-05-03"], None),
    ],
)
def test_earliest(dates: list[str | None], first: int | None) -> None:
    assert first_of(dates) == first


SPELLINGS = {
    "%Y-%m-%dT%H:%M:%S%z": timedelta(0),
    "%a, %d %b %Y %H:%M:%S %z": timedelta(0),
    "%Y-%m-%dT%H:%M%z": timedelta(minutes=1),
    "%d %B %Y": timedelta(days=1),
    "%Y%m%d": timedelta(days=1),
}
moments = st.datetimes(
    datetime(2024, 5, 1),
    datetime(2024, 5, 4),
    timezones=st.integers(-12, 14).map(lambda h: timezone(timedelta(hours=h))),
)


@given(st.lists(st.tuples(moments, st.sampled_from(sorted(SPELLINGS))), min_size=2, max_size=4))
def test_earliest_ends_before_the_others_start(spelled: list[tuple[datetime, str]]) -> None:
    periods = []
    for moment, spelling in spelled:
        length = SPELLINGS[spelling]
        start = moment.replace(microsecond=0)
        if length:
            start = start.replace(second=0)
        if length > timedelta(minutes=1):
            start = start.replace(hour=0, minute=0, tzinfo=UTC)
        periods.append((start, start + length))
    expected = [
        doc
        for doc, (start, end) in enumerate(periods)
        if all(end <= other and start < other for at, (other, _) in enumerate(periods) if at != doc)
    ]
    assert first_of([moment.strftime(spelling) for moment, spelling in spelled]) == (expected[0] if expected else None)


def test_order_needs_all_dates() -> None:
    reading = DateReading()
    assert order_by_date({4: reading.period("2024-05-03"), 7: reading.period("2024-05-02")}) == [7, 4]
    assert order_by_date({4: reading.period("2024-05-03"), 7: None}) == []


def test_dates_that_are_not_understood_are_counted_with_an_example() -> None:
    assert read_dates(["2024-05-03", None, "", "n/a"]).notes == ()
    assert read_dates(["soon", "2024-05-03", "later"]).notes == (
        "2 dates of documents are not understood, such as 'soon'",
    )
    assert read_dates(["01/02/2024", "03/04/2024"]).notes == (
        "2 dates of documents are not understood, since the order of day and month is unknown: '01/02/2024'; "
        "write YYYY-MM-DD",
    )
    assert read_dates(["01/02/2024", "31/01/2024"]).notes == ("dates such as '01/02/2024' are read as day/month/year",)
    assert read_dates(["31/01/2024", "01/31/2024", "01/02/2024"]).notes != ()
    assert read_dates(["2024-05-03T09:00Z", "2024-05-03"]).notes == (
        "some dates of documents have no time zone and count as UTC",
    )


def test_story_marks_the_earliest_instant_and_says_what_is_not_understood() -> None:
    story, notes = align(["2024-05-03T10:00+02:00", "2024-05-03T08:30Z", "03.05.2024 08:45"])
    assert story.first == 0
    assert [document.doc for document in story.documents] == [0, 1, 2]
    assert notes == ("some dates of documents have no time zone and count as UTC",)
    story, notes = align(["2024-05-03", "the other day", "2024-05-02"])
    assert story.first is None
    assert notes == ("1 date of a document is not understood: 'the other day'",)


def test_typed_dates_are_read() -> None:
    assert align([1714525200, 1714525100, 1714525300])[0].first == 1
    assert align([datetime(2024, 5, 3, 9), datetime(2024, 5, 3, 8), datetime(2024, 5, 3, 10)])[0].first == 1
    assert (
        align([datetime(2024, 5, 3).date(), datetime(2024, 5, 2).date(), datetime(2024, 5, 2).date()])[0].first is None
    )


@pytest.mark.parametrize(
    ("texts", "facts"),
    [
        (["2 April 1991", "2 April", "2 April 1992"], []),
        (["2 April 1991", "2 April"], [{0, 1}]),
        (["2 April 1991", "2 April", "2 April 1991", "2 April"], [{0, 1, 2, 3}]),
        (["2 April", "2 April 1991", "2 April 1992", "2 April"], [{0, 3}]),
        (["19 June 2024", "June 2024", "20 June 2024"], []),
        (["June 2024", "in June", "19 June 2024"], [{0, 1, 2}]),
        (["9 April 2013 at 6:11 a.m.", "April 9, 2013", "9 April"], [{0, 1, 2}]),
        (["9 April 2013 at 6:11 a.m.", "April 9, 2013", "9 April 2013 at 7:11 a.m."], []),
    ],
)
def test_dates_of_a_story_are_one_fact_only_if_all_are_the_same(texts: list[str], facts: list[set[int]]) -> None:
    for order in permutations(range(len(texts))):
        members = [read_member(doc, analyse(f"It opened on {texts[doc]}.", "en"), (), [0]) for doc in order]
        assert [set(found.docs) for found in fact_classes(members) if len(found.docs) > 1] == facts
