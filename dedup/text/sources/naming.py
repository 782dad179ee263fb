"""Name the source in a noun phrase: "NHK" in "le média japonais NHK", "Peskov" in "Kremlin spokesman Dmitry Peskov"."""
# ruff: noqa: RUF001 - letters and marks that look alike

from collections.abc import Sequence, Set
from typing import Literal, NamedTuple

from dedup.text.sources.cues import CLOSING_QUOTES, HYPHEN_GAPS, MAX_OUTLET_WORDS, OPENING_QUOTES, CueTable, TaggedWord

SourceKind = Literal["outlet", "name", "actor", "information", "other"]
# Kinds that are credited without further evidence.
CREDITABLE_KINDS = ("outlet", "name", "actor")
# Tags of words for a person or a body that can speak.
SPEAKER_TAGS = frozenset(("people", "body", "media", "spokesman"))
# Tags of words that attach a noun to the noun before it.
LINK_TAGS = frozenset(("joiner", "preposition", "inner"))
# Tags of words that end a noun phrase.
PHRASE_END_TAGS = frozenset(("stop", "time", "that", "relative"))
# Tags of words that are not names, even with a capital.
COMMON_WORD_TAGS = SPEAKER_TAGS.union(
    ("information", "title", "article", "adjective", "particle", "abbreviation", "stop", "this")
)
# Tags of lower-case words that are dropped from the end of a noun phrase.
_TRAILING_TAGS = LINK_TAGS | PHRASE_END_TAGS | {"article", "adverb", "and"}
MAX_NAME_PARTICLES = 3
"""Maximum number of particles in a row within a name: "Bank of the West"."""


class Source(NamedTuple):
    """A noun phrase that denotes a source; indices of words."""

    first: int
    """First word, including an article."""
    last: int
    """One past the last word."""
    name: range
    """Words that name the source."""
    kind: SourceKind
    """"outlet" and "name" for a name, "actor" for a speaker without a name, "information" for a report or similar."""
    case: str = ""
    """Grammatical case that the cue demands, where names have cases; empty for the nominative."""


class _Run(NamedTuple):
    """A run of capitalised words and particles, such as a name."""

    first: int
    """First word."""
    last: int
    """One past the last word."""
    is_linked: bool
    """Whether the run depends on the words before it, as in "the mayor of London"."""


class _Naming(NamedTuple):
    """The words that name a source, and the kind of the source."""

    words: range
    kind: SourceKind


def read_source(words: Sequence[TaggedWord], first: int, last: int, cues: CueTable) -> Source | None:
    """Find the name or description of the source in a noun phrase.

    Args:
        words: Words of a sentence.
        first: First word of the phrase.
        last: One past the last word of the phrase.
        cues: Cues of the language.

    Returns:
        The source; None if the phrase does not denote a source: "lui", "the plan".
    """
    start, end = skip_articles(words, first, last), last
    while start + 1 < end and "title" in words[start].tags:
        start += 1
    while end > start and words[end - 1].tags & _TRAILING_TAGS and not words[end - 1].capital:
        end -= 1
    if start >= end or (is_genitive(words[end - 1]) and not words[end - 2].capital):
        return None
    head = range(start, next((at for at in range(start + 1, end) if words[at].tags & LINK_TAGS), end))
    if (
        start < end - 1
        and words[start].capital
        and _ends_in_common_word(words[end - 1])
        and _is_outlet(words, start, end, cues)
    ):
        return Source(first, last, range(start, end), "outlet")
    runs = _runs(words, start, end)
    represented = _represented_source(words, head, end, runs, cues)
    if represented:
        return represented._replace(first=first, last=last)
    name, kind = _choose_name(words, range(start, end), head, runs, cues)
    is_excluded = has_tag(words, head, {"never"}) and not has_tag(words, head, SPEAKER_TAGS)
    is_excluded = is_excluded and (len(name) == 1 or kind == "other")
    if is_excluded or _is_number(words, _Naming(name, kind), cues):
        return None
    if kind == "actor" and len(name) == 1 and "crowd" in words[name.start].tags:
        return None
    if kind == "information" and has_tag(words, range(first, name.stop), {"own"}):
        return None
    source = Source(first, last, name, kind)
    if "genitive" in cues.traits and name.start > start and words[name.start].gap.strip() in OPENING_QUOTES:
        is_owner = has_tag(words, head, {"people"}) and not has_tag(words, head, {"media", "body"})
        source = source._replace(case="genitive" if is_owner else "")  # "источники «Коммерсанта»"
    return source if has_tag(words, head, {"people"}) else _with_acronym(words, source)


