"""Sentences over lines: wrapped prose, lists, indents and short lines."""
# ruff: noqa: RUF001 - dashes, quote marks and letters that look alike are the point

import pytest

from dedup.text.sentences.split import split


def sentences(text: str, language: str) -> list[str]:
    return [text[start:end] for start, end in split(text, language)]


def test_lines_are_separate_sentences() -> None:
    text = """Un Partenariat Inédit

Une alliance qui intrigue
« Cette alliance pourrait redéfinir les équilibres mondiaux si elle perdure. »
– Un expert en géopolitique
Elle compte trois points :
- Reconnaissance avancée
• Frappes ciblées
1. Adaptabilité. Elle est grande.
b) Autres
Élément | Contribution No. 5. Autres | Impact |
Soldats | 11 000 déployés. Bien. | Renforts |
Et Après ?
Alors que 2025 avance
"""
    lines = [line for line in text.splitlines() if line]
    at = lines.index("1. Adaptabilité. Elle est grande.")
    lines[at : at + 1] = ["1. Adaptabilité.", "Elle est grande."]
    assert sentences(text, "fr") == lines


def test_blank_line_ends_a_sentence() -> None:
    for pause in ("\n\n", "\r\n\r\n", "\n \t\n", "\r\r", "\u2028\u2028", "\u2029\n", "\n\u00a0\n", "\f\f"):
        assert sentences(f"selon M.{pause}Poutine, et{pause}la suite", "fr") == ["selon M.", "Poutine, et", "la suite"]


WRAPPED = """The quick brown fox jumps over the lazy dog, said Mr.
Smith of the U.S. Department of Foxes. It was not the
first time. He had seen it "on many days" before that
day in October."""


def test_joins_wrapped_lines() -> None:
    first, second, last = sentences(WRAPPED, "en")
    assert first.endswith("Mr.\nSmith of the U.S. Department of Foxes.")
    assert second == "It was not the\nfirst time."
    assert last.endswith("day in October.")


def test_joins_wrapped_lines_with_prefixes_and_other_line_breaks() -> None:
    for prefix, pause in (("", "\r\n"), ("> ", "\n"), ("    ", "\n"), ("", "\u2028")):
        text = prefix + WRAPPED.replace("\n", pause + prefix)
        assert len(sentences(text, "en")) == 3


def test_indented_line_begins_a_paragraph() -> None:
    text = (
        "Frost returned over the weekend to\n"
        "the coffee slopes, ending the mild spell since the middle\n"
        "of autumn and clouding the hopes for the main picking\n"
        "    The cold spell means that pickers will begin in late June\n"
        "    Stocks in the port on the last Friday were 204,318 sacks\n"
        "of 60 pounds, which brings what was sold abroad up to 3.47\n"
        "mln against 3.12 at the end of the year before.\n"
        " Reuter\n"
    )
    found = sentences(text, "en")
    assert [sentence.split()[0] for sentence in found] == ["Frost", "The", "Stocks", "Reuter"]
    assert found[2].endswith("up to 3.47\nmln against 3.12 at the end of the year before.")


def test_joins_only_the_note_among_lines_of_figures() -> None:
    text = (
        "Shr profit 15 cts vs profit four cts\n"
        "    Annual div 72 cts vs 72 cts prior yr\n"
        "    Net profit 72,000 vs profit 16,000\n"
        "    Revs 7,075,000 vs 2,330,000\n"
        "    NOTE: annual dividend payable April 10, 1987, to\n"
        "stockholders of record on March 27, 1987.\n"
    )
    found = sentences(text, "en")
    assert len(found) == 5
    assert found[4].startswith("NOTE: annual")
    assert found[4].endswith("March 27, 1987.")


def test_overlong_line_in_wrapped_text() -> None:
    lines = ["these are words, of about the same length in each of"]
    lines = [*lines, "the lines of a text, that somebody wrapped by hand so"] * 6
    text = "\n".join(["Here", *lines, "and here is one line" + " that goes far" * 4, *lines, "to the end."])
    assert len(split(text, "en")) == 1


def test_joins_indented_quotation_in_wrapped_text() -> None:
    text = (
        "The committee said in its report of last week that\n"
        "   all of this was to be expected, and that nothing\n"
        "   more could be done about it in so short a time\n"
        "and then it went home to have a rest after so much\n"
        "work.\n"
    )
    assert [sentence.split()[0] for sentence in sentences(text, "en")] == ["The", "all"]


def test_list_items_in_wrapped_text_are_sentences() -> None:
    text = (
        "We went to the market and bought many things there,\n"
        "namely these, which all of us like to eat at home:\n"
        "- apples, which are red and green and very good for\n"
        "  you and me and everyone\n"
        "- pears, which are yellow and which nobody in all of\n"
        "  our house likes\n"
        "- the rest\n"
    )
    assert [sentence.split()[:2] for sentence in sentences(text, "en")] == [
        ["We", "went"],
        ["-", "apples,"],
        ["-", "pears,"],
        ["-", "the"],
    ]


def test_wrapped_line_may_begin_with_a_dash_or_a_number() -> None:
    text = (
        "The minister of the country said on Monday that a man\n"
        "- a Russian - had come to the capital and stayed there\n"
        "12. The end of the line is not the end of it, but this\n"
        "is the end.\n"
    )
    found = sentences(text, "en")
    assert found[0].startswith("The minister")
    assert "- a Russian - had come" in found[0]
    assert len(found) == 2


@pytest.mark.parametrize(
    "text",
    [
        "A headline that is rather long for one\nThe first line",
        "Foreign minister Sergei Lavrov\nDefence minister Andrei Belousov\nPrime minister Keir Starmer",
        "apples\nbananas\ncherries",
        "A headline that is rather long for one\nvon dpa",
        "A headline that is rather long for one\n25.05.2020",
        "Paris, 3 octobre 2024, une belle journée\nPar Jean Dupont\nPolitique",
        "Home | News | Sport\nA story about a rather long line of words\nand another one",
        "Name\tAge\tPlace\nSmith\t25\tBerlin, a town of many million people\nJones\t30\tParis",
    ],
)
def test_does_not_join_short_lines(text: str) -> None:
    assert len(sentences(text, "en")) == text.count("\n") + (1 if "another" not in text else 0)
