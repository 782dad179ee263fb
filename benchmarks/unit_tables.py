"""Write the names of units and currencies in every language with a data file, from Unicode CLDR.

    npm pack cldr-core cldr-units-full cldr-numbers-full   # then unpack each into a folder of its name
    python benchmarks/unit_tables.py FOLDER

FOLDER contains `cldr-core`, `cldr-units-full` and `cldr-numbers-full`. The command writes
`dedup/text/languages/units/LANGUAGE.toml`. Words that no table of CLDR has, such as "dlrs", are in the data file of
the language.
"""

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

LANGUAGES = ("de", "en", "es", "fr", "ru", "uk")
OUTPUT = Path(__file__).parent.parent / "dedup" / "text" / "languages" / "units"
# CLDR's identifier of each unit, and the symbol that is its normal form.
UNITS = {
    "length-kilometer": "km",
    "length-meter": "m",
    "length-decimeter": "dm",
    "length-centimeter": "cm",
    "length-millimeter": "mm",
    "length-micrometer": "µm",
    "length-nanometer": "nm",
    "length-mile": "mi",
    "length-yard": "yd",
    "length-foot": "ft",
    "length-inch": "in",
    "length-nautical-mile": "nmi",
    "length-light-year": "ly",
    "area-square-kilometer": "km²",
    "area-hectare": "ha",
    "area-square-meter": "m²",
    "area-square-centimeter": "cm²",
    "area-square-mile": "sq mi",
    "area-acre": "acre",
    "area-square-yard": "sq yd",
    "area-square-foot": "sq ft",
    "area-square-inch": "sq in",
    "volume-cubic-kilometer": "km³",
    "volume-cubic-meter": "m³",
    "volume-cubic-centimeter": "cm³",
    "volume-cubic-foot": "cu ft",
    "volume-hectoliter": "hl",
    "volume-liter": "l",
    "volume-deciliter": "dl",
    "volume-centiliter": "cl",
    "volume-milliliter": "ml",
    "volume-gallon": "gal",
    "volume-quart": "qt",
    "volume-pint": "pt",
    "volume-fluid-ounce": "fl oz",
    "mass-tonne": "t",
    "mass-kilogram": "kg",
    "mass-gram": "g",
    "mass-milligram": "mg",
    "mass-microgram": "µg",
    "mass-ounce": "oz",
    "mass-ounce-troy": "oz t",
    "energy-kilowatt-hour": "kWh",
    "energy-joule": "J",
    "energy-kilojoule": "kJ",
    "energy-kilocalorie": "kcal",
    "energy-electronvolt": "eV",
    "power-gigawatt": "GW",
    "power-megawatt": "MW",
    "power-kilowatt": "kW",
    "power-watt": "W",
    "power-milliwatt": "mW",
    "power-horsepower": "hp",
    "electric-volt": "V",
    "electric-ampere": "A",
    "frequency-gigahertz": "GHz",
    "frequency-megahertz": "MHz",
    "frequency-kilohertz": "kHz",
    "frequency-hertz": "Hz",
    "pressure-millibar": "mbar",
    "pressure-pascal": "Pa",
    "pressure-hectopascal": "hPa",
    "pressure-kilopascal": "kPa",
    "pressure-megapascal": "MPa",
    "pressure-pound-force-per-square-inch": "psi",
    "speed-kilometer-per-hour": "km/h",
    "speed-meter-per-second": "m/s",
    "speed-mile-per-hour": "mph",
    "speed-knot": "kn",
    "temperature-celsius": "°C",
    "temperature-fahrenheit": "°F",
    "angle-degree": "°",
    "concentr-percent": "%",
    "concentr-permille": "‰",
    "digital-petabyte": "PB",
    "digital-terabyte": "TB",
    "digital-gigabyte": "GB",
    "digital-megabyte": "MB",
    "digital-kilobyte": "kB",
    "digital-byte": "byte",
}
DURATIONS = {
    f"duration-{name}": symbol
    for name, symbol in [
        *((name, name) for name in ("century", "decade", "year", "month", "week", "day", "hour", "minute", "second")),
        *(("millisecond", "ms"), ("microsecond", "µs"), ("nanosecond", "ns")),
    ]
}
# Units that CLDR does not name but whose prefix it does: CLDR's prefix and unit, and the normal form.
PREFIXED = [
    *[
        ("", "watt-hour", "Wh"),
        ("10p6", "watt-hour", "MWh"),
        ("10p9", "watt-hour", "GWh"),
        ("10p12", "watt-hour", "TWh"),
    ],
    *[("10p12", "power-watt", "TW"), ("10p3", "electric-volt", "kV"), ("10p18", "digital-byte", "EB")],
    *[(f"10p{3 * at}", "energy-electronvolt", f"{letter}eV") for at, letter in enumerate("kMGT", 1)],
    *[("10p6", "energy-joule", "MJ"), ("10p9", "energy-joule", "GJ")],
]
# Words whose other meanings are as frequent after a number: "auf zwei Füßen", "two knots", "25 julio".
NOT_UNITS = {
    "de": {"Füße", "Füßen", "Fußes"},
    "en": {"knot", "knots"},
    "es": {"nudo", "nudos", "julio", "cuarto", "cuartos"},
    "fr": {"nœud", "nœuds", "mille", "mille marin", "mille carré", "quart", "quarts"},
    "ru": {"узел", "узла", "узлов", "кал"},
    "uk": {"вузол", "вузла", "вузлів"},
}
# Currencies that are usually named by one word. No other currency has its name, and it is no other word.
_NAMED = "CHF CNY CZK EUR HUF IDR ILS JPY KHR KZT MNT MYR NGN PLN SEK THB TRY UAH"
NAMED_BY_HEAD = frozenset(_NAMED.split())
NOT_CURRENCIES = {"bat", "bats"}  # Spanish for baht, and a bat
WORDS = re.compile(r"[^\W\d_]+(?:[ '\u2019-][^\W\d_]+)*")
RECENT = {"BGN", "HRK"}  # replaced by the euro since 2020
# The head of the name of a currency is its last word, or its first word.
HEAD = {"de": -1, "en": -1, "es": 0, "fr": 0, "ru": -1, "uk": -1}


