"""Noun phrases before and after a word, as far as one can tell where they begin and end without a grammar."""

from collections.abc import Sequence

from dedup.text.sources.cues import Cues, Word
from dedup.text.sources.naming import (
    CLEAR,
    COMMON,
    ENDS,
    LINKS,
    SPEAKERS,
    Source,
    amid_capitals,
    has,
    past_articles,
    read,
    run_end,
    units,
)

# Words that a phrase has at most, and sources in a row.
LONGEST = 20
MANY = 6
# Words in small letters after a name among which one may tell that the phrase goes on.
AHEAD = 4
OPENED, CLOSED = ("(", "<", "["), (")", ">", "]")

_TELLS = frozenset(("say", "report", "remark"))


def following(words: Sequence[Word], at: int, cues: Cues) -> Source | None:
    """Read the source that begins at a word, if one does.

    Args:
        words: The words of a sentence.
        at: The word after the cue; none may be there.
        cues: What is known of the language.
    """
    source = read(words, at, _extent(words, at, cues), cues)
    return _with_name_apposed(words, source, cues) if source and source.kind == "actor" else source


def preceding(words: Sequence[Word], end: int, cues: Cues) -> Source | None:
    """Read the source that ends just before a word, if one does.

    Args:
        words: The words of a sentence.
        end: One past the last word of the source.
        cues: What is known of the language.
    """
    first = end
    while first > 0 and end - first < LONGEST:
        before = words[first - 1].kinds
        if (first < end and not words[first].joined) or _is_end(words, first - 1, end):
            break
        if "preposition" in before and before.isdisjoint(("inner", "origin", "joiner", "article")) and first < end:
            break
        first -= 1
        if _opens(words, first):
            break
    while first < end and words[first].kinds & {"joiner", "preposition", "and"} and not _opens(words, first):
        first = _past_link(words, first, end)
    if 0 < first < end < len(words) and words[first].gap.strip() in OPENED and words[end].gap.strip()[:1] in CLOSED:
        return preceding(words, first, cues)
    source = read(words, first, end, cues)
    link = next((at for at in range(end - 2, first, -1) if words[at].kinds & LINKS), None)
    if source and source.kind == "other" and link:  # "reacting to comments by economists (who said)"
        nearest = read(words, link + 1, end, cues)
        return nearest if nearest and nearest.kind in CLEAR else source
    return source


def following_all(words: Sequence[Word], at: int, cues: Cues) -> list[Source]:
    """Read the source that begins at a word, and those coordinated with it: "Le Monde, l'AFP et Reuters"."""
    first = following(words, at, cues)
    found = [first] if first else []
    while found and len(found) < MANY and found[-1].last < len(words):
        at = found[-1].last
        comma, also = is_comma(words, at), "and" in words[at].kinds
        if not comma and not (also and words[at].joined):
            break
        more = following(words, at + also, cues)
        if more is None or more.kind not in CLEAR:
            break
        if more.kind == "actor" and found[-1].kind == "name" and more.name.start == more.first:
            break  # "John Smith, chairman of the report"
        if also and not comma and _is_one_name(words, found[-1], more):
            whole = range(found[-1].name.start, more.name.stop)
            return [*found[:-1], found[-1]._replace(last=more.last, name=whole, kind="name")]
        if also:
            alone = more.last == len(words) or not words[more.last].joined
            return [*found, more] if alone or (len(found) == 1 and not comma) else found[:1]
        found.append(more)
    return found[:1]


def preceding_all(words: Sequence[Word], end: int, cues: Cues) -> list[Source]:
    """Read the source that ends before a word, and those coordinated with it: "la France et l'Allemagne"."""
    last = preceding(words, end, cues)
    if last is None:
        return []
    found, at = [last], last.first
    if at < 2 or not words[at].joined or "and" not in words[at - 1].kinds or last.kind not in CLEAR:
        return found
    at -= 1
    while len(found) < MANY and at > 0:
        more = preceding(words, at, cues)
        if more is None or more.kind not in CLEAR:
            break
        if len(found) == 1 and _is_one_name(words, more, last):
            return [last._replace(first=more.first, name=range(more.name.start, last.name.stop), kind="name")]
        found.append(more)
        at = more.first
        if not is_comma(words, at) or not words[at - 1].capital:
            break
    amid = at > 0 and words[at].joined and words[at - 1].kinds.isdisjoint(("that", "stop"))
    return [last] if amid else found


def _is_one_name(words: Sequence[Word], left: Source, right: Source) -> bool:
    """Tell whether "and" stands inside a name: "Centers for Disease Control and Prevention"."""
    if right.name.start != right.first or not words[right.first].capital or right.kind == "outlet":
        return False
    linked = has(words, left.name[1:], {"joiner", "particle"}) and "body" in words[left.name.start].kinds
    ends = "body" in words[right.name.stop - 1].kinds and len(left.name) == 1 and left.kind == "name"
    return linked or (ends and left.first < left.name.start and not words[left.name.start].upper)


