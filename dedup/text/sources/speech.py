"""Find the subject of a reporting verb: "X a affirmé que …", "…, a dit X", "X told Reuters …"."""
# ruff: noqa: RUF001, RUF002, RUF003 - letters and marks that look alike

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dedup.text.sources.cues import HYPHEN_GAPS, OPENING_QUOTES, CueTable, TaggedWord
from dedup.text.sources.naming import (
    CREDITABLE_KINDS,
    LINK_TAGS,
    PHRASE_END_TAGS,
    SPEAKER_TAGS,
    Source,
    has_tag,
    is_genitive,
    outlet_end,
    skip_articles,
)
from dedup.text.sources.phrases import match_phrase, source_after, source_before, sources_after, sources_before
from dedup.text.sources.verbs import (
    has_pronoun_subject,
    has_reported_content,
    is_aside,
    is_noun,
    is_talk,
    skip_adverbials,
    verb_start,
)

# Maximum distance in words from a verb to the medium it addresses ("told Reuters").
MAX_MEDIUM_DISTANCE = 9
# Maximum number of words of an aside between commas.
MAX_ASIDE_WORDS = 24
# Maximum distance in words from a verb back to the preposition of the place that is used as its subject.
MAX_PLACE_DISTANCE = 12

# Maximum distance in words from a verb back to the pronoun for the reported content.
MAX_LEAD_DISTANCE = 6

# Maximum distance in words from a name to the office in the apposition after it.
MAX_OFFICE_DISTANCE = 4


class VerbCredit(NamedTuple):
    """A source credited by a verb."""

    source: Source
    first: int
    """First word of the verb and its subjects."""
    last: int
    """One past the last word of the verb."""
    opens_clause: bool = False
    """Whether the reported content follows the verb, so that subject and verb open a clause."""


class _Subjects(NamedTuple):
    """The subjects of a verb."""

    sources: list[Source]
    open_clause: bool
    """Whether the reported content follows the verb."""


def verb_credits(words: Sequence[TaggedWord], at: int, cues: CueTable) -> Iterator[VerbCredit]:
    """Yield the sources that a reporting verb credits: its subjects and the medium it addresses.

    Args:
        words: Words of a sentence.
        at: The verb, or its participle.
        cues: Cues of the language.
    """
    first = verb_start(words, at, cues)
    if first is None:
        return
    start = first
    while start and words[start].joined and "adverb" in words[start - 1].tags and not words[start - 1].capital:
        if start > 1 and "this" in words[start - 1].tags and "that" in words[start - 2].tags:
            break  # "об этом сообщил"
        start -= 1
    if is_noun(words, start, at) or is_talk(words, at):
        return
    medium = _addressed_medium(words, at, cues)
    if medium:
        yield VerbCredit(medium._replace(case="dative"), first, at + 1)
    if not has_pronoun_subject(words, first, at, cues):
        subjects = _find_subjects(words, start, at, medium, cues)
        first = min((first, *(source.first for source in subjects.sources)))
        yield from (VerbCredit(source, first, at + 1, subjects.open_clause) for source in subjects.sources)


def participle_credits(words: Sequence[TaggedWord], at: int, cues: CueTable) -> Iterator[VerbCredit]:
    """Yield the subject of the sentence for a participle that adds a statement: "X resigned, saying it was time"."""
    if at and not words[at].joined:
        yield from (VerbCredit(source, source.first, at + 1) for source in _sentence_subject(words, at, cues))


def is_medium(words: Sequence[TaggedWord], source: Source) -> bool:
    """Return whether a source is a medium: by its name, by a noun for media, or as an acronym not of a body."""
    has_medium = source.kind == "name" and has_tag(words, range(source.first, source.last), {"media"})
    if source.kind == "outlet" or has_medium:
        return True
    name = words[source.name.start]
    is_quoted = name.gap.strip()[-1:] in OPENING_QUOTES and name.capital and source.name.start > 0
    return is_quoted or (len(source.name) == 1 and name.upper and "body" not in name.tags)


