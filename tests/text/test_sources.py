"""Attribution: the sources and clauses of credits, in tables of cases for each language."""
# ruff: noqa: RUF001, E501 - characters that look alike, and whole sentences, are the point

import unicodedata

import pytest
from paths import SEEDS

from dedup.text.sentences.split import split
from dedup.text.sources import attribution
from dedup.text.spans import Credit, Span

FRENCH = [
    # Phrases before a source, such as "selon".
    ("Selon NHK, 25 000 ouvriers viendront.", ["NHK"]),
    ("Selon Le Monde, l'AFP et Reuters, l'accord est signé.", ["Le Monde", "AFP", "Reuters"]),
    ("L’usine tourne jour et nuit, selon l’agence de presse ukrainienne RBC-Ukraine.", ["RBC-Ukraine"]),
    ("Selon l'AFP, Paris et Londres ont signé l'accord.", ["AFP"]),
    ("Selon une source proche du dossier, la vente est conclue.", ["source proche du dossier"]),
    ("Selon le ministre de la Santé, Olivier Véran, le pic est passé.", ["Olivier Véran"]),
    ("Selon le porte-parole du Kremlin Dmitri Peskov, rien n'est décidé.", ["Dmitri Peskov"]),
    ("Selon un porte-parole du Kremlin, rien n'est décidé.", ["Kremlin"]),
    ("Selon le président de la Corée du Nord Kim Jong-un, c'est un devoir.", ["Kim Jong-un"]),
    ("Selon des informations du Monde, la banque va fermer.", ["Monde"]),
    ("Selon un rapport de l'ONU publié mardi, la faim recule.", ["ONU"]),
    ("Selon un rapport publié mardi, la faim recule.", ["rapport"]),
    ("Selon un sondage Ifop, le maire serait réélu.", ["Ifop"]),
    ("Selon l'Organisation mondiale de la santé (OMS), le virus circule.", ["OMS"]),
    ("Selon le Service de renseignement sud-coréen (NIS), 12.000 soldats sont partis.", ["NIS"]),
    ("Selon le député Jean Dupont (LR), la loi ne passera pas.", ["Jean Dupont"]),
    ("D’après des informations récentes du média japonais NHK, la Russie recrute.", ["NHK"]),
    ("D'après les chiffres du ministère de la Santé, 12 lits sont libres.", ["ministère de la Santé"]),
    ("De l'avis des experts, la mesure est tardive.", ["experts"]),
    ("À en croire le Wall Street Journal, Apple prépare une voiture.", ["Wall Street Journal"]),
    ("Le bilan, selon M. Lavrov, est exagéré.", ["Lavrov"]),
    ("L'armée a reculé, indique-t-on de source militaire.", ["source militaire"]),
    ("On apprend de source policière que deux hommes ont été arrêtés.", ["source policière"]),
    ("Le directeur, citant le quotidien Yomiuri, parle de 300 emplois.", ["Yomiuri"]),
    (
        "Pour certains analystes, comme le Premier ministre britannique Keir Starmer, cela montre sa faiblesse.",
        ["Keir Starmer"],
    ),
    # Passive participles with an agent.
    (
        "Cette main-d’œuvre, rapportée par le média japonais NHK et confirmée par l’agence ukrainienne RBC-Ukraine, ira à l'usine.",
        ["NHK", "RBC-Ukraine"],
    ),
    ("L'information a été confirmée mardi par les autorités russes.", ["autorités russes"]),
    (
        "Cette information, relayée par des sources proches des autorités sud-coréennes, inquiète.",
        ["sources proches des autorités sud-coréennes"],
    ),
    ("Une étude publiée par l'Insee montre une baisse.", ["Insee"]),
    ("Un roman publié par Gallimard fait parler de lui.", []),
    # Reporting verbs.
    ("Le président Vladimir Poutine a estimé que les relations étaient bonnes.", ["Vladimir Poutine"]),
    (
        "Le ministre russe des Affaires étrangères, Sergueï Lavrov, a affirmé que la paix était proche.",
        ["Sergueï Lavrov"],
    ),
    ("Sergueï Lavrov, ministre russe des Affaires étrangères, a affirmé que la paix était proche.", ["Sergueï Lavrov"]),
    ("M. Lavrov a également annoncé qu'un monument serait érigé.", ["Lavrov"]),
    ("« C'est faux », a dit Emmanuel Macron.", ["Emmanuel Macron"]),
    ("« C'est faux », a déclaré à l'AFP le maire de Lyon.", ["AFP", "maire de Lyon"]),
    ('"C\'est faux", affirme le collectif Noustoutes38.', ["Noustoutes38"]),
    ("L'usine va fermer, révèle le New York Times.", ["New York Times"]),
    ("L'AFP rapporte que l'usine va fermer.", ["AFP"]),
    ("Comme l'a révélé Le Parisien, l'usine va fermer.", ["Le Parisien"]),
    ("C'est ce qu'a annoncé le ministère de l'Intérieur.", ["ministère de l'Intérieur"]),
    ("Des observateurs estiment que ces drones sont russes.", ["observateurs"]),
    (
        "Un spécialiste des questions nord-coréennes a souligné que la technologie servirait.",
        ["spécialiste des questions nord-coréennes"],
    ),
    ("La France et l'Allemagne affirment que l'accord tient.", ["France", "Allemagne"]),
    ("Une source officielle nord-coréenne a vanté leur potentiel.", ["source officielle nord-coréenne"]),
    ("Le président ukrainien a qualifié cette coopération de « première étape ».", ["président ukrainien"]),
    ("La Russie affirme que la Corée du Nord en a le droit.", ["Russie"]),
    ("Elle s'est confiée dans une interview à la BBC.", ["BBC"]),
    ("Le maire, interrogé sur RTL, a dit que tout allait bien.", ["maire"]),
    ("BERLIN (AFP) - La chancelière se retire.", ["AFP"]),
    ("Le Kremlin n'a pas confirmé que la visite aurait lieu, tandis que Kiev assure qu'elle a eu lieu.", ["Kiev"]),
    # No credits.
    ("Photo archives : AFP/KCNA via KNS", []),
    ("Crédit photo : publiée par Reuters", []),
    ("Lors d'un essai supervisé par le dirigeant nord-coréen, l'engin a volé.", []),
    ("Signé entre les deux pays, le traité est conçu par des juristes.", []),
    ("Une aide qui pourrait s'intensifier selon l’évolution des combats.", []),
    ("Selon lui, c'est une erreur.", []),
    ("Les prix varient selon les cas et selon que l'on réserve ou non.", []),
    ("Le thème selon lequel tout va bien revient.", []),
    ("La France d'après-guerre était pauvre.", []),
    ("C'est une erreur, a-t-il ajouté.", []),
    ("Il a dit que c'était une erreur.", []),
    ("Le pays a déclaré la guerre à son voisin.", []),
    ("La Russie annonce un plan de relance.", []),
    ("L'annonce du ministère a surpris.", []),
    ("À l'usine d'Alabuga, environ 25 000 ouvriers nord-coréens travaillent.", []),
    ("La fête est organisée par la mairie.", []),
    ("Ce tableau illustre l'ampleur de l'engagement.", []),
    # Difficult cases.
    (
        "Le ministère de la Défense a confirmé à Reuters que l'avion s'était écrasé.",
        ["ministère de la Défense", "Reuters"],
    ),
    (
        "D'après le New York Times, qui cite des responsables américains, l'avion est tombé.",
        ["New York Times", "responsables américains"],
    ),
    ("L'avion s'est écrasé, a annoncé dans un communiqué la compagnie Air France.", ["Air France"]),
    ("L'avion s'est écrasé, ont indiqué mercredi les autorités locales.", ["autorités locales"]),
    ("Interrogé par l'AFP, le préfet a assuré que tout était sous contrôle.", ["préfet"]),
    ("Le Monde et Mediapart révèlent que le ministre a menti.", ["Le Monde", "Mediapart"]),
    ("Une enquête du Guardian révèle que le ministre a menti.", ["Guardian"]),
    ("L'information n'a pas été confirmée par Moscou.", []),
    ("Le PDG d'Airbus Guillaume Faury estime que la demande restera forte.", ["Guillaume Faury"]),
    ("Dans un entretien au Figaro, elle juge la situation grave.", ["Figaro"]),
    ("À en croire plusieurs médias sud-coréens, dont Yonhap, il serait malade.", ["Yonhap"]),
    ("Le Quai d'Orsay a fait savoir que l'ambassadeur était rentré.", ["Quai d'Orsay"]),
    ("L'Ukraine a perdu 500 000 hommes, selon des estimations américaines.", ["estimations américaines"]),
    ("Le texte a été adopté par l'Assemblée nationale.", []),
    ("« Une honte ! », s'est exclamé Jean-Luc Mélenchon.", ["Jean-Luc Mélenchon"]),
    ("Ni Moscou ni Kiev n'ont confirmé que l'échange avait eu lieu.", []),
    ("Le journal Le Monde, dans son édition de mardi, écrit que la dette augmente.", ["Le Monde"]),
    ("L'homme, a précisé le procureur de Paris François Molins, était connu.", ["François Molins"]),
    ("Le maire a démissionné, affirmant que tout était fini.", ["maire"]),
    ("« Non », répond le boulanger.", ["boulanger"]),
    ("Selon toute vraisemblance, il viendra.", []),
]