def _is_number(words: Sequence[TaggedWord], naming: _Naming, cues: CueTable) -> bool:
    """Return whether a name is a number or a quantity, or a phrase without a name ends in one: "worth 3 percent"."""
    if naming.kind == "outlet":
        return False
    last = naming.words[-1:]
    return _is_quantity(words, naming.words, cues) or (naming.kind == "other" and _is_quantity(words, last, cues))


def _is_quantity(words: Sequence[TaggedWord], name: range, cues: CueTable) -> bool:
    """Return whether words are numbers, units and currencies: "663 million", "millions d'euros", but not "Rand"."""
    first = name.start
    follows_number = first > 0 and words[first].joined and words[first - 1].form.isdecimal()
    accepts_capital = "nouns_capital" in cues.traits and (follows_number or words[first].form.isdecimal())
    parts = [at for at in name if words[at].capital or words[at].tags.isdisjoint(LINK_TAGS)]
    return bool(parts) and all(
        words[at].form.isdecimal() or ("quantity" in words[at].tags and (accepts_capital or not words[at].capital))
        for at in parts
    )


def _ends_in_common_word(word: TaggedWord) -> bool:
    """Return whether a word is in lower case, and not a noun for a medium after its name: "Le Canard enchaîné"."""
    return not word.capital and word.tags.isdisjoint(SPEAKER_TAGS)


def has_tag(words: Sequence[TaggedWord], indices: range, tags: Set[str]) -> bool:
    """Return whether any of the words at the given indices has any of the tags."""
    return any(not words[at].tags.isdisjoint(tags) for at in indices)


def skip_articles(words: Sequence[TaggedWord], at: int, end: int) -> int:
    """Return the index after the articles and numbers that begin at a word."""
    first = at
    while at < end and (at == first or words[at].joined):
        if "article" not in words[at].tags and not words[at].form.isdecimal():
            break
        at += 1
    return at


def capital_run_end(words: Sequence[TaggedWord], at: int, end: int) -> int:
    """Return the end of the run of capitalised words that begins at a word; particles may be inside."""
    at += 1
    while at < end and words[at].joined and "link" not in words[at].tags:
        word, past = words[at], at
        while past < min(at + MAX_NAME_PARTICLES, end) and words[past].joined and not words[past].capital:
            if "and" in words[past].tags and words[at - 1].upper:
                break  # "AFP y Reuters"
            if "particle" not in words[past].tags and (past == at or "article" not in words[past].tags):
                break
            past += 1
        if "without" in word.tags and past == at and at + 1 < end and words[at + 1].joined:
            at += 2  # "Médecins sans frontières"
            continue
        is_name_part = word.capital and ("time" not in word.tags or is_between_capitals(words, at, end))
        if is_name_part or is_attached(word):
            at += 1
        elif at < past < end and words[past].joined and words[past].capital:
            at = past
        else:
            break
    return at


def is_attached(word: TaggedWord) -> bool:
    """Return whether a word is part of the word before: "-un" of "Jong-un", "'s"."""
    return word.gap in HYPHEN_GAPS or (word.gap == "." and not word.capital) or is_genitive(word)


def is_genitive(word: TaggedWord) -> bool:
    """Return whether a word is the "s" of "Germany's"."""
    return word.form == "s" and word.joined and word.gap.strip() != ""


def is_between_capitals(words: Sequence[TaggedWord], at: int, end: int) -> bool:
    """Return whether a capitalised word is between capitalised words: "Sunday" of "the Sunday Times"."""
    return words[at].capital and words[at].joined and at + 1 < end and words[at + 1].capital and words[at + 1].joined


def name_parts(words: Sequence[TaggedWord], first: int, last: int) -> list[int]:
    """Return the first word of each part of a name; "Jong-un" and "de Blasio" are one part each."""
    inner = (
        at
        for at in range(first + 1, last)
        if words[at].capital and not is_attached(words[at]) and not words[at - 1].tags & {"particle", "article"}
    )
    return [first, *inner]


