"""Generate messages of newsgroups that quote each other.

A message is wrapped at 72 characters and quotes runs of lines of its parent, quoted lines included, each with a mark
before it. An answer follows each quote, and a signature ends the message. The same seed gives the same messages.
"""

import textwrap
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

import numpy as np
from evaluation_sets import load
from planted import choose_hosts, sentences
from reuse_measures import Match, Pair

THREADS, MESSAGES, AUTHORS = 60, 5, 40
WIDTH = 72
FIRST_SENTENCES = (6, 14)
ANSWER_SENTENCES = (1, 5)
QUOTES = (1, 4)
QUOTED_LINES = (2, 12)
FULL_QUOTES = 0.25  # share of the replies that quote all of their parent
MARKS = ("> ", ">", ": ", "| ")
# Pairs of messages that share fewer lines are not measured, neither as true nor as false.
MIN_SHARED_LINES = 2

_NAMES = ("Alice", "Bertrand", "Carla", "Dmitri", "Eve", "Farid", "Greta", "Hugo", "Ines", "Jonas")
_SURNAMES = ("Abbott", "Bakker", "Castro", "Dupont")
_INTRODUCTIONS = ("{} writes:", "{} wrote:", "In article <{}@news>, {} writes:", "On Tuesday {} said:")
_SIGNATURES = (
    "-- \n{0}\nDepartment of Physics, University of {1}ville\n{0}@physics.{1}.edu",
    "--\n{0}  *  {1} Systems Inc.  *  My opinions are not those of my employer.",
    '-- \n{0} ({1})\n"Any sufficiently advanced technology is indistinguishable from magic."',
)


class LineId(NamedTuple):
    """The message that a line was written in, and its number there."""

    message: int
    number: int


class Line(NamedTuple):
    """A line of a message."""

    text: str
    """With the marks of quotes before it."""
    written: str
    """Without these marks."""
    origin: LineId | None
    """None for introductions, blank lines and signatures, which are not quoted text."""


@dataclass
class Message:
    """A message in a thread."""

    lines: list[Line] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return the text."""
        return "\n".join(line.text for line in self.lines)

    def spans(self) -> dict[LineId, Pair]:
        """Return the span of each line of text without its marks; of repeated lines the first."""
        found: dict[LineId, Pair] = {}
        start = 0
        for line in self.lines:
            end = start + len(line.text)
            if line.origin is not None:
                found.setdefault(line.origin, (end - len(line.written), end))
            start = end + 1
        return found


class Newsgroup(NamedTuple):
    """Messages and the text that they share."""

    texts: list[str]
    shared: list[Match]
    """A line of two messages that share at least `MIN_SHARED_LINES`; they are quotes of each other or of a third."""
    unclear: set[Pair]
    """Pairs of messages that share fewer lines."""


def newsgroup(data: Path, threads: int = THREADS, messages: int = MESSAGES, seed: int = 1) -> Newsgroup:
    """Generate threads of messages with sentences of Reuters stories.

    Args:
        data: Folder of the sets.
        threads: Number of threads.
        messages: Number of messages in a thread.
        seed: Seed of all choices.
    """
    random = np.random.default_rng(seed)
    hosts = choose_hosts([row["text"] for row in load(data, "reuters", "all")], threads * messages, random)
    supply = [" ".join(" ".join(sentence.split()) for sentence in sentences(host)) for host in hosts]
    made: list[Message] = []
    for thread in range(threads):
        first = thread * messages
        for number in range(first, first + messages):
            own = sentences(supply[number])
            author = int(random.integers(AUTHORS))
            parent = int(random.integers(first, number)) if number > first else None
            made.append(_write(number, own, author, None if parent is None else made[parent], random))
    return shared_lines(made)


def _write(
    number: int, own: Sequence[str], author: int, parent: Message | None, random: np.random.Generator
) -> Message:
    """Write a message: first text, or quotes with answers; then the signature."""
    message = Message()
    remaining = list(own)
    if parent is None:
        _add_text(message, number, remaining[: int(random.integers(*FIRST_SENTENCES))])
    else:
        mark = MARKS[int(random.integers(len(MARKS)))]
        introduction = _INTRODUCTIONS[int(random.integers(len(_INTRODUCTIONS)))].format(_name(author + number), number)
        message.lines.append(Line(introduction, introduction, None))
        for start, end in quoted_runs(parent, random):
            message.lines += [line._replace(text=mark + line.text) for line in parent.lines[start:end]]
            count = int(random.integers(*ANSWER_SENTENCES))
            answer, remaining = remaining[:count], remaining[count:]
            message.lines.append(Line("", "", None))
            _add_text(message, number, answer)
    signature = _SIGNATURES[author % len(_SIGNATURES)].format(_name(author), _SURNAMES[author % len(_SURNAMES)])
    message.lines += [Line(line, line, None) for line in ("", *signature.split("\n"))]
    return message


def quoted_runs(parent: Message, random: np.random.Generator) -> list[Pair]:
    """Choose the runs of lines of a message that a reply quotes, in order: all but the signature, or a few parts."""
    end = next(at for at, line in enumerate(parent.lines) if line.text.startswith("--"))
    if random.random() < FULL_QUOTES:
        return [(0, end)]
    runs, at = [], 0
    for _ in range(int(random.integers(*QUOTES))):
        start = at + int(random.integers(max(1, (end - at) // 2)))
        stop = min(end, start + int(random.integers(*QUOTED_LINES)))
        if start < stop:
            runs.append((start, stop))
        at = stop
    return runs


def _add_text(message: Message, number: int, parts: Sequence[str]) -> None:
    """Add sentences of the message's own as a paragraph."""
    known = sum(line.origin is not None and line.origin.message == number for line in message.lines)
    wrapped = textwrap.wrap(" ".join(part.strip() for part in parts), WIDTH)
    message.lines += [Line(line, line, LineId(number, known + at)) for at, line in enumerate(wrapped)]
    message.lines.append(Line("", "", None))


def _name(author: int) -> str:
    """Return the name of an author."""
    return f"{_NAMES[author % len(_NAMES)]} {_SURNAMES[author // len(_NAMES) % len(_SURNAMES)]}"


def shared_lines(messages: Sequence[Message]) -> Newsgroup:
    """Find the lines that messages share."""
    spans = [message.spans() for message in messages]
    holders: dict[LineId, list[int]] = defaultdict(list)
    for number, own in enumerate(spans):
        for line in own:
            holders[line].append(number)
    shared: dict[Pair, list[Match]] = defaultdict(list)
    for line, numbers in holders.items():
        for left, right in combinations(numbers, 2):
            shared[left, right].append(Match(left, *spans[left][line], right, *spans[right][line]))
    clear = [one for found in shared.values() if len(found) >= MIN_SHARED_LINES for one in found]
    unclear = {pair for pair, found in shared.items() if len(found) < MIN_SHARED_LINES}
    return Newsgroup([message.text for message in messages], clear, unclear)
