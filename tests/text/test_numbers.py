"""Numbers: their values, nouns and qualifiers in every language with a data file, and the comparison of two numbers."""
# ruff: noqa: RUF001 - look-alike letters and punctuation are meant

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.text.facts.dates.find import dates
from dedup.text.facts.numbers.figures import format_number, parse_figure, parse_mixed_fraction
from dedup.text.facts.numbers.find import numbers, same_value
from dedup.text.language import SUPPORTED_LANGUAGES

LANGUAGES = (*SUPPORTED_LANGUAGES, "xx")


def number_strings(text: str, language: str) -> list[str]:
    """Return the numbers of a text outside dates, each as "qualifier value noun"."""
    found = numbers(text, language, dates(text, language))
    return [" ".join(filter(None, (fact.qualifier, fact.value, fact.noun))) for fact in found]


FRENCH = [
    ("25 000 travailleurs nord-coréens", ["25000 travailleurs"]),
    ("25\u00a0000 travailleurs", ["25000 travailleurs"]),
    ("25\u202f000 travailleurs", ["25000 travailleurs"]),
    ("25\u2009000 travailleurs", ["25000 travailleurs"]),
    ("25.000 travailleurs", ["25000 travailleurs"]),
    ("25,000 travailleurs", ["25000 travailleurs"]),
    ("25'000 travailleurs", ["25000 travailleurs"]),
    ("25’000 travailleurs", ["25000 travailleurs"]),
    ("25 mille travailleurs", ["25000 travailleurs"]),
    ("vingt-cinq mille travailleurs", ["25000 travailleurs"]),
    ("Vingt-cinq mille travailleurs sont venus.", ["25000 travailleurs"]),
    ("1 234 567,89 euros", ["1234567.89 EUR"]),
    ("1.234.567 euros", ["1234567 EUR"]),
    ("1,5 million de soldats", ["1500000 soldats"]),
    ("1.5 milliard d’euros", ["1500000000 EUR"]),
    ("1,234 milliard d’euros", ["1234000000 EUR"]),
    ("2 milliards d'habitants", ["2000000000 habitants"]),
    ("deux mille milliards de dollars", ["2000000000000 USD"]),
    ("deux millions et demi d'habitants", ["2500000 habitants"]),
    ("un demi-million de réfugiés", ["500000 réfugiés"]),
    ("un million de soldats", ["1000000 soldats"]),
    ("plus d'un million de soldats russes", ["over 1000000 soldats"]),
    ("plus d’un million de soldats russes", ["over 1000000 soldats"]),
    ("deux mille soldats", ["2000 soldats"]),
    ("cent mille soldats", ["100000 soldats"]),
    ("mille soldats", ["1000 soldats"]),
    ("deux cents soldats, trois cent vingt chars", ["200 soldats", "320 chars"]),
    ("soixante-dix-sept morts", ["77 morts"]),
    ("soixante et onze morts", ["71 morts"]),
    ("quatre-vingts morts", ["80 morts"]),
    ("quatre-vingt-dix-neuf morts", ["99 morts"]),
    ("quatre-vingt-un morts", ["81 morts"]),
    ("quatre vingt treize morts", ["93 morts"]),
    ("septante morts, nonante blessés", ["70 morts", "90 blessés"]),
    ("vingt et un ans", ["21 ans"]),
    ("cent vingt-trois mille quatre cent cinquante-six francs", ["123456 francs"]),
    ("une vingtaine de personnes", ["about 20 personnes"]),
    ("une douzaine d'œufs", ["12 œufs"]),
    ("deux centaines d'élèves", ["about 200 élèves"]),
    ("des milliers de soldats, plusieurs centaines d'appareils", []),
    ("mis en quarantaine", []),
    ("deux pays", ["2 pays"]),
    ("les deux jeunes soldats", ["2 soldats"]),
    ("ils sont deux", []),
    ("tous les deux sont partis", []),
    ("un pays, une usine", []),
    ("un véhicule neuf est arrivé", []),
    ("neuf pays", ["9 pays"]),
    ("Les Trois Mousquetaires", []),
    ("Il a lu Les Trois Mousquetaires et vu trois films.", ["3 films"]),
    ("Trois-Rivières, Deux-Sèvres, entre-deux-guerres", []),
    ("près de 4 000 d’entre eux", ["about 4000"]),
    ("portant à 11 000 le nombre total", ["11000"]),
    ("11 000 déployés", ["11000 déployés"]),
    ("jusqu’à 500 unités", ["up to 500 unités"]),
    ("jusqu'à 500 unités", ["up to 500 unités"]),
    ("environ 12.000 soldats", ["about 12000 soldats"]),
    ("(environ 12.000 soldats)", ["about 12000 soldats"]),
    ("quelque 300 agents", ["about 300 agents"]),
    ("moins de 50 morts", ["under 50 morts"]),
    ("au moins 50 morts", ["over 50 morts"]),
    ("pas plus de 50 morts", ["up to 50 morts"]),
    ("pas moins de 50 morts", ["over 50 morts"]),
    ("en plus de 50 soldats", ["50 soldats"]),
    ("de plus en plus, 50 soldats", ["50 soldats"]),
    ("50 % des obus", ["50 %"]),
    ("50% des obus, 50\u202f% des obus", ["50 %", "50 %"]),
    ("50 pour cent des obus, cinquante pour cent", ["50 %", "50 %"]),
    ("près de 50 %", ["about 50 %"]),
    ("-2,5 % puis −3 °C", ["-2.5 %", "-3 °C"]),
    ("de 170 mm et de 240mm", ["170 mm", "240 mm"]),
    ("3 kilomètres, 3 km, 3 km/h, 5 km², 12 kilomètres carrés", ["3 km", "3 km", "3 km/h", "5 km²", "12 km²"]),
    (
        "20 tonnes, 4 t, 5 kilos, 100 g, 3 litres, 5 hectares, 5 ha",
        ["20 t", "4 t", "5 kg", "100 g", "3 l", "5 ha", "5 ha"],
    ),
    ("5 millions de tonnes de blé", ["5000000 t"]),
    ("5 millions de dollars, 5 $, 5$, $5", ["5000000 USD"] + ["5 USD"] * 3),
    ("5 €, 5 M€, 3,5 Mds €, 25 k€, 5 millions d’€", ["5 EUR", "5000000 EUR", "3500000000 EUR", "25000 EUR", "5000000"]),
    ("2 000 roubles, 300 yens, 5 livres sterling", ["2000 RUB", "300 JPY", "5 GBP"]),
    ("entre 8 et 13 soldats", ["8–13 soldats"]),
    ("8-13 soldats, 8–13 soldats, 8 – 13 soldats, 8 à 13 soldats", ["8–13 soldats"] * 4),
    ("de 8 à 13 soldats", ["8–13 soldats"]),
    ("entre 8 % et 13 %", ["8–13 %"]),
    ("entre 8 et 13 %", ["8–13 %"]),
    ("deux à trois millions d'euros", ["2000000–3000000 EUR"]),
    ("entre 10 000 et 12 000 soldats", ["10000–12000 soldats"]),
    ("10 000-12 000 soldats", ["10000–12000 soldats"]),
    ("deux ou trois semaines", ["2–3 semaines"]),
    ("3 soldats ou 50 chars", ["3 soldats", "50 chars"]),
    ("battus 5-2", []),
    ("8 et 13 soldats", ["8", "13 soldats"]),
    ("1 milliard 200 millions d'euros", ["1200000000 EUR"]),
    ("le 80e anniversaire", ["ordinal 80 anniversaire"]),
    ("la 2ème place, le 1er rang, la 1re fois", ["ordinal 2 place", "ordinal 1 rang", "ordinal 1 fois"]),
    ("le troisième mandat, un troisième mandat", ["ordinal 3 mandat"]),
    ("2 grands anciens ministres", ["2 ministres"]),
    ("25 000 Nord-Coréens", ["25000 Nord-Coréens"]),
    ("25 000 soldats, 11 000.\nSoldats", ["25000 soldats", "11000"]),
    ("un total de 11 000\nSoldats", ["11000"]),
    ("n° 5, article 12, page 45", ["5", "12", "45"]),
    ("le drone Geran-2, le char Chonma-2, l’A320, Covid-19, le Su-35, un 4x4, la 5G", []),
    ("v2.3.1, 192.168.1.1, ISBN 978-3-16-148410-0", []),
    ("à 18:30, à 14h30, à 14 h 30, 18h", []),
    ("01 23 45 67 89, +33 1 23 45 67 89, 0612345678", []),
    ("https://a.fr/2024/25 et 25@a.fr, www.a.fr/25, lemonde.fr/25/06", []),
    ("1. Le premier point.\n2. Le second.\n  3) Le tiers", []),
    ("articles L. 123-4 et R. 12-1 ; note [12] ; (1) voir", []),
    ("0,5 point, 0,500 kg", ["0.5", "500 g"]),
    ("½ litre, 2½ litres", ["0.5 l", "2.5 l"]),
    ("٢٥ soldats, ２５ soldats, २५ soldats", ["25 soldats"] * 3),
    ("en 2024, depuis juin 2024, 2024", []),
    ("1500 militaires", ["1500 militaires"]),
]
ENGLISH = [
    ("3,000 North Korean troops", ["3000 troops"]),
    ("25,000 workers, 25 000 workers, 25k workers", ["25000 workers"] * 3),
    ("25 thousand workers, twenty-five thousand workers", ["25000 workers"] * 2),
    ("half a million people", ["500000 people"]),
    ("a quarter of a million people", ["250000 people"]),
    ("a million people, one million people", ["1000000 people"] * 2),
    ("two and a half million people", ["2500000 people"]),
    ("one hundred and twenty-three thousand four hundred and fifty-six votes", ["123456 votes"]),
    ("a hundred days, two hundred days", ["100 days", "200 days"]),
    ("a dozen eggs, two dozen eggs", ["about 12 eggs", "about 24 eggs"]),
    ("1,234.5 points, 1.5 points", ["1234.5 points", "1.5 points"]),
    ("1,234 points", ["1234 points"]),
    ("a rate of 6.125 pct, 1.234 seconds", ["6.125 %", "1.234 seconds"]),
    ("12.000 soldiers", ["12000 soldiers"]),
    ("17-1/2 pct, 5/8 point, 50 1/2", ["17.5 %", "0.625 point", "50", "0.5"]),
    ("12,34,567 rupees", ["1234567 INR"]),
    ("5 percent, 5 per cent, 5 pct, 5%", ["5 %"] * 4),
    ("$5 million, $5m, $5mn, US$5 million, 5 mln dlrs, 5 million dollars", ["5000000 USD"] * 6),
    ("$5bn, $5 bn, $5 billion, a $5-billion deal", ["5000000000 USD"] * 4),
    ("£3, €3, ¥3, A$3, EUR 3, 3 stg", ["3 GBP", "3 EUR", "3 JPY", "3 AUD", "3 EUR", "3 GBP"]),
    ("a 200-mln-dlr note, 5 billion U.S. dollars", ["200000000 USD", "5000000000 USD"]),
    ("5 m, 5 km, 5 miles, 60 mph, 5 metres, a 170-mm gun", ["5 m", "5 km", "5 mi", "60 mph", "5 m", "170 mm"]),
    ("between 8 and 13 pct", ["8–13 %"]),
    ("from 8 to 13 soldiers", ["8–13 soldiers"]),
    ("8 to 13 soldiers, 8-13 soldiers", ["8–13 soldiers"] * 2),
    ("2 to 3 million people, $2-3 billion", ["2000000–3000000 people", "2000000000–3000000000 USD"]),
    ("between $5 and $8, from $5 million to $8 million", ["5–8 USD", "5000000–8000000 USD"]),
    ("from 8 to 5 pct", ["8", "5 %"]),
    ("voted 58 to 31", ["58", "31"]),
    ("two or three days, 3 or 50", ["2–3 days", "3", "50"]),
    ("a 25-year-old man, a five-year plan", ["25 year", "5 year"]),
    ("a two-way street, four-time winners", []),
    (
        "the 3rd place, the 21st century, the 40th anniversary",
        ["ordinal 3 place", "ordinal 21 century", "ordinal 40 anniversary"],
    ),
    ("the third place, a third of the seats, the fourth straight day", ["ordinal 3 place", "ordinal 4 day"]),
    ("about 50 men, some 50 men, nearly 50 men", ["about 50 men"] * 3),
    ("up to 50 men, as many as 50 men", ["up to 50 men"] * 2),
    ("more than 50 men, over 50 men, at least 50 men", ["over 50 men"] * 3),
    ("less than 50 men, under 50 men, fewer than 50 men", ["under 50 men"] * 3),
    ("no more than 50 men, took over 50 men", ["up to 50 men", "50 men"]),
    ("more than a million men", ["over 1000000 men"]),
    ("300 police officers, 12 dead, 5 aircraft", ["300 officers", "12 dead", "5 aircraft"]),
    ("20 said no, 20 of them, 20, 20.", ["20"] * 4),
    ("12 Americans were there", ["12 Americans"]),
    ("two United States officials", ["2 officials"]),
    ("two of the soldiers", ["2 soldiers"]),
    ("one man, one of them, two", []),
    ("Two men came. In Seven Network, Big Ten, Group of Seven.", ["2 men"]),
    ("G7, COVID-19, 10-K, Boeing-737, M16, 3-D, 5-HT", []),
    ("555-123-4567, (555) 123-4567, 1-800-555-1234", []),
    ("at 7 p.m., 7pm, 18:30, 1930 GMT, 10 o'clock", []),
    ("12.7 mln bpd, 840,000 bpd", ["12700000 bpd", "840000 bpd"]),
    ("No. 5 on the list, page 12", ["5", "12"]),
    ("34 cts vs 35 cents", ["34 cents", "35 cents"]),
    ("3,000\ntroops were sent, 1.3\nbillion stg", ["3000 troops", "1300000000 GBP"]),
    ("five billion\ndlrs, seven\nministers", ["5000000000 USD", "7 ministers"]),
    ("twenty two, two three", ["22"]),
    ("#25 and item #3", []),
]
GERMAN = [
    ("12.000 nordkoreanische Soldaten", ["12000 Soldaten"]),
    ("25 Tsd. Menschen, 25 tausend Menschen", ["25000 Menschen"] * 2),
    ("3,5 Mio. Euro, 3,5 Millionen Euro, 2 Mrd. Dollar", ["3500000 EUR", "3500000 EUR", "2000000000 USD"]),
    ("zwei Millionen Menschen, eine Million Menschen", ["2000000 Menschen", "1000000 Menschen"]),
    ("eine halbe Million Menschen, anderthalb Millionen Euro", ["500000 Menschen", "1500000 EUR"]),
    ("dreiundzwanzigtausend Menschen", ["23000 Menschen"]),
    ("zweihundertfünfundvierzigtausenddreihundertzwölf Stimmen", ["245312 Stimmen"]),
    ("einundzwanzig Tage, fünfzehn Tage, hundert Tage, tausend Tage", ["21 Tage", "15 Tage", "100 Tage", "1000 Tage"]),
    ("Zwölf Menschen starben.", ["12 Menschen"]),
    ("zwei große deutsche Firmen", ["2 Firmen"]),
    ("ein Mann, eine Frau, und unter anderem", []),
    ("50 Prozent, 50 %, 50%", ["50 %"] * 3),
    ("etwa 50 Menschen, rund 50 Menschen, knapp 50 Menschen", ["about 50 Menschen"] * 3),
    (
        "bis zu 50 Menschen, mehr als 50 Menschen, weniger als 50 Menschen",
        ["up to 50 Menschen", "over 50 Menschen", "under 50 Menschen"],
    ),
    ("mindestens 50 Menschen", ["over 50 Menschen"]),
    ("zwischen 8 und 13 Tagen, 8 bis 13 Tage, 8-13 Tage", ["8–13 Tagen", "8–13 Tage", "8–13 Tage"]),
    ("von 8 bis 13 Tagen", ["8–13 Tagen"]),
    (
        "der 3. Platz, zum 80. Jahrestag, im 20. Jahrhundert",
        ["ordinal 3 Platz", "ordinal 80 Jahrestag", "ordinal 20 Jahrhundert"],
    ),
    ("das dritte Kind", ["ordinal 3 Kind"]),
    ("Es waren 80. Danach kamen mehr.", ["80"]),
    ("18.30 Uhr, 18 Uhr, 18:30 Uhr", []),
    ("mit 40.600 Toten, 1.234,5 Punkte, 0,5 Punkte", ["40600 Toten", "1234.5 Punkte", "0.5 Punkte"]),
    ("Paragraf 13 gilt, Nr. 5", ["13", "5"]),
    ("30 Stundenkilometer, 20 Grad, 3 Quadratmeter", ["30 km/h", "20 °", "3 m²"]),
    ("die 39-jährige Frau", ["39 jährige"]),
]
SPANISH = [
    ("dos mil soldados norcoreanos, 2.000 soldados, 2 mil soldados", ["2000 soldados"] * 3),
    ("cerca de 4.000 soldados, unos 4.000 soldados", ["about 4000 soldados"] * 2),
    (
        "hasta 500 drones, más de 500 drones, menos de 500 drones",
        ["up to 500 drones", "over 500 drones", "under 500 drones"],
    ),
    ("hasta un 10%, al menos 16 muertos", ["up to 10 %", "over 16 muertos"]),
    ("50 por ciento, cincuenta por ciento, 50%", ["50 %"] * 3),
    ("treinta y cinco mil personas", ["35000 personas"]),
    (
        "ciento veintitrés mil personas, doscientas personas, cien personas",
        ["123000 personas", "200 personas", "100 personas"],
    ),
    ("un millón de personas, medio millón de personas", ["1000000 personas", "500000 personas"]),
    ("1.100 millones de dólares, 3,5 millones de euros", ["1100000000 USD", "3500000 EUR"]),
    ("28 mil 645 personas", ["28645 personas"]),
    ("dos millones y medio de euros", ["2500000 EUR"]),
    ("una veintena de personas, una docena de huevos", ["about 20 personas", "12 huevos"]),
    ("entre 8 y 13 soldados, de 8 a 13 soldados, 8-13 soldados", ["8–13 soldados"] * 3),
    ("los dos nuevos ministros", ["2 ministros"]),
    ("once personas, una vez, 35 de Unidas Podemos", ["11 personas", "35"]),
    ("el 3.º lugar, la 2ª ronda, el tercer equipo", ["ordinal 3 lugar", "ordinal 2 ronda", "ordinal 3 equipo"]),
    ("110 kilómetros por hora, 51 centímetros, 3 kilos", ["110 km/h", "51 cm", "3 kg"]),
    ("a las 18:30, 7 p.m., resolución 34-19", []),
    ("frente número 27 y otros", ["27"]),
]
RUSSIAN = [
    ("25 тыс. северокорейских солдат", ["25000 солдат"]),
    ("25 тысяч рабочих, 25\u00a0000 рабочих", ["25000 рабочих"] * 2),
    ("двадцать пять тысяч человек", ["25000 человек"]),
    ("сто двадцать три человека, двести человек, тысяча человек", ["123 человека", "200 человек", "1000 человек"]),
    ("полтора миллиона рублей, полмиллиона рублей", ["1500000 RUB", "500000 RUB"]),
    ("1 млрд 200 млн рублей", ["1200000000 RUB"]),
    ("3,5 млн долларов США", ["3500000 USD"]),
    ("50 процентов, 50%, 50 %", ["50 %"] * 3),
    ("около 50 человек, примерно 50 человек", ["about 50 человек"] * 2),
    (
        "до 500 дронов, более 500 дронов, не менее 500 дронов, менее 500 дронов",
        ["up to 500 дронов", "over 500 дронов", "over 500 дронов", "under 500 дронов"],
    ),
    ("от 8 до 13 человек, 8–13 человек", ["8–13 человек"] * 2),
    ("80-й годовщины, 3-го места", ["ordinal 80 годовщины", "ordinal 3 места"]),
    ("третьего дня", ["ordinal 3 дня"]),
    ("две недели, трёх солдат, трех солдат", ["2 недели", "3 солдат", "3 солдат"]),
    ("12 000 северокорейских военных прибыли", ["12000 военных"]),
    ("5 км, 170-мм орудие, 5 тонн, 3 кг", ["5 km", "170 mm", "5 t", "3 kg"]),
    ("один человек, двое", []),
]
UKRAINIAN = [
    ("понад 25 тисяч солдатів", ["over 25000 солдатів"]),
    ("п'ятдесят тисяч осіб, п’ятдесят тисяч осіб", ["50000 осіб"] * 2),
    ("25 тис. північнокорейських солдатів", ["25000 солдатів"]),
    ("півтора мільйона гривень", ["1500000 UAH"]),
    ("50 відсотків, 50%", ["50 %"] * 2),
    ("близько 50 осіб, до 50 осіб, менше 50 осіб", ["about 50 осіб", "up to 50 осіб", "under 50 осіб"]),
    ("від 8 до 13 осіб, між 8 і 13", ["8–13 осіб", "8–13"]),
    ("80-ї річниці, дві ракети", ["ordinal 80 річниці", "2 ракети"]),
]
OTHERS = [
    ("3 000 żołnierzy, 25,5 %, 2,5 mln złotych", ["3000 żołnierzy", "25.5 %", "2500000 złotych"]),
    ("3.000 soldati", ["3000 soldati"]),
    ("1.5 km", ["1.5 km"]),
    ("2.5万人, 3000名, ２５％", ["25000", "3000", "25 %"]),
    ("٢٥٠٠٠ جندي", ["25000 جندي"]),
    ("२५ लोग", ["25"]),
]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        (language, *case)
        for language, cases in zip(
            ("fr", "en", "de", "es", "ru", "uk", "xx"),
            (FRENCH, ENGLISH, GERMAN, SPANISH, RUSSIAN, UKRAINIAN, OTHERS),
            strict=True,
        )
        for case in cases
    ],
)
def test_finds_value_noun_and_qualifier(language: str, text: str, expected: list[str]) -> None:
    assert number_strings(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text", "mentions"),
    [
        ("fr", "plus d’un million de soldats", ["un million"]),
        ("fr", "près de 4 000 d’entre eux", ["4 000"]),
        ("fr", "environ 50 % des 5 millions de dollars", ["50 %", "5 millions de dollars"]),
        ("fr", "entre 8 et 13 km", ["8 et 13 km"]),
        ("fr", "des canons de 170 mm :Ce type", ["170 mm"]),
        ("fr", "le 80e anniversaire", ["80e"]),
        ("fr", "vingt-cinq mille hommes", ["vingt-cinq mille"]),
        ("en", "$5 million of the 3,000 troops", ["$5 million", "3,000"]),
        ("en", "US$5 to 8 million", ["US$5 to 8 million"]),
        ("en", "a 25-year-old", ["25"]),
        ("en", "half a million people", ["half a million"]),
        ("de", "25 Tsd. Menschen, der 3. Platz", ["25 Tsd.", "3."]),
        ("de", "dreiundzwanzigtausend Menschen", ["dreiundzwanzigtausend"]),
        ("ru", "около 25 тыс. солдат", ["25 тыс."]),
    ],
)
def test_span_covers_figures_multiplier_and_unit(language: str, text: str, mentions: list[str]) -> None:
    assert [text[fact.start : fact.end] for fact in numbers(text, language)] == mentions


