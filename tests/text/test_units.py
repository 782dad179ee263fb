"""Units, money, signs and sums of numbers, in every language with a data file."""
# ruff: noqa: RUF001 - look-alike letters and punctuation are meant

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dedup
from dedup.text.facts.numbers.context import grammar
from dedup.text.facts.numbers.figures import NumberWord, combine_number_words, format_number
from dedup.text.facts.numbers.find import numbers, same_value
from dedup.text.facts.numbers.symbols import ABBREVIATIONS, CURRENCIES, CURRENCY_SIGNS, MEASURES, NORMAL_UNITS
from dedup.text.language import SUPPORTED_LANGUAGES, language_data, unit_names


def amounts(text: str, language: str) -> str:
    """Return the numbers that `dedup.analyze` finds, each as "value", "value unit" or "low..high unit"."""
    found = [fact for fact in dedup.analyze(text, language).facts if fact.kind == "number"]
    ranges = ["..".join(filter(None, (fact.value, fact.high))) for fact in found]
    return ", ".join(f"{value} {fact.unit}".strip() for value, fact in zip(ranges, found, strict=True))


# Language, text, and its numbers.
MONEY = [
    ("en", "The fund lent US$6.4 billion, then US$6.1 billion.", "6400000000 USD, 6100000000 USD"),
    ("en", "It cost EUR 7, CHF 8.50, NZ$9, HK$10 and R$11.", "7 EUR, 8.5 CHF, 9 NZD, 10 HKD, 11 BRL"),
    ("en", "Tickets were GBP12.30, CNY40 and UAH 50.", "12.3 GBP, 40 CNY, 50 UAH"),
    ("en", "He owed Rs. 30, Rs 31, 32Rs and Rs33.", "30 INR, 31 INR, 32 INR, 33 INR"),
    ("en", "They gave 70 Lebanese Pounds, 80 kuwaiti Dinar and nine shekels.", "70 LBP, 80 KWD, 9 ILS"),
    (
        "en",
        "It is worth £3.1trn, 6 lakh rupees, two crore rupees.",
        "3100000000000 GBP, 600000 INR, 20000000 INR",
    ),
    ("en", "It cost 15 dollars and 20 cents, $9 and 5¢, or 3 GBP 1 pence.", "15.2 USD, 9.05 USD, 3.01 GBP"),
    ("en", "She paid $.50, then from 30 dollars to 40.", "0.5 USD, 30..40 USD"),
    ("en", "They paid twelve pounds for a lamb of sixty pounds of meat.", "12 GBP, 60 lb"),
    ("de", "Der Gewinn stieg auf 7,5 Mio. EUR, nach 3 Mrd. US-Dollar.", "7500000 EUR, 3000000000 USD"),
    ("de", "Die Miete kostet 900 Schweizer Franken oder 20 Pfund.", "900 CHF, 20 GBP"),
    ("fr", "Le port a reçu 3 Mds d’euros, 12 M€, puis 4 M d’euros.", "3000000000 EUR, 12000000 EUR, 4000000 EUR"),
    ("fr", "Il doit 5 USD et 30 centimes, ou 200 francs suisses.", "5.3 USD, 200 CHF"),
    ("es", "Costó EUR31,50, 7 dólares y 15 centavos y 300 pesos mexicanos.", "31.5 EUR, 7.15 USD, 300 MXN"),
    ("es", "Pagaron 8 libras por el libro y llevaron 3 libras de harina.", "8 GBP, 3 lb"),
    ("en", "They paid ringgit 42 for it, and five dollars 20 of them.", "42 MYR, 5 USD, 20"),
    ("ru", "Она заплатила рублей 30 за это по курсу доллара 60", "30 RUB, 60"),
    ("ru", "Взнос составил 15руб, $20К, 30к$ или USD4.25.", "15 RUB, 20000 USD, 30000 USD, 4.25 USD"),
    ("ru", "Билет стоил 5 долларов и 40 центов, а обед от 10 долларов до 20.", "5.4 USD, 10..20 USD"),
    ("uk", "Квиток коштував 60 грн, 7 євро або 90 злотих.", "60 UAH, 7 EUR, 90 PLN"),
]
QUANTITIES = [
    ("en", "The pass is 9 miles, 30 feet and 4 inches high.", "9 mi, 30 ft, 4 in"),
    ("en", "The farm has 40 sq mi, 70 sq. ft and 5 acres.", "40 sq mi, 70 sq ft, 5 acre"),
    ("en", "A car weighs 25lbs less after 6oz, or seven ounces.", "25 lb, 6 oz, 7 oz"),
    ("en", "The plant made 8.1 MWh at 55 degrees Celsius and 97 degrees F.", "8.1 MWh, 55 °C, 97 °F"),
    ("en", "They walked 3km-5km, then from 20 degrees to 30 degrees.", "3..5 km, 20..30 °"),
    ("en", "An 8- to 16-metre mast, a 170-mm pipe, 12 GB of memory.", "8..16 m, 170 mm, 12 GB"),
    ("en", "It ran three days, 2 long months, 16 hours and 1 week.", "3 day, 2 month, 16 hour, 1 week"),
    ("en", "A 40-year-old man waited 20 minutes.", "40 year, 20 minute"),
    ("en", "She took 0.5 kg, 3000 mg, 0.002 kg and 70 kg.", "500 g, 3 g, 2 g, 70 kg"),
    ("en", "It is 5 in all, and 5 W Main Street.", "5, 5"),
    (
        "de",
        "Das Rohr ist sechs Zoll lang, 4 Meilen weit, 250ml voll, drei Wochen alt.",
        "6 in, 4 mi, 250 ml, 3 week",
    ),
    ("de", "Der Motor hat 250 PS und verbrauchte 300 Kilowattstunden.", "250 hp, 300 kWh"),
    ("fr", "Il y avait 37 ° Celsius, soixante Fahrenheit, 25cl et 3 hectolitres.", "37 °C, 60 °F, 25 cl, 3 hl"),
    ("fr", "Le parc a produit 300 mégawattheures en deux semaines.", "300 MWh, 2 week"),
    ("es", "Midió 37 grados Celsius, 70 grados F, 5 mililitros y 4 onzas.", "37 °C, 70 °F, 5 ml, 4 oz"),
    ("ru", "Стена 35 футов, 2см, 500г, 250мл и 200 кВт·ч.", "35 ft, 2 cm, 500 g, 250 ml, 200 kWh"),
    ("ru", "Их 7 в ряд и 3 в классе.", "7, 3"),
    ("de", "Er nahm 3 L Milch.", "3 l"),
    ("ru", "Площадь 10 тыс. кв. км, ветер 20 м/с, прошло пять лет.", "10000 km², 20 m/s, 5 year"),
    ("uk", "Площа 10 тис. кв. км, дорога 60 км/год, минуло три тижні.", "10000 km², 60 km/h, 3 week"),
]
VALUES = [
    ("en", "two point two million people, one point zero five percent", "2200000, 1.05 %"),
    ("en", "two-and-a-half million votes, 3 and a half million votes", "2500000, 3500000"),
    ("en", "1m people, 1.5m voters, a 10m wave", "1000000, 1500000, 10 m"),
    ("en", "four crore nine lakh three thousand two hundred eleven votes", "40903211"),
    ("en", "three thousand millions, .75 points", "3000000000, 0.75"),
    ("en", "The score fell to -504 points, minus three thousand, and −2.", "-504, -3000, -2"),
    ("en", "LIBOR minus 6 percent, plus or minus 3 percent, 8 minus 5", "6 %, 3 %, 8, 5"),
    ("en", "It was 4 degrees below zero, then minus 5 to minus 10 degrees.", "-4 °, -10..-5 °"),
    ("en", "Prices rose by 30 -40 dollars.", "30..40 USD"),
    (
        "en",
        "It rose by 3 billion Swiss francs to 10 billion, then from 5 dollars to 8.",
        "3000000000 CHF, 10000000000, 5..8 USD",
    ),
    ("en", "a 5 1/2-mile route and 2 3/4 pounds of flour", "5.5 mi, 2.75 lb"),
    ("en", "between 5 and about 8 miles, ~2-7 grams, 2 - ~7 grams", "5..8 mi, 2..7 g, 2..7 g"),
    ("ru", "два-три дня, сорок-пятьдесят рублей, двадцать три", "2..3 day, 40..50 RUB, 23"),
    ("fr", "deux-trois jours, vingt-deux jours", "2..3 day, 22 day"),
    ("en", "six thousand, nine hundred and fifteen votes; two million, three men", "6915, 2000000, 3"),
    ("de", "einhunderteins Tage, achthunderteins Tage, eins", "101 day, 801 day"),
    ("de", "zwei Millionen fünfhunderttausend Euro, drei Komma fünf Millionen", "2500000 EUR, 3500000"),
    ("de", "minus 5 Grad, 12 Grad unter null, -1,2M Punkte", "-5 °, -12 °, -1200000"),
    ("fr", "deux mille cinq cents millions, trois virgule cinq millions", "2500000000, 3500000"),
    ("fr", "moins 5 degrés, au moins 5 degrés, 5 degrés sous zéro", "-5 °, 5 °, -5 °"),
    ("es", "tres mil quinientos millones de euros, 2 mil 500 millones", "3500000000 EUR, 2500000000"),
    ("es", "20 grados bajo cero, menos 3 grados, dos coma cinco millones", "-20 °, -3 °, 2500000"),
    ("ru", "две тысячи пятьсот миллионов рублей, минус 45, 1.2М пункта", "2500000000 RUB, -45, 1200000"),
    ("ru", "30 градусов мороза, от 10 до 15 градусов мороза", "-30 °, -15..-10 °"),
    ("ru", "двумястами пятьюдесятью шестью днями, двадцать одним миллионом", "256 day, 21000000"),
    ("uk", "пʼять тисяч осіб, девʼяносто осіб, мінус 45, 20 градусів морозу", "5000, 90, -45, -20 °"),
]
NO_AMOUNTS = [
    ("en", "Call +1 212 555 0123, (030) 123 456, 555-0123 or 020 7946 0958."),
    ("de", "Tel. 030 1234567 oder 0171-2345678"),
    ("ru", "тел. 8 (495) 123-45-67, +7 495 123-45-67"),
    ("en", "2.1 Scope\nThe rules apply.\n2.2 Terms"),
    ("en", "v1.2.3 and 192.168.1.1 and ABC3"),
    ("en", "On 5/6/2024, in 1987"),
]


