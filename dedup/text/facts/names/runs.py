"""Words with a capital that follow each other, within a sentence."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from dedup.text.facts.names.capitals import ARABIC, ROMAN, Rules, Sentence, Word, plain
from dedup.text.facts.names.nouns import Nouns

# Words of the longest name; more capitals in a row are something else.
LONGEST = 8
# What parts the words of a name: a space, or a line's end in a wrapped text; the full stop of an initial.
_SPACE = re.compile(r"\s{1,8}|\s?&\s?")
_SHORTENED = frozenset(["St", "Ste", "Mt", "Ft", "Jr"])
_ARTICLES = frozenset(["le", "la", "les", "el", "los", "las", "the", "al", "de", "da", "di", "du", "van", "von"])
_ARABIC = re.compile(f"{ARABIC}-")


class Run(NamedTuple):
    """Words with a capital that follow each other."""

    words: tuple[Word, ...]
    end: int
    """One past its last code point, with the small words that go on with it."""
    particle: str = ""
    """What alone parts it from the run before, if that is a particle."""

    @property
    def keys(self) -> tuple[str, ...]:
        """Its words, folded."""
        return tuple(word.key for word in self.words)


def runs(text: str, sentence: Sentence, known: Rules, common: Nouns) -> Iterator[Run]:
    """Group the words with a capital of a sentence that follow each other; titles, days and such are left out.

    Args:
        text: The text.
        sentence: One that is no headline.
        known: What is known of the language.
        common: The common nouns of the text.

    >>> from dedup.text.facts.names.capitals import capitals, rules
    >>> from dedup.text.spans import Span
    >>> text = "Das sagte Präsident Kim Jong Un in Pjöngjang."
    >>> line, = capitals(text, [Span(0, 45)], rules("de"))
    >>> [run.keys for run in runs(text, line, rules("de"), Nouns(rules("de")))]
    [('kim', 'jong', 'un'), ('pjongjang',)]
    """
    end, tailed = -1, False
    for words in _groups(text, sentence.words, known, common):
        while words and common.has(words[0]):
            del words[0]
        while words and (common.has(words[-1]) or words[-1].value.lower() in _ARTICLES):
            del words[-1]
        if not words or len(words) > LONGEST or _are_people(words, known):
            continue
        if len(words) == 1 and (common.may_have(words[0]) or ROMAN.issuperset(words[0].value)):
            continue
        gap = text[end : words[0].start] if end >= 0 else ""
        particle = plain(gap).lower() if gap[:1].isspace() else ""
        if particle not in known.particles and not _ARABIC.fullmatch(particle):
            particle = gap if tailed and gap == " " and words[0].value in known.apart else ""
        end = words[-1].end
        tailed = False
        if known.tail and words[-1].value in known.heads and (match := known.tail.match(text, end, sentence.span.end)):
            end, tailed = match.end(), True
        yield Run(tuple(words), end, particle)


def _groups(text: str, words: Sequence[Word], known: Rules, common: Nouns) -> Iterator[list[Word]]:
    """Part the words of a sentence at what stands between them, at titles and at words that are no names."""
    group: list[Word] = []
    titled = False
    for word in words:
        if group and _parts(text, group[-1], word, known, common):
            yield group
            group = []
        title = word.key in known.titles
        if title or (titled and word.key in known.beside):
            while group and group[-1].key in known.beside:
                group.pop()
            yield group
            group = []
        elif word.key in known.never or _is_function(word, known):
            yield group
            group = []
        else:
            group.append(word)
        titled = title
    yield group


def _parts(text: str, left: Word, right: Word, known: Rules, common: Nouns) -> bool:
    """Tell whether two words with a capital are of two names."""
    if not _adjoin(text[left.end : right.start], left) or left.value in known.apart or common.is_genitive(left):
        return True
    return bool(known.tail and right.value in known.heads and known.tail.match(text, right.end))


def _is_function(word: Word, known: Rules) -> bool:
    """Tell whether a word is too small for a name: not "Le" of Le Pen, where no sentence begins."""
    if word.key not in known.function or word.value in known.acronyms:
        return False
    return word.opening or word.value.lower() not in _ARTICLES


def _adjoin(gap: str, left: Word) -> bool:
    """Tell whether two words with a capital are of one name, by what stands between them."""
    if gap[:1] == ".":
        return gap[1:].isspace() and (len(left.value) == 1 or left.value in _SHORTENED)
    return bool(_SPACE.fullmatch(gap))


def _are_people(words: Sequence[Word], known: Rules) -> bool:
    """Tell whether words are a people or a language: North Korean, les Ukrainiennes."""
    return all(_is_people(word.key, known) or word.key in known.sides for word in words) and any(
        _is_people(word.key, known) for word in words
    )


def _is_people(key: str, known: Rules) -> bool:
    for part in {key, key.rpartition("-")[2]}:
        base = part.removesuffix("s")
        if not known.peoples.isdisjoint((part, base, base.removesuffix("e"), base.removesuffix("ne"))):
            return True
    return False
