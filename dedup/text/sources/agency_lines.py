"""Find the agencies in datelines and in lines that name the source of a text: "PARIS (AFP) -", "Quelle: dpa"."""
# ruff: noqa: RUF001, RUF002, RUF003 - letters and marks that look alike

import re
from collections.abc import Iterator, Sequence, Set

from dedup.text.sources.cues import CueTable, TaggedWord, word_forms
from dedup.text.sources.naming import Source, has_tag, is_genitive
from dedup.text.sources.phrases import source_after, sources_after
from dedup.text.sources.speech import is_medium
from dedup.text.spans import Span

# Code points of a place with its date before the agency.
_MAX_PLACE = 60
# Words between the names of media that contributed to a text and the phrase that says so: "news agency also".
_MAX_WORDS_BETWEEN = 3
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
# An agency in brackets with a dash, anywhere in a sentence: a headline without a full stop may precede it.
_INSIDE = re.compile(r"\(([^()\n]{2,30})\)\s{0,3}(\.?)\s{0,3}[-–—_]")
# What may precede it: a date after a comma or a bracket, as in "(EE.UU.), 1 ene ", or a place in capitals.
_DATE = r"(?:\d{1,2}\.?\s(?:de\s)?[^\W\d_]{3,10}|[^\W\d_]{3,9}\.?\s\d{1,2})\.?(?:,?\s(?:de\s)?\d{4})?"
_DATE_BEFORE = re.compile(rf"(?s:.*)[,)]\s{{0,3}}(?:[^\W\d_]{{3,10}}\s)?{_DATE},?\s{{0,3}}")
_MAX_DATE = 40
# An agency in brackets and a sentence: "(Belga) Un incendie …".
_BEFORE_SENTENCE = re.compile(r"\(([^()\n]{2,30})\)\s{1,3}[«\"“„‘'¿¡]?\s?([^\W\d_])")
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
    if _MARK.search(text, sentence.start, min(sentence.end, sentence.start + _MAX_PLACE + 40)):
        for pattern in (_IN_BRACKETS, _IN_SLASHES, _AFTER_DASH, _AT_START, _ALONE):
            match = pattern.match(text, *sentence)
            is_certain = match is not None and pattern is _IN_BRACKETS and match[3].strip()[-1:] in "-–—_"
            if match is None or not (is_certain or _is_place(match[1])):
                continue
            for part in _parts(match, 2):
                name = text[slice(*part)]
                known = _is_known(name, cues.outlets) or _DOMAIN.fullmatch(name) is not None
                known = known or (pattern is _AFTER_DASH and sum(map(str.isupper, name)) > 1 and " " not in name)
                if known or (is_certain and name.isupper()):
                    yield part
                elif is_certain and (service := _agency_of_service(name, cues)):
                    yield Span(part.start, part.start + len(service))
            return
    yield from _agencies_before_sentence(text, sentence, cues)
    yield from _agencies_inside(text, sentence, cues)


def _parts(match: re.Match[str], group: int) -> Iterator[Span]:
    """Yield the spans of the names in a group of a match: "epd/dpa"."""
    for part in _PARTS.finditer(match[group]):
        name = part[0].strip()
        start = match.start(group) + part.start() + part[0].index(name)
        yield Span(start, start + len(name))


def _is_known(name: str, known: Set[str]) -> bool:
    """Return whether a name is known, or joins known names with hyphens: "dpa-AFX"."""
    forms = word_forms(name)
    is_compound = "-" in name and " " not in name
    return " ".join(forms) in known or (is_compound and len(forms) > 1 and all(form in known for form in forms))


def _agency_of_service(name: str, cues: CueTable) -> str:
    """Return the agency before the name of its service, "dpa-AFX" of "dpa-AFX Broker"; otherwise an empty string."""
    agency, _, service = name.partition(" ")
    return agency if service and "-" in agency and _is_known(agency, cues.agencies) else ""


def _agencies_before_sentence(text: str, sentence: Span, cues: CueTable) -> Iterator[Span]:
    """Yield the agencies in brackets at the start of a text or paragraph, directly before a sentence."""
    match = _BEFORE_SENTENCE.match(text, *sentence)
    before = text[max(0, sentence.start - _MAX_PLACE) : sentence.start].rstrip(" \t\u00a0")
    if match is None or not match[2].isupper() or (before and not before.endswith(("\n", "\r", "\u2028", "\u2029"))):
        return
    parts = list(_parts(match, 1))
    if all(_is_known(text[slice(*part)], cues.agencies) for part in parts):
        yield from parts


def _agencies_inside(text: str, sentence: Span, cues: CueTable) -> Iterator[Span]:
    """Yield the agencies of a dateline after a headline, or after brackets: "Redacción (EE.UU.), 1 ene (EFE).- "."""
    for match in _INSIDE.finditer(text, *sentence):
        before = text[max(sentence.start, match.start() - _MAX_DATE) : match.start()]
        place = before.split()[-1:]
        is_upper_place = bool(place) and place[0].isalpha() and place[0].isupper() and len(place[0]) > 2
        if not (match[2] or is_upper_place or _DATE_BEFORE.fullmatch(before)):
            continue
        parts = list(_parts(match, 1))
        if all(_is_known(text[slice(*part)], cues.agencies) for part in parts):
            yield from parts
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


def contributing_media(words: Sequence[TaggedWord], at: int, cues: CueTable) -> list[Source]:
    """Return the media that open a sentence and contributed to its text: "AFP and Reuters contributed to this report".

    Persons are not returned, because they are mostly authors of the outlet itself.

    Args:
        words: Words of a sentence.
        at: First word of the phrase that says that they contributed.
        cues: Cues of the language.
    """
    end = next((index + 1 for index in range(at - 1, -1, -1) if words[index].capital), 0)
    if not end or at - end > _MAX_WORDS_BETWEEN or has_tag(words, range(end, at), {"negation", "people"}):
        return []
    if any(is_genitive(word) for word in words[end:at]):
        return []  # "The Daily Mail's owner"
    media = sources_after(words[:end], 0, cues)
    if not media or media[-1].last != end:
        return []
    return [source for source in media if is_medium(words, source) and not _has_person(words, source)]


def _has_person(words: Sequence[TaggedWord], source: Source) -> bool:
    """Return whether a source contains a word for a person: "Associated Press writer Ann Lee"."""
    return has_tag(words, range(source.first, source.last), {"people", "spokesman"})