@pytest.mark.parametrize(("language", "text", "expected"), [*MONEY, *QUANTITIES, *VALUES])
def test_finds_values_and_units(language: str, text: str, expected: str) -> None:
    assert amounts(text, language) == expected


@pytest.mark.parametrize(("language", "text"), NO_AMOUNTS)
def test_identifiers_are_not_amounts(language: str, text: str) -> None:
    assert amounts(text, language) == ""


def test_pounds_without_evidence_have_no_unit() -> None:
    for language, text in (("en", "13 pounds"), ("es", "13 libras"), ("fr", "13 livres"), ("de", "13 Pfund Mehl")):
        assert amounts(text, language) == "13"


def test_names_with_digits_hide_their_numbers_unless_they_are_amounts() -> None:
    found = dedup.analyze("The DC-10 and the Geran-2 cost EUR 5 each.", "en").facts
    assert [fact.value for fact in found if fact.kind == "number"] == ["5"]
    assert not any(fact.kind == "name" and "EUR" in fact.value for fact in found)


@pytest.mark.parametrize(
    ("language", "text"),
    [("fr", "à 16 heures"), ("es", "a las 16 horas"), ("ru", "в 16 часов"), ("uk", "о 16 годині")],
)
def test_times_of_day_are_not_durations(language: str, text: str) -> None:
    assert amounts(text, language) == "16"
    assert amounts(f"{text.split(' ')[-2]} {text.split(' ')[-1]}", language) == "16 hour"


