"""Find the noun phrases before and after a word, by cue words and capitals instead of a grammar."""
# ruff: noqa: RUF003 - letters and marks that look alike

from collections.abc import Sequence
from typing import NamedTuple

from dedup.text.sources.cues import CLOSING_QUOTES, HYPHEN_GAPS, CueTable, TaggedWord
from dedup.text.sources.naming import (
    COMMON_WORD_TAGS,
    CREDITABLE_KINDS,
    LINK_TAGS,
    PHRASE_END_TAGS,
    SPEAKER_TAGS,
    Source,
    capital_run_end,
    has_tag,
    is_between_capitals,
    name_parts,
    outlet_end,
    read_source,
    skip_articles,
)

MAX_PHRASE_WORDS = 20
"""Maximum number of words of a noun phrase."""
MAX_COORDINATED = 6
"""Maximum number of coordinated sources."""
LOOKAHEAD_WORDS = 4
"""Number of lower-case words after a name that are examined to decide whether the phrase continues."""
_OPENING_BRACKETS, _CLOSING_BRACKETS = ("(", "<", "["), (")", ">", "]")

_REPORTING_TAGS = frozenset(("say", "report", "remark"))


class PhraseMatch(NamedTuple):
    """A phrase of the data file in a sentence."""

    list_name: str
    """List of the data file that contains the phrase; empty if there is no phrase."""
    end: int
    """One past the last word of the phrase."""


def match_phrase(words: Sequence[TaggedWord], at: int, cues: CueTable) -> PhraseMatch:
    """Return the longest phrase of the data file that begins at a word; with an empty list name if there is none."""
    for forms, list_name in cues.phrases.get(words[at].form, ()):
        end = at + len(forms)
        matched = words[at:end]
        if tuple(word.form for word in matched) == forms and all(word.joined for word in matched[1:]):
            return PhraseMatch(list_name, end)
    return PhraseMatch("", at)


def source_after(words: Sequence[TaggedWord], at: int, cues: CueTable) -> Source | None:
    """Return the source that begins at a word, or None.

    Args:
        words: Words of a sentence.
        at: Word after the cue; may be one past the last word.
        cues: Cues of the language.
    """
    source = read_source(words, at, _phrase_end(words, at, cues), cues)
    return _with_apposed_name(words, source, cues) if source and source.kind == "actor" else source


def source_before(words: Sequence[TaggedWord], end: int, cues: CueTable) -> Source | None:
    """Return the source that ends directly before a word, or None.

    Args:
        words: Words of a sentence.
        end: One past the last word of the source.
        cues: Cues of the language.
    """
    first = end
    while first > 0 and end - first < MAX_PHRASE_WORDS:
        before = words[first - 1].tags
        if first < end and (not words[first].joined or _ends_quoted_name(words, first, cues)):
            break
        if _ends_phrase(words, first - 1, end):
            break
        if (
            "preposition" in before
            and before.isdisjoint(("without", "inner", "origin", "joiner", "article"))
            and first < end
        ):
            break
        first -= 1
        if _opens_phrase(words, first):
            break
    while first < end and words[first].tags & {"joiner", "preposition", "and"} and not _opens_phrase(words, first):
        first = _skip_prepositional_phrase(words, first, end, cues)
    if (
        0 < first < end < len(words)
        and words[first].gap.strip() in _OPENING_BRACKETS
        and words[end].gap.strip()[:1] in _CLOSING_BRACKETS
    ):
        return source_before(words, first, cues)
    source = read_source(words, first, end, cues)
    link = next((at for at in range(end - 2, first, -1) if words[at].tags & LINK_TAGS), None)
    if source and source.kind == "other" and link:  # "reacting to comments by economists (who said)"
        nearest = read_source(words, link + 1, end, cues)
        return nearest if nearest and nearest.kind in CREDITABLE_KINDS else source
    return source


def sources_after(words: Sequence[TaggedWord], at: int, cues: CueTable) -> list[Source]:
    """Return the source that begins at a word, and the sources coordinated with it: "Le Monde, l'AFP et Reuters"."""
    first = source_after(words, at, cues)
    sources = [first] if first else []
    while sources and len(sources) < MAX_COORDINATED and sources[-1].last < len(words):
        at = sources[-1].last
        has_comma, has_and = is_after_comma(words, at), "and" in words[at].tags
        if not has_comma and not (has_and and words[at].joined):
            break
        source = source_after(words, at + has_and, cues)
        if source is None or source.kind not in CREDITABLE_KINDS:
            break
        if source.kind == "actor" and sources[-1].kind == "name" and source.name.start == source.first:
            break  # "John Smith, chairman of the board"
        if has_and and not has_comma and _is_one_name(words, sources[-1], source):
            whole = range(sources[-1].name.start, source.name.stop)
            return [*sources[:-1], sources[-1]._replace(last=source.last, name=whole, kind="name")]
        if has_and:
            is_last = source.last == len(words) or not words[source.last].joined
            return [*sources, source] if is_last or (len(sources) == 1 and not has_comma) else sources[:1]
        sources.append(source)
    return sources[:1]


