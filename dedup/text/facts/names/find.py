"""A text to the names in it, by their capitals."""
# ruff: noqa: RUF002 - apostrophes as they are written

import re
from collections.abc import Iterable, Iterator, Sequence

from dedup.text.facts.names.capitals import ARABIC, HYPHENS, Rules, Sentence, Word, capitals, plain, rules
from dedup.text.facts.names.nouns import nouns
from dedup.text.facts.names.runs import Run, runs
from dedup.text.spans import Fact, Span
from dedup.text.tokens import Token, tokens

# Known names that are compared at a word of a headline.
FEW = 8
# Code points of the longest prefix of a name, as "van der ".
_REACH = 9
_SMALL = re.compile(rf"(?<![{HYPHENS}\w])[^\W\d_]{{3,}}(?![{HYPHENS}\w])")
_JOINING = frozenset(HYPHENS)
# Particles of persons' names only.
_OF_PERSONS = frozenset(["von", "von der", "van", "van der", "van den", "bin", "ben", "ibn"])
_ARABIC = re.compile(f"{ARABIC}-")


def names(text: str, sentences: Sequence[Span], language: str) -> list[Fact]:
    """Find the names of persons, places, bodies and products in a text.

    A name is a run of words with a capital inside a sentence, with the small words that hold it together; or at the
    beginning of one, if it is also seen inside. Acronyms are names anywhere. In headlines, where all words have a
    capital, only names known from the rest are found. Titles and peoples are no names. In German, where nouns have a
    capital, names are what is left once the common nouns are out, by endings, articles and a list.

    Args:
        text: Any text.
        sentences: Its sentences, in order.
        language: ISO 639-1 code.

    Returns:
        Names by start, apart from each other.

    >>> said = "L’agence RBC-Ukraine cite M. Kim Jong-un. Kim Jong-un se tait."
    >>> [(fact.value, fact.start) for fact in names(said, [Span(0, 41), Span(42, 62)], "fr")]
    [('RBC-Ukraine', 9), ('Kim Jong-un', 29), ('Kim Jong-un', 42)]
    """
    known = rules(language)
    found = list(capitals(text, sentences, known))
    running = [sentence for sentence in found if not sentence.heading]
    common = nouns(text, running, known)
    lines = [list(runs(text, sentence, known, common)) for sentence in running]
    lines = _settle(lines, _small_words(text, known), known)
    alone = _alone(lines)
    spans = [_extent(text, group, known) for line in lines for group in _joined(line, alone)]
    spans += _in_headings(text, [sentence for sentence in found if sentence.heading], spans)
    return [Fact("name", start, end, value) for start, end, value in sorted(spans)]


def _small_words(text: str, known: Rules) -> frozenset[str]:
    """List the words of a text in small letters: what is also written so is no name by its capital alone."""
    if not known.function:
        return frozenset()
    return frozenset(word for word in set(_SMALL.findall(text)) if word.islower())


def _settle(lines: list[list[Run]], small: frozenset[str], known: Rules) -> list[list[Run]]:
    """Keep of each run what is sure to be a name: seen inside a sentence, or beginning one and seen elsewhere."""
    words: set[str] = set()
    groups: set[tuple[str, ...]] = set()
    for run in (run for line in lines for run in line):
        rest = run.words[1:] if _is_open(run) else run.words
        if len(rest) > 1 or (rest and _is_sure(rest[0], small)):
            words.update(word.key for word in rest)
            if len(rest) == len(run.words):
                groups.add(run.keys)
    settled = []
    for line in lines:
        kept: list[Run] = []
        followed = ""
        for run in reversed(line):
            chosen = _choose(run, words, groups, small, known, followed)
            if chosen:
                kept.append(chosen)
            elif kept:
                kept[-1] = kept[-1]._replace(particle="")
            followed = run.particle
        settled.append(kept[::-1])
    return settled


def _choose(
    run: Run, words: set[str], groups: set[tuple[str, ...]], small: frozenset[str], known: Rules, followed: str
) -> Run | None:
    """Give a run, or what is left of it without a first word whose capital tells nothing.

    Args:
        run: The run.
        words: Words that are seen in names inside sentences, folded.
        groups: Such names.
        small: Words that are also seen in small letters.
        known: What is known of the language.
        followed: The particle that leads to the next run, if one does.
    """
    first, rest = run.words[0], run.words[1:]
    if first.key in words or run.particle or _is_body(rest, known) or _goes_on(run, known, followed):
        return run
    if not rest:
        return run if not _is_open(run) and _is_sure(first, small) else None
    plainly = first.value.lower() in small or first.key.endswith(known.verbs)
    if not _is_open(run) or (known.function and not plainly and not _is_whole(rest, groups)):
        return run
    return run._replace(words=rest) if len(rest) > 1 or _is_sure(rest[0], small) or rest[0].key in words else None


