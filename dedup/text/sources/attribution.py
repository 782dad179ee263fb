"""Find the sources that clauses credit: "rapportée par NHK", "according to Reuters", "the ministry said"."""
# ruff: noqa: RUF001 - letters and marks that look alike

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from dedup.text.sources.agency_lines import contributing_media, dateline_agencies, listed_sources
from dedup.text.sources.cues import (
    CLOSING_QUOTES,
    CUE_TAGS,
    HYPHEN_GAPS,
    SPEECH_LISTS,
    CueTable,
    TaggedWord,
    cue_table,
    has_cue,
    tagged_words,
)
from dedup.text.sources.naming import CREDITABLE_KINDS, SPEAKER_TAGS, Source, has_tag, skip_articles
from dedup.text.sources.nominative import nominative
from dedup.text.sources.phrases import PhraseMatch, match_phrase, source_after, sources_after, sources_before
from dedup.text.sources.speech import is_medium, participle_credits, verb_credits
from dedup.text.spans import Credit, Span

# Maximum distance in words from a participle to its "by", and from the noun it describes to the participle.
MAX_PARTICIPLE_DISTANCE = 6
# Dashes before the author of a quotation.
SIGNATURE_DASHES = ("-", "–", "—")

_QUOTATION = re.compile(r'«[^«»]*+(?:»|$)|“[^“”]*+(?:”|$)|„[^„“”]*+(?:[“”]|$)|"[^"]*+(?:"|$)')
# The end of a quotation that began before the text.
_QUOTATION_END = re.compile(r'[^«»]*+»|[^“”„]*+”|[^"]*+(?<=[^\s(])"(?=[\s,.;:]|$)')


class _CueMatch(NamedTuple):
    """A source with the words of the cue that credits it."""

    source: Source
    first: int
    """First word of cue and source."""
    last: int
    """One past the last word of cue and source."""
    is_verb: bool = False
    """Whether the cue is a verb with its subject."""
    opens_clause: bool = False
    """Whether subject and verb open a clause, as in "X a affirmé que …"."""


def find_credits(text: str, sentences: Sequence[Span], language: str) -> list[Credit]:
    """Find the sources that the clauses of a text credit.

    A dateline ("MOSCOW (Reuters) - ") credits the agency for the whole sentence. A cue inside a quotation credits for
    the quotation only. Pronouns ("he said") and picture credits are not reported.

    Args:
        text: Any text.
        sentences: Spans of the sentences of the text, sorted by start.
        language: ISO 639-1 code; for a language without a table [attribution], no credits are found.

    Returns:
        Credits sorted by start. Line breaks inside a name are spaces in `source`.

    >>> text = "Selon NHK, l'usine est à Alabuga ; Kiev dément."
    >>> [(credit.source, text[slice(*credit.clause)]) for credit in find_credits(text, [Span(0, len(text))], "fr")]
    [('NHK', "Selon NHK, l'usine est à Alabuga")]
    """
    cues = cue_table(language)
    if cues is None:
        return []
    credits_: dict[tuple[int, int], Credit] = {}
    for before, sentence in pairwise((Span(0, 0), *sentences)):
        in_sentence = _sentence_credits(text, sentence, language, cues)
        for credit in (*_quotation_signature(text, before, sentence, language, cues), *in_sentence):
            credits_.setdefault((credit.start, credit.end), credit)
    return [credits_[position] for position in sorted(credits_)]


def _quotation_signature(text: str, quotation: Span, sentence: Span, language: str, cues: CueTable) -> Iterator[Credit]:
    """Yield the credit of a quotation that is signed in the next sentence: "- Un expert en géopolitique"."""
    is_quotation = text[max(quotation.start, quotation.end - 2) : quotation.end].rstrip()[-1:] in CLOSING_QUOTES
    if not is_quotation or text[sentence.start : sentence.start + 1] not in SIGNATURE_DASHES:
        return
    words = tagged_words(text, sentence, language)
    source = source_after(words, 0, cues) if words else None
    if source and source.last == len(words) and source.kind in CREDITABLE_KINDS:
        yield _credit(text, words, source, quotation, language)


