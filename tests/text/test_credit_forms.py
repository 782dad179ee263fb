"""Credits of the forms in which agencies, newspapers and press offices name their sources, for each language."""
# ruff: noqa: RUF001, E501 - characters that look alike, and whole sentences, are the point

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dedup

ENGLISH = [
    ("With files from The Canadian Press.", ["Canadian Press"]),
    ("The merger was first reported by Bloomberg News.", ["Bloomberg News"]),
    ("Source: Office for National Statistics", ["Office for National Statistics"]),
    ("Source: TASS", ["TASS"]),
    ("GENEVA (AP) — A glacier collapsed above a village on Tuesday.", ["AP"]),
    ("LONDON, June 4 (Reuters) - The pound fell on Tuesday.", ["Reuters"]),
    ("The Office for National Statistics said prices rose 3%.", ["Office for National Statistics"]),
    ("Additional reporting by Kyodo News and the Press Association.", ["Kyodo News", "Press Association"]),
    ("Ursula von der Leyen said the bloc would act.", ["Ursula von der Leyen"]),
    ("UN Secretary-General António Guterres warned that time was short.", ["António Guterres"]),
    ('"We lost everything," Maria Lopes, a shopkeeper, told AFP.', ["Maria Lopes", "AFP"]),
    ("The Teachers' Association of Kerala said 40 schools had shut.", ["Teachers' Association of Kerala"]),
    ("In a statement, Doctors Without Borders condemned the strike.", ["Doctors Without Borders"]),
    ("Nobody said who had closed the gates.", []),
    ("The mine is believed to have shut in March.", []),
    ("Photograph: Anna Gordon/The Guardian", []),
    ("The paper was owned by Reuters for ten years.", []),
    (
        "The Kyiv Independent, citing unnamed officials, reported that the bridge was closed.",
        ["The Kyiv Independent", "unnamed officials"],
    ),
    ("Police in Lagos said 12 people were held.", ["Police in Lagos"]),
    (
        "The Organization for Security and Co-operation in Europe said the vote was fair.",
        ["Organization for Security and Co-operation in Europe"],
    ),
    ("It was unclear who fired first, the OSCE said in a report.", ["OSCE"]),
    ("A spokeswoman for the Red Cross said 30 people were missing.", ["Red Cross"]),
    ("Documents obtained by Der Spiegel show that the firm knew.", ["Der Spiegel"]),
    ("The minister talked about her childhood.", []),
    ("Sources told the Financial Times that the deal was dead.", ["Sources", "Financial Times"]),
    ("Emails reviewed by The New York Times show the bank knew.", ["The New York Times"]),
    ("The news was earlier reported by Politico.", ["Politico"]),
    ("Men and women said they were afraid.", ["Men", "women"]),
    (
        "The World Health Organization's Tedros Adhanom Ghebreyesus said the outbreak was over.",
        ["Tedros Adhanom Ghebreyesus"],
    ),
    ('"It is a scandal," the union\'s leader, Frank Weber, said.', ["Frank Weber"]),
    ("Amnesty International accused the army of torture.", ["Amnesty International"]),
    ("The bank denied it had broken the rules.", ["bank"]),
    ("KYIV, Ukraine (AP) — Drones hit a depot overnight, officials said.", ["AP", "officials"]),
    ("The National Weather Service warned that the river would rise.", ["National Weather Service"]),
    ("The outlet Semafor first reported the talks.", ["Semafor"]),
    ('"We are ready," Finance Minister Aso Taro told parliament.', ["Aso Taro"]),
    ("According to a survey by the Pew Research Center, trust has fallen.", ["Pew Research Center"]),
    ("The University of Oxford published the results in March.", []),
    ("Smith worked for Reuters before joining the BBC.", []),
    ("The firm, according to people familiar with the matter, will cut jobs.", ["people familiar with the matter"]),
    ("Deutsche Welle reported on Monday that the pipeline had burst.", ["Deutsche Welle"]),
    ("The senator did not respond to a request for comment.", []),
    ("A report in the Daily Telegraph said the plan was dropped.", ["Daily Telegraph"]),
    ("Xinhua quoted a local official as saying that 9 people had died.", ["Xinhua", "local official"]),
    ("Asked about the deal, Lagarde said it was fair.", ["Lagarde"]),
    ("It is not known how many people were on the bus.", []),
    (
        "The International Committee of the Red Cross said 14 workers had died.",
        ["International Committee of the Red Cross"],
    ),
    ("The ship is said to have left on Friday.", []),
    ("The lawyer, speaking on condition of anonymity, said the case was weak.", ["lawyer"]),
    ("Image: Getty", []),
    ("He reads The Guardian every morning.", []),
    ("The Mayor of London, Sadiq Khan, announced a new tax.", ["Sadiq Khan"]),
]

