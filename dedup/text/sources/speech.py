"""Who is the subject of a verb that tells: "X a affirmé que …", "…, a dit X", "X told Reuters …"."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dedup.text.sources.cues import Cues, Word
from dedup.text.sources.naming import CLEAR, ENDS, LINKS, SPEAKERS, Source, has
from dedup.text.sources.phrases import following, following_all, preceding, preceding_all
from dedup.text.sources.verbs import FAR, has_pronoun, is_aside, is_noun, past_times, tells, verb

# Words from a verb to the medium that was told; in an aside between commas.
TOLD = 9
ASIDE = 24


class Spoken(NamedTuple):
    """A source with the verb it is the subject of."""

    source: Source
    first: int
    """First word of the verb and its subjects."""
    last: int
    """One past the last."""
    opens: bool = False
    """Whether what is told comes after it."""


def spoken(words: Sequence[Word], at: int, cues: Cues) -> Iterator[Spoken]:
    """Find the sources that a verb credits: its subjects, and the medium that was told.

    Args:
        words: The words of a sentence.
        at: The verb, or its participle.
        cues: What is known of the language.
    """
    first = verb(words, at, cues)
    if first is None:
        return
    start = first
    while start and words[start].joined and "adverb" in words[start - 1].kinds and not words[start - 1].capital:
        start -= 1
    if is_noun(words, start, at):
        return
    medium = _told(words, at, cues)
    if medium:
        yield Spoken(medium, first, at + 1)
    if not has_pronoun(words, first, at, cues):
        subjects, opens = _subjects(words, start, at, medium, cues)
        first = min((first, *(source.first for source in subjects)))
        yield from (Spoken(source, first, at + 1, opens) for source in subjects)


def added(words: Sequence[Word], at: int, cues: Cues) -> Iterator[Spoken]:
    """Find the source of what a verb adds to its sentence, the subject of that: "X resigned, saying it was time"."""
    if at and not words[at].joined:
        yield from (Spoken(source, source.first, at + 1) for source in _at_the_start(words, at, cues))


def is_medium(words: Sequence[Word], source: Source) -> bool:
    """Tell whether a source is a medium: by its name, by what it is called, or as a short form that is no body's."""
    if source.kind == "outlet" or (source.kind == "name" and has(words, range(source.first, source.last), {"media"})):
        return True
    name = words[source.name.start]
    return len(source.name) == 1 and name.upper and "body" not in name.kinds


def _told(words: Sequence[Word], at: int, cues: Cues) -> Source | None:
    """Find the medium someone spoke to: "told Reuters", "a déclaré à l'AFP"."""
    direct = "tell" in words[at].kinds
    for one in range(at + 1, min(at + TOLD, len(words))):
        if not words[one].joined or words[one].kinds & {"that", "relative"}:
            return None
        found = following(words, one + (not direct), cues) if direct or "to" in words[one].kinds else None
        if found and is_medium(words, found):
            return found
        direct = False
    return None


def _subjects(
    words: Sequence[Word], start: int, at: int, medium: Source | None, cues: Cues
) -> tuple[list[Source], bool]:
    """Find the subjects of a verb, and whether what it tells comes after."""
    apart = not words[start].joined and (start > 0 or not words[0].capital)
    near = medium is not None and medium.first <= past_times(words, at + 1) + 1
    after = _after(words, start, medium.last if medium and near else at + 1, cues, apart=apart)
    if apart and after and ("free_order" in cues.traits or _is_closed(words, start, after[-1].last)):
        return after, False
    before = _before(words, start, at, cues) if start else []
    if before and "verb_at_end" in cues.traits and not _begins(words, before[-1].first):
        before = []
    opens = bool(before) and tells(words, at, cues)
    if before and _suits(words, before, at, cues, opens=opens):
        return before, opens
    return after, False


def _suits(words: Sequence[Word], subjects: Sequence[Source], at: int, cues: Cues, *, opens: bool) -> bool:
    """Tell whether verb and subjects make a report: the verb says enough, or what is told follows or surrounds it."""
    first = subjects[-1].first
    unsaid = first > 0 and words[first].joined and bool(words[first - 1].kinds & {"modal", "negation"})
    unsaid = unsaid or "negation" in words[first].kinds
    if unsaid or any(one.kind == "information" for one in subjects):
        return False
    clear = all(one.kind in CLEAR for one in subjects)
    if words[at].kinds & {"say", "quoted"}:
        return clear or "nouns_capital" not in cues.traits
    return clear and (opens or "remark" in words[at].kinds or is_aside(words, first, at))


def _before(words: Sequence[Word], start: int, at: int, cues: Cues) -> list[Source]:
    """Read the subjects before a verb."""
    if "verb_at_end" in cues.traits and (at + 1 == len(words) or not words[at + 1].joined):
        first = next((one for one in range(at, max(-1, at - ASIDE), -1) if not words[one].joined), 0)
        if "as" in words[first].kinds and first + 1 < at:  # "wie X am Montag der dpa sagte"
            return following_all(words, first + 1, cues)
    if not words[start].joined:
        return _across(words, start, cues, relative=False)
    if "relative" in words[start - 1].kinds:
        return _across(words, start - 1, cues, relative=True) if start > 1 else []
    if words[start - 1].kinds & {"and", "clause"}:
        return _at_the_start(words, start, cues)
    return preceding_all(words, start, cues) or _within(words, start, cues)