def test_numbers_do_not_overlap_taken_facts() -> None:
    text = "Le 13 octobre 2024, 2 024 soldats ; en 2024, 300 chars."
    taken = dates(text, "fr")
    found = numbers(text, "fr", taken)
    assert [fact.value for fact in found] == ["2024", "300"]
    assert not any(fact.start < other.end and other.start < fact.end for fact in found for other in taken)
    assert [fact.value for fact in numbers("en 2024", "fr")] == ["2024"]


@pytest.mark.parametrize(
    ("left", "right", "same"),
    [
        ("25 000 soldats", "25.000 ouvriers", True),
        ("25 000 soldats", "vingt-cinq mille", True),
        ("25 000 soldats", "25 001 soldats", False),
        ("50 %", "50 pour cent", True),
        ("50 %", "50 soldats", False),
        ("50 %", "50 km", False),
        ("50 km", "50 kilomètres", True),
        ("50 km", "50", True),
        ("le 3e rang", "3 rangs", False),
        ("le 3e rang", "le troisième rang", True),
        ("entre 8 et 13", "8-13", True),
        ("8-13", "8-14", False),
        ("5 millions", "5 000 000 de voix", True),
    ],
)
def test_same_value_compares_value_and_unit(left: str, right: str, same: bool) -> None:
    one, other = (numbers(text, "fr")[0] for text in (left, right))
    assert same_value(one, other) is same
    assert same_value(other, one) is same
    assert same_value(one, one)