def test_numbers_in_quotation_marks_are_not_a_quotation() -> None:
    kinds = {fact.kind for fact in dedup.analyze('He wrote "2 + 2 + 3 = 7" on it.', "en").facts}
    assert kinds == {"number"}


def test_durations_are_units_and_keep_their_noun_for_comparisons() -> None:
    [fact] = numbers("three long days", "en")
    assert (fact.value, fact.noun, fact.unit) == ("3", "days", "day")
    [ordinal] = numbers("the 3rd day", "en")
    assert (ordinal.noun, ordinal.unit) == ("day", "")


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [("20 degrees", "20 °C", True), ("20 °F", "20 °C", False), ("0.5 kg", "500 g", True), ("5 mi", "5 miles", True)],
)
def test_same_value_of_quantities(left: str, right: str, same: bool) -> None:
    [one], [other] = numbers(left, "en"), numbers(right, "en")
    assert same_value(one, other) is same_value(other, one) is same


def names_of_units() -> list[tuple[str, str, str]]:
    """Return language, name and unit of every unit, currency and duration."""
    return [
        (language, name, unit)
        for language in SUPPORTED_LANGUAGES
        for names in (unit_names(language), {"units": language_data(language)["numbers"]["units"]})
        for table in names.values()
        for unit, forms in table.items()
        for name in forms
        if unit not in ("cents", "pence", "kopecks")
    ]