def _credit(text: str, words: Sequence[TaggedWord], source: Source, clause: Span, language: str) -> Credit:
    """Return the credit of a source: the name in the nominative if that is certain, with single spaces."""
    start, end = words[source.name.start].start, words[source.name.stop - 1].end
    name = " ".join(text[start:end].split())
    cues = cue_table(language)
    if cues and "nouns_capital" in cues.traits:
        # The article shows the case: "der Deutschen Presse-Agentur".
        case = words[source.name.start - 1].form if source.name.start else ""
        return Credit(nominative(name.split(" "), case, language, is_person=False) or name, start, end, Span(*clause))
    if source.case and not _is_apposed(words, source):
        named = [words[at] for at in source.name]
        is_body = source.kind != "name" or any(word.tags & {"body", "media"} for word in named)
        is_person = not is_body and all(word.capital or "particle" in word.tags for word in named)
        name = nominative(name.split(" "), source.case, language, is_person=is_person) or name
    return Credit(name, start, end, Span(*clause))


def _is_apposed(words: Sequence[TaggedWord], source: Source) -> bool:
    """Return whether a name follows the noun for the body or medium that it names, and so is in the nominative."""
    if source.name.start == source.first or words[source.name.start].tags & {"people", "title"}:
        return False
    before = words[source.name.start - 1]
    if "spokesman" in before.tags or before.gap in HYPHEN_GAPS:
        return False  # "пресс-служба Банка России"
    return not before.capital and bool(before.tags & {"body", "media"})


def _sentence_credits(text: str, sentence: Span, language: str, cues: CueTable) -> Iterator[Credit]:
    """Yield the credits of a sentence: of its dateline, then those of its cues."""
    for start, end in dateline_agencies(text, sentence, cues):
        yield Credit(text[start:end], start, end, Span(*sentence))
    if not has_cue(text[sentence.start : sentence.end], language):
        return
    words = tagged_words(text, sentence, language)
    cue_words = [at for at, word in enumerate(words) if not word.tags.isdisjoint(CUE_TAGS)]
    matches = [match for at in cue_words for match in _match_cue(words, at, cues)]
    if not matches:
        return
    boundaries = _ClauseBoundaries.find(text, sentence, words, matches, cues)
    for match in matches:
        clause = boundaries.clause(text, words[match.first].start, words[match.last - 1].end)
        yield _credit(text, words, match.source, clause, language)


def _match_cue(words: Sequence[TaggedWord], at: int, cues: CueTable) -> Iterator[_CueMatch]:
    """Yield the sources credited by the cue that begins at a word."""
    tags = words[at].tags
    if "phrase" in tags:
        phrase = match_phrase(words, at, cues)
        if phrase.list_name not in ("", "clause", "same"):
            case = cues.cases.get(tuple(word.form for word in words[at : phrase.end]), "genitive")
            for source in _sources_of_phrase(words, at, phrase, cues):
                source = source._replace(case=source.case or case)
                yield _CueMatch(source, min(at, source.first), max(phrase.end, source.last))
    if tags & {"passed_on", "published"} and "passive" in tags and _is_about_news(words, at):
        yield from _passive_agents(words, at, cues)
    if not tags.isdisjoint(SPEECH_LISTS):
        for credit in verb_credits(words, at, cues):
            first, last = min(credit.first, credit.source.first), max(credit.last, credit.source.last)
            yield _CueMatch(credit.source, first, last, is_verb=True, opens_clause=credit.opens_clause)
    if "of_medium" in tags and at > 1 and words[at].gap in HYPHEN_GAPS and "preposition" in words[at - 2].tags:
        yield _CueMatch(Source(at - 1, at, range(at - 1, at), "name"), at - 2, at + 1)  # "nach dpa-Informationen"
    if "adding" in tags:
        for credit in participle_credits(words, at, cues):
            yield _CueMatch(credit.source, credit.first, credit.last)