FRENCH = [
    ("(avec AFP)", ["AFP"]),
    ("Avec AFP et Reuters.", ["AFP", "Reuters"]),
    ("Trois suspects ont été arrêtés, a appris l'AFP auprès du parquet.", ["AFP"]),
    ("Trois suspects ont été arrêtés, a-t-on appris de source judiciaire.", ["source judiciaire"]),
    ("PARIS (Reuters) - Le chômage a reculé en juin.", ["Reuters"]),
    ("Source : Insee", ["Insee"]),
    ("Comme l'indique le quotidien L'Équipe, le joueur est blessé.", ["L'Équipe"]),
    ("Ursula von der Leyen a estimé que l'Europe devait agir.", ["Ursula von der Leyen"]),
    ("La présidente de la Commission européenne, Ursula von der Leyen, a promis une aide.", ["Ursula von der Leyen"]),
    ("Selon nos confrères de Sud Ouest, l'usine fermera.", ["Sud Ouest"]),
    ("Le Figaro a révélé l'affaire en mars.", ["Le Figaro"]),
    ("Dans un entretien à Libération, la ministre promet une loi.", ["Libération"]),
    ("Human Rights Watch accuse l'armée d'avoir tiré sur la foule.", ["Human Rights Watch"]),
    ("Le syndicat FO dénonce un plan social.", ["FO"]),
    ("Des femmes, des hommes disent leur colère.", []),
    ("Le groupe Bolloré a racheté le Journal du dimanche.", []),
    ("Il travaille au Monde depuis dix ans.", []),
    ("« Tout va bien », a assuré à Reuters la directrice de l'hôpital, Jeanne Moulin.", ["Reuters", "Jeanne Moulin"]),
    ("C'est ce que rapporte Le Parisien.", ["Le Parisien"]),
    ("De source policière, on parle de 12 blessés.", ["source policière"]),
    ("Les prix ont baissé de 2 %, indique l'Insee.", ["Insee"]),
    ("Le projet aurait été abandonné, croit savoir Les Échos.", ["Les Échos"]),
    ("Le porte-parole de l'armée, le colonel Jean Faure, a démenti l'attaque.", ["Jean Faure"]),
    ("« Nous attendons », confie Paul Rey, boulanger à Nice.", ["Paul Rey"]),
    ("LYON, 3 mars (AFP) - Le tunnel a rouvert.", ["AFP"]),
    ("Le Canard enchaîné révèle que le préfet savait.", ["Canard enchaîné"]),
    ("C'est ce qu'ont révélé nos confrères du Monde.", ["Monde"]),
    ("La Banque centrale européenne a annoncé que les taux resteraient stables.", ["Banque centrale européenne"]),
    ("Selon l'Organisation mondiale de la santé, le virus recule.", ["Organisation mondiale de la santé"]),
    ("Il lit Le Monde tous les matins.", []),
    ("On ignore combien de personnes étaient à bord.", []),
    ("Le député Éric Coquerel a réclamé une enquête.", ["Éric Coquerel"]),
    ("Contactée, la mairie n'a pas répondu.", []),
    ("Crédit photo : Reuters", []),
    ("Reporters sans frontières s'inquiète du sort des journalistes.", ["Reporters sans frontières"]),
    ("Le pont serait fermé, d'après nos informations.", []),
    ("Le quotidien Die Welt écrit que le chancelier hésite.", ["Die Welt"]),
]

