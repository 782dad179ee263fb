"""Numbers, dates and marks of missing values: every spelling of a value is read as that value, and ordered by it."""
# ruff: noqa: RUF001 - look-alike letters are meant

from __future__ import annotations

import email.utils
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
import strategies
from hypothesis import given
from hypothesis import strategies as st

from dedup.corpus.types import to_json_strings
from dedup.corpus.values import is_no_value, parse_instant, parse_number
from dedup.corpus.values.instants import DATE_ORDERS, date_orders, parse_epoch, resembles_date
from dedup.corpus.values.missing import NO_VALUE_MARKS
from dedup.corpus.values.numbers import resembles_number
from dedup.corpus.values.order import NoOrder, rank_strings

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
UNREAD = "values like numbers or dates that cannot be read"

marks = st.sampled_from(sorted(NO_VALUE_MARKS)).flatmap(
    lambda mark: st.sampled_from([mark, mark.upper(), f" {mark}\t"])
)
decimals = st.one_of(
    st.integers(-20, 20),
    st.integers(-(10**40), 10**40),
    st.decimals(-1000, 1000, places=3),
    st.decimals(allow_nan=False, allow_infinity=False),
).map(Decimal)


@st.composite
def spelled_numbers(draw: st.DrawFn) -> tuple[Decimal, str]:
    """A number, and a spelling of it that has a single meaning."""
    number = draw(decimals)
    plain, (sign, _, exponent) = format(number, "f"), number.as_tuple()
    spellings = [str(number), f" {plain}", "-0" + plain[1:] if sign else "+00" + plain]
    if exponent == 0:
        spellings += [f"{number:,}".replace(",", space) for space in " \u00a0\u202f'\u2019"] + [f"{plain}.00"]
    return number, draw(st.sampled_from(spellings)).replace("-", draw(st.sampled_from("-\u2212")), number < 0)


zones = st.one_of(
    st.none(), st.just(UTC), st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
)
moments = st.datetimes(datetime(1000, 1, 3), datetime(2999, 12, 28), timezones=zones)


def offset(moment: datetime, colon: str = "") -> str:
    """The zone of a moment in figures; empty if it has none."""
    text = moment.strftime("%z")
    return text[:3] + colon + text[3:] if text else ""


CLOCKS: list[Callable[[datetime], str]] = [
    lambda moment: moment.isoformat(),
    lambda moment: moment.isoformat(" "),
    lambda moment: f"{moment:%Y/%m/%d %H:%M:%S.%f} {offset(moment)}",
    lambda moment: f"{moment:%Y%m%dT%H%M%S,%f}{offset(moment, ':')}",
    lambda moment: f"{moment.year}-{moment.month}-{moment.day} {moment.hour}:{moment:%M:%S.%f}{offset(moment)}",
    lambda moment: f"{moment:%d %b %Y %H:%M:%S.%f} {offset(moment)}",
    lambda moment: f"{moment:%A, %B %d, %Y at %I:%M:%S.%f %p} {offset(moment)}",
    lambda moment: f"{moment:%a %b %d %H:%M:%S.%f} {offset(moment)} {moment:%Y}",
    lambda moment: f"{moment:%Y年%m月%d日 %H:%M:%S.%f}{offset(moment)}",
]
WHOLE_SECONDS: list[Callable[[datetime], str]] = [
    email.utils.format_datetime,
    lambda moment: f"{moment:%a %b %d %Y %H:%M:%S} GMT{offset(moment)} (Some Zone)" if moment.tzinfo else str(moment),
    lambda moment: f"{moment:%d/%b/%Y:%H:%M:%S} {offset(moment)}",
]