def _is_whole(words: Sequence[Word], groups: set[tuple[str, ...]]) -> bool:
    """Tell whether words are a name by themselves: one of several that is seen elsewhere, or one with digits."""
    if len(words) == 1:
        return any(map(str.isdigit, words[0].value))
    return tuple(word.key for word in words) in groups


def _goes_on(run: Run, known: Rules, followed: str) -> bool:
    """Tell by what follows whether the first word is part of a name: Bank of, Union européenne, Ursula von der."""
    if run.words[0].value in known.heads and (followed or run.end > run.words[-1].end):
        return True
    return followed in _OF_PERSONS or bool(_ARABIC.fullmatch(followed))


def _is_body(words: Sequence[Word], known: Rules) -> bool:
    """Tell whether words end as names of firms and offices do; but a day or such is no part of them."""
    return bool(words) and words[-1].value in known.bodies


def _is_open(run: Run) -> bool:
    """Tell whether the capital of the first word tells nothing."""
    return run.words[0].opening and not _tells(run.words[0])


def _tells(word: Word) -> bool:
    """Tell whether a word is a name wherever it stands: NHK, Rolls-Royce."""
    return word.acronym or any(part[:1].isupper() for part in word.value.split("-")[1:])


def _is_sure(word: Word, small: frozenset[str]) -> bool:
    return _tells(word) or (len(word.value) > 1 and word.value.lower() not in small)


def _alone(lines: Iterable[Sequence[Run]]) -> frozenset[tuple[str, ...]]:
    """List the runs that stand without a particle on either side."""
    return frozenset(
        run.keys
        for line in lines
        for run, after in zip(line, [*line[1:], None], strict=False)
        if not run.particle and not (after and after.particle)
    )


def _joined(line: Sequence[Run], alone: frozenset[tuple[str, ...]]) -> Iterator[list[Run]]:
    """Join runs that a particle parts, unless both are names of their own: "la Russie de Poutine"."""
    group: list[Run] = []
    for run in line:
        if group and not (run.particle and not (group[-1].keys in alone and run.keys in alone)):
            yield group
            group = []
        group.append(run)
    if group:
        yield group


def _extent(text: str, group: Sequence[Run], known: Rules) -> tuple[int, int, str]:
    """Give where a name begins and ends, and its value."""
    start, end = group[0].words[0].start, group[-1].end
    if match := known.prefix.search(text, max(0, start - _REACH), start):
        start = match.start()
    return start, end, plain(text[start:end])


def _in_headings(
    text: str, headings: Iterable[Sentence], names: Iterable[tuple[int, int, str]]
) -> Iterator[tuple[int, int, str]]:
    """Find in headlines the names that are known from the rest, and acronyms."""
    known: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for value in dict.fromkeys(value for _, _, value in names):
        forms = tuple(token.form for token in tokens(value))
        if forms and len(known.setdefault(forms[0], [])) < FEW:
            known[forms[0]].append((forms, value))
    for options in known.values():
        options.sort(key=lambda option: -len(option[0]))
    for sentence in headings:
        start, end = sentence.span
        free = start
        acronyms = {} if sentence.shouting else {word.start: word for word in sentence.words if word.acronym}
        words = tokens(text[start:end])
        for at, token in enumerate(words):
            first = start + token.start
            if first < free or not text[first].isupper():
                continue
            match = _known_here(text, start, words, at, known.get(token.form, ()))
            if match:
                yield match
                free = match[1]
            elif word := acronyms.get(first):
                yield word.start, word.end, word.value
                free = word.end


def _known_here(
    text: str, start: int, words: Sequence[Token], at: int, options: Iterable[tuple[tuple[str, ...], str]]
) -> tuple[int, int, str] | None:
    """Give the longest known name that begins at a word, unless a hyphen joins it to more."""
    for forms, value in options:
        some = words[at : at + len(forms)]
        if tuple(token.form for token in some) == forms:
            first, end = start + some[0].start, start + some[-1].end
            if text[end : end + 1] not in _JOINING and text[first - 1 : first] not in _JOINING:
                return first, end, value
    return None