def main() -> None:
    """Write the tables of all languages."""
    folder = Path(sys.argv[1])
    active = read_active_currencies(folder)
    for language in LANGUAGES:
        units = read(folder / f"cldr-units-full/package/main/{language}/units.json")["main"][language]["units"]["long"]
        numbers = read(folder / f"cldr-numbers-full/package/main/{language}/currencies.json")["main"][language]
        tables = {
            "units": {**name_units(units, UNITS, language), **dict(name_prefixed(units))},
            "durations": name_units(units, DURATIONS, language),
            "currencies": name_currencies(numbers["numbers"]["currencies"], active, language),
        }
        OUTPUT.joinpath(f"{language}.toml").write_text("".join(format_tables(language, tables)), "utf-8")


def read(path: Path) -> dict[str, Any]:
    """Read a JSON file."""
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def read_active_currencies(folder: Path) -> set[str]:
    """Return the ISO 4217 codes of the currencies that are or recently were legal tender."""
    data = read(folder / "cldr-core/package/supplemental/currencyData.json")["supplemental"]["currencyData"]
    entries = (item for region in data["region"].values() for entry in region for item in entry.items())
    return RECENT | {code for code, about in entries if "_to" not in about and about.get("_tender") != "false"}


def name_units(units: dict[str, Any], symbols: dict[str, str], language: str) -> dict[str, list[str]]:
    """Return the names of units in all their forms, by symbol."""
    dropped = NOT_UNITS[language]
    return {
        symbol: [form for form in forms(units[key]) if form not in dropped and WORDS.fullmatch(form)]
        for key, symbol in symbols.items()
    }


def forms(unit: dict[str, str]) -> list[str]:
    """Return the forms of a unit: numbers and cases."""
    patterns = [pattern for key, pattern in unit.items() if "-count-" in key]
    found = {pattern.replace("{0}", "").replace("\u00a0", " ").strip() for pattern in patterns if "{0}" in pattern}
    return distinct(found | {form.replace("-", " ") for form in found})


def distinct(words: Iterable[str]) -> list[str]:
    """Return words in order, without those that differ from another in case only."""
    return sorted({word.casefold(): word for word in sorted(words) if word}.values())


def name_prefixed(units: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Yield the symbols and names of units that CLDR does not name."""
    kilo = units["10p3"]["unitPrefixPattern"].removesuffix("{0}")
    hours = [form.lower().removeprefix(kilo.lower()) for form in forms(units["energy-kilowatt-hour"])]
    for prefix, key, symbol in PREFIXED:
        start = units[prefix]["unitPrefixPattern"].removesuffix("{0}") if prefix else ""
        names = hours if key == "watt-hour" else [form.lower() for form in forms(units[key])]
        yield symbol, sorted({start + name if start.islower() else (start + name).capitalize() for name in names})


def name_currencies(currencies: dict[str, Any], active: set[str], language: str) -> dict[str, list[str]]:
    """Return the names of the currencies by code: "Kuwaiti dinars", and "shekels" without a country."""
    names = {
        code: {clean(name) for key, name in currencies[code].items() if key.startswith("displayName")}
        for code in sorted(active & currencies.keys())
    }
    codes_by_head = defaultdict(set)
    for code, found in names.items():
        for name in found:
            codes_by_head[name.split()[HEAD[language]].casefold()].add(code)
    for code in NAMED_BY_HEAD & names.keys():
        heads = {name.split()[HEAD[language]] for name in names[code]} - NOT_CURRENCIES
        names[code] |= {head for head in heads if codes_by_head[head.casefold()] == {code}}
    codes_by_name = defaultdict(set)
    for code, found in names.items():
        for name in found:
            codes_by_name[name.casefold()].add(code)
    return {
        code: distinct(name for name in found if len(codes_by_name[name.casefold()]) == 1 and WORDS.fullmatch(name))
        for code, found in names.items()
    }


def clean(name: str) -> str:
    """Return the name of a currency without years in brackets."""
    return re.sub(r" \(.*\)", "", name).replace("\u00a0", " ").strip()


def format_tables(language: str, tables: dict[str, dict[str, Iterable[str]]]) -> Iterator[str]:
    """Yield the text of a TOML file."""
    yield (
        f"# Names of units and currencies ({language}) in all their forms, by symbol or ISO 4217 code.\n"
        "# Made by benchmarks/unit_tables.py from Unicode CLDR 48.2; licence: unicode-license.txt.\n"
    )
    for title, table in tables.items():
        yield f"\n[{title}]\n"
        for key, words in table.items():
            if words:
                yield f"{json.dumps(key, ensure_ascii=False)} = {json.dumps(list(words), ensure_ascii=False)}\n"


if __name__ == "__main__":
    main()