def seconds(moment: datetime) -> Decimal:
    """Seconds since 1970; a moment without a zone is in UTC."""
    difference = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - EPOCH
    return Decimal(difference // timedelta(microseconds=1)) / 10**6


def read_seconds(text: str) -> Decimal | None:
    instant = parse_instant(text)
    return None if instant is None else instant.seconds + instant.fraction


def ranks_of(values: list[str], is_json: bool = False) -> list[int]:
    return list(rank_strings(pa.array(values, pa.large_string()), is_json).ranks.tolist())


def expected_ranks(keys: list[Any]) -> list[int]:
    """Dense ranks of sort keys; -1 for None."""
    order = sorted({key for key in keys if key is not None})
    return [-1 if key is None else order.index(key) for key in keys]


@given(spelled_numbers())
def test_a_number_is_read_exactly_in_every_spelling(spelled: tuple[Decimal, str]) -> None:
    number, text = spelled
    assert parse_number(text) == number
    assert parse_number(text, ".") == number


@given(st.integers(-(10**30), 10**30), st.integers(0, 999))
def test_separators_are_read_by_the_decimal_mark(number: int, decimals: int) -> None:
    text = f"{number:,}.{decimals}"
    exact = Decimal(f"{number}.{decimals}")
    swapped = text.replace(",", "_").replace(".", ",").replace("_", ".")
    assert parse_number(text, ".") == exact == parse_number(swapped, ",")
    if abs(number) >= 1000:
        assert parse_number(text) == exact == parse_number(swapped)
        assert parse_number(text, ",") is parse_number(swapped, ".") is None


@given(moments, st.sampled_from(CLOCKS))
def test_a_time_is_read_in_every_spelling(moment: datetime, spell: Callable[[datetime], str]) -> None:
    assert read_seconds(spell(moment)) == seconds(moment)


@given(moments.map(lambda moment: moment.replace(microsecond=0)), st.sampled_from(WHOLE_SECONDS))
def test_a_time_of_the_web_is_read(moment: datetime, spell: Callable[[datetime], str]) -> None:
    assert read_seconds(spell(moment)) == seconds(moment)


@given(moments.map(lambda moment: moment.replace(microsecond=0, tzinfo=UTC)))
def test_e_mail_dates_are_read_as_by_the_standard_library(moment: datetime) -> None:
    text = email.utils.format_datetime(moment, usegmt=True)
    assert read_seconds(text) == seconds(email.utils.parsedate_to_datetime(text))
    if 1969 <= moment.year <= 2068:
        short = f"{moment:%d %b %y %H:%M:%S} EST"
        assert read_seconds(short) == seconds(email.utils.parsedate_to_datetime(short))


@given(st.dates())
def test_a_day_is_read_in_every_spelling(day: datetime) -> None:
    year = f"{day.year:04}"
    week = "{}-W{:02}-{}".format(*day.isocalendar()) if 1 <= day.isocalendar().year <= 9999 else year + "-01-01"
    spellings = [
        *(day.isoformat(), f"{year}-{day.month}-{day.day}", f"{year}{day:%m%d}", f"{year}-{day:%j}"),
        *(f"{day.day} {day:%B} {year}", f"{day:%b}. {day.day}, {year}", f"{day.day}. {day:%b} {year}"),
        *(f"{year}年{day.month}月{day.day}日", f"{day:%d-%b-}{year}", f"{year}.{day:%m.%d}"),
    ]
    instants = [parse_instant(text) for text in spellings]
    assert {instant and (instant.key, instant.precision, instant.has_zone) for instant in instants} == {
        ((day.toordinal() * 86400 - 719163 * 86400, Decimal(0)), "day", False)
    }
    if day.isocalendar().year >= 1000:
        assert parse_instant(week) == instants[0]
    for order, text in (("DMY", f"{day.day}/{day.month}/{year}"), ("MDY", f"{day:%m-%d-}{year}")):
        assert parse_instant(text, order) == instants[0]  # type: ignore[arg-type]
        assert parse_instant(text) in ([instants[0]] if day.day > 12 or day.day == day.month else [None])
        assert order in date_orders(text)
    assert parse_instant(f"{day:%d.%m.}{year}", "DMY") == instants[0]
    assert date_orders(f"{day:%d.%m.}{year}") == {"DMY"}  # dots are only written in this order


@given(st.lists(st.one_of(spelled_numbers(), marks.map(lambda mark: (None, mark))), unique_by=lambda pair: pair[1]))
def test_numbers_are_ranked_by_value(pairs: list[tuple[Decimal | None, str]]) -> None:
    assert ranks_of([text for _, text in pairs]) == expected_ranks([number for number, _ in pairs])


@given(st.lists(st.tuples(moments, st.sampled_from(CLOCKS)), max_size=20), st.lists(marks, max_size=3))
def test_dates_are_ranked_as_instants(spelled: list[tuple[datetime, Any]], missing: list[str]) -> None:
    keys = {spell(moment): seconds(moment) for moment, spell in spelled} | dict.fromkeys(missing)
    assert ranks_of(list(keys)) == expected_ranks(list(keys.values()))


@given(st.lists(st.one_of(st.integers(), st.floats(), st.none(), decimals.map(str), marks), min_size=1))
def test_numbers_of_json_are_ranked_with_numbers_in_strings(values: list[Any]) -> None:
    def key(value: Any) -> Decimal | None:
        if value is None or (isinstance(value, str) and is_no_value(value)) or value != value:
            return None
        return Decimal(repr(value) if isinstance(value, float) else value)

    keys = {text: key(value) for text, value in zip(to_json_strings(values).to_pylist(), values, strict=True) if text}
    assert ranks_of(list(keys), is_json=True) == expected_ranks(list(keys.values()))


@given(st.lists(strategies.texts, unique=True), st.booleans())
def test_any_strings_have_an_order_or_are_named(values: list[str], is_json: bool) -> None:
    try:
        ranks = ranks_of(values, is_json)
    except NoOrder as error:
        found = [index for _, group in error.groups for index in group.tolist()]
        assert found
        assert len(found) == len(set(found))
    else:
        assert [rank < 0 for rank in ranks] == [is_no_value(value) for value in values]


@given(st.text(st.sampled_from("0123456789 -/:.,+TZWjanfebEPM年月日%'()"), max_size=30), st.sampled_from(DATE_ORDERS))
def test_odd_figures_are_read_or_not(text: str, order: Any) -> None:
    instant = parse_instant(text, order)
    assert instant is None or (0 <= instant.fraction < 1 and abs(instant.seconds) < 4e11)
    number = parse_number(text)
    assert number is None or number in (parse_number(text, "."), parse_number(text, ","))


@pytest.mark.parametrize(
    ("values", "ranks"),
    [
        (["2024", "2024-01-01", "2024-01", "2023-12-31", "20240101"], [1, 1, 1, 0, 1]),
        (["10", "9", "1e1", "9.50", "-inf", "inf"], [3, 1, 3, 2, 0, 4]),
        (["9007199254740993", "9007199254740992", "9007199254740992.5"], [2, 0, 1]),
        (["1,234", "1.5", "999"], [2, 0, 1]),
        (["1,234", "1,234,567", "2"], [1, 2, 0]),
        (["1,5", "12,25", "3"], [0, 2, 1]),
        (["1.234", "1.234,5", "3"], [1, 2, 0]),
        (["1.234", "1.5", "2"], [0, 1, 2]),
        (["9%", "10 %", "9.5%"], [0, 2, 1]),
        (["True", "false", "TRUE", "n/a"], [1, 0, 1, -1]),
        (["31/01/2024", "01/02/2024", "02/01/2024"], [1, 2, 0]),
        (["01/31/2024", "01/02/2024", "02/01/2024"], [1, 0, 2]),
        (["05/05/2024", "04/04/2024"], [1, 0]),
        (["1/15/24", "12/1/23 5:00 PM"], [1, 0]),
        (["high", "Low", "n/a", "a10", "a9"], [3, 0, -1, 1, 2]),
        (["5 days to go", "A title of 3 words", "1 km"], [1, 2, 0]),
        (["2024", "1999", "12"], [2, 1, 0]),
        (["20240501", "19991231"], [1, 0]),
        (["Q1 2024", "2023-Q4", "2024-02", "01/2024"], [1, 0, 2, 1]),
        (["5 janvier 2024", "4 février 2024", "3 mai 2023"], [1, 2, 0]),
        (["Tue, 02 Jan 2024 10:00:00 GMT", "2024-01-02T12:00+03:00"], [1, 0]),
    ],
)
def test_examples_of_orders(values: list[str], ranks: list[int]) -> None:
    assert ranks_of(values) == ranks


@pytest.mark.parametrize(
    ("values", "problem", "groups"),
    [
        (["9", "10", "high"], "no common order", {"numbers": [0, 1], "text": [2]}),
        (["9", "2024-05-01"], "no common order", {"numbers": [0], "dates": [1]}),
        (["1,234", "5"], "decimals or thousands", {"unclear numbers": [0]}),
        (["1,234", "1,5"], "decimals or thousands", {"unclear numbers": [0]}),
        (["1,5", "2.25"], "decimal marks", {"with a decimal comma": [0], "with a decimal point": [1]}),
        (["50%", "0.5"], "no common order", {"numbers": [1], "percentages": [0]}),
        (["01/02/2024", "05/05/2024"], "unclear whether dates are day/month/year or", {"unclear dates": [0]}),
        (["31/01/2024", "01/31/2024"], "different orders", {"day/month/year": [0], "month/day/year": [1]}),
        (["15/01/24", "01/02/24"], "day/month/year or year/month/day", {"unclear dates": [0, 1]}),
        (["2024", "20230501"], "numbers or dates", {"of 4 digits": [0], "of 8 digits": [1]}),
        (["5 km", "10 km"], "have no order", {UNREAD: [0, 1]}),
        (["2 days ago", "10 hours ago", "yesterday"], "have no common order", {"text": [2], UNREAD: [0, 1]}),
        (["May 5", "10:30, 1 April 2024 (UTC)"], "have no order", {UNREAD: [0, 1]}),
        (["5 leden 2024", "10 únor 2024"], "have no order", {UNREAD: [0, 1]}),
        (["2024-02-30", "2024-02-01"], "no common order", {"dates": [1], UNREAD: [0]}),
        (["true", "1"], "no common order", {"numbers": [1], "booleans": [0]}),
    ],
)
def test_examples_of_refusals(values: list[str], problem: str, groups: dict[str, list[int]]) -> None:
    with pytest.raises(NoOrder, match=problem) as caught:
        ranks_of(values)
    assert {noun: found.tolist() for noun, found in caught.value.groups} == groups


def test_values_of_json_are_not_confused_with_strings() -> None:
    assert ranks_of(["true", "false"], is_json=True) == [1, 0]
    assert ranks_of(['"b"', '"a"', '"NA"', "null"], is_json=True) == [1, 0, -1, -1]
    assert ranks_of(['"2024-05-01"', "2024"], is_json=True) == [1, 0]
    for values in (["[1]", "2"], ['{"a": 1}', '"b"'], ["true", '"high"']):
        with pytest.raises(NoOrder):
            ranks_of(values, is_json=True)


def test_meanings_are_noted() -> None:
    def notes(*values: str) -> list[str]:
        return list(rank_strings(pa.array(values, pa.large_string())).notes)

    assert notes("1,5", "2") == ["numbers such as '1,5' are read with a decimal comma"]
    assert notes("31/01/2024", "01/02/2024") == ["dates such as '31/01/2024' are read as day/month/year"]
    assert notes("2024-05-01T10:00Z", "2024-05-02") == ["some dates have no time zone and count as UTC"]
    assert notes("2", "3", "n/a") == notes("2024-05-01") == notes("a", "b") == []


@pytest.mark.parametrize(
    "text",
    [
        *("2024-05-01T24:00:01", "2024-05-01T10:60", "2024-05-01 13:00 PM", "2024-05-01T10:00+25:00", "2024-00-01"),
        *("Foo, 02 Jan 2024 10:00:00 GMT", "2 Jan 2024 10:00 IST", "2024-05-01T10:00[Europe/Paris]", "5/0/2024"),
        *("0000-01-01", "2024-W54", "2024-366x", "1.2.24", "10:30", "1714557600", "January", "5 May", "99999-01-01"),
        "x" * 10**6,
    ],
)
def test_other_texts_are_not_instants(text: str) -> None:
    assert parse_instant(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8 octobre 2024 à 9h30", "2024-10-08T09:30"),
        ("le 8 octobre 2024 à 9 h 30", "2024-10-08T09:30"),
        ("mardi 8 octobre 2024, 21:05 CEST", "2024-10-08T21:05+02:00"),
        ("8. Oktober 2024", "2024-10-08"),
        ("Di, 8. Oktober 2024, 9.30 Uhr", "2024-10-08T09:30"),
        ("8. Oktober 2024 um 9:30 Uhr MESZ", "2024-10-08T09:30+02:00"),
        ("08.10.2024", "2024-10-08"),
        ("08.10.2024 09:30", "2024-10-08T09:30"),
        ("el 8 de octubre de 2024 a las 9 de la noche", "2024-10-08T21:00"),
        ("8 октября 2024 г. в 9:30 мск", "2024-10-08T09:30+03:00"),
        ("вівторок, 8 жовтня 2024 о 9:30", "2024-10-08T09:30"),
        ("п'ятниця, 18 липня 2014", "2014-07-18"),
        ("9:30 p.m. on October 8, 2024", "2024-10-08T21:30"),
        ("2-MAR-1987 03:57", "1987-03-02T03:57"),
        ("20240131T0945", "2024-01-31T09:45"),
        ("2024-10-08 09:30 CEST", "2024-10-08T09:30+02:00"),
    ],
)
def test_a_date_as_in_texts_is_an_instant(text: str, expected: str) -> None:
    instant = parse_instant(text)
    assert instant
    assert instant == parse_instant(expected)