ENGLISH = [
    ("According to Reuters and the BBC, the deal is off.", ["Reuters", "BBC"]),
    ("The deal is off, according to Reuters.", ["Reuters"]),
    ("According to the Yonhap news agency, 3,000 soldiers left.", ["Yonhap"]),
    ("According to South Korea's Yonhap news agency, 3,000 soldiers left.", ["Yonhap"]),
    ("According to South Korea's spy agency, 3,000 soldiers left.", ["South Korea's spy agency"]),
    ("According to the World Health Organization (WHO), cases fell.", ["WHO"]),
    ("According to a report by the United Nations, hunger fell.", ["United Nations"]),
    ("According to a new study, hunger fell.", ["new study"]),
    ("According to a Reuters report, Ripple is hiring.", ["Reuters"]),
    ("According to data from Johns Hopkins University, cases fell.", ["Johns Hopkins University"]),
    ("The plant will close, US officials said.", ["US officials"]),
    ("The plant will close, the Wall Street Journal reported on Monday.", ["Wall Street Journal"]),
    ("As first reported by Axios, the plant will close.", ["Axios"]),
    (
        "Apple is building a car, Bloomberg reported, citing two people familiar with the matter.",
        ["Bloomberg", "people familiar with the matter"],
    ),
    ("The news was reported by NHK and confirmed by RBC-Ukraine.", ["NHK", "RBC-Ukraine"]),
    ("The death toll was confirmed on Monday by Russian authorities.", ["Russian authorities"]),
    ("Russian Foreign Minister Sergei Lavrov said talks would go on.", ["Sergei Lavrov"]),
    ("U.S. Secretary of State Antony Blinken said talks would go on.", ["Antony Blinken"]),
    ("Sergei Lavrov, the Russian foreign minister, said talks would go on.", ["Sergei Lavrov"]),
    ("The Russian foreign minister, Sergei Lavrov, said talks would go on.", ["Sergei Lavrov"]),
    ('"It\'s over," said John Smith, who runs the plant.', ["John Smith"]),
    ("“It’s over,” Mr. Smith said.", ["Smith"]),
    ("“It’s over,” Smith told Reuters.", ["Reuters", "Smith"]),
    ("It is over, he told Reuters.", ["Reuters"]),
    ("In an interview with the Financial Times, she ruled it out.", ["Financial Times"]),
    ("A spokesman for BankAmerica said the bank was sound.", ["BankAmerica"]),
    ("A BankAmerica spokesman said the bank was sound.", ["BankAmerica"]),
    ("Kremlin spokesman Dmitry Peskov said nothing was decided.", ["Dmitry Peskov"]),
    ("Banking analysts said that the offer was fair.", ["Banking analysts"]),
    ("But some analysts said they recommended a delay.", ["analysts"]),
    ("On Monday the company said it would close.", ["company"]),
    ("Officials at the ministry said the order was signed.", ["Officials at the ministry"]),
    ("The ministry confirmed that twelve people had died.", ["ministry"]),
    ("The ministry confirmed twelve people had died.", ["ministry"]),
    ("The ministry confirmed the order.", []),
    ("France and Germany said the deal would hold.", ["France", "Germany"]),
    (
        "Bankers and sources close to the delegation said the talks failed.",
        ["Bankers", "sources close to the delegation"],
    ),
    ('The newspaper "Izvestia" said the plant was closed.', ["Izvestia"]),
    ("Germany's Der Spiegel reported that the plant was closed.", ["Der Spiegel"]),
    ("Moody's said it would cut the rating.", ["Moody's"]),
    ("MOSCOW (Reuters) - Russia said on Friday that it would act.", ["Reuters", "Russia"]),
    ('"We\'ll see," the president has also said.', ["president"]),
    ("A study published by the BMJ found that coffee is harmless.", ["BMJ"]),
    ("Smith, 45, said the plant would close.", ["Smith"]),
    ("Jim Jones (R-Ohio) said the plant would close.", ["Jim Jones"]),
    ("Investors fear a crash, the bank warned in a note.", ["bank"]),
    ("For many economists, the cut came too late.", ["economists"]),
    # No credits.
    ("Photo: Reuters", []),
    ("(Getty Images)", []),
    ("Image credit: AFP, published by the BBC", []),
    ("It went according to plan.", []),
    ("Prices differ according to size and according to the season.", []),
    ("It costs $5 per person and 2 percent per year.", []),
    ("He resigned, citing health reasons.", []),
    ("The state will declare war on its neighbour.", []),
    ("He said it was over.", []),
    ("It is said to be over.", []),
    ("The company is expected to say on Monday that it will close.", []),
    ("The ministry did not say when the plant would close.", []),
    ("The company's statement was short.", []),
    ("A novel published by Penguin won the prize.", []),
    ("The plant was designed by Foster and built by Bechtel.", []),
    ("What does President Trump think of that?", []),
    ("The value-added tax on the report is not expected to rise.", []),
    # Difficult cases.
    ("The plane crashed, the New York Times reported, citing U.S. officials.", ["New York Times", "U.S. officials"]),
    ("Japanese public broadcaster NHK says Russia may take in 25,000 workers.", ["NHK"]),
    ("State news agency KCNA said on Friday Kim had supervised the test.", ["KCNA"]),
    ("The attack killed 12 people, police and hospital officials said Monday.", ["police", "hospital officials"]),
    ("Neither Moscow nor Kyiv has confirmed that the swap took place.", []),
    (
        "Ukrainian President Volodymyr Zelenskyy and his chief of staff, Andriy Yermak, said it was ready.",
        ["Volodymyr Zelenskyy", "Andriy Yermak"],
    ),
    ("The Kremlin, which has long denied involvement, said the report was false.", ["Kremlin"]),
    ("Prices will rise, Goldman Sachs analysts wrote in a note on Tuesday.", ["Goldman Sachs analysts"]),
    ("The minister resigned, saying he was tired.", ["minister"]),
    ("The minister left the room and said that it was over.", ["minister"]),
    ("The Centers for Disease Control and Prevention said masks work.", ["Centers for Disease Control and Prevention"]),
    ("The Food and Drug Administration said masks work.", ["Food and Drug Administration"]),
    ("Johnson & Johnson said it would appeal.", ["Johnson & Johnson"]),
    ("Apple Inc. said on Tuesday it would cut 100 jobs.", ["Apple Inc"]),
    ("Tiller Plc <TILL.L> said the year had begun well.", ["Tiller Plc"]),
    (
        "Northern Bank Plc <NORB.L> and Lowland Bank Plc <LOWB.L> said they cut rates.",
        ["Northern Bank Plc", "Lowland Bank Plc"],
    ),
    ("Neil Nichols was quoted as saying it is over.", ["Neil Nichols"]),
    ("He was answering remarks by local economists who said the accord was bad.", ["local economists"]),
    ("David Portalatin, NPD's food adviser, who noted that people eat at home, is happy.", ["David Portalatin"]),
    ("EURACTIV Germany reports.", ["EURACTIV Germany"]),
    ("Police have found a body believed to be that of Petr Mandik.", []),
    ("The series, which tells the story of a generation, is over.", []),
    ("Officers responded to a racing incident.", []),
    ("The company reported a profit of $5 million.", []),
    ("He was told by doctors that he was fine.", []),
    ("The report was written by John Smith.", []),
    ('The judge cited the state\'s "sordid history".', []),
]

