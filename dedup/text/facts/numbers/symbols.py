"""The symbols of units and the codes of currencies, in any language."""
# ruff: noqa: RUF001 - look-alike letters are intended

_CODES = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF "
    "CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL "
    "HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD "
    "MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN "
    "PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SYP SZL THB TJS TMT TND TOP TRY TTD "
    "TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG "
)
CURRENCIES = frozenset(_CODES.split())
"""ISO 4217 codes of the currencies that are or recently were legal tender (Unicode CLDR 48.2)."""
_WORD_CODES = "ALL AMD BAM BOB COP CUP CVE DOP ERN ETB GEL GIP LAK MAD MOP PEN PHP RON SBD SOS TOP TRY"
CLEAR_CODES = CURRENCIES - frozenset(_WORD_CODES.split())
"""The codes that are neither words in capitals nor frequent abbreviations of other things."""
MINOR_UNITS = {"cents": 100, "pence": 100, "kopecks": 100}
"""Parts of currencies, each with the number of them in a unit of the currency."""
_SIGNS = (
    "€EUR $USD £GBP ¥JPY ₽RUB ₴UAH ₹INR ₩KRW ₺TRY ₪ILS ₫VND ₱PHP ₦NGN ₸KZT ₾GEL ₼AZN ৳BDT ₲PYG ₡CRC ₵GHS ₭LAK ₮MNT ฿THB"
)
CURRENCY_SIGNS = {sign[0]: sign[1:] for sign in _SIGNS.split()}
"""Signs of currencies, each with its code."""
DOLLARS = {
    **dict.fromkeys(("US", "U.S."), "USD"),
    **dict.fromkeys(("A", "AU", "AUD"), "AUD"),
    **dict.fromkeys(("C", "CA", "CAN"), "CAD"),
    "HK": "HKD",
    "MX": "MXN",
    "NT": "TWD",
    "NZ": "NZD",
    "R": "BRL",
    "S": "SGD",
}
"""Letters before the dollar sign, each with the code of the currency."""
ABBREVIATIONS = {"Rs": "INR", "Rs.": "INR", "RM": "MYR", "zł": "PLN", "Kč": "CZK", "SFr.": "CHF"}
"""Abbreviations of currencies, beside their codes."""
MEASURES = (
    *("km/h", "km²", "m²", "cm²", "m³", "cm³", "km³", "mm", "cm", "dm", "km", "m", "nm", "µm", "kg", "mg", "µg", "g"),
    *("t", "l", "ml", "cl", "dl", "hl", "ha", "kWh", "MWh", "GWh", "TWh", "Wh", "kW", "MW", "GW", "TW", "W", "V", "kV"),
    *("Hz", "kHz", "MHz", "GHz", "mph", "m/s", "mi", "ft", "yd", "in", "nmi", "oz", "lb", "gal", "sq mi", "sq ft"),
    *("sq yd", "sq in", "fl oz", "cu ft", "eV", "keV", "MeV", "GeV", "TeV", "kcal", "kJ", "MJ", "GJ", "hPa", "kPa"),
    *("MPa", "psi", "mbar", "hp", "kB", "MB", "GB", "TB", "PB", "EB", "ppm"),
)
"""Symbols of units, which are their normal forms."""
_NAMED = ("%", "‰", "°", "°C", "°F", "acre", "ly", "pt", "qt", "oz t", "J", "A", "Pa", "mW", "kn", "byte")
NORMAL_UNITS = CURRENCIES | frozenset((*MEASURES, *_NAMED))
"""The units in their normal form, without durations, which are also nouns."""
_WATT_HOURS = {
    f"{prefix}Вт{joint}{hour}": f"{symbol}Wh"
    for prefix, symbol in (("", ""), ("к", "k"), ("М", "M"), ("Г", "G"), ("Т", "T"))
    for joint in ("·", "⋅", "*")
    for hour in ("ч", "год")
}
SPELLINGS = {
    "km2": "km²",
    "km^2": "km²",
    "m2": "m²",
    "m^2": "m²",
    "cm2": "cm²",
    "m3": "m³",
    "m^3": "m³",
    "km3": "km³",
    "km^3": "km³",
    "cm3": "cm³",
    "kmh": "km/h",
    "kph": "km/h",
    "Km": "km",
    "KM": "km",
    "Kg": "kg",
    "KG": "kg",
    "lbs": "lb",
    "L": "l",
    "mL": "ml",
    "cL": "cl",
    "dL": "dl",
    "hL": "hl",
    "μg": "µg",
    "mcg": "µg",
    "μm": "µm",
    "KWh": "kWh",
    "kwh": "kWh",
    "KW": "kW",
    "KB": "kB",
    "км/ч": "km/h",
    "км/год": "km/h",
    "м/с": "m/s",
    "SFr": "CHF",
    **_WATT_HOURS,
}
"""Other spellings of symbols, each with the normal form."""
PERCENTS = {"%": "%", "٪": "%", "％": "%", "‰": "‰", "¢": "cents"}
"""Signs that only follow a number, each with the normal form."""
WORD_SYMBOLS = frozenset({"in", "mi"})
"""Symbols that are words of some languages: "5 in all", "5 mi hermano"."""
TEMPERATURES = {
    **dict.fromkeys(("c", "celsius", "centigrade", "centigrados", "с", "цельсия", "цельсію", "цельсіи"), "°C"),
    **dict.fromkeys(("f", "fahrenheit", "фаренгеита"), "°F"),
}
"""Folded words after a degree sign, each with the unit."""