@pytest.mark.parametrize(
    "text",
    [
        *("8 octobre 2024 et 9 octobre 2024", "Oct. 8, 2024 | 9:30", "le 30 février 2024", "May 5, 2024 meeting"),
        *("8 octobre", "01/02/2024 à 9h30", "8 octobre 2024 à 9h30 IST", "du 8 au 13 octobre 2024", "8.10.24"),
    ],
)
def test_a_date_with_other_words_or_meanings_is_not_an_instant(text: str) -> None:
    assert parse_instant(text) is None


@given(st.integers(1_000_000_000, 1_999_999_999) | st.integers(2_100_000_000, 9_999_999_999), st.integers(0, 999_999))
def test_epoch_numbers_are_read_exactly(seconds: int, micros: int) -> None:
    exact = seconds + Decimal(micros) / 10**6
    for text in (f"{seconds}.{micros:06}", f"{seconds}{micros:06}"):
        instant = parse_epoch(text)
        assert instant
        assert instant.seconds + instant.fraction == exact
    for text in (str(seconds), f"{seconds}000", f" {seconds}.0 "):
        assert parse_epoch(text) == parse_instant(datetime.fromtimestamp(seconds, UTC).isoformat())
    assert parse_instant(str(seconds)) is None
    assert parse_epoch("541655820") == parse_instant("1987-03-02T03:57:00Z")


@pytest.mark.parametrize(
    "text", ["0612345678", "12345678", "12345678901", "99999999999999", "-1714525200", "1e9", "2031010112", ""]
)
def test_other_numbers_are_not_an_epoch(text: str) -> None:
    assert parse_epoch(text) is None


@pytest.mark.parametrize(
    "text", ["1e99999999999999999999", "0x1F", "1 23", "1,23,456", "1..2", "--5", "e5", "½", "1_000"]
)
def test_other_texts_are_not_numbers(text: str) -> None:
    assert parse_number(text) is None


def test_long_values_are_read_in_linear_time() -> None:
    figures = "7" * 10**6
    assert parse_number(figures) == Decimal(figures)
    assert parse_number(figures + "x") is None
    assert not resembles_number(figures)
    assert not resembles_date(figures)
    assert parse_number("1" + ",000" * 10**5, ".") == Decimal("1" + "000" * 10**5)