GERMAN = [
    ("Laut dpa wurden zehn Menschen verletzt.", ["dpa"]),
    ("Laut Bundesregierung sinken die Preise.", ["Bundesregierung"]),
    ("Wie der Spiegel berichtet, tritt der Minister zurück.", ["Spiegel"]),
    ("Das berichtete die dpa am Montag.", ["dpa"]),
    ("Die Polizei teilte mit, dass niemand verletzt wurde.", ["Polizei"]),
    ("Das teilte das Auswärtige Amt mit.", ["Auswärtige Amt"]),
    ("Nach Angaben der Polizei starben drei Menschen.", ["Polizei"]),
    ("Medienberichten zufolge ist er tot.", ["Medienberichten"]),
    ("Einem Bericht der Bild-Zeitung zufolge kommt er.", ["Bild-Zeitung"]),
    ('"Das ist gut", sagte Bundeskanzlerin Angela Merkel am Dienstag.', ["Angela Merkel"]),
    ("Gesundheitsminister Jens Spahn (CDU) hat am Montag mitgeteilt, dass die Schulen schließen.", ["Jens Spahn"]),
    ("Die Entscheidung wurde von der Staatsanwaltschaft bestätigt.", ["Staatsanwaltschaft"]),
    ("Der Sprecher der Polizei sagte, man ermittle.", ["Polizei"]),
    ("Er sagte der dpa, er sei müde.", ["dpa"]),
    ("Die „Bild“-Zeitung berichtete, dass er geht.", ["Bild"]),
    ("Wie Reuters unter Berufung auf zwei Insider meldet, plant VW den Verkauf.", ["Reuters", "Insider"]),
    ("Die Lage sei ernst, so Merkel.", ["Merkel"]),
    ("Foto: dpa", []),
    ("Die Kinder hören laut Musik.", []),
    ("Laut Vertrag endet die Frist heute.", []),
    ("Er sagte, er sei müde.", []),
    ("Wie Staatsminister Peter Lund am Montag dem Radiosender XYZ sagte, ist er krank.", ["Peter Lund"]),
    (
        '"Nein", sagte Ufo-Sprecher Anton Berger der Deutschen Presse-Agentur.',
        ["Anton Berger", "Deutsche Presse-Agentur"],
    ),
    ("Eine Prognose gibt Sony nicht ab.", []),
]