def _addressed_medium(words: Sequence[TaggedWord], at: int, cues: CueTable) -> Source | None:
    """Return the medium that a statement was made to: "told Reuters", "a déclaré à l'AFP"."""
    is_direct = "tell" in words[at].tags or _is_dative_medium(words, at + 1, cues)
    for index in range(at + 1, min(at + MAX_MEDIUM_DISTANCE, len(words))):
        if not words[index].joined or words[index].tags & {"that", "relative"}:
            return None
        has_preposition = "to" in words[index].tags
        if is_direct and (outlet := _outlet_before_clause(words, index, cues)):
            return outlet
        source = source_after(words, index + (not is_direct), cues) if is_direct or has_preposition else None
        if source and is_medium(words, source):
            return source
        is_direct = False
    return None


def _outlet_before_clause(words: Sequence[TaggedWord], at: int, cues: CueTable) -> Source | None:
    """Return the known outlet at a word if a clause without "that" follows, or None.

    As in "(told) Reuters the Columbia University plan was dead". The clause begins with an article, or with another
    name that a verb such as "was" follows.
    """
    first = skip_articles(words, at, len(words))
    end = outlet_end(words, first, len(words), cues)
    if end is None or end >= len(words) or not words[end].joined or not words[first].capital:
        return None
    part = end
    while part + 1 < len(words) and words[part].capital and words[part].joined and "media" in words[part].tags:
        part += 1  # "Bloomberg Television"
    if words[part].joined and words[part].tags & {"article", "pronoun"} and not words[part].capital:
        return Source(at, part, range(first, part), "outlet")
    past = end
    while past < len(words) and words[past].joined and words[past].capital and "media" not in words[past].tags:
        past += 1
    is_name = past > end and words[end].gap not in HYPHEN_GAPS and not is_genitive(words[end])
    has_verb = past < len(words) and words[past].joined and "link" in words[past].tags
    return Source(at, end, range(first, end), "outlet") if is_name and has_verb else None


def _is_dative_medium(words: Sequence[TaggedWord], at: int, cues: CueTable) -> bool:
    """Return whether a medium without a preposition follows a verb, then its subject: "сказала «Медузе» Анна Ли"."""
    if "genitive" not in cues.traits or at >= len(words) or not words[at].capital:
        return False
    medium = source_after(words, at, cues)
    if medium is None or medium.first != at or medium.last >= len(words) or not is_medium(words, medium):
        return False
    after = words[medium.last]
    return after.joined and bool(after.capital or after.tags & SPEAKER_TAGS)


def _find_subjects(
    words: Sequence[TaggedWord], start: int, at: int, medium: Source | None, cues: CueTable
) -> _Subjects:
    """Find the subjects of a verb.

    Args:
        words: Words of a sentence.
        start: First word of the verb with its auxiliary and adverbs.
        at: The verb, or its participle.
        medium: Medium that the verb addresses.
        cues: Cues of the language.
    """
    is_apart = not words[start].joined and (start > 0 or not words[0].capital)
    medium_is_near = medium is not None and medium.first <= skip_adverbials(words, at + 1) + 1
    end = medium.last if medium and medium_is_near else at + 1
    after = _subjects_after(words, start, end, cues, is_apart=is_apart, is_led=_is_led(words, start, at, cues))
    if is_apart and after and ("free_order" in cues.traits or _ends_clause(words, start, after[-1].last)):
        apposed = _apposed_subject(words, start, cues) if start and "free_order" in cues.traits else []
        return _Subjects(apposed or after, open_clause=False)
    before = _subjects_before(words, start, at, cues) if start else []
    if not before and "verb_at_end" in cues.traits and "auxiliary" in words[start].tags:
        between = source_after(words, skip_adverbials(words, start + 1), cues)
        if between and between.last <= at and between.kind in CREDITABLE_KINDS:
            return _Subjects([between], open_clause=False)  # "Zuvor hatte der Spiegel darüber berichtet"
    if before and "verb_at_end" in cues.traits and not _opens_clause(words, before[-1].first):
        before = []
    if before and "genitive" in cues.traits and after and is_medium(words, before[0]):
        before = [before[0]._replace(case="dative"), *after]  # "Об этом ТАСС сообщили в пресс-службе МЧС"
    open_clause = bool(before) and has_reported_content(words, at, cues)
    if before and _is_report(words, before, start, at, cues, open_clause=open_clause):
        return _Subjects(before, open_clause)
    return _Subjects(after, open_clause=False)