GERMAN = [
    ("(dpa)", ["dpa"]),
    ("Quelle: Statistisches Bundesamt", ["Statistisches Bundesamt"]),
    ("Mit Agenturmaterial von dpa.", ["dpa"]),
    ("Wie Reuters aus Kreisen erfuhr, plant der Konzern einen Verkauf.", ["Reuters"]),
    ("Nach Angaben von Greenpeace liegen 40 Tonnen im Meer.", ["Greenpeace"]),
    ("Nach Angaben der Feuerwehr wurden zwei Häuser zerstört.", ["Feuerwehr"]),
    ("Nach Informationen der Bild-Zeitung tritt der Trainer zurück.", ["Bild-Zeitung"]),
    ("EU-Kommissionspräsidentin Ursula von der Leyen sagte, man werde handeln.", ["Ursula von der Leyen"]),
    ("Der Deutsche Wetterdienst warnte vor Sturm.", ["Deutsche Wetterdienst"]),
    ("Zuerst berichtete das Handelsblatt.", ["Handelsblatt"]),
    ("Zuvor hatte der Spiegel über den Fall berichtet.", ["Spiegel"]),
    ("Das geht aus einem Bericht des NDR hervor.", ["NDR"]),
    ("Der Chef der Gewerkschaft, Frank Werneke, kündigte Streiks an.", ["Frank Werneke"]),
    ("Niemand sagte, wie lange der Ausfall dauern werde.", []),
    ("Die Parteien streiten über den Haushalt.", []),
    ("Die Fabrik soll im März geschlossen haben.", []),
    ("Das Unternehmen gehört der Zeit-Gruppe.", []),
    ("„Es war laut“, erzählt Anwohnerin Petra Kühn.", ["Petra Kühn"]),
    ("Laut einem Bericht der Washington Post weiß die Regierung davon.", ["Washington Post"]),
    (
        "Das Innenministerium bestätigte der Deutschen Presse-Agentur den Vorfall.",
        ["Innenministerium", "Deutsche Presse-Agentur"],
    ),
    (
        "Unter Berufung auf Ermittler berichtet die Süddeutsche Zeitung, dass Geld floss.",
        ["Ermittler", "Süddeutsche Zeitung"],
    ),
    ("Wie das Robert Koch-Institut mitteilte, sinken die Zahlen.", ["Robert Koch-Institut"]),
    ("Bundeskanzler Olaf Scholz kündigte ein Gesetz an.", ["Olaf Scholz"]),
    ("Nach Angaben des Innenministeriums kamen 200 Menschen.", ["Innenministerium"]),
    ("PARIS (AFP). Der Streik geht weiter.", ["AFP"]),
    ("„Wir warten“, so Bürgermeisterin Eva Lohr.", ["Eva Lohr"]),
    ("Das berichtet der „Spiegel“.", ["Spiegel"]),
    (
        "Wie die „Süddeutsche Zeitung“ unter Berufung auf Behörden schreibt, fehlen Akten.",
        ["Süddeutsche Zeitung", "Behörden"],
    ),
    ("Der Vorstandschef der Bahn, Richard Lutz, räumte Fehler ein.", ["Richard Lutz"]),
    ("Er arbeitete jahrelang für die dpa.", []),
    ("Wie viele Menschen an Bord waren, ist unklar.", []),
    ("Der Zug soll entgleist sein.", []),
    ("Nach Recherchen von NDR und WDR flossen Millionen.", ["NDR", "WDR"]),
    ("Ein Sprecher des Auswärtigen Amts sagte, man prüfe den Fall.", ["Auswärtige Amt"]),
    ("Dies bestätigte die Polizei dem Sender RTL.", ["Polizei", "RTL"]),
    ("Bild: Getty", []),
    ("Die Zeitung gehört Axel Springer.", []),
    ("Der Papst sprach vom Frieden.", []),
    ("Laut Angaben der Vereinten Nationen hungern Millionen.", ["Vereinte Nationen"]),
    ("Einer Sprecherin zufolge ist die Lage ruhig.", ["Sprecherin"]),
]