SPANISH = [
    ("Según El País, el gobierno caerá.", ["El País"]),
    ("El ministro dijo que no habrá cambios.", ["ministro"]),
    ("«No habrá cambios», dijo el ministro de Sanidad, Salvador Illa.", ["Salvador Illa"]),
    ("Informó EFE que el barco se hundió.", ["EFE"]),
    ("El barco se hundió, informó EFE.", ["EFE"]),
    ("El barco se hundió, según informó la agencia Reuters.", ["Reuters"]),
    ("La noticia fue confirmada por la policía.", ["policía"]),
    ("De acuerdo con un comunicado de la OMS, hay 200 casos.", ["OMS"]),
    ("Así lo aseguró el presidente Alberto Fernández.", ["Alberto Fernández"]),
    ("Fuentes policiales informaron que hubo tres detenidos.", ["Fuentes policiales"]),
    ("El portavoz del Gobierno, José Pérez, explicó que subirán los precios.", ["José Pérez"]),
    ("En una entrevista con la cadena SER, Sánchez negó los hechos.", ["SER", "Sánchez"]),
    ("Un estudio publicado por la revista Nature revela el dato.", ["Nature"]),
    ("Según la ley, es obligatorio.", []),
    ("El presidente anunció un plan.", []),
    ("Foto: EFE", []),
    ("Según los casos, se aplica o no.", []),
    ("«Pedimos ayuda», dijo el regidor de este pueblo.", ["regidor de este pueblo"]),
    ("El Ministro de Relaciones Exteriores, Felipe Solá, dijo que no.", ["Felipe Solá"]),
    ("Todo apunta a que será difícil.", []),
]

