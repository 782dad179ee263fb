"""Find the agencies in datelines and in lines that name the source of a text: "PARIS (AFP) -", "Quelle: dpa"."""
# ruff: noqa: RUF001, RUF002, RUF003 - letters and marks that look alike

import re
from collections.abc import Iterator, Sequence

from dedup.text.sources.cues import CueTable, TaggedWord
from dedup.text.sources.naming import Source
from dedup.text.sources.phrases import source_after
from dedup.text.sources.speech import is_medium
from dedup.text.spans import Span

# Code points of a place with its date before the agency.
_MAX_PLACE = 60
# Separators between the agencies of a line: "dpa/Reuters".
_LIST_GAPS = (",", "/", ";", "&", "+")
_DASH = r"\s{0,3}(?:[-–—]|--)(?=\s|$)"
# What separates an agency from a place or a text.
_MARK = re.compile(r"[(/\[–—]|-(?=[\s-])")
_PLACE = rf"[^()/]{{0,{_MAX_PLACE}}}?"
# "PARIS (AFP) - ", "Madrid, 3 mar (EFE).- ", "BERLIN (epd). ".
_IN_BRACKETS = re.compile(
    rf"([^()]{{0,{_MAX_PLACE}}}?)\(([^()\n]{{2,30}})\)(\s{{0,3}}\.?\s{{0,3}}[-–—_]|\s?[.:](?=\s|$))"
)
# "МОСКВА, 5 июня. /ТАСС/. ".
_IN_SLASHES = re.compile(rf"({_PLACE})/([^/\n]{{2,30}})/[.,]?(?=\s|$)")
# "КИЇВ, 5 червня — Укрінформ. "
_AFTER_DASH = re.compile(rf"({_PLACE}){_DASH}\s{{0,3}}([^\W\d_][^.,()\n–—]{{1,30}})(?:\.(?=\s|$)|,\s|{_DASH})")
# "INTERFAX.RU - "
_AT_START = re.compile(rf"()([^\W\d_][^,()\n–—]{{1,30}}?){_DASH}\s{{0,3}}(?=[^\W\d_a-zа-яіїєґё])")
# A line that is an agency in brackets: "(dpa)".
_ALONE = re.compile(r"()[(\[]([^()\[\]\n]{2,30})[)\]]\s{0,3}\.?$")
_DOMAIN = re.compile(r"[A-ZА-ЯІЇЄҐ0-9-]{2,}\.[A-ZА-ЯІЇЄҐ]{2,4}")
_PARTS = re.compile(r"[^/,&]+")
_YEAR_OR_DAY = re.compile(r"\d{1,4}")


def dateline_agencies(text: str, sentence: Span, cues: CueTable) -> Iterator[Span]:
    """Yield the spans of the agencies in the dateline of a sentence, or of a sentence that is an agency in brackets.

    >>> from dedup.text.sources.cues import cue_table
    >>> text = "BERLIN (epd/dpa). Der Rat tagt."
    >>> [text[start:end] for start, end in dateline_agencies(text, Span(0, 31), cue_table("de"))]
    ['epd', 'dpa']
    """
    if _MARK.search(text, sentence.start, min(sentence.end, sentence.start + _MAX_PLACE + 40)) is None:
        return
    for pattern in (_IN_BRACKETS, _IN_SLASHES, _AFTER_DASH, _AT_START, _ALONE):
        match = pattern.match(text, *sentence)
        if match is None:
            continue
        is_certain = pattern is _IN_BRACKETS and match[3].strip()[-1:] in "-–—_"
        if not (is_certain or _is_place(match[1])):
            continue
        for part in _PARTS.finditer(match[2]):
            name = part[0].strip()
            known = name.casefold() in cues.outlets or _DOMAIN.fullmatch(name) is not None
            known = known or (pattern is _AFTER_DASH and sum(map(str.isupper, name)) > 1 and " " not in name)
            if known or (is_certain and name.isupper()):
                start = match.start(2) + part.start() + part[0].index(name)
                yield Span(start, start + len(name))
        return


def _is_place(written: str) -> bool:
    """Return whether what precedes an agency is nothing, or a place with its date: "МОСКВА, 5 июня. "."""
    words = [word for word in re.split(r"[\s,./]+", written.strip()) if word]
    return not words or (words[0].isupper() and len(words[0]) > 1) or any(map(_YEAR_OR_DAY.fullmatch, words[1:]))


def listed_sources(words: Sequence[TaggedWord], at: int, cues: CueTable, *, media_only: bool) -> list[Source]:
    """Return the sources of a list that fills the rest of a line: "AFP et Reuters", "dpa/rtr".

    Args:
        words: Words of a sentence.
        at: First word of the list.
        cues: Cues of the language.
        media_only: Whether the list counts only if each of its sources is a medium.
    """
    sources: list[Source] = []
    while at < len(words):
        source = source_after(words, at, cues)
        name = words[source.name.start] if source else None
        if source is None or name is None or not name.capital or (media_only and not is_medium(words, source)):
            return [] if media_only else sources
        sources.append(source)
        at = source.last
        if at == len(words) or words[at].gap.strip()[:1] in (")", "]", "."):
            break
        is_listed = words[at].gap.strip() in _LIST_GAPS and not words[at].joined
        has_and = words[at].joined and "and" in words[at].tags
        if not (is_listed or has_and or words[at].gap.strip() in _LIST_GAPS):
            return [] if media_only else sources
        at += has_and
    return sources
