"""Who a noun phrase names: "NHK" in "le média japonais NHK", "Peskov" in "Kremlin spokesman Dmitry Peskov"."""

from collections.abc import Sequence, Set
from typing import Literal, NamedTuple

from dedup.text.sources.cues import CLOSING, HYPHENS, OPENING, Cues, Word

Kind = Literal["outlet", "name", "actor", "information", "other"]
CLEAR = ("outlet", "name", "actor")
SPEAKERS = frozenset(("people", "body", "media", "spokesman"))
LINKS = frozenset(("joiner", "preposition", "inner"))
ENDS = frozenset(("stop", "time", "that", "relative"))
# Words that make no name, even with a capital; and those that a phrase does not end with.
COMMON = SPEAKERS | {"information", "title", "article", "adjective", "particle", "abbreviation", "stop", "this"}
_LOOSE = LINKS | ENDS | {"article", "adverb", "and"}
# Words that may stand between the parts of a name: "Bank of the West".
PARTICLES = 3


class Source(NamedTuple):
    """A noun phrase read as a source."""

    first: int
    """Its first word, article included."""
    last: int
    """One past its last word."""
    name: range
    """The words that name it."""
    kind: Kind
    """"outlet" and "name" have a name; "actor" is someone who can speak; "information" is what is told."""


class _Run(NamedTuple):
    """Words in a row with capitals, as of a name."""

    first: int
    last: int
    linked: bool
    """Whether it depends on what stands before it, as in "the mayor of London"."""


def read(words: Sequence[Word], first: int, last: int, cues: Cues) -> Source | None:
    """Find in a noun phrase the name of the source, or what it is called where it has none.

    Args:
        words: The words of a sentence.
        first: The first word of the phrase.
        last: One past its last.
        cues: What is known of the language.

    Returns:
        None if the phrase names no source: "lui", "the plan".
    """
    start, end = past_articles(words, first, last), last
    while start + 1 < end and "title" in words[start].kinds:
        start += 1
    while end > start and words[end - 1].kinds & _LOOSE and not words[end - 1].capital:
        end -= 1
    if start >= end or (is_genitive(words[end - 1]) and not words[end - 2].capital):
        return None
    head = range(start, next((at for at in range(start + 1, end) if words[at].kinds & LINKS), end))
    runs = _runs(words, start, end)
    behind = _behind(words, head, end, runs, cues)
    if behind:
        return behind._replace(first=first, last=last)
    name, kind = _named(words, range(start, end), head, runs, cues)
    never = has(words, head, {"never"}) and not has(words, head, SPEAKERS)
    if never and (len(name) == 1 or kind == "other"):
        return None
    source = Source(first, last, name, kind)
    return source if has(words, head, {"people"}) else _short_form(words, source)


def has(words: Sequence[Word], where: range, kinds: Set[str]) -> bool:
    """Tell whether a word of a stretch is in one of some lists of the data file."""
    return any(not words[at].kinds.isdisjoint(kinds) for at in where)


def past_articles(words: Sequence[Word], at: int, end: int) -> int:
    """Skip articles, numbers and the like."""
    first = at
    while at < end and (at == first or words[at].joined):
        if "article" not in words[at].kinds and not words[at].form.isdecimal():
            break
        at += 1
    return at


def run_end(words: Sequence[Word], at: int, end: int) -> int:
    """Find the end of the words with capitals that begin at a word."""
    at += 1
    while at < end and words[at].joined and "link" not in words[at].kinds:
        word, past = words[at], at
        while past < min(at + PARTICLES, end) and words[past].joined and not words[past].capital:
            if "particle" not in words[past].kinds and (past == at or "article" not in words[past].kinds):
                break
            past += 1
        if (word.capital and ("time" not in word.kinds or amid_capitals(words, at, end))) or is_tied(word):
            at += 1
        elif at < past < end and words[past].joined and words[past].capital:
            at = past
        else:
            break
    return at


def is_tied(word: Word) -> bool:
    """Tell whether a word belongs to the one before: "-un" of "Jong-un", "'s"."""
    return word.gap in HYPHENS or is_genitive(word)


def is_genitive(word: Word) -> bool:
    """Tell whether a word is the "s" of "Germany's"."""
    return word.form == "s" and word.joined and word.gap.strip() != ""