NAMES = names_of_units()


def test_every_name_of_a_unit_is_read() -> None:
    wrong = []
    for language, name, unit in NAMES:
        rules = grammar(language)
        expected = rules.durations.get(name.casefold(), unit) if unit in rules.durations.values() else unit
        found = amounts(f"x 25 {name}, b", language)
        if found != f"25 {expected}":
            wrong.append((language, name, unit, found))
    assert not wrong


def test_the_tables_have_known_units_only() -> None:
    for language in SUPPORTED_LANGUAGES:
        tables = unit_names(language)
        assert set(tables["currencies"]) <= CURRENCIES
        assert len(tables["currencies"]) > 150
        assert set(tables["units"]) | set(language_data(language)["numbers"]["units"]) <= NORMAL_UNITS | {
            *("cents", "pence", "kopecks")
        }


@given(st.integers(1, 999), st.sampled_from(NAMES), st.sampled_from(["", "about ", "- ", "("]))
def test_written_quantities_are_read_back(value: int, name: tuple[str, str, str], before: str) -> None:
    language, word, unit = name
    assert amounts(f"x {before}{value} {word}, b", language) == f"{value} {unit}"


@given(
    st.decimals(1, 10**6, places=2),
    st.sampled_from([*CURRENCY_SIGNS.items(), ("CHF", "CHF"), ("KWD", "KWD"), *ABBREVIATIONS.items()]),
    st.sampled_from(["", " "]),
    st.sampled_from([*SUPPORTED_LANGUAGES, "xx"]),
    st.booleans(),
)
def test_written_money_is_read_back(
    value: object, currency: tuple[str, str], space: str, language: str, first: bool
) -> None:
    sign, code = currency
    if first and sign in ("zł", "Kč"):
        space = " "
    written = f"{sign}{space}{value}" if first else f"{value}{space}{sign}"
    assert amounts(f"x {written}, b", language) == f"{format_number(Fraction(str(value)))} {code}"


@given(
    st.integers(1, 999),
    st.sampled_from([symbol for symbol in MEASURES if " " not in symbol]),
    st.sampled_from(["", " "]),
)
def test_written_measures_are_read_back(value: int, symbol: str, space: str) -> None:
    assert amounts(f"x {value}{space}{symbol}, b", "xx") == f"{value} {symbol}"


def english(number: int) -> list[NumberWord]:
    """Return the words of a number below 10^12 in a long scale: thousands and millions."""
    if number >= 10**6:
        words = [*english(number // 10**6), NumberWord(Fraction(10**6), True, 0)]
        return words + (english(number % 10**6) if number % 10**6 else [])
    if number >= 1000:
        words = [*english(number // 1000), NumberWord(Fraction(1000), True, 0)]
        return words + (english(number % 1000) if number % 1000 else [])
    if number >= 100:
        words = [*english(number // 100), NumberWord(Fraction(100), True, 0)]
        return words + (english(number % 100) if number % 100 else [])
    if number > 20 and number % 10:
        return [NumberWord(Fraction(number - number % 10), False, 0), NumberWord(Fraction(number % 10), False, 0)]
    return [NumberWord(Fraction(number), False, 0)]


@given(st.integers(1, 10**12 - 1))
def test_multipliers_apply_to_all_smaller_terms_before_them(number: int) -> None:
    assert combine_number_words(english(number)).value == number


@pytest.mark.parametrize(("language", "sign"), [*product(SUPPORTED_LANGUAGES, "-−")])
def test_signs_in_every_language(language: str, sign: str) -> None:
    assert amounts(f"x {sign}250 b", language) == "-250"
    assert amounts(f"8 {sign}250", language) != "8, -250"
