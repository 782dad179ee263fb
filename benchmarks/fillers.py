"""Write articles that resemble real ones in vocabulary and form but report nothing that others report.

An article takes the form of its sentences from real articles of its language. Frequent words stay. Other words are
replaced, the same word by the same word throughout an article, half of them by words of two other real articles, which
are its subject. Names and numbers are invented; some names are those of an affair on which other articles report too,
as in real news, where many articles on other events share rare names.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from evaluation_sets import load
from numpy.typing import NDArray
from planted import sentences

# Languages of the articles and their shares.
LANGUAGES = {"en": 0.45, "de": 0.2, "es": 0.12, "fr": 0.08, "tr": 0.06, "pl": 0.06, "ar": 0.03}
FREQUENT = 150  # words of a language that are never replaced
REPLACED, OF_SUBJECT = 0.9, 0.5  # shares of the other words
# Shares of the capitalised words that are names.
NAMES, GERMAN_NAMES = 0.8, 0.25
MIN_SENTENCES, MAX_SENTENCES = 4, 30
FORMS, SUBJECTS = 3, 2  # real articles from which an article takes its sentences and its words
ARTICLES_PER_AFFAIR = 20
AFFAIR_NAMES, OWN_NAMES = 3, 6
NOVEL_PART = 3000  # code points of a novel that count as a French article
PARAGRAPH = (1, 4)  # sentences

_TOKEN = re.compile(r"\w+|\W+")
_YEAR = re.compile(r"(?:1[89]|20)\d\d")


@dataclass(frozen=True)
class Language:
    """Real articles of a language and their words."""

    code: str
    articles: list[list[str]]
    """Sentences of each article."""
    frequent: frozenset[str]
    """Words that stay."""
    lower: list[str]
    """Words in lower case."""
    capitalised: list[str]
    """Capitalised words that do not occur in lower case."""
    known_names: frozenset[str]
    """The same, and in capital letters."""
    bounds: dict[bool, NDArray[np.int64]]
    """Cumulative frequencies of the capitalised words (True) and of those in lower case (False)."""

    def draw(self, is_capitalised: bool, random: np.random.Generator) -> str:
        """Draw a word by frequency."""
        bounds = self.bounds[is_capitalised]
        at = int(np.searchsorted(bounds, random.random() * bounds[-1], side="right"))
        return (self.capitalised if is_capitalised else self.lower)[at]


def read_language(data: Path, code: str) -> Language:
    """Read the articles of a language.

    Args:
        data: Folder of the sets.
        code: Language, key of `LANGUAGES`.
    """
    texts = [
        row[side]
        for row in load(data, "semeval", "all")
        for side in ("text1", "text2")
        if row["lang1"] == row["lang2"] == code
    ]
    if code == "en":
        texts += [row["text"] for row in load(data, "reuters", "all")]
    if code == "fr":
        novels = "".join(row["text"] for row in load(data, "novels", "all"))
        texts += [novels[start : start + NOVEL_PART] for start in range(0, len(novels), NOVEL_PART)]
    articles = [[" ".join(sentence.split()) for sentence in sentences(text)] for text in dict.fromkeys(texts)]
    return make_language(code, [article for article in articles if len(article) >= MIN_SENTENCES])


def make_language(code: str, articles: list[list[str]]) -> Language:
    """Count the words of articles.

    Args:
        code: Language.
        articles: Sentences of each article.
    """
    counts = Counter(
        word for article in articles for sentence in article for word in re.findall(r"[^\W\d_]+", sentence)
    )
    lower = {word: count for word, count in counts.items() if word == word.lower()}
    capitalised = {word: count for word, count in counts.items() if word.istitle() and word.lower() not in lower}
    stays = frozenset(sorted(lower, key=lambda word: (-lower[word], word))[:FREQUENT])
    kept = [word for word in lower if word not in stays]
    known_names = frozenset(form for word in capitalised for form in (word, word.upper()))
    bounds = {
        False: np.cumsum([lower[word] for word in kept], dtype=np.int64),
        True: np.cumsum(list(capitalised.values()), dtype=np.int64),
    }
    return Language(code, articles, stays, kept, list(capitalised), known_names, bounds)


def invent_name(language: Language, random: np.random.Generator) -> str:
    """Make a name of the beginning of a real word and the end of another."""
    words = language.capitalised or language.lower
    first, last = (words[int(at)] for at in random.integers(len(words), size=2))
    return f"{first[: max(2, len(first) // 2 + 1)]}{last[len(last) // 2 :].lower()}".capitalize()


def affair_names(language: Language, affair: int, seed: int) -> list[str]:
    """Return the names of an affair."""
    random = np.random.default_rng((seed, len(LANGUAGES), affair))
    return [invent_name(language, random) for _ in range(AFFAIR_NAMES)]


def write_article(language: Language, names: Sequence[str], random: np.random.Generator) -> str:
    """Write an article.

    Args:
        language: Its language.
        names: Names of the affair to which it belongs.
        random: Random numbers.
    """
    count = len(language.articles)
    forms = [language.articles[int(at)] for at in random.integers(count, size=FORMS)]
    wanted = min(MAX_SENTENCES, max(MIN_SENTENCES, len(forms[0])))
    pool = [sentence for form in forms for sentence in form]
    chosen = [pool[at] for at in random.permutation(len(pool))[:wanted].tolist()]
    subjects = [language.articles[int(at)] for at in random.integers(count, size=SUBJECTS)]
    writer = _Writer(language, [*names, *(invent_name(language, random) for _ in range(OWN_NAMES))], subjects, random)
    return paragraphs([writer.fill(sentence) for sentence in chosen], random)


def paragraphs(parts: Sequence[str], random: np.random.Generator) -> str:
    """Join sentences to paragraphs of a few sentences."""
    text, at = "", 0
    while at < len(parts):
        end = at + int(random.integers(*PARAGRAPH))
        text += " ".join(parts[at:end]) + "\n\n"
        at = end
    return text.rstrip()


class _Writer:
    """Replaces the words of sentences for an article."""

    def __init__(
        self, language: Language, names: Sequence[str], subjects: Sequence[Sequence[str]], random: np.random.Generator
    ) -> None:
        self._language, self._names, self._random = language, names, random
        words = [word for subject in subjects for sentence in subject for word in re.findall(r"[^\W\d_]{3,}", sentence)]
        self._subject = [word for word in words if word == word.lower() and word not in language.frequent]
        self._replacements: dict[str, str] = {}

    def fill(self, sentence: str) -> str:
        """Replace the words, names and numbers of a sentence."""
        tokens = _TOKEN.findall(sentence)
        filled = [self._replace(token) for token in tokens]
        if tokens and tokens[0][:1].isupper():
            filled[0] = filled[0][:1].upper() + filled[0][1:]
        return "".join(filled)

    def _replace(self, token: str) -> str:
        """Return what is written instead of a word; the same for the same word."""
        if not token[0].isalnum() or token.lower() in self._language.frequent:
            return token
        if token not in self._replacements:
            self._replacements[token] = self._choose(token)
        return self._replacements[token]

    def _choose(self, token: str) -> str:
        random, language = self._random, self._language
        if _YEAR.fullmatch(token):
            return str(int(token) + int(random.integers(-3, 4)))
        if any(character.isdecimal() for character in token):
            return "".join(str(random.integers(1, 10)) if char.isdecimal() else char for char in token)
        if len(token) < 3 or random.random() >= REPLACED:
            return token
        if token == token.lower() or token not in language.known_names:
            is_of_subject = self._subject and random.random() < OF_SUBJECT
            word = (
                self._subject[int(random.integers(len(self._subject)))]
                if is_of_subject
                else language.draw(False, random)
            )
            return word.upper() if token.isupper() else word
        name_share = GERMAN_NAMES if language.code == "de" else NAMES
        if not language.capitalised or random.random() < name_share:
            name = self._names[int(random.integers(len(self._names)))]
        else:
            name = language.draw(True, random)
        return name.upper() if token.isupper() else name