@pytest.mark.parametrize(
    ("written", "point", "measured", "value"),
    [
        ("25", "", False, "25"),
        ("1.500", "", False, "1500"),
        ("1.500", ",", True, "1500"),
        ("1,500", ",", False, "1500"),
        ("1,500", ",", True, "1.5"),
        ("1,500", ".", True, "1500"),
        ("1.500", ".", False, "1.5"),
        ("1.000", ".", False, "1000"),
        ("0.500", "", False, "0.5"),
        ("0,125", ".", False, "0.125"),
        ("1.500.000", ".", False, "1500000"),
        ("1.500,25", "", False, "1500.25"),
        ("1,500.25", "", False, "1500.25"),
        ("1 500,5", "", False, "1500.5"),
        ("1'500.5", "", False, "1500.5"),
        ("3.14159", "", False, "3.14159"),
        ("12,5", ".", False, "12.5"),
        ("1,23,45,678", ".", False, "12345678"),
        ("٢٥٫٥", "", False, "25.5"),
        ("9" * 24, "", False, "9" * 24),
        ("9" * 25, "", False, None),
        ("1" * 100_000, "", False, None),
        ("1.2.3", "", False, None),
        ("1,2,3", "", False, None),
        ("12.34.567", "", False, None),
        ("1.500,250,3", "", False, None),
        ("007", "", False, None),
    ],
)
def test_parse_figure(written: str, point: str, measured: bool, value: str | None) -> None:
    found = parse_figure(written, point, measured)
    assert (None if found is None else format_number(found)) == value


