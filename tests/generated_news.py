"""Articles made up by a seeded generator, and what is known about them: which took over what, with which credit.

No sentence pattern recurs between events: each sentence is put together from words drawn at random, so that nothing
but the articles of one event report the same.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

# ruff: noqa: SIM905, S311
# lists of words are easier to read as strings; the generator needs no secure random numbers

OUTLETS = (
    *("Harbour Post", "Wexley Gazette", "Tarn Courier", "Ostley Herald", "Brackwater Times", "Pendle Tribune"),
    *("Marrow Chronicle", "Corvale Observer", "Dunmere Echo", "Fallowby Journal", "Gristow Mercury", "Ellisham News"),
)
SOURCES = ("Quellmar Institute", "Ravenhill Foundation", "Thornbury Council", "Lydgate Laboratory")

NOUNS = (
    "anchor apron arch attic badge balcony barge barrel basin beacon bell bench blanket boiler bolt bonnet bottle"
    " bridge broom bucket buckle cabin cable candle canoe canvas carriage castle cellar chapel chimney circus"
    " clock coach coffin collar column compass copper cottage cradle crane crate cupboard curtain dairy dam desk"
    " ditch dock donkey drawer drum engine fence ferry fiddle flag flask flute forge fountain furnace garage"
    " garden gate goat granary greenhouse hammer harbour harness harvest hatch hedge helmet hinge hive hotel inn"
    " jar jetty kennel kettle kiln kitchen ladder lamp lantern lever library lighthouse lobby locker loft loom"
    " magnet mansion market mast mattress meadow mill mirror mule museum needle oar orchard organ oven paddle"
    " palace parcel pasture pavement pebble piano pier pigeon pillar pipeline platform plough pond porch pottery"
    " prison pulley pump quarry quilt quay raft railway rake reservoir rifle roof rope saddle sail sandal saw"
    " scaffold school seal shed shelf shovel siren sledge sleeve spade spire stable staircase statue steamer stove"
    " studio tannery tavern tent theatre ticket timber torch tower tractor trailer tram trumpet tunnel turbine"
    " umbrella valley vault veranda viaduct vineyard violin wagon wall warehouse well wheel whistle windmill"
    " workshop yacht yard"
).split()
VERBS = (
    "assembled auctioned borrowed bought broke built buried burned carried carved chased cleaned closed collected"
    " copied covered crossed damaged decorated defended delivered demolished designed destroyed donated dragged"
    " drained emptied enlarged exported filled flooded guarded hauled heated hid imported insured lifted loaded"
    " locked mended moved neglected occupied opened overhauled packed painted patented photographed planted"
    " polished preserved purchased raised rebuilt recovered removed rented repaired replaced rescued restored"
    " returned robbed salvaged searched seized shipped sketched sold stole stored tested toppled towed traced"
    " trimmed visited washed weighed widened wrecked"
).split()
ADJECTIVES = (
    "abandoned amber ancient arched bronze brittle bulky carved cheap clumsy cobalt costly crooked crowded"
    " curious damp derelict dusty eastern elegant empty enormous faded famous fragile frozen giant gilded granite"
    " hollow humble idle inner ivory jagged leaking lengthy little local lonely loose marble massive modern muddy"
    " narrow noisy northern oaken odd ornate painted pale peculiar pink plain polished portable private purple"
    " quiet rare remote rotten round rusty sacred scarlet secret shabby shallow shiny silent slender smoky"
    " southern spare spotless square steep sturdy sunken tall temporary thatched thick timid tiny tilted unusual"
    " upper vacant velvet violet weathered western wide wooden yellow"
).split()
PLACES = "near beside behind above beyond opposite under past".split()
TIMES = "before after while until because although since once".split()
SYLLABLES = "bar bel cor dal dor el fen gar hal jor kel lor mar nor ost pel quin ros sel tam ul var wex yar zol".split()
ENDINGS = "by ford ham holt ley mere mouth stead ton wick worth".split()


# Of sentences that only one article has.
FRAMES = (
    "Nobody in {name} {verb} a {adjective} {noun} with two {other}s.",
    "Her {noun} and his {adjective} {other} {verb} what {name} lacked.",
    "At dusk one {adjective} {noun} {verb} {name}, not the {other}.",
    "Whoever {verb} this {noun} knew the {adjective} {other} at {name}.",
    "It took {name} some {noun} and any {adjective} {other} that someone {verb}.",
    "With luck, {name} {verb} every {adjective} {noun} but no {other}.",
    "Also, {name} {verb} its {noun}; so far no {adjective} {other} came.",
    "Such {adjective} {noun}s rarely {verb} anyone from {name} or their {other}.",
    "Twice that week, someone {verb} my {noun} to see how {adjective} an {other} {name} has.",
    "Is {name} where your {adjective} {noun} {verb} those {other}s?",
    "Many a {noun} went {adjective} by Monday, yet {name} {verb} us all with one {other}.",
    "Both {name} and I {verb} them: {adjective} {noun}, then {other}.",
    "Why {name} {verb} more {noun}s than {other}s stays {adjective} to most.",
    "We {verb}, you may recall, {name} for having neither {noun} nor {adjective} {other}.",
)


# The last is used first, and each once in an event: two sentences with the same form would resemble each other.
CREDIT_FORMS = ("the {} announced", "the {} wrote", "the {} said", "according to the {}", "the {} reported")


@dataclass(frozen=True)
class Variants:
    """A sentence in three wordings: as the origin has it, with a word changed, and reworded."""

    texts: tuple[str, str, str]


@dataclass(frozen=True)
class Part:
    """A sentence of an article."""

    text: str
    sentence: Variants | None = None
    """The sentence of the event that it renders; None for a sentence of its own."""
    wording: int = 0
    """Index of the wording."""


@dataclass
class Article:
    """An article, and what is known about it."""

    id: str
    event: int
    outlet: str
    date: str | None
    title: str
    start: datetime | None
    """When it was published; None if that is unknown."""
    precision: timedelta
    """Length of the time that its date states."""
    parts: list[Part] = field(default_factory=list)
    credits: set[str] = field(default_factory=set)
    """Outlets and other sources that it credits."""

    @property
    def text(self) -> str:
        """The text."""
        return " ".join(part.text for part in self.parts)


class Newsroom:
    """Makes up articles."""

    def __init__(self, seed: int) -> None:
        """Start without articles.

        Args:
            seed: Seed of the random numbers.
        """
        self.random = Random(seed)
        self.names: set[str] = set()
        self.start_event()

    def start_event(self) -> None:
        """Take up all words again: in the articles of one event, each word is drawn once."""
        self.nouns, self.verbs, self.adjectives, self.frames = (
            self.random.sample(words, len(words)) for words in (NOUNS, VERBS, ADJECTIVES, FRAMES)
        )

    def name(self) -> str:
        """Make up a name that no other event has."""
        while True:
            name = "".join((*self.random.choices(SYLLABLES, k=3), self.random.choice(ENDINGS))).capitalize()
            if name not in self.names:
                self.names.add(name)
                return name

    def sentence(self, source: str | None = None) -> Variants:
        """Make up a sentence in three wordings, with the same facts, and the same source if they credit one."""
        name, other, number = self.name(), self.name(), self.random.randrange(1_100, 99_999)
        nouns, verbs, adjectives = (
            [words.pop() for _ in range(count)]
            for words, count in ((self.nouns, 5), (self.verbs, 2), (self.adjectives, 5))
        )
        place, time = self.random.choice(PLACES), self.random.choice(TIMES)
        first = (
            f"The {adjectives[0]} {nouns[0]} of {name} {verbs[0]} {number:,} {nouns[1]}s {place} the {adjectives[1]}"
        )
        second = f"{nouns[2]}, {time} a {adjectives[2]} {nouns[3]} from {other} {verbs[1]} the {nouns[4]}."
        light = f"{nouns[2]}, {time} a {adjectives[3]} {nouns[3]} from {other} {verbs[1]} the {nouns[4]}."
        heavy = (
            f"{place.capitalize()} that {adjectives[4]} {nouns[2]}, some {number:,} {nouns[1]}s were {verbs[0]} at "
            f"{name} by its {nouns[0]}; the {nouns[4]} was {verbs[1]} by people of {other}."
        )
        texts = f"{first} {second}", f"{first} {light}", heavy
        if source is None:
            return Variants(texts)
        return Variants(
            (
                f"According to the {source}, the {texts[0][4:]}",
                f"According to the {source}, the {texts[1][4:]}",
                f"{texts[2][:-1]}, according to the {source}.",
            )
        )

    def own_sentence(self) -> Part:
        """Make up a sentence that no other article has."""
        frame = self.frames.pop(0)
        self.frames.append(frame)
        text = frame.format(
            name=self.name(),
            verb=self.verbs.pop(),
            adjective=self.adjectives.pop(),
            noun=self.nouns.pop(),
            other=self.nouns.pop(),
        )
        return Part(text)


def make_news(count: int, seed: int = 15) -> list[Article]:
    """Make up articles.

    Args:
        count: Number of articles, at least 10.
        seed: Seed of the random numbers.
    """
    room = Newsroom(seed)
    articles: list[Article] = []
    event = 0
    while len(articles) < count:
        size = min(room.random.choice((1, 1, 2, 2, 3, 3, 4, 5, 6)), count - len(articles))
        articles += _make_event(room, event, size)
        event += 1
    room.random.shuffle(articles)
    return articles


def _make_event(room: Newsroom, event: int, size: int) -> list[Article]:
    """Make up the articles on one event, each of another outlet."""
    room.start_event()
    forms = list(CREDIT_FORMS)
    random = room.random
    outlets = random.sample(OUTLETS, size)
    sentences = [room.sentence() for _ in range(random.randrange(4, 7))]
    source = random.choice(SOURCES) if random.random() < 0.4 else None
    credited_sentence = room.sentence(source)
    begin = datetime(2024, 10, 1) + timedelta(hours=6 * event, minutes=random.randrange(300))
    only_days = random.random() < 0.15
    made: list[Article] = []
    for rank, outlet in enumerate(outlets):
        moment = begin + rank * timedelta(minutes=random.randrange(20, 240))
        precision, start = timedelta(0), moment
        if only_days:
            start, precision = datetime(moment.year, moment.month, moment.day), timedelta(days=1)
        is_dated = random.random() > 0.05
        article = Article(
            id=f"{event:04}-{rank}",
            event=event,
            outlet=outlet,
            date=None if not is_dated else start.isoformat()[:10] if only_days else start.isoformat(),
            title=f"{random.choice(ADJECTIVES).capitalize()} {random.choice(NOUNS)} of {room.name()}",
            start=start if is_dated else None,
            precision=precision,
        )
        if rank == 0:
            article.parts = [Part(sentence.texts[0], sentence) for sentence in sentences]
        else:
            taken = sorted(random.sample(range(len(sentences)), random.randrange(3, len(sentences) + 1)))
            wording = random.choice((0, 1, 2))
            article.parts = [Part(sentences[at].texts[wording], sentences[at], wording) for at in taken]
            # Two articles that credit the same outlet would have two sentences with the same name.
            known = set().union(*(other.credits for other in made))
            rest = [other.outlet for other in made if other.outlet not in known]
            if rest and random.random() < 0.5:
                credited = random.choice(rest)
                article.credits.add(credited)
                own = room.own_sentence().text
                article.parts.insert(0, Part(f"{own[:-1]}, {forms.pop().format(credited)}."))
        if source is not None and (rank == 0 or random.random() < 0.6):
            wording = article.parts[-1].wording
            article.credits.add(source)
            article.parts.append(Part(credited_sentence.texts[wording], credited_sentence, wording))
        article.parts.append(room.own_sentence())
        made.append(article)
    return made