def amid_capitals(words: Sequence[Word], at: int, end: int) -> bool:
    """Tell whether a word with a capital stands between others: "Sunday" of "the Sunday Times"."""
    return words[at].capital and words[at].joined and at + 1 < end and words[at + 1].capital and words[at + 1].joined


def units(words: Sequence[Word], first: int, last: int) -> list[int]:
    """Give where the parts of a name begin; "Jong-un" and "de Blasio" are one each."""
    inner = (
        at
        for at in range(first + 1, last)
        if words[at].capital and not is_tied(words[at]) and not words[at - 1].kinds & {"particle", "article"}
    )
    return [first, *inner]


def _runs(words: Sequence[Word], start: int, end: int) -> list[_Run]:
    """Find the names in a noun phrase; capitals of common words ("Premier ministre") make none."""
    found = []
    at = start
    while at < end:
        if not words[at].capital:
            at += 1
            continue
        past = run_end(words, at, end)
        before = at
        while before > start and "article" in words[before - 1].kinds and not words[before - 1].kinds & LINKS:
            before -= 1
        if any(words[one].kinds.isdisjoint(COMMON) for one in range(at, past)):
            found.append(_Run(at, past, before > start and bool(words[before - 1].kinds & LINKS)))
        at = past
    return found


def _behind(words: Sequence[Word], head: range, end: int, runs: Sequence[_Run], cues: Cues) -> Source | None:
    """Read the source behind one who speaks for it, or behind a report: "a spokesman for …", "un rapport de …"."""
    if head.stop == end or not has(words, head, {"information", "spokesman"}):
        return None
    role = next(at for at in head if words[at].kinds & {"information", "spokesman"})
    named = any(words[at].capital and words[at].kinds.isdisjoint(COMMON) for at in range(role + 1, head.stop))
    if named or words[head.stop].kinds.isdisjoint(("joiner", "origin")):
        return None
    if runs and runs[-1].last == end and _ends_in_person(words, runs[-1], cues):
        return None
    found = read(words, head.stop + 1, end, cues)
    return found if found and found.kind in CLEAR else None


def _named(words: Sequence[Word], phrase: range, head: range, runs: Sequence[_Run], cues: Cues) -> tuple[range, Kind]:
    """Choose the words that name the source."""
    people = has(words, head, {"people"})
    speaks = has(words, head, SPEAKERS | {"information"})
    apposed = [run for run in runs if not run.linked and (speaks or run.first < head.stop)]
    if not apposed:
        last = runs[-1] if runs else None
        if last and people and last.last == phrase.stop and _ends_in_person(words, last, cues):
            return range(_person(words, last.first, last.last), last.last), "name"
        return phrase, _what(words, head)
    run = apposed[-1]
    tail = range(run.last, max(run.last, head.stop))
    if tail and not _yields(words, run, tail):
        return phrase, _what(words, head)
    linked = run.last < phrase.stop and not words[run.last].kinds.isdisjoint(LINKS)
    if linked and run.first == phrase.start and has(words, range(run.first, run.last), {"body"}):
        return phrase, "name"
    if "genitive" in cues.traits and people and run.first > phrase.start and not tail:
        return range(_person(words, run.first, run.last), run.last), "name"
    return _own(words, run._replace(last=run.last - 1) if tail and is_genitive(words[run.last - 1]) else run, cues)


def _what(words: Sequence[Word], head: range) -> Kind:
    """Tell what a phrase without a name is."""
    if has(words, head, SPEAKERS):
        return "actor"
    return "information" if has(words, head, {"information"}) else "other"


def _yields(words: Sequence[Word], run: _Run, tail: range) -> bool:
    """Tell whether the words after a name leave it the source: "Xinhua news agency", not "US officials"."""
    adjective = "adjective" in words[run.last - 1].kinds
    if has(words, tail, {"media"}):
        return not adjective or has(words, range(run.first, run.last), {"media"})
    opens = run.last - run.first == 1 and (run.first == 0 or not words[run.first].joined)
    if has(words, tail, {"information"}) and opens and not words[run.first].upper:
        return False  # "First reports"
    return has(words, tail, {"spokesman", "information"}) and not adjective


def _ends_in_person(words: Sequence[Word], run: _Run, cues: Cues) -> bool:
    """Tell whether a name has too many parts to be a body's alone, as in "porte-parole du Kremlin Dmitri Peskov"."""
    first = _person(words, run.first, run.last)
    if first == run.first or _known(words, run.first, run.last, cues):
        return False
    return not has(words, range(first, run.last), {"body", "media"})