RUSSIAN = [
    ("По данным ТАСС, погибли трое.", ["ТАСС"]),
    ("Как сообщает РИА Новости, самолет сел.", ["РИА Новости"]),
    ("Об этом сообщил министр обороны Сергей Шойгу.", ["Сергей Шойгу"]),
    ("Об этом сообщил министр обороны России Сергей Шойгу.", ["Сергей Шойгу"]),
    ("Министр иностранных дел Сергей Лавров заявил, что переговоры идут.", ["Сергей Лавров"]),
    ("По словам представителя Кремля Дмитрия Пескова, встречи не будет.", ["Дмитрий Песков"]),
    ("Об этом сообщает Reuters со ссылкой на источники.", ["Reuters", "источники"]),
    ("В МИД сообщили, что вопрос решён.", ["МИД"]),
    ("«Мы готовы», — сказал Песков.", ["Песков"]),
    ("Газета «Известия» пишет, что завод закрыт.", ["Известия"]),
    ("Информация опубликована агентством Bloomberg.", ["Bloomberg"]),
    ("По мнению экспертов, цены вырастут.", ["эксперты"]),
    ("Фото: ТАСС", []),
    ("Согласно плану, работы начнутся.", []),
    ("Он сказал, что устал.", []),
    ("По словам главы МВД, задержаны двое.", ["глава МВД"]),
    ("Согласно закону, это запрещено.", []),
]