def _runs(words: Sequence[TaggedWord], start: int, end: int) -> list[_Run]:
    """Return the names in a noun phrase; a run of capitalised common words ("Premier ministre") is not a name."""
    runs = []
    at = start
    while at < end:
        if not words[at].capital:
            at += 1
            continue
        past = capital_run_end(words, at, end)
        before = at
        while before > start and "article" in words[before - 1].tags and not words[before - 1].tags & LINK_TAGS:
            before -= 1
        is_name = any(word.tags.isdisjoint(COMMON_WORD_TAGS) for word in words[at:past])
        if is_name or _is_medium_title(words, at, past):
            runs.append(_Run(at, past, before > start and bool(words[before - 1].tags & LINK_TAGS)))
        at = past
    return runs


def _is_medium_title(words: Sequence[TaggedWord], first: int, last: int) -> bool:
    """Return whether common words in capitals are the title of a medium, as "The Canadian Press" is."""
    if (
        first > 0
        and not words[first - 1].capital
        and "article" in words[first].tags
        and "media" in words[first - 1].tags
    ):
        return True  # "le quotidien L'Équipe"
    if last - first < 2 or not has_tag(words, range(first, last), {"media"}) or not _is_medium_noun(words[last - 1]):
        return False
    return first > 0 and words[first].joined and "article" in words[first].tags | words[first - 1].tags


def _is_medium_noun(word: TaggedWord) -> bool:
    return not word.tags.isdisjoint(("media", "body"))


def _represented_source(
    words: Sequence[TaggedWord], head: range, end: int, runs: Sequence[_Run], cues: CueTable
) -> Source | None:
    """Find the source that a spokesman or a report represents: "a spokesman for …", "un rapport de …"."""
    if not has_tag(words, head, {"information", "spokesman"}):
        return None
    if "genitive" in cues.traits:
        return _owner(words, head.start, end, runs, cues)
    if head.stop == end:
        return None
    role = next(at for at in head if words[at].tags & {"information", "spokesman"})
    rest = words[role + 1 : head.stop]
    is_named = any(word.capital and word.tags.isdisjoint(COMMON_WORD_TAGS) for word in rest)
    if is_named or words[head.stop].tags.isdisjoint(("joiner", "origin")):
        return None
    is_spokesman = "spokesman" in words[role].tags
    if is_spokesman and runs and runs[-1].last == end and _ends_in_person(words, runs[-1], cues):
        return None
    source = read_source(words, head.stop + 1, end, cues)
    return source if source and source.kind in CREDITABLE_KINDS else None


def _owner(words: Sequence[TaggedWord], first: int, end: int, runs: Sequence[_Run], cues: CueTable) -> Source | None:
    """Find the source in the genitive after a report or a spokesman: "пресс-служба Минобороны"."""
    if words[first].capital or words[first].tags.isdisjoint(("information", "spokesman")):
        return None
    owner = first + 1
    while owner < end and words[owner].gap in HYPHEN_GAPS:
        owner += 1
    if owner >= end or (runs and runs[-1].last == end and _ends_in_person(words, runs[-1], cues)):
        return None
    source = read_source(words, owner, end, cues)
    return source._replace(case="genitive") if source and source.kind in CREDITABLE_KINDS else None


def _choose_name(
    words: Sequence[TaggedWord], phrase: range, head: range, runs: Sequence[_Run], cues: CueTable
) -> _Naming:
    """Choose the words of a noun phrase that name the source.

    Args:
        words: Words of a sentence.
        phrase: Words of the noun phrase, without article and titles.
        head: Words of the phrase before the first link, such as "of".
        runs: Names in the phrase.
        cues: Cues of the language.
    """
    has_person = has_tag(words, head, {"people"})
    has_noun = has_tag(words, head, SPEAKER_TAGS | {"information"})
    candidates = [run for run in runs if not run.is_linked and (has_noun or run.first < head.stop)]
    if not candidates:
        last = runs[-1] if runs else None
        if last and has_person and last.last == phrase.stop and _ends_in_person(words, last, cues):
            return _Naming(range(_person_start(words, last.first, last.last), last.last), "name")
        return _Naming(phrase, _kind_without_name(words, head))
    if "genitive" in cues.traits and not has_person and _is_body_name(words, phrase):
        return _Naming(phrase, "name")
    run = candidates[-1]
    tail = range(run.last, max(run.last, head.stop))
    if tail and not _is_name_before_noun(words, run, tail):
        return _Naming(phrase, _kind_without_name(words, head))
    has_complement = run.last < phrase.stop and not words[run.last].tags.isdisjoint(LINK_TAGS)
    if has_complement and run.first == phrase.start and has_tag(words, range(run.first, run.last), {"body"}):
        return _Naming(phrase, "name")
    if "genitive" in cues.traits and has_person and run.first > phrase.start and not tail:
        return _Naming(range(_person_start(words, run.first, run.last), run.last), "name")
    if tail and is_genitive(words[run.last - 1]):
        run = run._replace(last=run.last - 1)
    return _trim_name(words, run, cues)