def _is_led(words: Sequence[TaggedWord], start: int, at: int, cues: CueTable) -> bool:
    """Return whether "as", a pronoun for the reported content or an interview precedes a verb.

    As in "об этом в четверг сообщил …", "En una entrevista con la cadena SER pidió …".
    """
    if start > 0 and not words[start - 1].tags.isdisjoint(("as", "that")):
        return True
    if "free_order" not in cues.traits:
        return False
    first = start
    while first > 0 and start - first < MAX_LEAD_DISTANCE and words[first].joined:
        first -= 1
    if has_tag(words, range(first, at), {"this"}):
        return True
    if "nouns_capital" in cues.traits:  # where the object of the verb looks like a part of the name
        return False
    before = (index for index in range(first, start) if "phrase" in words[index].tags)
    return any(match_phrase(words, index, cues).list_name == "interview" for index in before)


def _is_report(
    words: Sequence[TaggedWord], subjects: Sequence[Source], start: int, at: int, cues: CueTable, *, open_clause: bool
) -> bool:
    """Return whether a verb with subjects before it is a report.

    A verb such as "say" needs no reported content. For other verbs, reported content must follow or surround the verb,
    or the subject is an outlet or a name with its office: "the minister, Ana Sol, announced the closure".
    """
    first = subjects[-1].first
    is_negated = first > 0 and words[first].joined and bool(words[first - 1].tags & {"modal", "negation"})
    is_negated = is_negated or "negation" in words[first].tags
    if is_negated or any(source.kind == "information" for source in subjects):
        return False
    are_creditable = all(source.kind in CREDITABLE_KINDS for source in subjects)
    if words[at].tags & {"say", "quoted"}:
        return are_creditable or "nouns_capital" not in cues.traits
    if not are_creditable or open_clause or "remark" in words[at].tags or is_aside(words, first, at):
        return are_creditable
    subject = subjects[-1]
    if is_genitive(words[subject.last - 1]):
        return False  # "Japan's confirmed cases"
    is_outlet = subject.kind == "outlet" or has_tag(words, range(subject.first, subject.name.start), {"media"})
    if (is_outlet and "information" not in words[at].tags) or (subject.kind == "name" and "stance" in words[at].tags):
        return True
    if subject.kind == "actor" and "stance" in words[at].tags:
        is_named = any(words[index].capital for index in subject.name if index)
        return is_named or has_tag(words, range(subject.first, subject.last), {"people"})
    return subject.kind == "name" and _has_office(words, subject, start, cues)


def _subjects_before(words: Sequence[TaggedWord], start: int, at: int, cues: CueTable) -> list[Source]:
    """Return the subjects before a verb."""
    if "verb_at_end" in cues.traits and (at + 1 == len(words) or not words[at + 1].joined):
        asides = range(at, max(-1, at - MAX_ASIDE_WORDS), -1)
        first = next((index for index in asides if not words[index].joined), 0)
        if "as" in words[first].tags and first + 1 < at:  # "wie X am Montag der dpa sagte"
            return sources_after(words, first + 1, cues)
    if not words[start].joined:
        return _subjects_before_comma(words, start, cues, is_relative=False)
    if "relative" in words[start - 1].tags:
        return _subjects_before_comma(words, start - 1, cues, is_relative=True) if start > 1 else []
    if words[start - 1].tags & {"and", "clause"}:
        return _sentence_subject(words, start, cues)
    if "free_order" in cues.traits and (citing := _citing_phrase(words, start, cues)):
        start = citing  # "Газета «Ведомости» со ссылкой на Минфин пишет"
    return sources_before(words, start, cues) or _place_as_subject(words, start, cues)


def _citing_phrase(words: Sequence[TaggedWord], end: int, cues: CueTable) -> int | None:
    """Return the first word of the phrase that cites a source right before a word, or None."""
    for at in range(end - 2, max(0, end - MAX_ASIDE_WORDS), -1):
        if not words[at + 1].joined:
            break
        if "phrase" in words[at].tags and match_phrase(words, at, cues).list_name == "citing":
            return at
    return None


