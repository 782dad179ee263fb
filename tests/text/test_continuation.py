"""Sentences that continue a credit of the sentence before."""
# ruff: noqa: RUF001 - Cyrillic letters

import pytest

from dedup.text.sources import continuation
from dedup.text.sources.continuation import continues_credit
from dedup.text.spans import Span

CONTINUING = [
    ("en", "It said the port was shut."),
    ("en", "He also told the court so."),
    ("en", "The port, she added, was shut."),
    ("en", "The same source put the toll at 12."),
    ("fr", "Elle a ajouté que le port était fermé."),
    ("fr", "Le port est fermé, a-t-il ajouté."),
    ("fr", "Selon la même source, il y a 12 morts."),
    ("de", "Er sagte, der Hafen sei zu."),
    ("de", "Der Hafen sei zu, sagte sie."),
    ("de", "Ihm zufolge gibt es zwölf Tote."),
    ("es", "Agregó que el puerto está cerrado."),
    ("es", "El puerto está cerrado, según la misma fuente."),
    ("ru", "Он добавил, что порт закрыт."),
    ("ru", "По его словам, порт закрыт."),
    ("uk", "Вона додала, що порт закрито."),
    ("uk", "За його словами, порт закрито."),
]
SEPARATE = [
    ("en", "It was shut on Monday."),
    ("en", "It did not say why."),
    ("en", "The ministry said so."),
    ("en", "They left, and the mayor said so."),
    ("fr", "Elle est fermée."),
    ("fr", "Il n'a pas dit pourquoi."),
    ("de", "Er ist geschlossen."),
    ("es", "Cerró el puerto."),
    ("es", "Dijo Reuters que cerró."),
    ("ru", "Он закрыт."),
    ("uk", "Він закритий."),
    ("pl", "Dodał, że port jest zamknięty."),
]


@pytest.mark.parametrize(("language", "text"), CONTINUING)
def test_sentence_continues_a_credit(language: str, text: str) -> None:
    assert continues_credit(text, Span(0, len(text)), language)


@pytest.mark.parametrize(("language", "text"), SEPARATE)
def test_sentence_does_not_continue_a_credit(language: str, text: str) -> None:
    assert not continues_credit(text, Span(0, len(text)), language)


@pytest.mark.parametrize(("language", "text"), [*CONTINUING, *SEPARATE])
def test_sentences_without_a_cue_continue_no_credit(language: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The search for cues skips sentences, and changes no result."""
    found = continues_credit(text, Span(0, len(text)), language)
    monkeypatch.setattr(continuation, "has_cue", lambda *_: True)
    assert continues_credit(text, Span(0, len(text)), language) == found
