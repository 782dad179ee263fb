"""Texts and corpora for Hypothesis: many scripts, planted copies, chains, templates and odd characters."""
# ruff: noqa: RUF001 - characters that look alike are the point

import random
import sys
import unicodedata
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import pyarrow as pa
from hypothesis import settings
from hypothesis import strategies as st

from dedup.corpus.markup.page import clean_value

# For properties of whole runs, which take a tenth of a second each.
FEW = settings(max_examples=max(20, settings().max_examples // 3))
# Words of some scripts; the last group has difficult cases of folding, joining and splitting.
WORDS: dict[str, list[str]] = {
    "latin": [
        *["the", "council", "voted", "on", "Tuesday", "to", "build", "a", "bridge", "river", "costs", "25", "000"],
        *["café", "nai\u0308ve", "co\u00adopera\u00adtion", "ﬁnance", "İstanbul", "l’État", "ﬀ", "e\u0301\u0323"],
        *["Straße", "ŒUVRE", "ẞ", "winter", "before"],
    ],
    "russian": ["президент", "России", "о", "новых", "мерах", "ещё", "й", "и\u0306", "Ёлка", "война", "мир"],
    "arabic": ["قال", "الرئيس", "إن", "المفاوضات", "مستمرة", "مُحَمَّد", "٢٠٢٤", "لا\u200dإله", "ﷺ", "ﻻ"],
    "hindi": ["प्रधानमंत्री", "ने", "कहा", "कि", "सरकार", "\u0958ानून", "क\u093cानून", "१२३", "हिन्दी"],
    "korean": ["대통령은", "오늘", "서울에서", "회담을", unicodedata.normalize("NFD", "한국어"), "뉴스"],
    "chinese": ["中国政府宣布", "新的经济措施，", "人们〇々", "\u8c48\uf900", "葛\U000e0100城。", "𠀋𠮷"],
    "japanese": ["がぎぐ", "か\u3099き", "カタカナ", "ｶﾞｷﾞﾊﾟ", "ー日本語。", "東京は", "か", "は\u309a"],
    "thai": ["ประเทศไทย", "น้ำ", "กำลัง", "ที่นี่", "๑๒"],
    "khmer": ["ប្រទេសកម្ពុជា", "ភាសាខ្មែរ", "១២"],
    "burmese": ["မြန်မာနိုင်ငံ", "ဘာသာ", "၁၂"],
    # Letters and signs that are folded, dropped, moved, or kept apart by the rules for tokens.
    "folding": [
        *[
            "الـولد",
            "ـ",
            "\u07fa",
            "\ufe71",
            "\ufe77",
            "کتاب",
            "كتاب",
            "یکی",
            "يكي",
            "على",
            "علي",
            "ı",
            "I",
            "ISI",
            "ısı",
        ],
        *[
            "۲۰",
            "٢٠",
            "20",
            "২০",
            "๒๐",
            "໒໐",
            "๒๐๒๔",
            "၂၀",
            "២០",
            "２０",
            "น้ำ",
            "น้ํา",
            "นํ้า",
            "นำ้",
            "นํา้",
            "น้า",
            "นา",
            "ำ",
            "ํา",
        ],
        *["ນ້ຳ", "ນ້ໍາ", "ນໍ້າ", "ນຳ້", "ກຳ", "\u0e48", "\u0ec8", "\u0e4d", "\u0ecd", "\u0e32", "\u0eb2", "\u0e38"],
        *["inter-\nnational", "inter\u2010\r\nnational", "inter\xad\nnational", "in-", "in\u2010", "in\xad", "\xad"],
        *[
            "-\n",
            "\xad\r\n",
            "- \n> ",
            "\u2010\n\n",
            "4-\n",
            "\n- ",
            "-\nÉté",
            "é-\nté",
            "か-\na",
            "a\u0301-\n\u3000é",
            "--\na",
        ],
    ],
    "signs": [
        *[
            "😀",
            "🏊",
            "🇫🇷",
            "🇩🇪",
            "👩\u200d👧",
            "👩👧",
            "👍🏽",
            "👍",
            "❤\ufe0f",
            "❤",
            "🏴\U000e0067\U000e007f",
            "⠓⠑",
            "█▀",
            "䷀",
        ],
        *[
            "+",
            "-",
            "*",
            "**",
            "==",
            "!=",
            "=\u0338",
            "≠",
            "_",
            "a_b",
            "{",
            "}",
            "²",
            "x²",
            "𝑥",
            "\ue000",
            "\u0378",
            "…",
            "»",
        ],
    ],
    "odd": [
        *["👩\u200d👩\u200d👧", "1\ufe0f\u20e3", "½", "x²", "Ⅷ", "①", "⑴", "...", "—", ">", "\u0301"],
        *["\u200b", "a\u200b\u0301b", "z\u0345", "ﾞ", "㍿", "ǆ", "ŉ"],
        *["\ufeff", "\U0001d400", "ΣΑΣ", "日a本1", "q\u0334\u0323\u0307"],
    ],
}
ASSIGNED = [c for c in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(c) not in ("Cn", "Cs", "Co")]
MARKS = [c for c in ASSIGNED if unicodedata.category(c)[0] == "M"]
BREAKS = ["\n", "\r\n", "\r", "\n\n", "\v", "\f", "\x85", "\u2028", "\u2029", "\n\n\n", "\n \n", "\r\n\r\n", "\n\r"]

words = st.sampled_from([word for group in WORDS.values() for word in group])
marks = st.lists(st.sampled_from(MARKS), max_size=5).map("".join)
# Words, assigned characters, marks and white space, joined without separators.
texts = st.lists(
    st.one_of(
        words, words, st.sampled_from(ASSIGNED), marks, st.sampled_from([" ", " ", "\t", "\u3000", *BREAKS, "\x1c"])
    ),
    max_size=30,
).map("".join)


lines = st.one_of(
    st.tuples(
        st.sampled_from(["", "", " ", "> ", ">> ", "> > ", "  >", "\u3000", ">"]),
        st.lists(words, max_size=6).map(" ".join),
        st.sampled_from(["", "", " ", "\t", " >"]),
    ).map("".join),
    st.sampled_from(
        ["", ">", "> >", " ", "\x1f", "\u200b", ">\u0301", "漢字かな" * 5, "w" * 119, "w " * 60, "ab " * 60]
    ),
)


@st.composite
def wrapped(draw: Callable[..., Any]) -> str:
    """Draw a hard-wrapped block, possibly quoted."""
    width, prefix, pause = (
        draw(st.integers(5, 130)),
        draw(st.sampled_from(["", "> ", ">> "])),
        draw(st.sampled_from(["\n", "\r\n"])),
    )
    filled, current = [], ""
    for word in draw(st.lists(words, min_size=1, max_size=25)):
        if current and len(current) + 1 + len(word) > width:
            filled.append(current)
            current = word
        else:
            current = f"{current} {word}".strip()
    return pause.join(prefix + line for line in [*filled, current])


@st.composite
def layouts(draw: Callable[..., Any]) -> str:
    """Draw a text with lines, blocks and quotes; some with short lines, where one letter changes the result."""
    if draw(st.booleans()):
        return "\n".join(draw(st.lists(st.text("aab 漢>", max_size=9), max_size=9)))
    pieces = draw(st.lists(st.tuples(st.one_of(lines, lines, wrapped()), st.sampled_from(BREAKS)), max_size=10))
    return "".join(line + pause for line, pause in pieces) + draw(st.one_of(st.just(""), lines))


OPENINGS = [
    *["", "", "", "The ", "“So ", "« Il ", "A.B ", "DO IT ", "(a) ", "12. ", "- ", "• ", "— ", "ÉTÉ ", "éa ", "*b* "],
    *["漢", "x: "],
]
ENDINGS = ["", "", ".", "!”", "? »", ":", ",", "-", " (c)", "。", "1-", ".*", ";"]


@st.composite
def books(draw: Callable[..., Any]) -> str:
    """Draw a document wrapped at one width, with indents, quote marks, list items and long lines."""
    random_ = random.Random(draw(st.integers(0, 1 << 32)))  # noqa: S311 - no secret
    width, pause = random_.choice([18, 30, 60, 200]), random_.choice(["\n", "\n", "\r\n", "\u2028"])
    hint = random_.choice(["", "    ", "\t"])
    pool = random_.choice(
        [WORDS["latin"][:12], WORDS["russian"], WORDS["chinese"], [word for group in WORDS.values() for word in group]]
    )
    rows: list[str] = []
    for _ in range(random_.randint(1, 6)):
        quote = random_.choice(["", "", "", "> ", ">> "])
        for _ in range(random_.choice([1, 1, 2, 4])):
            count, limit = random_.choice([(3, width), (20, width), (60, width), (40, width * 2), (6, 9999)])
            text = random_.choice(OPENINGS) + " ".join(
                random_.choice(pool) + (random_.choice(ENDINGS) if random_.random() < 0.1 else "") for _ in range(count)
            )
            margin = random_.choice(["", "", " ", "   "])
            body = [row.rstrip() for row in wrap(text, limit, quote + margin).split("\n")]
            body[0] = quote + random_.choice(["", hint]) + body[0][len(quote) :]
            body[-1] += random_.choice(ENDINGS)
            rows += body if random_.random() < 0.8 else [row + random_.choice(ENDINGS) for row in body]
        rows += random_.choice([[""], [], ["", ""], [">"]])
    return pause.join(rows)


class Corpus(NamedTuple):
    """Texts and the other columns of their table."""

    texts: list[str | None]
    columns: dict[str, list[Any]]


def new_words(random_: random.Random, script: str, count: int) -> list[str]:
    return [random_.choice(WORDS[script]) + random_.choice(["", "", str(random_.randrange(40))]) for _ in range(count)]


def mutate(random_: random.Random, text: str, rate: float) -> str:
    """Change, drop or double some words, and keep all spaces."""
    pieces = text.split(" ")
    for at, piece in enumerate(pieces):
        if random_.random() < rate:
            pieces[at] = random_.choice([f"w{random_.randrange(1000)}", "", f"{piece} {piece}", piece + " and"])
    return " ".join(pieces)


def paragraph(random_: random.Random, pool: list[str], rate: float, longest: int) -> str:
    """Return a new paragraph or an earlier one, unchanged or changed, and add it to the pool."""
    turn = random_.random()
    if pool and turn < 0.3:
        return random_.choice(pool)
    if pool and turn < 0.6:
        made = mutate(random_, random_.choice(pool), rate)
    elif pool and turn < 0.7:
        form = random_.choice(["NFC", "NFD"])
        made = unicodedata.normalize(form, random_.choice(pool)).swapcase()  # type: ignore[arg-type]  # one of four names
    elif turn < 0.78:
        made = random_.choice(["", "...", "— * —", "Yes.", "漢", "> >", "\u200b\ufeff", "one two", "\u0301"])
    else:
        made = " ".join(new_words(random_, random_.choice(list(WORDS)), random_.randint(3, longest)))
    pool.append(made)
    return made


def wrap(text: str, width: int, prefix: str) -> str:
    """Wrap a text at a width, as in mail."""
    rows = [""]
    for word in text.split(" "):
        if len(rows[-1]) + len(word) > width:
            rows.append("")
        rows[-1] += word + " "
    return "\n".join(prefix + row for row in rows)


def document(random_: random.Random, pool: list[str], rate: float, longest: int) -> str:
    parts = [paragraph(random_, pool, rate, longest) for _ in range(random_.choice([1, 1, 2, 3, 5]))]
    if random_.random() < 0.15:
        parts = [wrap(part, random_.randint(15, 70), random_.choice(["", "> ", ">> "])) for part in parts]
    pauses = [random_.choice(["\n", "\n\n", "\r\n\r\n", "\n", *BREAKS]) for _ in parts]
    whole = "".join(part + pause for part, pause in zip(parts, pauses, strict=True))
    return random_.choice(["", "", "\ufeff", " \n", "\0"]) + whole.rstrip(random_.choice(["", "\n\r"]))


def copies(random_: random.Random, text: str, kind: str, rate: float) -> list[str]:
    """Derive documents from a text: copies, variants, a chain of ever more distant ones, or a family."""
    if kind == "chain":
        chain = [text]
        for _ in range(random_.randint(2, 5)):
            chain.append(mutate(random_, chain[-1], rate))
        return chain[1:]
    if kind == "template":
        return [mutate(random_, text, rate / 2) for _ in range(random_.randint(2, 6))]
    if kind == "normal":
        return [unicodedata.normalize("NFD", text), unicodedata.normalize("NFC", text).lower()]
    return {"copy": [text], "edges": [f"\n {text}\t"], "near": [mutate(random_, text, rate)]}[kind]


KINDS = ["new", "new", "copy", "edges", "near", "near", "chain", "template", "normal", "empty"]


def make_corpus(random_: random.Random, kinds: Sequence[str], rate: float, longest: int) -> list[str | None]:
    """Return documents of the given kinds, some of them derived from earlier ones."""
    made: list[str | None] = []
    pool: list[str] = []
    for kind in kinds:
        earlier = [text for text in made if text]
        if kind == "empty":
            made.append(random_.choice(["", " ", "\n\n", None, "?!", ">", "x", "漢"]))
        elif kind == "new" or not earlier:
            made.append(document(random_, pool, rate, longest))
        else:
            made += copies(random_, random_.choice(earlier), kind, rate)
    return made


@st.composite
def corpora(draw: Callable[..., Any], most: int = 12) -> Corpus:
    """Draw a corpus of up to a few dozen documents, with odd ids and other columns."""
    random_ = random.Random(draw(st.integers(0, 1 << 32)))  # noqa: S311 - no secret
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=most))
    made = make_corpus(
        random_, kinds, draw(st.sampled_from([0.01, 0.03, 0.06, 0.15])), draw(st.sampled_from([12, 40, 90]))
    )
    made += draw(st.lists(st.one_of(texts, layouts()), max_size=2))
    ids = [random_.choice(["a", "b", None, f"id{at}", f"id{at}"]) for at in range(len(made))]
    numbers = [random_.choice([None, 1, 2, 3]) for _ in made]
    return Corpus(made, {"id": ids, "number": numbers, "doc": [f"user {at}" for at in range(len(made))]})