def _subjects_before_comma(words: Sequence[TaggedWord], end: int, cues: CueTable, *, is_relative: bool) -> list[Source]:
    """Return the subjects before a comma, or before the apposition it closes: "le ministre, Sergueï Lavrov, a dit"."""
    if words[end].joined:
        return sources_before(words, end, cues)
    if not _is_separator(words[end].gap):
        return []
    if "genitive" in cues.traits and not is_relative and _is_alone(words, end):
        return []  # "Завод, кажуть, закрили"
    asides = range(end - 1, max(0, end - MAX_ASIDE_WORDS), -1)
    comma = next((index for index in asides if not words[index].joined), 0)
    inner = source_before(words, end, cues)
    outer = sources_before(words, comma, cues) if comma and _is_separator(words[comma].gap) else []
    is_whole = inner is not None and inner.first == comma and inner.last == end
    is_named = bool(outer) and outer[0].kind in ("name", "outlet")
    if inner and is_whole and inner.kind in ("name", "outlet") and (is_relative or not is_named):
        return [inner] if is_relative else [inner, *outer[1:]]
    if is_relative and not (is_named and is_whole):
        return sources_before(words, end, cues)
    if outer and not words[outer[0].first].joined and outer[0].first > 0:
        if has_tag(words, range(comma, end), {"and"}):
            return []  # "in France, Britain and Spain, (he) said"
        is_apposed = outer[0].kind == "actor" and outer[0].name.start == outer[0].first
        named_before = source_before(words, outer[0].first, cues) if is_apposed else None
        if named_before and named_before.kind == "name":  # "X, secretary of the union, in Paris, said"
            return [named_before]
    return outer


def _is_alone(words: Sequence[TaggedWord], at: int) -> bool:
    """Return whether commas enclose a verb with at most its subject after it, and no comma precedes them."""
    is_enclosed = any(not word.joined for word in words[at + 1 : at + 4])
    return is_enclosed and all(word.joined for word in words[1:at])


def _apposed_subject(words: Sequence[TaggedWord], end: int, cues: CueTable) -> list[Source]:
    """Return the name between commas before a verb, after the office: "Der Chef der Gewerkschaft, Max Ruhl, rief"."""
    subjects = _subjects_before_comma(words, end, cues, is_relative=False)
    if not subjects or subjects[0].kind != "name" or subjects[0].last != end or _follows_quotation(words, end):
        return []
    return subjects if _has_office(words, subjects[0], end, cues) else []


def _has_office(words: Sequence[TaggedWord], subject: Source, end: int, cues: CueTable) -> bool:
    """Return whether a named subject has an office beside it or in an apposition: "La ministre, Ana Sol, a annoncé"."""
    is_apposed = subject.last < end and not words[subject.last].joined
    last = min(subject.last + MAX_OFFICE_DISTANCE, end) if is_apposed else subject.last
    if has_tag(words, range(subject.first, last), {"people", "title"}):
        return True
    if subject.first == 0 or words[subject.first].joined:
        return False
    office = source_before(words, subject.first, cues)
    return office is not None and has_tag(words, range(office.first, office.last), {"people"})


def _is_separator(gap: str) -> bool:
    """Return whether a gap is a comma, bracket or dash that sets an apposition or a clause apart."""
    return gap.strip() in (",", "(", ")", "),", "[", "]", "<", ">", "–", "—", "-", "--")


def _sentence_subject(words: Sequence[TaggedWord], end: int, cues: CueTable) -> list[Source]:
    """Return the source at the start of the sentence, if its verb follows."""
    if words[0].tags & (LINK_TAGS | {"stop"}):
        return []
    source = source_after(words, 0, cues)
    if source is None or source.kind not in CREDITABLE_KINDS:
        return []
    if source.kind == "actor" and "adjective_follows" not in cues.traits:
        # The verb after the subject may look like a noun, so the name ends with the word for the speaker.
        last = max(at for at in source.name if words[at].tags & SPEAKER_TAGS) + 1
        source = source._replace(last=last, name=range(source.name.start, last))
    if source.last >= end:
        return []
    after = words[source.last]
    is_verb = after.joined and not after.capital and after.tags.isdisjoint(LINK_TAGS | {"and"})
    return [source] if is_verb else []


