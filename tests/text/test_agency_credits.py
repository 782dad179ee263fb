"""Credits of agencies in datelines, brackets and contributor lines, and words that are no source beside them."""
# ruff: noqa: RUF001 - Cyrillic letters are intended

import pytest

import dedup

# A date, brackets or a headline without a full stop before the agency.
DATELINES = [
    ("es", "Redacción Deportes (EE.UU.), 1 ene (EFE).- La muerte de un jugador sorprendió a todos.", ["EFE"]),
    ("es", "Redacción Cultura (EE. UU.), 14 de febrero (EFE) .- La feria abrió sus puertas.", ["EFE"]),
    ("es", "San José (Costa Rica), 12 de marzo (AFP).- La presidenta viajó al norte.", ["AFP"]),
    ("es", "Madrid, 1 de enero (EFE) .- El museo abrió sus puertas.", ["EFE"]),
    ("es", "El puerto cierra por la huelga  Lima, 8 de enero (Andina) .- El puerto cerró ayer.", ["Andina"]),
    ("es", "Chile celebra el regreso de los trenes Santiago, 4 Mar (EFE) .- El tren volvió.", ["EFE"]),
    ("fr", "Lille (Nord), 3 mars 2021 (AFP) - Le pont est fermé.", ["AFP"]),
    ("en", "Ferry runs aground off the coast after a storm LISBON (Reuters) - A ferry ran aground.", ["Reuters"]),
    ("en", "SPRINGFIELD (Ohio), March 3 (UPI) -- A school closed.", ["UPI"]),
    ("es", "El acusado (de 30 años), vecino de Cuenca, 5 de mayo (España).- Fue detenido.", []),
    ("es", "El club (de Segunda), fundado el 5 de mayo (LFP) y hoy en crisis.- Todo va mal.", []),
    ("en", "He worked for the agency (AFP) for ten years (Paris) - and left.", []),
    ("en", "The firm, founded on May 5 (Tuesday) - a holiday - has closed.", []),
]
COMPOUNDS = [
    ("de", "KÖLN (dpa-AFX) - Die Aktie steigt.", ["dpa-AFX"]),
    ("de", "FRANKFURT (dpa-AFX Broker) - Die Aktie steigt.", ["dpa-AFX"]),
    ("de", "BERN (Keystone-SDA) - Der Pass ist gesperrt.", ["Keystone-SDA"]),
    ("de", "WIEN (APA-dpa) - Die Bahn streikt.", ["APA-dpa"]),
    ("fr", "GENÈVE (Keystone-ATS) - Le col est fermé.", ["Keystone-ATS"]),
    ("de", "Die Aktie steigt laut dpa-AFX.", ["dpa-AFX"]),
    ("de", "Mit Material von dpa-AFX.", ["dpa-AFX"]),
    ("de", "KÖLN (dpa-Foto) - Die Aktie steigt.", []),
    ("en", "LONDON (AP Photo) - A ferry ran aground.", []),
    ("de", "Der Zug (Köln-Bonn) - ein ICE - fiel aus.", []),
]
BRACKETS = [
    ("fr", "(Belga) Un incendie a éclaté lundi.", ["Belga"]),
    ("fr", "(AFP) La police a fermé le pont.", ["AFP"]),
    ("es", "(EFE) El puerto cerró ayer.", ["EFE"]),
    ("de", "(dpa/AFP) Die Brücke ist gesperrt.", ["dpa", "AFP"]),
    ("en", "(Reuters) “We are closed,” the sign at the door read.", ["Reuters"]),
    ("fr", "Un incendie a éclaté.\n\n(Belga) La rue est fermée.", ["Belga"]),
    ("fr", "Un incendie a éclaté. (Belga) La rue est fermée.", []),
    ("fr", "(Photo) Un incendie a éclaté.", []),
    ("en", "(Standard) A fire broke out.", []),
    ("en", "(AP Photo) A fire broke out.", []),
    ("en", "(Reuters) and others were there.", []),
    ("en", "(Update) A fire broke out.", []),
]
CONTRIBUTORS = [
    ("en", "The Associated Press contributed to this report.", ["The Associated Press"]),
    ("en", "Reuters contributed to this story.", ["Reuters"]),
    ("en", "Reuters, AFP and Bloomberg News contributed to this article.", ["Reuters", "AFP", "Bloomberg News"]),
    ("en", "The Xinhua news agency also contributed to this report.", ["Xinhua"]),
    ("fr", "AFP a contribué à cet article.", ["AFP"]),
    ("fr", "L'AFP et Reuters ont contribué à cet article.", ["AFP", "Reuters"]),
    ("fr", "L'agence Belga a également contribué à ce reportage.", ["Belga"]),
    ("de", "Die dpa hat zu diesem Bericht beigetragen.", ["dpa"]),
    ("de", "Reuters trug zu diesem Artikel bei.", ["Reuters"]),
    ("de", "dpa und AFP haben zu diesem Text beigetragen.", ["dpa", "AFP"]),
    ("es", "EFE contribuyó a este artículo.", ["EFE"]),
    ("es", "AFP ha contribuido a este reportaje.", ["AFP"]),
    ("es", "La agencia Efe y Reuters contribuyeron a esta nota.", ["Efe", "Reuters"]),
    ("en", "Ann Lee contributed to this report.", []),
    ("en", "Associated Press writer Ann Lee contributed to this report.", []),
    ("en", "The Daily Mail's owner contributed to this report.", []),
    ("en", "Ann Lee of Reuters contributed to this report.", []),
    ("en", "Bloomberg News contributed to the climate fund.", []),
    ("fr", "L'AFP n'a pas contribué à cet article.", []),
    ("fr", "Jean Roux a contribué à cet article.", []),
    ("de", "Anna Ruhl hat zu diesem Bericht beigetragen.", []),
    ("es", "El ministro contribuyó a este informe.", []),
]
TOLD = [
    ("en", "A spokesman told Reuters the Columbia University plan was dead.", ["spokesman", "Reuters"]),
    ("en", "A nurse told AFP Denver Hospital was full.", ["nurse", "AFP"]),
    ("en", "The minister told the BBC Norway would leave.", ["minister", "BBC"]),
    ("en", "Two officials told CNN President Lund would go.", ["officials", "CNN"]),
    ("en", "The aide told Bloomberg Television the Fed would wait.", ["aide", "Bloomberg Television"]),
    ("en", "The aide told BBC Radio 4 the plan was dead.", ["aide", "BBC Radio 4"]),
    ("en", "The nurse told the Columbia University board the plan was dead.", ["nurse"]),
    ("en", "The nurse told Denver Hospital the plan was dead.", ["nurse"]),
    ("en", "The nurse told the Reuters Institute the plan was dead.", ["nurse"]),
]
NUMBERS = [
    ("en", "The firm, sold for 500 million pounds ($663 million) in 2017, said Thursday it would close.", []),
    ("en", "The fund, worth 3 percent (5 pct), said it would sell.", []),
    ("en", "The bond, due April 7, 2002 and priced at 20 billion yen, was sold, the bank said.", ["bank"]),
    ("fr", "Selon 3 millions d'euros, le prix double.", []),
    ("es", "Según 300 millones de euros, el precio se dobla.", []),
    ("de", "Der Preis stieg laut 3 Millionen Euro.", []),
    ("ru", "По данным 3 миллионов рублей, цена выросла.", []),
    ("uk", "За даними 3 мільйонів гривень, ціна зросла.", []),
    ("en", "Rand said the plan was dead.", ["Rand"]),
    ("de", "„Es ist vorbei“, sagte Mark.", ["Mark"]),
    ("es", "Según Peso Pluma, se acabó.", ["Peso Pluma"]),
    ("fr", "Selon le journal 20 Minutes, c'est fini.", ["20 Minutes"]),
]
IMPERATIVES = [
    ("en", "Drivers save up to 25 cents per gallon Find the full report linked here.", []),
    ("en", "The fund paid two dollars per share Smith resigned.", []),
    ("en", "The fire was set, according to the ministry Read the full story here", ["ministry"]),
    ("en", "The fire was set, said police Click here to subscribe", ["police"]),
    ("fr", "La mesure est confirmée, selon le ministère Lire la suite sur le site", ["ministère"]),
    ("fr", "La rue est fermée, selon la police Découvrez notre dossier", ["police"]),
    ("es", "El puerto cerró, según la policía Lea también la nota completa", ["policía"]),
    ("es", "El puerto cerró, según el ministerio Suscríbete a nuestro boletín", ["ministerio"]),
    ("de", "Die Brücke ist gesperrt, sagte die Polizei Lesen Sie mehr dazu hier", ["Polizei"]),
    ("ru", "План утверждён, сообщает министерство Читайте также новости", ["министерство"]),
    ("uk", "План затверджено, повідомляє міністерство Читайте також новини", ["міністерство"]),
    ("en", "The fire was set, according to Reuters Read the full story here", ["Reuters"]),
    ("en", "The fire was set, according to Fox News Get the app", ["Fox News"]),
    ("en", "The plan is dead, said minister Anna Read.", ["Anna Read"]),
    ("fr", "Selon les magazines Lire et Voir, le pont est fermé.", ["Lire", "Voir"]),
    ("fr", "Selon le magazine Lire de mars, le pont est fermé.", ["Lire"]),
    ("en", "The minister Read said so.", ["Read"]),
    ("en", "Trade fell, according to Lloyd's Register of Shipping.", ["Register of Shipping"]),
    ("en", "The plan is dead, per the newspaper Axios.", ["Axios"]),
    ("en", "The plan is dead, per analyst Ann Lee.", ["Ann Lee"]),
]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [*DATELINES, *COMPOUNDS, *BRACKETS, *CONTRIBUTORS, *TOLD, *NUMBERS, *IMPERATIVES],
)
def test_finds_sources(language: str, text: str, expected: list[str]) -> None:
    assert sorted(credit.source for credit in dedup.analyze(text, language).credits) == sorted(expected)
