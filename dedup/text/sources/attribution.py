"""Who is credited for what a text tells: "rapportée par NHK", "according to Reuters", "the ministry said"."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from dedup.text.sources.cues import CLOSING, HYPHENS, SPEECH, Cues, Word, cues, has_cue, words_of
from dedup.text.sources.naming import CLEAR, Source, has
from dedup.text.sources.phrases import following, following_all, preceding_all
from dedup.text.sources.speech import added, is_medium, spoken
from dedup.text.spans import Credit, Span

# Words between a participle and the "by" that belongs to it, or from what was published, or from a picture, to it.
NEAR = 6
DASHES = ("-", "–", "—")  # noqa: RUF001

_DATELINE = re.compile(r"[^()]{0,60}\(([^()\n]{2,30})\)\s{0,3}\.?\s{0,3}[-–—]")  # noqa: RUF001
_QUOTE = re.compile(r'«[^«»]*+(?:»|$)|“[^“”]*+(?:”|$)|„[^„“”]*+(?:[“”]|$)|"[^"]*+(?:"|$)')
_CLOSES = re.compile(r'[^«»]*+»|[^“”„]*+”|[^"]*+(?<=[^\s(])"(?=[\s,.;:]|$)')


class _Found(NamedTuple):
    """A source and where the cue that credits it stands."""

    source: Source
    first: int
    """First word of cue and source."""
    last: int
    """One past the last."""
    spoken: bool = False
    """Whether the cue is a verb with its subject."""
    opens: bool = False
    """Whether they open a clause of their own: "X a affirmé que …"."""


def find_credits(text: str, sentences: Sequence[Span], language: str) -> list[Credit]:
    """Find the sources that the clauses of a text credit for what they tell.

    A place and an agency that open a sentence ("MOSCOW (Reuters) - ") credit the agency for that sentence. A cue inside
    a quotation credits for the quotation only. Pronouns ("he said") and credits of pictures are none.

    Args:
        text: Any text.
        sentences: Its sentences, by start.
        language: ISO 639-1 code; one without a table [attribution] gives nothing.

    Returns:
        The credits by start. A line break inside a name is a space in `source`.

    >>> text = "Selon NHK, l'usine est à Alabuga ; Kiev dément."
    >>> [(credit.source, text[slice(*credit.clause)]) for credit in find_credits(text, [Span(0, len(text))], "fr")]
    [('NHK', "Selon NHK, l'usine est à Alabuga")]
    """
    known = cues(language)
    if known is None:
        return []
    found: dict[tuple[int, int], Credit] = {}
    for before, sentence in pairwise((Span(0, 0), *sentences)):
        for credit in (*_signature(text, before, sentence, language), *_of_sentence(text, sentence, language, known)):
            found.setdefault((credit.start, credit.end), credit)
    return [found[place] for place in sorted(found)]


def _signature(text: str, quoted: Span, sentence: Span, language: str) -> Iterator[Credit]:
    """Find who signs a quotation on a line of its own: "- Un expert en géopolitique"."""
    known = cues(language)
    quotes = text[max(quoted.start, quoted.end - 2) : quoted.end].rstrip()[-1:] in CLOSING
    if known is None or not quotes or text[sentence.start : sentence.start + 1] not in DASHES:
        return
    words = words_of(text, sentence, language)
    source = following(words, 0, known) if words else None
    if source and source.last == len(words) and source.kind in CLEAR:
        yield _credit(text, words, source, quoted)


def _credit(text: str, words: Sequence[Word], source: Source, clause: Span) -> Credit:
    start, end = words[source.name.start].start, words[source.name.stop - 1].end
    return Credit(" ".join(text[start:end].split()), start, end, Span(*clause))


def _of_sentence(text: str, sentence: Span, language: str, known: Cues) -> Iterator[Credit]:
    dateline = _DATELINE.match(text, *sentence)
    if dateline and (dateline[1].casefold() in known.outlets or dateline[1].isupper()):
        yield Credit(dateline[1], *dateline.span(1), Span(*sentence))
    if not has_cue(text[sentence.start : sentence.end], language):
        return
    words = words_of(text, sentence, language)
    found = [one for at in range(len(words)) for one in _at(words, at, known)]
    borders = _Borders.of(text, sentence, words, found, known) if found else None
    for one in found:
        if borders:
            clause = borders.clause(text, words[one.first].start, words[one.last - 1].end)
            yield _credit(text, words, one.source, clause)


def _at(words: Sequence[Word], at: int, known: Cues) -> Iterator[_Found]:
    """Find the sources that a cue at a word credits."""
    kinds = words[at].kinds
    if "phrase" in kinds:
        name, past = phrase(words, at, known)
        for one in _by_phrase(words, at, past, name, known) if name not in ("", "clause") else ():
            yield _Found(one, min(at, one.first), max(past, one.last))
    if kinds & {"passed_on", "published"} and "passive" in kinds and _is_news(words, at):
        yield from _passed_on(words, at, known)
    if not kinds.isdisjoint(SPEECH):
        for said in spoken(words, at, known):
            last = max(said.last, said.source.last)
            yield _Found(said.source, min(said.first, said.source.first), last, True, said.opens)
    if "adding" in kinds:
        yield from (_Found(said.source, said.first, said.last) for said in added(words, at, known))


def phrase(words: Sequence[Word], at: int, known: Cues) -> tuple[str, int]:
    """Name the list of the data file that has the phrase at a word, and give the end of the phrase."""
    for forms, name in known.phrases.get(words[at].form, ()):
        past = at + len(forms)
        found = words[at:past]
        if tuple(word.form for word in found) == forms and all(word.joined for word in found[1:]):
            return name, past
    return "", at


def _by_phrase(words: Sequence[Word], at: int, past: int, name: str, known: Cues) -> Sequence[Source]:
    """Read the sources that a phrase credits, by the list that has it."""
    begins = at == 0 or not words[at].joined
    if name == "after":
        return preceding_all(words, at, known)
    if past == len(words) or not words[past].joined or words[past].gap in HYPHENS:
        return []
    if name == "source_itself":
        past -= 1
    found = following_all(words, past, known)
    if len(found) == 1:
        found = [_example(words, found[0], known)]
    if name in ("before", "source_itself"):
        return found
    if name == "citing" or (name == "aside" and at and begins):
        return [one for one in found if one.kind in CLEAR]
    if name == "named":
        return [one for one in found if one.kind in ("outlet", "name")]
    if name == "interview":
        return [one for one in found[:1] if is_medium(words, one)]
    if name != "view" or not begins:
        return []
    return [one for one in found if has(words, range(one.first, one.last), {"observer"}) and not _goes_on(words, one)]


def _goes_on(words: Sequence[Word], source: Source) -> bool:
    return source.last == len(words) or words[source.last].joined


def _example(words: Sequence[Word], source: Source, known: Cues) -> Source:
    """Read the example that is given for a source: "certains analystes, comme Keir Starmer"."""
    at = source.last
    if source.kind != "actor" or at + 1 >= len(words) or words[at].joined or "such_as" not in words[at].kinds:
        return source
    example = following(words, at + 1, known)
    return example._replace(first=source.first) if example and example.kind in ("outlet", "name") else source


def _is_news(words: Sequence[Word], at: int) -> bool:
    """Tell whether what a participle is of may be news: no picture, no line that names the writer ("Reported by …")."""
    near = range(max(0, at - NEAR), at)
    byline = at == 0 and has(words, range(1, min(2, len(words))), {"by"})
    if byline or has(words, near, {"image"}) or has(words, near[-3:], {"negation"}):
        return False
    return "passed_on" in words[at].kinds or has(words, near, {"information"})


def _passed_on(words: Sequence[Word], at: int, known: Cues) -> Iterator[_Found]:
    """Find by whom something was passed on: "rapportée lundi par le média japonais NHK"."""
    by = at if "by_case" in known.traits else None
    for after in range(at + 1, min(at + NEAR, len(words))):
        if not words[after].joined or words[after].kinds & {"that", "relative"}:
            break
        if "by" in words[after].kinds:
            by = after
            break
    if by is not None and by + 1 < len(words) and words[by + 1].joined:
        clear = (one for one in following_all(words, by + 1, known) if one.kind in CLEAR)
        yield from (_Found(one, at, one.last) for one in clear)
    elif "verb_at_end" in known.traits:
        before = range(at - 1, max(0, at - 2 * NEAR), -1)
        by = next((one for one in before if "by" in words[one].kinds or not words[one].joined), at)
        source = following(words, by + 1, known) if "by" in words[by].kinds else None
        if source and source.kind in CLEAR and source.last <= at:
            yield _Found(source, by, at + 1)


class _Borders(NamedTuple):
    """Where the clauses of a sentence begin."""

    sentence: Span
    quotes: list[Span]
    starts: list[int]
    """Of clauses, by place."""
    outside: list[int]
    """Those that are in no quotation."""

    @classmethod
    def of(cls, text: str, sentence: Span, words: Sequence[Word], found: Sequence[_Found], known: Cues) -> "_Borders":
        """Find them: semicolons, conjunctions such as "while", and what comes before a source with its own verb."""
        starts = set()
        for at, word in enumerate(words):
            name, past = phrase(words, at, known) if at and "phrase" in word.kinds else ("", 0)
            if name == "clause" and not (past < len(words) and "that" in words[past].kinds):
                starts.add(word.start)
            if ";" in word.gap:
                starts.add(word.start - len(word.gap) + word.gap.index(";"))
        any_cue = min(one.first for one in found)
        any_verb = min((one.first for one in found if one.spoken), default=len(words))
        for one in found:
            before = one.first - 1
            if one.opens and before > any_cue and "and" in words[before].kinds:
                starts.add(words[before].start)
            elif one.opens and before > any_verb and not words[one.first].joined:
                starts.add(words[one.first].start)
        quotes = _quotes(text, sentence)
        outside = [start for start in sorted(starts) if _around(quotes, start, start + 1) is None]
        return cls(sentence, quotes, sorted(starts), outside)

    def clause(self, text: str, start: int, end: int) -> Span:
        """Give the clause around a cue and its source: at most the quotation they are in, or the sentence."""
        quote = _around(self.quotes, start, end)
        starts = self.starts if quote else self.outside
        low, high = quote or self.sentence
        left, right = bisect_right(starts, start), bisect_left(starts, end)
        low = max(low, starts[left - 1]) if left else low
        high = min(high, starts[right]) if right < len(starts) else high
        return _trimmed(text, low, high)


def _around(quotes: Sequence[Span], start: int, end: int) -> Span | None:
    """Find the quotation that a stretch is in."""
    at = bisect_right(quotes, start, key=lambda quote: quote.start) - 1
    return quotes[at] if at >= 0 and quotes[at].end >= end else None


def _quotes(text: str, sentence: Span) -> list[Span]:
    """Find the quotations of a sentence, also those that it begins or ends inside."""
    closes = _CLOSES.match(text, *sentence)
    at = closes.end() if closes else sentence.start
    found = [Span(sentence.start, at)] if closes else []
    return found + [Span(*match.span()) for match in _QUOTE.finditer(text, at, sentence.end)]


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and (text[start].isspace() or text[start] in ",;"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",;"):
        end -= 1
    return Span(start, end)