def _across(words: Sequence[Word], end: int, cues: Cues, *, relative: bool) -> list[Source]:
    """Read the subjects before a comma, or before what it closes: "le ministre, Sergueï Lavrov, a dit"."""
    if words[end].joined:
        return preceding_all(words, end, cues)
    if not _sets_apart(words[end].gap):
        return []
    comma = next((one for one in range(end - 1, max(0, end - ASIDE), -1) if not words[one].joined), 0)
    inner = preceding(words, end, cues)
    outer = preceding_all(words, comma, cues) if comma and _sets_apart(words[comma].gap) else []
    whole = inner is not None and inner.first == comma and inner.last == end
    named = bool(outer) and outer[0].kind in ("name", "outlet")
    if inner and whole and inner.kind in ("name", "outlet") and (relative or not named):
        return [inner] if relative else [inner, *outer[1:]]
    if relative and not (named and whole):
        return preceding_all(words, end, cues)
    if outer and not words[outer[0].first].joined and outer[0].first > 0:
        if has(words, range(comma, end), {"and"}):
            return []  # "in France, Britain and Spain, (he) said"
        apposed = outer[0].kind == "actor" and outer[0].name.start == outer[0].first
        named_before = preceding(words, outer[0].first, cues) if apposed else None
        if named_before and named_before.kind == "name":  # "X, secretary of the union, in Paris, said"
            return [named_before]
    return outer


def _sets_apart(gap: str) -> bool:
    return gap.strip() in (",", "(", ")", "),", "[", "]", "<", ">", "–", "—", "-", "--")  # noqa: RUF001


def _at_the_start(words: Sequence[Word], end: int, cues: Cues) -> list[Source]:
    """Read the source that the sentence begins with, if its verb follows."""
    if words[0].kinds & (LINKS | {"stop"}):
        return []
    source = following(words, 0, cues)
    if source is None or source.kind not in CLEAR:
        return []
    if source.kind == "actor" and "adjective_follows" not in cues.traits:  # its verb may look like a noun
        last = max(at for at in source.name if words[at].kinds & SPEAKERS) + 1
        source = source._replace(last=last, name=range(source.name.start, last))
    if source.last >= end:
        return []
    after = words[source.last]
    return [source] if after.joined and not after.capital and after.kinds.isdisjoint(LINKS | {"and"}) else []


def _begins(words: Sequence[Word], at: int) -> bool:
    """Tell whether a clause begins with a word."""
    if at == 0 or not words[at].joined or (words[at].capital and "article" in words[at].kinds):
        return True
    return bool(words[at - 1].kinds & (ENDS | {"and", "as", "clause"}))


def _within(words: Sequence[Word], end: int, cues: Cues) -> list[Source]:
    """Read where something was told, as its source: "в МИД сообщили" (they told in the ministry)."""
    for at in range(end - 2, max(-1, end - FAR), -1):
        if "within" in words[at].kinds:
            found = following(words, at + 1, cues)
            return [found] if found and found.last == end and _is_body(words, found) else []
        if not words[at + 1].joined:
            break
    return []


def _is_body(words: Sequence[Word], source: Source) -> bool:
    named = (words[at] for at in source.name)
    return source.kind == "outlet" or any(word.upper or word.kinds & {"body", "media", "spokesman"} for word in named)


def _after(words: Sequence[Word], start: int, end: int, cues: Cues, *, apart: bool) -> list[Source]:
    """Read the subjects after a verb: "…, a affirmé lundi X", "comme l'a révélé X"."""
    free = "free_order" in cues.traits
    led = start > 0 and not words[start - 1].kinds.isdisjoint(("as", "that", "this"))
    at = past_times(words, end)
    if not (apart or led or free) or at >= len(words) or not words[at].joined or _depends(words[at], cues):
        return []
    inside = "within" in words[at].kinds
    found = following_all(words, at + inside, cues)
    anyone = apart and _is_quoted(words, start) and "article" in words[at].kinds
    if not found or any(one.kind not in CLEAR and not (anyone and one.kind == "other") for one in found):
        return []
    if inside and not all(_is_body(words, one) for one in found):
        return []
    last = found[-1].last
    if free:
        known = led or apart or inside or tells(words, last - 1, cues) or tells(words, end - 1, cues)
        return found if known else []
    if not apart or _is_closed(words, start, last):
        return found
    goes = words[last].kinds & {"preposition", "adverb", "joiner"} and "as" not in words[last].kinds
    return found if goes else []


def _depends(word: Word, cues: Cues) -> bool:
    """Tell whether a phrase that begins so depends on what is before it: "(l'annonce) du ministère"."""
    return "joiner" in word.kinds and "indefinite" not in word.kinds and "nouns_capital" not in cues.traits


def _is_closed(words: Sequence[Word], start: int, last: int) -> bool:
    """Tell whether a subject after its verb ends its clause, or its verb follows a quotation."""
    if _is_quoted(words, start) or last >= len(words) or not words[last].joined:
        return True
    return bool(words[last].kinds & {"time", "relative"})


def _is_quoted(words: Sequence[Word], start: int) -> bool:
    return any(mark in words[start].gap for mark in ("»", "”", '"', "“", "'", "’"))  # noqa: RUF001