def is_comma(words: Sequence[Word], at: int) -> bool:
    """Tell whether a comma stands before a word."""
    return words[at].gap.strip() == ","


def _with_name_apposed(words: Sequence[Word], source: Source, cues: Cues) -> Source:
    """Take the name after the comma in "a déclaré le ministre de la Santé, Olivier Véran"."""
    at = source.last
    if at + 2 < len(words) and words[at].gap.strip() == "(" and words[at].upper:
        at += 1
    if at >= len(words) or words[at].gap.strip() not in (",", "),"):
        return source
    named = read(words, at, _extent(words, at, cues), cues)
    if named is None or named.kind != "name" or (named.name.start, named.name.stop) != (at, named.last):
        return source
    alone = named.last == len(words) or not words[named.last].joined
    person = len(units(words, at, named.last)) > 1 and has(words, range(source.first, source.last), {"people"})
    some = "indefinite" in words[source.first].kinds
    return named._replace(first=source.first) if alone and (person or some) else source


def _opens(words: Sequence[Word], at: int) -> bool:
    """Tell whether a word opens a noun phrase that depends on none before it."""
    if "article" not in words[at].kinds:
        return False
    if at == 0 or not words[at].joined or words[at].capital:
        return True
    before = words[at - 1].kinds
    if before & (ENDS | {"and", "as", "clause"}):
        return True
    return before.isdisjoint(LINKS | {"article"}) and "joiner" not in words[at].kinds


def _past_link(words: Sequence[Word], at: int, end: int) -> int:
    """Skip a preposition and what it governs, as far as one can tell: the subject is what comes after."""
    at += 1
    while at < end and words[at].kinds & {"article", "joiner"}:
        at += 1
    return run_end(words, at, end) if at < end and words[at].capital else end


def _is_end(words: Sequence[Word], at: int, end: int) -> bool:
    """Tell whether a word ends a noun phrase: one that says so, or a verb that tells."""
    kinds = words[at].kinds
    if kinds & ENDS:
        return not amid_capitals(words, at, end)
    verb = "finite" in kinds and bool(kinds & _TELLS)
    return verb and not words[at].capital and kinds.isdisjoint(SPEAKERS | {"information"})


def _is_participle(word: Word) -> bool:
    """Tell whether a word goes on with what was done to a source: "a report published by …"."""
    return "passive" in word.kinds and not word.capital and word.kinds.isdisjoint(SPEAKERS | {"information"})


def _extent(words: Sequence[Word], first: int, cues: Cues) -> int:
    """Find the end of the noun phrase that begins at a word."""
    end = min(first + LONGEST, len(words))
    at = opening = past_articles(words, first, end)
    named = linked = False
    nouns = "nouns_capital" in cues.traits
    while at < end and (at == first or words[at].joined):
        kinds = words[at].kinds
        if _is_end(words, at, end) or (at > opening and _is_participle(words[at])):
            return at
        if words[at].capital:
            if named and not linked and "people" not in words[at - 1].kinds:
                return at
            past = run_end(words, at, end)
            named = named or nouns or any(words[one].kinds.isdisjoint(COMMON) for one in range(at, past))
            at = past
        elif "joiner" in kinds or ("preposition" in kinds and not named and _takes_inside(words, first, at)):
            if named and not linked and not has(words, range(opening, at), SPEAKERS):
                return at
            linked = True
            at = past_articles(words, at + 1, end)
        elif kinds & {"article", "preposition"} or (named and not _goes_on(words, at, end, linked, cues)):
            return at
        else:
            at += 1
    return at


def _takes_inside(words: Sequence[Word], first: int, at: int) -> bool:
    """Tell whether a preposition may stand in a phrase: "un expert en …", "a report by …", but not "le maire en …"."""
    if "origin" in words[at].kinds and has(words, range(first, at), {"information"}):
        return True
    if "inner" not in words[at].kinds or not has(words, range(first, at), {"people"}):
        return False
    return "indefinite" in words[first].kinds or "article" not in words[first].kinds


def _goes_on(words: Sequence[Word], at: int, end: int, linked: bool, cues: Cues) -> bool:
    """Tell whether a phrase goes on in small letters after a name: "Xinhua news agency", "Affaires étrangères X"."""
    if "nouns_capital" in cues.traits:
        return False
    adjectives = "adjective_follows" in cues.traits
    for last in range(at, min(at + AHEAD, end)):
        word = words[last]
        if not word.joined or word.capital:
            return linked and last > at and adjectives
        if word.kinds & (SPEAKERS | {"information", "never"}) and not linked:
            return not adjectives
        if word.kinds & (ENDS | LINKS | {"article"}):
            return False
    return False