SPANISH = [
    ("(Con información de EFE y Reuters)", ["EFE", "Reuters"]),
    ("MADRID (EFE).- El paro bajó en junio.", ["EFE"]),
    ("Madrid, 4 jun (EFE).- El paro bajó en junio.", ["EFE"]),
    ("Fuente: Ministerio de Salud", ["Ministerio de Salud"]),
    ("Según ha podido saber El Confidencial, la empresa cerrará.", ["El Confidencial"]),
    ("Según pudo saber La Vanguardia, el acuerdo está listo.", ["La Vanguardia"]),
    ("La presidenta de la Comisión Europea, Ursula von der Leyen, prometió ayuda.", ["Ursula von der Leyen"]),
    ("Médicos Sin Fronteras alertó de un brote de cólera.", ["Médicos Sin Fronteras"]),
    ("La exclusiva fue adelantada por el diario El Mundo.", ["El Mundo"]),
    ("«Fue un milagro», contó a la BBC el pescador Juan Ríos.", ["BBC", "Juan Ríos"]),
    ("El secretario general de la ONU, António Guterres, pidió calma.", ["António Guterres"]),
    ("El informe de Human Rights Watch denuncia torturas.", ["Human Rights Watch"]),
    ("La ministra habló de su infancia en Cádiz.", []),
    ("El grupo Prisa vendió la Cadena Ser.", []),
    ("Nadie explicó por qué cerró la fábrica.", []),
    ("Un documento al que ha tenido acceso elDiario.es prueba el pago.", ["elDiario.es"]),
    ("De acuerdo con el INE, los precios subieron un 3 %.", ["INE"]),
    ("Fuentes del Gobierno confirmaron la cita.", ["Fuentes del Gobierno"]),
    ("El portavoz del Kremlin, Dmitri Peskov, negó el ataque.", ["Dmitri Peskov"]),
    ("BUENOS AIRES (Reuters) - El peso cayó el lunes.", ["Reuters"]),
    ("«Estamos listos», afirmó la ministra de Defensa, Margarita Robles.", ["Margarita Robles"]),
    ("El País adelantó que el juez dimitirá.", ["El País"]),
    ("Así lo publicó el diario Clarín.", ["Clarín"]),
    ("La Organización Mundial de la Salud confirmó 30 casos.", ["Organización Mundial de la Salud"]),
    ("Según datos del Instituto Nacional de Estadística, el paro bajó.", ["Instituto Nacional de Estadística"]),
    ("Ana Ruiz trabaja en la agencia EFE.", []),
    ("No se sabe cuántas personas iban a bordo.", []),
    ("El barco se habría hundido.", []),
    ("En declaraciones a Radio Nacional, Yolanda Díaz pidió una tregua.", ["Radio Nacional", "Yolanda Díaz"]),
    ("Human Rights Watch acusó al ejército de torturas.", ["Human Rights Watch"]),
    ("Imagen: Getty", []),
    ("De acuerdo con The Washington Post, el espía huyó.", ["The Washington Post"]),
    ("La empresa, propiedad de Televisa, despidió a 20 personas.", []),
    ("Tal como informó Télam, el paro sigue.", ["Télam"]),
    ("Fuente: INE", ["INE"]),
    ("«Fue horrible», relata Pedro Gil, vecino del barrio.", ["Pedro Gil"]),
]