def sources_before(words: Sequence[TaggedWord], end: int, cues: CueTable) -> list[Source]:
    """Return the source that ends before a word, and the sources coordinated with it: "la France et l'Allemagne".

    The source nearest to the word comes first.
    """
    nearest = source_before(words, end, cues)
    if nearest is None:
        return []
    sources, at = [nearest], nearest.first
    has_and = at >= 2 and words[at].joined and "and" in words[at - 1].tags
    if not has_and or nearest.kind not in CREDITABLE_KINDS:
        return sources
    at -= 1
    while len(sources) < MAX_COORDINATED and at > 0:
        source = source_before(words, at, cues)
        if source is None or source.kind not in CREDITABLE_KINDS:
            break
        if len(sources) == 1 and _is_one_name(words, source, nearest):
            whole = range(source.name.start, nearest.name.stop)
            return [nearest._replace(first=source.first, name=whole, kind="name")]
        sources.append(source)
        at = source.first
        if not is_after_comma(words, at) or not words[at - 1].capital:
            break
    is_mid_clause = at > 0 and words[at].joined and words[at - 1].tags.isdisjoint(("that", "stop"))
    return [nearest] if is_mid_clause else sources


def _is_one_name(words: Sequence[TaggedWord], left: Source, right: Source) -> bool:
    """Return whether "and" joins parts of one name: "Centers for Disease Control and Prevention"."""
    if not words[right.name.start].capital or right.kind == "outlet":
        return False
    if right.name.start != right.first:  # "Organización para la Alimentación y la Agricultura"
        is_open = has_tag(words, left.name[1:], {"preposition"}) and "body" in words[left.name.start].tags
        return is_open and not has_tag(words, right.name, SPEAKER_TAGS)
    is_linked = has_tag(words, left.name[1:], {"joiner", "particle"}) and "body" in words[left.name.start].tags
    ends_in_body = "body" in words[right.name.stop - 1].tags and len(left.name) == 1 and left.kind == "name"
    return is_linked or (ends_in_body and left.first < left.name.start and not words[left.name.start].upper)


def is_after_comma(words: Sequence[TaggedWord], at: int) -> bool:
    """Return whether a comma precedes a word."""
    return words[at].gap.strip() == ","


def _with_apposed_name(words: Sequence[TaggedWord], source: Source, cues: CueTable) -> Source:
    """Name a source by the name after a comma, as in "a déclaré le ministre de la Santé, Olivier Véran"."""
    at = source.last
    if at + 2 < len(words) and words[at].gap.strip() == "(" and words[at].upper:
        at += 1
    if at >= len(words) or words[at].gap.strip() not in (",", "),"):
        return source
    named = read_source(words, at, _phrase_end(words, at, cues), cues)
    if named is None or named.kind != "name" or (named.name.start, named.name.stop) != (at, named.last):
        return source
    is_last = named.last == len(words) or not words[named.last].joined
    is_person = len(name_parts(words, at, named.last)) > 1 and has_tag(
        words, range(source.first, source.last), {"people"}
    )
    is_indefinite = "indefinite" in words[source.first].tags
    return named._replace(first=source.first) if is_last and (is_person or is_indefinite) else source


def _opens_phrase(words: Sequence[TaggedWord], at: int) -> bool:
    """Return whether an article opens a noun phrase that does not depend on the words before it."""
    if "article" not in words[at].tags:
        return False
    if at == 0 or not words[at].joined:
        return True
    if words[at].capital:  # but not in "Bruno Le Maire"
        return not (words[at - 1].capital and words[at - 1].tags.isdisjoint(COMMON_WORD_TAGS))
    before = words[at - 1].tags
    if before & (PHRASE_END_TAGS | {"and", "as", "clause"}):
        return True
    return before.isdisjoint(LINK_TAGS | {"article"}) and "joiner" not in words[at].tags


def _skip_prepositional_phrase(words: Sequence[TaggedWord], at: int, end: int, cues: CueTable) -> int:
    """Return the index after a preposition and the name it governs, where the subject may begin.

    Without a name after the preposition, return `end`, because the start of the subject is then unknown.
    """
    phrase = match_phrase(words, at, cues)
    at = max(at + 1, phrase.end)
    while at < end and words[at].tags & {"article", "joiner"}:
        at += 1
    if "genitive" in cues.traits and (outlet := outlet_end(words, at, end, cues)):
        return outlet
    return capital_run_end(words, at, end) if at < end and words[at].capital else end


def _ends_phrase(words: Sequence[TaggedWord], at: int, end: int) -> bool:
    """Return whether a word ends a noun phrase: by its tags, or as a reporting verb."""
    tags = words[at].tags
    if tags & PHRASE_END_TAGS:
        return not is_between_capitals(words, at, end)
    is_verb = "finite" in tags and bool(tags & _REPORTING_TAGS)
    return is_verb and not words[at].capital and tags.isdisjoint(SPEAKER_TAGS | {"information"})