UKRAINIAN = [
    ("За даними Укрінформу, загинули троє.", ["Укрінформ"]),
    ("Як повідомляє Укрінформ, потяг рушив.", ["Укрінформ"]),
    ("Про це повідомив міністр оборони Олексій Резніков.", ["Олексій Резніков"]),
    ("Президент Володимир Зеленський заявив, що переговори тривають.", ["Володимир Зеленський"]),
    ("За словами речника МЗС Олега Ніколенка, зустрічі не буде.", ["Олег Ніколенко"]),
    ("Про це пише The New York Times із посиланням на джерела.", ["The New York Times", "джерела"]),
    ("У Генштабі повідомили про обстріл.", ["Генштаб"]),
    ("«Ми готові», – сказав Зеленський.", ["Зеленський"]),
    ("Інформацію підтвердили в СБУ.", ["СБУ"]),
    ("На думку експертів, ціни зростуть.", ["експерти"]),
    ("Фото: УНІАН", []),
    ("Згідно з планом, роботи почнуться.", []),
    ("Він сказав, що втомився.", []),
    ("Згідно із законом, це заборонено.", []),
    ("Міноборони заявило, що атаку відбито.", ["Міноборони"]),
]


# Language, text, and the clause of each credited source.
CLAUSES = [
    (
        "fr",
        "Selon NHK, l'usine est à Alabuga ; Kiev assure qu'elle est vide.",
        {
            "NHK": "Selon NHK, l'usine est à Alabuga",
            "Kiev": "Kiev assure qu'elle est vide.",
        },
    ),
    (
        "fr",
        "Kim Jong-un a parlé d'un devoir, tandis que Vladimir Poutine a estimé que tout allait bien.",
        {
            "Vladimir Poutine": "tandis que Vladimir Poutine a estimé que tout allait bien.",
        },
    ),
    (
        "fr",
        "Le maire affirme que tout va bien et le préfet assure que rien ne va.",
        {
            "maire": "Le maire affirme que tout va bien",
            "préfet": "et le préfet assure que rien ne va.",
        },
    ),
    (
        "fr",
        "Le Monde et Mediapart révèlent que le ministre a menti.",
        {
            "Le Monde": "Le Monde et Mediapart révèlent que le ministre a menti.",
            "Mediapart": "Le Monde et Mediapart révèlent que le ministre a menti.",
        },
    ),
    (
        "fr",
        "« Le danger est réel, selon l'OMS », a dit Macron.",
        {
            "OMS": "« Le danger est réel, selon l'OMS »",
            "Macron": "« Le danger est réel, selon l'OMS », a dit Macron.",
        },
    ),
    (
        "fr",
        "La ville, prise en mai selon l'armée, est vide, mais les drones restent.",
        {
            "armée": "La ville, prise en mai selon l'armée, est vide",
        },
    ),
    (
        "en",
        "Reuters said the plant was closed, but the BBC said it was open.",
        {
            "Reuters": "Reuters said the plant was closed",
            "BBC": "but the BBC said it was open.",
        },
    ),
    (
        "en",
        "Citing the Reuters report, the BBC said the minister had resigned.",
        {
            "Reuters": "Citing the Reuters report, the BBC said the minister had resigned.",
            "BBC": "Citing the Reuters report, the BBC said the minister had resigned.",
        },
    ),
    (
        "en",
        '"The end is near; the plant is closed," Smith said.',
        {
            "Smith": '"The end is near; the plant is closed," Smith said.',
        },
    ),
    ("de", "Laut dpa brennt es; die Polizei bestätigte das nicht.", {"dpa": "Laut dpa brennt es"}),
    ("fr", "Le maire a dit : « Oui ; non. »", {"maire": "Le maire a dit : « Oui ; non. »"}),
]