RUSSIAN = [
    ("МОСКВА, 5 июня. /ТАСС/. Цены на хлеб выросли.", ["ТАСС"]),
    ("МОСКВА, 7 окт — РИА Новости. Цены выросли на 3%.", ["РИА Новости"]),
    ("Источник: Росстат", ["Росстат"]),
    ("Как стало известно «Коммерсанту», завод закроют.", ["Коммерсант"]),
    ("По данным агентства Bloomberg, сделка сорвалась.", ["Bloomberg"]),
    ("Как сообщила пресс-служба Минобороны, сбито 12 дронов.", ["Минобороны"]),
    ("Об этом говорится в сообщении Следственного комитета.", ["Следственный комитет"]),
    ("Об этом говорится в материале «Новой газеты».", ["Новая газета"]),
    ("По сообщению РИА Новости, мост открыт.", ["РИА Новости"]),
    ("По словам Марии Захаровой, ответ будет.", ["Мария Захарова"]),
    ("По мнению Владимира Зеленского, мир близок.", ["Владимир Зеленский"]),
    ("Президент Украины Владимир Зеленский заявил, что мир близок.", ["Владимир Зеленский"]),
    ("Газета «Ведомости» со ссылкой на Минфин пишет, что налоги вырастут.", ["Ведомости", "Минфин"]),
    ("Европейский центральный банк объявил о снижении ставки.", ["Европейский центральный банк"]),
    ("Никто не сказал, когда откроют мост.", []),
    ("Завод, говорят, закрыли.", []),
    ("Министр говорил о детстве в Казани.", []),
    ("Компания продала долю «Газпрому».", []),
    ("Рубль вырос, пишет «Российская газета».", ["Российская газета"]),
    ("«Было страшно», — рассказала «Медузе» жительница Херсона Анна Коваль.", ["Медуза", "Анна Коваль"]),
    ("Первой об этом написала газета «Известия».", ["Известия"]),
    (
        "Согласно данным Всемирной организации здравоохранения, вирус отступил.",
        ["Всемирная организация здравоохранения"],
    ),
    ("Как следует из отчета Счетной палаты, деньги потрачены.", ["Счетная палата"]),
    ("В беседе с ТАСС Сергей Рябков подтвердил дату встречи.", ["ТАСС", "Сергей Рябков"]),
    ("По информации Би-би-си, бюджет сокращен.", ["Би-би-си"]),
    ("По данным Центрального банка, инфляция упала.", ["Центральный банк"]),
    ("В Кремле заявили, что встречи не будет.", ["Кремль"]),
    ("Пожар потушен, рассказали в Росгвардии.", ["Росгвардия"]),
    ("Об этом ТАСС сообщили в пресс-службе МЧС.", ["ТАСС", "МЧС"]),
    ("Глава МИД Сергей Лавров заявил журналистам, что ответ готов.", ["Сергей Лавров"]),
    ("Издание «Фонтанка» со ссылкой на источники сообщило о взрыве.", ["Фонтанка", "источники"]),
    ("По оценке Международного валютного фонда, рост замедлится.", ["Международный валютный фонд"]),
    ("Как рассказал «Интерфаксу» адвокат Иван Павлов, суд отложен.", ["Интерфакс", "Иван Павлов"]),
    ("Неизвестно, сколько человек было на борту.", []),
    ("Он читает «Ведомости» каждое утро.", []),
    ("Снимок: РИА Новости", []),
    ("Поезд, по предварительным данным, сошел с рельсов.", []),
    ("Мэр Москвы Сергей Собянин сообщил об открытии станции.", ["Сергей Собянин"]),
    ("Всемирная организация здравоохранения объявила о конце эпидемии.", ["Всемирная организация здравоохранения"]),
    ("МИНСК, 3 мая — БелТА. Завод открыт.", ["БелТА"]),
    ("Компания принадлежит холдингу «РБК».", []),
    ("«Мы ждем», — говорит врач Елена Орлова.", ["Елена Орлова"]),
    ("По сообщению газеты «Известия», цены вырастут.", ["Известия"]),
    ("По словам Юлии Навальной, приговор ожидаем.", ["Юлия Навальная"]),
    ("Со слов Андрея Белоусова, план выполнен.", ["Андрей Белоусов"]),
    ("По информации МВД, задержаны двое.", ["МВД"]),
]