page_values = st.lists(words, min_size=1, max_size=6).map(" ".join).filter(lambda value: clean_value(value) == value)
"""Titles and names as people write them in a page: some words, not empty, not a URL."""


def varied_corpus(seed: int, documents: int) -> pa.Table:
    """Return documents of which many repeat in whole or in part, some families larger than a bucket."""
    random_ = random.Random(seed)  # noqa: S311 - no secret
    made: list[str | None] = []
    while len(made) < documents:
        kinds = ["new", *random_.choices(KINDS, k=20)]
        made += make_corpus(random_, kinds, random_.choice([0.01, 0.03, 0.1]), 60)
    page = " ".join(f"word{at}" for at in range(80))
    made += [mutate(random_, page, 0.01) for _ in range(150)] + [page, page.upper()] * 50
    made += [" ".join(new_words(random_, "latin", 900)) for _ in range(documents // 6)]
    random_.shuffle(made)
    rows = range(len(made))
    return pa.table(
        {
            "text": pa.array(made, pa.large_string()),
            "id": [random_.choice([None, f"id{at}", "same"]) for at in rows],
            "outlet": pa.array([random_.choice(["Le Monde", "NHK", None]) for _ in rows]).dictionary_encode(),
            "tags": [[f"t{at % 7}"] * (at % 3) for at in rows],
            "size": [random_.choice([None, random_.random()]) for _ in rows],
        }
    )