# Credited sources of the sample articles, in order, by the number of the file.
SEED_SOURCES = {
    "000": ["NHK", "RBC-Ukraine", "autorités ukrainiennes"],
    "001": ["NHK", "RBC-Ukraine"],
    "002": [
        "sources proches des autorités sud-coréennes",
        "source proche des forces sud-coréennes",
        "expert en géopolitique",
        "source officielle nord-coréenne",
        "observateurs",
        "Pyongyang",
        "spécialiste des questions nord-coréennes",
    ],
    "003": [
        "Belousov",
        "autorités russes",
        "Sergueï Lavrov",
        "Lavrov",
        "Russie",
        "sources militaires",
        "Kim Jong-un",
        "Vladimir Poutine",
    ],
    "004": ["NIS", "Keir Starmer", "président ukrainien", "Keir Starmer", "président ukrainien"],
}


def credits_in(text: str, language: str, sentences: list[Span] | None = None) -> list[Credit]:
    return attribution.find_credits(text, sentences or [Span(0, len(text))], language)


def cases(language: str, table: list[tuple[str, list[str]]]) -> list[object]:
    return [pytest.param(language, text, expected, id=f"{language}-{text[:40]}") for text, expected in table]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        *cases("fr", FRENCH),
        *cases("en", ENGLISH),
        *cases("de", GERMAN),
        *cases("es", SPANISH),
        *cases("ru", RUSSIAN),
        *cases("uk", UKRAINIAN),
    ],
)
def test_finds_sources(language: str, text: str, expected: list[str]) -> None:
    assert sorted(credit.source for credit in credits_in(text, language)) == sorted(expected)
    # Forms of apostrophes and accents and line breaks make no difference.
    assert len(credits_in(text.replace("'", "’"), language)) == len(expected)
    assert len(credits_in(unicodedata.normalize("NFD", text), language)) == len(expected)
    assert [credit.source for credit in credits_in(text.replace(" ", "\n"), language)] == [
        credit.source for credit in credits_in(text, language)
    ]


@pytest.mark.parametrize(("language", "text", "expected"), CLAUSES)
def test_credits_have_their_clause(language: str, text: str, expected: dict[str, str]) -> None:
    clauses = {credit.source: text[slice(*credit.clause)] for credit in credits_in(text, language)}
    assert clauses == expected


@pytest.mark.parametrize("name", sorted(SEED_SOURCES))
def test_credits_of_sample_articles(name: str) -> None:
    (path,) = SEEDS.glob(f"{name}_*")
    text = path.read_bytes().decode()
    credits_ = credits_in(text, "fr", split(text, "fr"))
    assert [credit.source for credit in credits_] == SEED_SOURCES[name]
    assert not any("Photo" in text[slice(*credit.clause)] for credit in credits_)


def test_offsets_of_credits() -> None:
    text = "D'après des informations du média\njaponais NHK, l'agence de presse\nKyodo News a menti."
    (credit,) = credits_in(text, "fr")
    assert (credit.source, text[credit.start : credit.end], credit.clause) == ("NHK", "NHK", Span(0, len(text)))
    wrapped = "The plant will close, the Wall\n  Street Journal reported."
    (credit,) = credits_in(wrapped, "en")
    assert credit.source == "Wall Street Journal"
    assert wrapped[credit.start : credit.end] == "Wall\n  Street Journal"


def test_signature_credits_the_quotation_before() -> None:
    text = "« Cette alliance compte. »\n– Un expert en géopolitique\nLa suite."
    first, second = Span(0, 26), Span(27, 54)
    (credit,) = credits_in(text, "fr", [first, second, Span(55, 64)])
    assert (credit.source, credit.clause) == ("expert en géopolitique", first)
    assert credits_in(text, "fr", [second]) == []


def test_language_without_cues_has_no_credits() -> None:
    assert credits_in("Selon NHK, oui.", "und") == credits_in("Selon NHK, oui.", "pl") == []