UKRAINIAN = [
    ("КИЇВ, 5 червня — Укрінформ. Ціни зросли.", ["Укрінформ"]),
    ("За словами Володимира Зеленського, мир близько.", ["Володимир Зеленський"]),
    ("Про це пише «Українська правда».", ["Українська правда"]),
    ("За інформацією Міністерства оборони, збито 14 дронів.", ["Міністерство оборони"]),
    ("За даними Національного банку, інфляція впала.", ["Національний банк"]),
    ("Як стало відомо «Бабелю», завод закриють.", ["Бабель"]),
    ("Першою про це повідомила «Європейська правда».", ["Європейська правда"]),
    ("У коментарі Суспільному мер Ігор Терехов сказав, що світло є.", ["Суспільне", "Ігор Терехов"]),
    ("Про це йдеться у звіті Служби безпеки України.", ["Служба безпеки України"]),
    ("Посилаючись на Reuters, видання «Бабель» пише, що угоду зірвано.", ["Reuters", "Бабель"]),
    ("За словами Ольги Стефанішиної, переговори тривають.", ["Ольга Стефанішина"]),
    ("На думку Олега Коваленка, ціни зростуть.", ["Олег Коваленко"]),
    ("«Було страшно», – розповіла Радіо Свобода Ганна Коваль.", ["Радіо Свобода", "Ганна Коваль"]),
    ("Фото: Сергій Чузавков / УНІАН", []),
    ("Як передає РБК-Україна, міст закрили.", ["РБК-Україна"]),
    ("Європейська комісія повідомила про виділення коштів.", ["Європейська комісія"]),
    ("Про це у фейсбуці повідомив голова ОВА Сергій Лисак.", ["Сергій Лисак"]),
    ("За повідомленням Державної служби статистики, ціни зросли.", ["Державна служба статистики"]),
    ("Він працював у «Дзеркалі тижня».", []),
    ("Місто, кажуть люди, змінилося.", []),
    ("За оцінкою Світового банку, втрати сягнули 9 млрд.", ["Світовий банк"]),
    ("За даними Мінфіну, борг зріс.", ["Мінфін"]),
    ("У Нацбанку заявили, що курс стабільний.", ["Нацбанк"]),
    ("Як зазначив експерт Іван Ус, ціни впадуть.", ["Іван Ус"]),
    ("Про це повідомляє Суспільне.", ["Суспільне"]),
    ("Як розповів «Бабелю» адвокат Іван Коваль, суд відкладено.", ["Бабель", "Іван Коваль"]),
    ("За даними Генштабу, знищено 12 танків.", ["Генштаб"]),
    ("За словами прем'єра Дениса Шмигаля, тарифи не зростуть.", ["Денис Шмигаль"]),
    ("Міністр оборони Рустем Умєров підтвердив постачання.", ["Рустем Умєров"]),
    ("Міжнародний валютний фонд оголосив про транш.", ["Міжнародний валютний фонд"]),
    ("ЛЬВІВ, 3 травня — УНІАН. Завод відкрито.", ["УНІАН"]),
    ("Невідомо, скільки людей було в автобусі.", []),
    ("Він читає «Українську правду» щоранку.", []),
    ("Світлина: Укрінформ", []),
    ("Про це йдеться у повідомленні Офісу генпрокурора.", ["Офіс генпрокурора"]),
    ("За словами Юлії Свириденко, план готовий.", ["Юлія Свириденко"]),
    ("Речник ДСНС Олександр Хорунжий уточнив, що пожежу ліквідовано.", ["Олександр Хорунжий"]),
    ("Потяг, за попередніми даними, зійшов з рейок.", []),
    ("«Ми чекаємо», – каже лікарка Олена Орлова.", ["Олена Орлова"]),
    ("За інформацією поліції, затримано двох.", ["поліція"]),
    ("Видання «Дзеркало тижня» пише про зраду.", ["Дзеркало тижня"]),
    ("З посиланням на Reuters про це пише «Європейська правда».", ["Reuters", "Європейська правда"]),
]