def _sources_of_phrase(words: Sequence[TaggedWord], at: int, phrase: PhraseMatch, cues: CueTable) -> Sequence[Source]:
    """Return the sources that a phrase at a word credits; the list that contains the phrase decides how."""
    name, end = phrase
    opens_clause = at == 0 or not words[at].joined
    if name == "after":
        return sources_before(words, at, cues)
    if name == "contributed":
        return contributing_media(words, at, cues)
    if name in ("files", "label"):
        return _sources_of_line(words, at, phrase, cues)
    if end == len(words) or not words[end].joined or words[end].gap in HYPHEN_GAPS:
        return []
    if "nouns_capital" in cues.traits and "by" in words[end].tags:
        end += 1  # "nach Angaben von Greenpeace"
    # The last word of such a phrase is itself part of the source: "de source policière".
    sources = sources_after(words, end - 1 if name == "source_itself" else end, cues)
    if len(sources) == 1:
        sources = [_example(words, sources[0], cues)]
    if name == "aside" and not (at and opens_clause):
        return []
    if name == "view" and not opens_clause:
        return []
    if name == "interview":
        sources = sources[:1]
    forms = tuple(word.form for word in words[at : phrase.end])
    return [source for source in sources if _suits_phrase(words, source, name, cues.cases.get(forms, ""))]


def _suits_phrase(words: Sequence[TaggedWord], source: Source, list_name: str, case: str) -> bool:
    """Return whether a source is such as the phrases of a list credit, in the grammatical case after the phrase."""
    if list_name in ("citing", "aside"):
        return source.kind in CREDITABLE_KINDS
    if list_name == "named":
        before = range(skip_articles(words, source.first, source.name.start), source.name.start)
        is_near = not before or has_tag(words, before, SPEAKER_TAGS | {"information", "title"})
        return source.kind in ("outlet", "name") and is_near  # not "per gallon Smith"
    if list_name == "interview":
        return is_medium(words, source) or (case == "dative" and source.kind == "name")
    if list_name == "view":
        is_observer = has_tag(words, range(source.first, source.last), {"observer"})
        return is_observer and not _continues(words, source)
    return True


def _sources_of_line(words: Sequence[TaggedWord], at: int, phrase: PhraseMatch, cues: CueTable) -> list[Source]:
    """Return the sources of a line that names them: "Source : Insee", "(avec AFP)", "With files from Reuters"."""
    opens_bracket = words[at].gap.strip()[-1:] in ("(", "[")
    if phrase.end == len(words) or (at and not opens_bracket):
        return []
    is_label = phrase.list_name == "label"
    if is_label and not opens_bracket and words[at].gap.strip(" \t*•-–—"):
        return []  # "© Quelle: dpa" is under a picture
    if is_label != (words[phrase.end].gap.strip()[:1] == ":") and not (opens_bracket and words[phrase.end].upper):
        return []
    return listed_sources(words, phrase.end, cues, media_only=not is_label)


def _continues(words: Sequence[TaggedWord], source: Source) -> bool:
    """Return whether a source ends the sentence or no punctuation follows it."""
    return source.last == len(words) or words[source.last].joined


def _example(words: Sequence[TaggedWord], source: Source, cues: CueTable) -> Source:
    """Return the named example of a source: "certains analystes, comme Keir Starmer"; without one, the source."""
    at = source.last
    if source.kind != "actor" or at + 1 >= len(words) or words[at].joined or "such_as" not in words[at].tags:
        return source
    example = source_after(words, at + 1, cues)
    return example._replace(first=source.first) if example and example.kind in ("outlet", "name") else source


def _is_about_news(words: Sequence[TaggedWord], at: int) -> bool:
    """Return whether a participle may be about news, and not about a picture or the author ("Reported by …")."""
    nearby = range(max(0, at - MAX_PARTICIPLE_DISTANCE), at)
    is_byline = at == 0 and has_tag(words, range(1, min(2, len(words))), {"by"})
    if is_byline or has_tag(words, nearby, {"image"}) or has_tag(words, nearby[-3:], {"negation"}):
        return False
    return "passed_on" in words[at].tags or has_tag(words, nearby, {"information"})