def _is_body_name(words: Sequence[TaggedWord], phrase: range) -> bool:
    """Return whether a phrase is the name of a body with nouns in lower case: "Международный комитет Красного Креста".

    The first word has a capital, and a noun for a body in lower case follows it.
    """
    if not words[phrase.start].capital or words[phrase.start].upper:
        return False
    lower = next((at for at in phrase if not words[at].capital), phrase.stop)
    if "body" in words[phrase.start].tags and lower == phrase.start + 1 < phrase.stop:
        return True
    return has_tag(words, range(lower, min(lower + 3, phrase.stop)), {"body"}) and lower - phrase.start < 3


def _kind_without_name(words: Sequence[TaggedWord], head: range) -> SourceKind:
    """Return the kind of a noun phrase without a name."""
    if has_tag(words, head, SPEAKER_TAGS):
        return "actor"
    return "information" if has_tag(words, head, {"information"}) else "other"


def _is_name_before_noun(words: Sequence[TaggedWord], run: _Run, tail: range) -> bool:
    """Return whether the name is the source although nouns follow: "Xinhua news agency", but not "US officials"."""
    is_adjective = "adjective" in words[run.last - 1].tags
    if has_tag(words, tail, {"media"}):
        return not is_adjective or has_tag(words, range(run.first, run.last), {"media"})
    is_first_word = run.last - run.first == 1 and (run.first == 0 or not words[run.first].joined)
    if has_tag(words, tail, {"information"}) and is_first_word and not words[run.first].upper:
        return False  # "First reports"
    return has_tag(words, tail, {"spokesman", "information"}) and not is_adjective


def _ends_in_person(words: Sequence[TaggedWord], run: _Run, cues: CueTable) -> bool:
    """Return whether a run of capitals ends in a person's name: "(porte-parole du) Kremlin Dmitri Peskov"."""
    first = _person_start(words, run.first, run.last)
    if first == run.first or _is_outlet(words, run.first, run.last, cues):
        return False
    return not has_tag(words, range(first, run.last), {"body", "media"})


def _person_start(words: Sequence[TaggedWord], first: int, last: int) -> int:
    """Return the first word of the person's name at the end of a run: "(Russie) Vladimir Poutine"."""
    parts = name_parts(words, first, last)
    if len(parts) < 3 or "particle" in words[parts[-2] - 1].tags:
        return first
    if has_tag(words, range(parts[-2], last), {"joiner", "inner"}):
        return first
    return parts[-3] if "patronymic" in words[parts[-2]].tags else parts[-2]


def _trim_name(words: Sequence[TaggedWord], run: _Run, cues: CueTable) -> _Naming:
    """Remove capitalised words before a name, such as "Foreign Minister" and "South Korea's", and classify it."""
    first, last = _quoted_part(words, run.first, run.last)
    is_apposed = "genitive" in cues.traits and first == 0 and last > 1 and "media" in words[0].tags
    if is_apposed and not _is_outlet(words, first, last, cues):
        first = 1  # "Агентство Reuters"
    has_body = has_tag(words, range(first, last), {"body"})
    if not _is_outlet(words, first, last, cues):
        first = _skip_owner(words, first, last, cues)
        has_body = has_tag(words, range(first, last), {"body"})
        first = _skip_role(words, first, last, cues)
    if first and words[first].joined and words[first - 1].capital and "article" in words[first - 1].tags:
        is_inside = first > 1 and words[first - 1].joined and "keeps_article" in cues.traits
        if is_inside or _is_outlet(words, first - 1, last, cues):
            first -= 1
    if _is_outlet(words, first, last, cues):
        return _Naming(range(first, last), "outlet")
    if last - first > 2 and has_tag(words, range(first, last), {"without"}):
        return _Naming(range(first, last), "name")
    has_article = last - first > 2 and words[last - 2].capital and "article" in words[last - 2].tags
    if has_article and not has_body:
        return _Naming(range(first, last), "name")  # "Bruno Le Maire"
    if not has_body and "people" in words[last - 1].tags | words[first].tags:
        return _Naming(range(first, last), "actor")
    is_common_noun = "nouns_capital" in cues.traits and last - first == 1 and _may_be_common_noun(words, first)
    return _Naming(range(first, last), "other" if is_common_noun else "name")