TABLES = {"en": ENGLISH, "fr": FRENCH, "de": GERMAN, "es": SPANISH, "ru": RUSSIAN, "uk": UKRAINIAN}


def sources(text: str, language: str) -> list[str]:
    return [credit.source for credit in dedup.analyze(text, language).credits]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        pytest.param(language, text, expected, id=f"{language}-{text[:40]}")
        for language, table in TABLES.items()
        for text, expected in table
    ],
)
def test_credits(language: str, text: str, expected: list[str]) -> None:
    assert sources(text, language) == expected


# For each language, forms of a credit with places for the name of an agency, and for that of a person.
AGENCY_FORMS = {
    "en": ["ROME ({}) - The ferry sank.", "Source: {}", "(with {})", "The ferry sank, according to {}.", "As {} reported, the ferry sank."],
    "fr": ["ROME ({}) - Le ferry a coulé.", "Source : {}", "(avec {})", "Le ferry a coulé, selon {}.", "Comme l'a révélé {}, le ferry a coulé."],
    "de": ["ROM ({}) - Die Fähre sank.", "Quelle: {}", "Mit Material von {}.", "Die Fähre sank laut {}.", "Nach Angaben von {} sank die Fähre."],
    "es": ["ROMA ({}).- El barco se hundió.", "Fuente: {}", "(Con información de {})", "El barco se hundió, según {}.", "Según informó {}, el barco se hundió."],
    "ru": ["РИМ, 3 мая. /{}/. Паром затонул.", "Источник: {}", "По данным {}, паром затонул.", "Как сообщает {}, паром затонул."],
    "uk": ["РИМ, 3 травня — {}. Пором затонув.", "Джерело: {}", "За даними {}, пором затонув.", "Як повідомляє {}, пором затонув.", "Про це пише {}."],
}  # fmt: skip
AGENCIES = {code: ["AFP", "Reuters", "AP", "EFE"] for code in AGENCY_FORMS} | {
    "ru": ["ТАСС", "НТВ", "Reuters"],
    "uk": ["УНІАН", "Reuters", "AFP"],
}
PERSON_FORMS = {
    "en": [
        "“It is over,” said {}, who runs the port.",
        "According to {}, it is over.",
        "Mayor {} announced a new tax.",
    ],
    "fr": ["« C'est fini », a déclaré {}.", "Selon {}, c'est fini.", "Le maire {} a annoncé un nouvel impôt."],
    "de": ["„Es ist vorbei“, sagte {}.", "Laut {} ist es vorbei.", "Bürgermeisterin {} kündigte eine Steuer an."],
    "es": ["«Se acabó», dijo {}.", "Según {}, se acabó.", "La alcaldesa {} anunció un impuesto."],
}
PERSONS = ["Ana Sol", "Peter Lund", "Ursula von der Leyen", "Kim Jong-un", "Vera Novak"]


@given(st.data(), st.sampled_from(sorted(AGENCY_FORMS)))
def test_agency_is_credited_in_each_form(data: st.DataObject, language: str) -> None:
    form, agency = data.draw(st.sampled_from(AGENCY_FORMS[language])), data.draw(st.sampled_from(AGENCIES[language]))
    assert sources(form.format(agency), language) == [agency]


@given(st.data(), st.sampled_from(sorted(PERSON_FORMS)), st.sampled_from(PERSONS))
def test_person_is_credited_in_each_form(data: st.DataObject, language: str, person: str) -> None:
    form = data.draw(st.sampled_from(PERSON_FORMS[language]))
    assert sources(form.format(person), language) == [person]