def _opens_clause(words: Sequence[TaggedWord], at: int) -> bool:
    """Return whether a clause begins at a word."""
    if at == 0 or not words[at].joined or (words[at].capital and "article" in words[at].tags):
        return True
    return bool(words[at - 1].tags & (PHRASE_END_TAGS | {"and", "as", "clause"}))


def _place_as_subject(words: Sequence[TaggedWord], end: int, cues: CueTable) -> list[Source]:
    """Return the institution where a statement was made: "в МИД сообщили" ("they reported at the ministry")."""
    for at in range(end - 2, max(-1, end - MAX_PLACE_DISTANCE), -1):
        if "within" in words[at].tags:
            source = source_after(words, at + 1, cues)
            is_place = source is not None and source.last == end and _is_institution(words, source)
            return [source._replace(case="locative")] if source and is_place else []
        if not words[at + 1].joined:
            break
    return []


def _is_institution(words: Sequence[TaggedWord], source: Source) -> bool:
    """Return whether a source is an outlet, an acronym, or contains a noun for a body."""
    named = (words[at] for at in source.name)
    return source.kind == "outlet" or any(word.upper or word.tags & {"body", "media", "spokesman"} for word in named)


def _subjects_after(
    words: Sequence[TaggedWord], start: int, end: int, cues: CueTable, *, is_apart: bool, is_led: bool
) -> list[Source]:
    """Return the subjects after a verb: "…, a affirmé lundi X", "comme l'a révélé X".

    Args:
        words: Words of a sentence.
        start: First word of the verb with its auxiliary and adverbs.
        end: One past the last word of the verb and the medium it addresses.
        cues: Cues of the language.
        is_apart: Whether punctuation separates the verb from the words before it.
        is_led: Whether a word for the reported content precedes the verb: "об этом", "comme".
    """
    has_free_order = "free_order" in cues.traits
    at = skip_adverbials(words, end)
    if not (is_apart or is_led or has_free_order):
        return []
    if at >= len(words) or not words[at].joined or _depends_on_noun(words[at], cues):
        return []
    is_place = "within" in words[at].tags
    sources = sources_after(words, at + is_place, cues)
    accepts_other = is_apart and _follows_quotation(words, start) and "article" in words[at].tags
    accepted = (*CREDITABLE_KINDS, "other") if accepts_other else CREDITABLE_KINDS
    if not sources or any(source.kind not in accepted for source in sources):
        return []
    if is_place and not all(_is_institution(words, source) for source in sources):
        return []
    sources = [source._replace(case="locative") for source in sources] if is_place else sources
    last = sources[-1].last
    if has_free_order and not (is_led or is_apart or is_place):
        has_content = has_reported_content(words, last - 1, cues) or has_reported_content(words, end - 1, cues)
        return sources if has_content else []
    if has_free_order or not is_apart or _ends_clause(words, start, last):
        return sources
    continues = words[last].tags & {"preposition", "adverb", "joiner", "to"} and "as" not in words[last].tags
    return sources if continues else []


def _depends_on_noun(word: TaggedWord, cues: CueTable) -> bool:
    """Return whether a phrase that begins with a word depends on a noun before it: "(l'annonce) du ministère"."""
    return "joiner" in word.tags and "indefinite" not in word.tags and "nouns_capital" not in cues.traits


def _ends_clause(words: Sequence[TaggedWord], start: int, last: int) -> bool:
    """Return whether a subject after its verb ends the clause, or the verb follows a quotation."""
    if _follows_quotation(words, start) or last >= len(words) or not words[last].joined:
        return True
    return bool(words[last].tags & {"time", "relative"})


def _follows_quotation(words: Sequence[TaggedWord], start: int) -> bool:
    """Return whether a quotation mark is directly before a word."""
    return any(mark in words[start].gap for mark in ("»", "”", '"', "“", "'", "’"))