@given(st.integers(0, 10**12), st.sampled_from([" ", "\u00a0", "\u202f", ".", ",", "'"]))
def test_finds_grouped_figures(value: int, separator: str) -> None:
    written = f"{value:,}".replace(",", separator)
    point = {".": ",", ",": "."}.get(separator, ",")
    assert parse_figure(written, point) == value
    [fact] = numbers(f"soit {written} soldats", "en" if point == "." else "de")
    assert (fact.value, fact.start, fact.end) == (str(value), 5, 5 + len(written))


@given(st.decimals(0, 10**9, places=3))
def test_format_number_has_no_trailing_zeros(value: object) -> None:
    written = format_number(Fraction(str(value)))
    assert Fraction(written) == Fraction(str(value))
    assert not ("." in written and written.endswith(("0", ".")))


def test_format_number_of_repeating_decimals_and_mixed_fractions() -> None:
    assert format_number(Fraction(22, 3)) == "7 1/3"
    assert format_number(Fraction(1, 3)) == "1/3"
    assert parse_mixed_fraction(["1", "2"]) == Fraction(1, 2)
    assert (
        parse_mixed_fraction(["24", "7"])
        is parse_mixed_fraction(["1", "7"])
        is parse_mixed_fraction(["x", "2"])
        is None
    )