def _ends_before_person(words: Sequence[TaggedWord], at: int, cues: CueTable) -> bool:
    """Return whether the name of an outlet ends before a word: where a noun follows it, or a person's two names."""
    if "genitive" in cues.traits:
        return True
    if at < len(words) and words[at].joined and "and" in words[at].tags:
        return True  # "Efe y Reuters"
    person = words[at : at + 2]
    if len(person) < 2 or not person[0].tags.isdisjoint(COMMON_WORD_TAGS):
        return False
    return all(
        word.capital and word.joined and not word.upper and word.tags.isdisjoint(SPEAKER_TAGS) for word in person
    )


def _ends_quoted_name(words: Sequence[TaggedWord], at: int, cues: CueTable) -> bool:
    """Return whether a name in quotation marks ends before a word: «Коммерсанту» (министр), but not "Bild"-Zeitung."""
    if "genitive" not in cues.traits or at >= len(words):
        return False
    gap = words[at].gap.strip()
    return gap[:1] in CLOSING_QUOTES and gap[1:] not in HYPHEN_GAPS


def _is_participle(word: TaggedWord) -> bool:
    """Return whether a word is a participle after a noun: "a report published by …"."""
    return "passive" in word.tags and not word.capital and word.tags.isdisjoint(SPEAKER_TAGS | {"information"})


def _phrase_end(words: Sequence[TaggedWord], first: int, cues: CueTable) -> int:
    """Return the end of the noun phrase that begins at a word."""
    end = min(first + MAX_PHRASE_WORDS, len(words))
    at = after_articles = skip_articles(words, first, end)
    if (outlet := outlet_end(words, at, end, cues)) and _ends_before_person(words, outlet, cues):
        return outlet  # "в беседе с ТАСС Сергей Рябков подтвердил", "raconte à Ouest-France Marie Le Gall"
    has_name = is_linked = False
    any_noun_is_name = "nouns_capital" in cues.traits
    while at < end and (at == first or words[at].joined):
        tags = words[at].tags
        if at > first and _ends_quoted_name(words, at, cues):
            return at
        if _ends_phrase(words, at, end) or (at > after_articles and _is_participle(words[at])):
            return at
        if words[at].capital:
            if has_name and not is_linked and "people" not in words[at - 1].tags:
                return at
            past = capital_run_end(words, at, end)
            is_name = any(word.tags.isdisjoint(COMMON_WORD_TAGS) for word in words[at:past])
            has_name = has_name or any_noun_is_name or is_name
            at = past
        elif "joiner" in tags or ("preposition" in tags and not has_name and _is_inner_preposition(words, first, at)):
            heads = SPEAKER_TAGS | {"information"} if any_noun_is_name else SPEAKER_TAGS
            if has_name and not is_linked and not has_tag(words, range(after_articles, at), heads):
                return at
            is_linked = True
            at = skip_articles(words, at + 1, end)
        elif tags & {"article", "preposition"} or (
            has_name and not _continues_after_name(words, at, end, cues, is_linked=is_linked)
        ):
            return at + (has_name and _is_genitive_of_body(words, at, cues))
        else:
            at += 1
    return at


def _is_inner_preposition(words: Sequence[TaggedWord], first: int, at: int) -> bool:
    """Return whether a preposition continues a phrase: "un expert en …", "a report by …", but not "le maire en …"."""
    if "origin" in words[at].tags and has_tag(words, range(first, at), {"information"}):
        return True
    if "inner" not in words[at].tags or not has_tag(words, range(first, at), {"people"}):
        return False
    return "indefinite" in words[first].tags or "article" not in words[first].tags


def _is_genitive_of_body(words: Sequence[TaggedWord], at: int, cues: CueTable) -> bool:
    """Return whether a last word in lower case is what a body is for: "Всемирной организации здравоохранения"."""
    if "genitive" not in cues.traits or words[at - 1].capital or "body" not in words[at - 1].tags:
        return False
    is_last = at + 1 == len(words) or not words[at + 1].joined
    return is_last and words[at].tags.isdisjoint(("stop", "preposition", "finite", "adverb", "time"))


def _continues_after_name(words: Sequence[TaggedWord], at: int, end: int, cues: CueTable, *, is_linked: bool) -> bool:
    """Return whether lower-case words after a name continue it: "Xinhua news agency", "Affaires étrangères X"."""
    if "nouns_capital" in cues.traits:
        return False
    adjective_follows = "adjective_follows" in cues.traits
    for last in range(at, min(at + LOOKAHEAD_WORDS, end)):
        word = words[last]
        if not word.joined or word.capital:
            return is_linked and last > at and adjective_follows
        if word.tags & (SPEAKER_TAGS | {"information", "never"}) and not is_linked:
            return not adjective_follows
        if word.tags & (PHRASE_END_TAGS | LINK_TAGS | {"article"}):
            return False
    return False