def _passive_agents(words: Sequence[TaggedWord], at: int, cues: CueTable) -> Iterator[_CueMatch]:
    """Yield the agents of a passive participle: "rapportée lundi par le média japonais NHK"."""
    # Where a case marks the agent, it may follow the participle directly.
    by = at if "by_case" in cues.traits else None
    for after in range(at + 1, min(at + MAX_PARTICIPLE_DISTANCE, len(words))):
        if not words[after].joined or words[after].tags & {"that", "relative"}:
            break
        if "by" in words[after].tags:
            by = after
            break
    if by is not None and by + 1 < len(words) and words[by + 1].joined:
        for source in sources_after(words, by + 1, cues):
            if source.kind in CREDITABLE_KINDS:
                yield _CueMatch(source._replace(case="instrumental"), at, source.last)
    elif "verb_at_end" in cues.traits:
        before = range(at - 1, max(0, at - 2 * MAX_PARTICIPLE_DISTANCE), -1)
        by = next((index for index in before if "by" in words[index].tags or not words[index].joined), at)
        agent = source_after(words, by + 1, cues) if "by" in words[by].tags else None
        if agent and agent.kind in CREDITABLE_KINDS and agent.last <= at:
            yield _CueMatch(agent, by, at + 1)


class _ClauseBoundaries(NamedTuple):
    """Boundaries of the clauses and quotations of a sentence."""

    sentence: Span
    quotations: list[Span]
    """Quotations, sorted by start."""
    starts: list[int]
    """Offsets where clauses begin, ascending."""
    starts_outside: list[int]
    """Those of `starts` outside quotations."""

    @classmethod
    def find(
        cls, text: str, sentence: Span, words: Sequence[TaggedWord], matches: Sequence[_CueMatch], cues: CueTable
    ) -> "_ClauseBoundaries":
        """Find the boundaries: semicolons, conjunctions such as "while", and sources with a verb of their own."""
        starts = set()
        for at, word in enumerate(words):
            phrase = match_phrase(words, at, cues) if at and "phrase" in word.tags else PhraseMatch("", 0)
            is_clause = phrase.list_name == "clause"
            if is_clause and not (phrase.end < len(words) and "that" in words[phrase.end].tags):
                starts.add(word.start)
            if ";" in word.gap:
                starts.add(word.start - len(word.gap) + word.gap.index(";"))
        first_cue = min(match.first for match in matches)
        first_verb = min((match.first for match in matches if match.is_verb), default=len(words))
        for match in matches:
            before = match.first - 1
            if match.opens_clause and before > first_cue and "and" in words[before].tags:
                starts.add(words[before].start)
            elif match.opens_clause and before > first_verb and not words[match.first].joined:
                starts.add(words[match.first].start)
        quotations = _find_quotations(text, sentence)
        outside = [start for start in sorted(starts) if _enclosing(quotations, start, start + 1) is None]
        return cls(sentence, quotations, sorted(starts), outside)

    def clause(self, text: str, start: int, end: int) -> Span:
        """Return the clause around a cue and its source, within the quotation that contains both or the sentence."""
        quotation = _enclosing(self.quotations, start, end)
        starts = self.starts if quotation else self.starts_outside
        low, high = quotation or self.sentence
        left, right = bisect_right(starts, start), bisect_left(starts, end)
        low = max(low, starts[left - 1]) if left else low
        high = min(high, starts[right]) if right < len(starts) else high
        return _trim(text, low, high)


def _enclosing(quotations: Sequence[Span], start: int, end: int) -> Span | None:
    """Return the quotation that contains a span, or None."""
    at = bisect_right(quotations, start, key=lambda quotation: quotation.start) - 1
    return quotations[at] if at >= 0 and quotations[at].end >= end else None


def _find_quotations(text: str, sentence: Span) -> list[Span]:
    """Return the quotations of a sentence, including those that extend beyond it."""
    tail = _QUOTATION_END.match(text, *sentence)
    at = tail.end() if tail else sentence.start
    quotations = [Span(sentence.start, at)] if tail else []
    return quotations + [Span(*match.span()) for match in _QUOTATION.finditer(text, at, sentence.end)]


def _trim(text: str, start: int, end: int) -> Span:
    """Return a span without white space, commas and semicolons at its ends."""
    while start < end and (text[start].isspace() or text[start] in ",;"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",;"):
        end -= 1
    return Span(start, end)