def _skip_owner(words: Sequence[TaggedWord], first: int, last: int, cues: CueTable) -> int:
    """Return the index after a genitive: "Germany's Der Spiegel", but not "Moody's" or "Russia's Defence Ministry"."""
    owner = next((at for at in range(last - 2, first, -1) if is_genitive(words[at])), first)
    if owner == first or has_tag(words, range(owner + 1, last), {"body"}):
        return first
    return owner + 1 if last - owner > 2 or _is_outlet(words, owner + 1, last, cues) else first


def _skip_role(words: Sequence[TaggedWord], first: int, last: int, cues: CueTable) -> int:
    """Return the index after a person's role: "Secretary of State Antony Blinken"."""
    role_tags = {"people", "title", "media"} if "nouns_capital" in cues.traits else {"people", "title"}
    before = (at for at in range(last - 2, first - 1, -1) if not (is_attached(words[at + 1]) or _is_owner(words, at)))
    role = next((at for at in before if _compound_tags(words, at) & role_tags), None)
    if role is None or "body" in words[last - 1].tags:
        # "Волонтерка Марія Берлінська": the first word of a sentence may be any noun for a person.
        return _person_start(words, first, last) if "genitive" in cues.traits and first == 0 else first
    if "genitive" in cues.traits:
        return _person_start(words, role + 1, last)
    return role + 1 if "particle" not in words[role + 1].tags else _person_start(words, first, last)


def _is_owner(words: Sequence[TaggedWord], at: int) -> bool:
    """Return whether a word for a person begins the name of a body: "Tenants' Union", "Médecins sans frontières"."""
    if "without" in words[at + 1].tags:
        return True
    return words[at + 1].gap.strip() in ("'", "’") and words[at + 1].gap[-1:].isspace()


def _compound_tags(words: Sequence[TaggedWord], at: int) -> frozenset[str]:
    """Return the tags of a word and of the words that hyphens join to it: "Secretary-General"."""
    tags = words[at].tags
    while at and words[at].gap in HYPHEN_GAPS:
        at -= 1
        tags |= words[at].tags
    return tags


def _may_be_common_noun(words: Sequence[TaggedWord], at: int) -> bool:
    """Return whether a word may be a common noun, in a language that capitalises nouns: it follows an article."""
    follows_article = at > 0 and words[at].joined and "article" in words[at - 1].tags
    return follows_article and not words[at].upper and words[at].tags.isdisjoint(SPEAKER_TAGS)


def _quoted_part(words: Sequence[TaggedWord], first: int, last: int) -> tuple[int, int]:
    """Return first and end of the part of a name in quotation marks: 'Izvestia' of 'the newspaper "Izvestia"'."""
    first = next((at for at in range(last - 1, first, -1) if words[at].gap.strip()[-1:] in OPENING_QUOTES), first)
    return first, next((at for at in range(first + 1, last) if words[at].gap.strip()[:1] in CLOSING_QUOTES), last)


def _is_outlet(words: Sequence[TaggedWord], first: int, last: int, cues: CueTable) -> bool:
    """Return whether words are the name of an outlet."""
    return " ".join(word.form for word in words[first:last]) in cues.outlets


def outlet_end(words: Sequence[TaggedWord], first: int, end: int, cues: CueTable) -> int | None:
    """Return the end of the longest name of an outlet that begins at a word, or None."""
    ends = range(min(end, first + MAX_OUTLET_WORDS), first, -1)
    return next((last for last in ends if _is_outlet(words, first, last, cues)), None)


def _with_acronym(words: Sequence[TaggedWord], source: Source) -> Source:
    """Name a source by the acronym in brackets after it: "Service de renseignement sud-coréen (NIS)"."""
    at, name = source.last, source.name
    if at >= len(words) or words[at].gap.strip() != "(" or name.stop != at or len(name) < 2:
        return source
    is_closed = at + 1 == len(words) or words[at + 1].gap.strip().startswith(")")
    if not is_closed or not words[at].upper:
        return source
    initials = "".join(words[index].form[0] for index in name)
    if all(words[index].capital for index in name) and initials != words[at].form:
        return source
    return source._replace(last=at + 1, name=range(at, at + 1), kind="name")