def _person(words: Sequence[Word], first: int, last: int) -> int:
    """Find where a person's name begins in one that is longer: "(Russie) Vladimir Poutine"."""
    parts = units(words, first, last)
    if len(parts) < 3 or "particle" in words[parts[-2] - 1].kinds:
        return first
    if has(words, range(parts[-2], last), {"joiner", "inner"}):
        return first
    return parts[-3] if "patronymic" in words[parts[-2]].kinds else parts[-2]


def _own(words: Sequence[Word], run: _Run, cues: Cues) -> tuple[range, Kind]:
    """Take from a name what is before it in capitals: "Foreign Minister", "South Korea's"."""
    first, last = _unquoted(words, run.first, run.last)
    body = has(words, range(first, last), {"body"})
    if not _known(words, first, last, cues):
        first = _past_owner(words, first, last, cues)
        body = has(words, range(first, last), {"body"})
        first = _past_role(words, first, last, cues)
    if first and words[first].joined and words[first - 1].capital and "article" in words[first - 1].kinds:
        inside = first > 1 and words[first - 1].joined and "keeps_article" in cues.traits
        if inside or _known(words, first - 1, last, cues):
            first -= 1
    if _known(words, first, last, cues):
        return range(first, last), "outlet"
    if not body and "people" in words[last - 1].kinds | words[first].kinds:
        return range(first, last), "actor"
    plain = "nouns_capital" in cues.traits and last - first == 1 and _may_be_noun(words, first)
    return range(first, last), "other" if plain else "name"


def _past_owner(words: Sequence[Word], first: int, last: int, cues: Cues) -> int:
    """Skip whose something is: "Germany's Der Spiegel", but not "Moody's" nor "Russia's Defence Ministry"."""
    owner = next((at for at in range(last - 2, first, -1) if is_genitive(words[at])), first)
    if owner == first or has(words, range(owner + 1, last), {"body"}):
        return first
    return owner + 1 if last - owner > 2 or _known(words, owner + 1, last, cues) else first


def _past_role(words: Sequence[Word], first: int, last: int, cues: Cues) -> int:
    """Skip what someone is: "Secretary of State Antony Blinken"."""
    roles = {"people", "title", "media"} if "nouns_capital" in cues.traits else {"people", "title"}
    before = (at for at in range(last - 2, first - 1, -1) if not is_tied(words[at + 1]))
    role = next((at for at in before if words[at].kinds & roles), None)
    if role is None or "body" in words[last - 1].kinds:
        return first
    return role + 1 if "particle" not in words[role + 1].kinds else _person(words, first, last)


def _may_be_noun(words: Sequence[Word], at: int) -> bool:
    """Tell whether a word may be a noun where all nouns have a capital: after an article."""
    after_article = at > 0 and words[at].joined and "article" in words[at - 1].kinds
    return after_article and not words[at].upper and words[at].kinds.isdisjoint(SPEAKERS)


def _unquoted(words: Sequence[Word], first: int, last: int) -> tuple[int, int]:
    """Take the part of a name that is in quotation marks: 'Izvestia' of 'the newspaper "Izvestia"'."""
    first = next((at for at in range(last - 1, first, -1) if words[at].gap.strip()[-1:] in OPENING), first)
    return first, next((at for at in range(first + 1, last) if words[at].gap.strip()[:1] in CLOSING), last)


def _known(words: Sequence[Word], first: int, last: int, cues: Cues) -> bool:
    return " ".join(words[at].form for at in range(first, last)) in cues.outlets


def _short_form(words: Sequence[Word], source: Source) -> Source:
    """Take the short form in brackets after a long one: "Service de renseignement sud-coréen (NIS)"."""
    at, name = source.last, source.name
    if at >= len(words) or words[at].gap.strip() != "(" or name.stop != at or len(name) < 2:
        return source
    closed = at + 1 == len(words) or words[at + 1].gap.strip().startswith(")")
    initials = "".join(words[one].form[0] for one in name)
    if not closed or not words[at].upper or (all(words[one].capital for one in name) and initials != words[at].form):
        return source
    return source._replace(last=at + 1, name=range(at, at + 1), kind="name")
