"""Test which columns are prose, and how texts are found in nested values."""

# ruff: noqa: RUF001 - punctuation of many scripts
import base64
import hashlib
import json
import string
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import texts

from dedup.corpus.prose import describe_column, is_prose, prose_score
from dedup.corpus.values.nested import MAX_DEPTH, chat_text, get_path, nested_text_paths

REPEATED = ["The council of Lyon voted for a bridge.", "Prices rose again in May, as in April."]
PROSE: dict[str, list[str | None]] = {
    "one text": ["The council voted on Tuesday to build a new bridge over the river."],
    "words without grammar": ["Kernel forest bridge ribbon concert music author never glacier engine pilot festival."],
    "short sentences": [
        "Tom eats an apple.",
        "I'm cold.",
        "Who is she?",
        "Run!",
        "I don't know.",
        "He left yesterday.",
    ],
    "German": ["Tom isst einen Apfel.", "Mir ist kalt.", "Wer ist sie?", "Ich weiß es nicht.", "Wir gehen nach Hause."],
    "nouns in German": ["Hierzu gehören der Nationalpark Unteres Odertal und ein Biosphärenreservat"],
    "Russian": ["Осенью 1895 г. Альберт Эйнштейн прибыл в Швейцарию.", "Том ест яблоко."],
    "Greek": ["Ο πρωθυπουργός συναντήθηκε χθες με τους εκπροσώπους των εργαζομένων."],
    "Chinese": ["汤姆吃苹果。", "她是谁？", "我不知道。", "我们明天去公园吧。"],
    "Chinese headlines": ["国务院发布新政策推动经济增长", "北京今日迎来入冬首场大雪", "专家：房价明年或将趋于稳定"],
    "Chinese with slashes": ["参加者可以自行携带和/或在现场购买食品，详情请参阅网站https://example.org/a。"],
    "Japanese": ["トムはリンゴを食べる。", "彼女は誰ですか。", "昨日は雨が降りました。"],
    "Korean": ["대통령은 오늘 서울에서 회담을 열고 새로운 경제 대책을 발표했다.", "톰은 사과를 먹는다."],
    "Thai": ["เมื่อวานนี้เขาไปตลาดกับแม่เพื่อซื้อผลไม้", "ฉันไม่รู้ว่าจะทำอย่างไรดีกับเรื่องนี้"],
    "Burmese": ["ကျွန်တော် ဒီနေ့ ကျောင်းသွားပြီး စာအုပ်အသစ်တွေ ဝယ်ခဲ့တယ်။"],
    "Tibetan": ["ང་ཚོ་དེ་རིང་སློབ་གྲྭར་འགྲོ་གི་ཡིན།"],
    "Amharic": ["ሰላም ለሁሉም ይሁን፡፡ ዛሬ ጥሩ ቀን ነው።"],
    "Arabic": ["الرئيس يستقبل وفدا من البرلمان الأوروبي في القاهرة", "ارتفاع أسعار النفط بعد قرار أوبك خفض الإنتاج"],
    "Hebrew": ["אני לא יודע מה לעשות היום אחרי העבודה"],
    "Hindi": ["प्रधानमंत्री ने कहा कि सरकार किसानों की मदद करेगी।", "आज मौसम साफ़ रहेगा।"],
    "Georgian": ["მე არ ვიცი რა უნდა გავაკეთო დღეს საღამოს"],
    "Vietnamese": ["Hôm nay trời đẹp nên chúng tôi đi dạo trong công viên."],
    "headlines": [
        "Stocks Fall as Fed Raises Interest Rates Again",
        "Man Finds Lost Dog in Downtown Park After Ten Days",
    ],
    "headlines in capitals": [
        "BAHIA COCOA REVIEW SHOWS DRY PERIOD CONTINUES",
        "OIL PRICES RISE AFTER OPEC CUTS OUTPUT AGAIN",
    ],
    "tweets": ["@user lol no way that happened #fail", "so tired today... can't wait for the weekend 😴"],
    "reviews": [
        "Loved it, works as described",
        "Not worth the money. Broke after two days.",
        "Great!",
        "My son plays with it every day",
    ],
    "verse": ["Shall I compare thee to a summer's day?", "Thou art more lovely and more temperate:"],
    "many numbers": ["In 2024, 35 of 120 people in 3 towns said they would vote for the new party."],
    "lower case without punctuation": [
        "the council voted on tuesday to build a new bridge",
        "prices rose in may for the third time",
    ],
    "markup": [
        "<p class='a'>The council voted to <b>build</b> a bridge&nbsp;in May.</p>",
        "<div>Prices rose in May.</div>",
    ],
    "a page": ["<html><head><style>p {color: red}</style></head><body>The council voted for a bridge.</body></html>"],
    "text and no text": [
        "N/A",
        "-",
        "The patient was admitted with chest pain and left two days later.",
        "Follow-up in two weeks.",
    ],
    "rarely filled": [None] * 50 + ["The patient was admitted with acute chest pain."],
    "copies of a text": ["Prices rose again in May, as they had done in April."] * 3,
    "each text twice": [*REPEATED, *REPEATED],
}
DAYS = [datetime(2021, 1, 30, 8, 5) + timedelta(days=37 * n, minutes=61 * n) for n in range(60)]
OTHERS: dict[str, tuple[str, Sequence[str | None]]] = {
    "hashes": ("id", [hashlib.sha256(bytes([n])).hexdigest() for n in range(60)]),
    "Base64": ("code", [base64.b64encode(hashlib.sha512(bytes([n])).digest()).decode() for n in range(60)]),
    "bytes": ("other", [hashlib.sha256(bytes([n])).digest()[:16].hex(" ") for n in range(60)]),
    "keys": ("id", [f"news_2024_{n:04}" for n in range(60)]),
    "numbered": ("id", [f"Chapter {n} of the second part" for n in range(60)]),
    "ISBN": ("id", [f"ISBN 978-3-16-{148410 + n}-0" for n in range(60)]),
    "URLs": ("url", [f"https://example.org/the-council-voted-to-build-{n}" for n in range(60)]),
    "domains": ("url", ["example.org", "www.example.co.uk", "news.example.de"]),
    "addresses of mail": ("email", [f"user.{n}@example.org" for n in range(60)]),
    "paths": ("path", ["/data/news/a text of may.txt", "C:\\My Documents\\letter to the council.doc", "./a/b.txt"]),
    "labels": ("label", ["pos", "neg"] * 20),
    "long labels": ("label", ["strongly agree with this", "neither agree nor disagree with this statement"] * 20),
    "licences": (
        "label",
        ["This work is licensed under a free licence", "All rights are reserved by the publisher"] * 20,
    ),
    "the same": ("constant", ["This work is licensed under the Creative Commons Attribution License."] * 10),
    "empty": ("empty", ["", " \n", None, "\u3000"]),
    "none": ("empty", []),
    "tags": ("list", ["red, green, blue", "politics, local news", "bread, butter, milk, eggs"]),
    "keywords": ("list", ["machine learning; neural networks; deep learning", "graph theory; random walks"]),
    "hashtags": ("other", ["#news #politics", "#sports", "#news #weather #storm"]),
    "authors": ("list", ["Smith, J., Jones, K. and Brown, L.", "A. Vaswani, N. Shazeer, N. Parmar, J. Uszkoreit"]),
    "authors in BibTeX": ("list", ["John Smith and Mary Jones and Peter Brown", "Ann Lee and Bob Stone and Eve Young"]),
    "people": ("name", ["Ada Lovelace", "Juan Carlos I de Borbón y Borbón", "Ludwig van Beethoven", "Ana de Armas"]),
    "people in Arabic": ("name", ["محمد بن سلمان آل سعود", "عبد الفتاح السيسي", "نجيب محفوظ"]),
    "people in Chinese": ("name", ["阿诺德·施瓦辛格", "王小明", "列奥纳多·迪卡普里奥"]),
    "people in Thai": ("name", ["สมชาย ใจดี", "ประยุทธ์ จันทร์โอชา"]),
    "outlets": (
        "name",
        ["The New York Times", "Le Monde", "新华社", "朝日新聞", "한겨레", "Известия", "Yahoo! News", "القدس العربي"],
    ),
    "companies": ("name", ["Apple Inc.", "Acme Tools Co., Ltd.", "Müller GmbH"]),
    "countries": ("name", ["Kingdom of the Netherlands", "France", "United States of America"]),
    "languages": ("other", ["en", "fr", "de", "zh-Hans", "pt-BR"]),
    "products": (
        "other",
        ["Apple iPhone 13 Pro Max 256GB Graphite", "Sony WH-1000XM4 Headphones", "Canon EOS R6 Mark II"],
    ),
    "streets": (
        "other",
        ["12 rue de la Paix, 75002 Paris", "221B Baker Street, London", "Hauptstr. 5, 10115 Berlin", "5 Main St"],
    ),
    "streets in Japanese": (
        "other",
        [f"京都府豊島区平須賀{n}丁目{n + 4}番{n + 9}号 アーバン長畑{n}81" for n in range(60)],
    ),
    "prices": ("number", ["$12.50", "€ 1.234,00", "USD 99", "3,50 €"]),
    "phones": ("number", ["+49 30 1234567", "(555) 123-4567", "01 23 45 67 89"]),
    "coordinates": ("number", ["48.8566, 2.3522", "-33.8688, 151.2093"]),
    "vectors": ("number", [" ".join(f"{n / 7:.3f}" for n in range(k, k + 30)) for k in range(5)]),
    "JSON": (
        "code",
        [json.dumps({"title": "The council voted to build a bridge over the river", "n": n}) for n in range(9)],
    ),
    "lists in JSON": ("code", [json.dumps(["The council voted to build a bridge.", str(n)]) for n in range(9)]),
    "bases": ("code", ["ACGT" * 30, "GATTACA" * 20]),
    "codons": ("other", ["ACG TTA GAC CAT GGA TTT CAG", "GAT TAC AGG CCA TTT AAA CCC"]),
    "ages": ("id", [f"{n} years old" for n in range(60)]),
    "user agents": ("code", [f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_{n}) like Gecko Safari" for n in range(2)]),
    "ha ha": ("other", ["ha ha ha ha ha ha ha ha ha ha", "la la la la la la la la la"]),
}
DATES = (
    *("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%y", "%H:%M", "%B %Y", "%Y-%m-%dT%H:%M:%SZ", "%a, %d %b %Y %H:%M:%S +0000", "%c"),
    *("%A, %d %B %Y at %H:%M", "%b %d %Y %I:%M%p", "Published on %A, %B %d, %Y at %I:%M %p", "%d de março de %Y"),
    *("%Y年%m月%d日", "%Y년 %m월 %d일", "le %d/%m/%Y à %Hh%M", "%d มกราคม %Y", "सोमवार, %d जनवरी %Y"),
)


@pytest.mark.parametrize("name", PROSE)
def test_texts_are_prose(name: str) -> None:
    assert describe_column(PROSE[name]).kind == "prose"
    assert is_prose(PROSE[name])


@pytest.mark.parametrize("name", OTHERS)
def test_other_values_are_not_prose(name: str) -> None:
    kind, values = OTHERS[name]
    assert describe_column(values).kind == kind
    assert not is_prose(values)


@pytest.mark.parametrize("layout", DATES)
def test_dates_are_not_prose(layout: str) -> None:
    assert describe_column([day.strftime(layout) for day in DAYS]).kind == "date"


@given(st.lists(st.none() | texts, max_size=12))
def test_prose_is_a_score_above_a_half(values: list[str | None]) -> None:
    description = describe_column(values)
    assert 0 <= description.score <= 1
    assert (description.kind == "prose") == (description.score > 0.5) == is_prose(values)
    assert prose_score(values) == description.score


@given(st.lists(texts, max_size=12), st.integers(0, 12))
def test_nulls_change_nothing(values: list[str], position: int) -> None:
    with_nulls = [*values[:position], None, "", *values[position:], " "]
    before, after = describe_column(values), describe_column(with_nulls)
    assert after == before


@given(st.lists(texts, min_size=1, max_size=12), st.lists(texts, max_size=5))
def test_the_first_thousand_values_decide(values: list[str], more: list[str]) -> None:
    many = (values * 1000)[:1000]
    assert describe_column([*many, *more]) == describe_column(many)


@given(st.lists(texts, min_size=2, max_size=8), st.integers(1, 3))
def test_copies_of_all_values_change_no_text(values: list[str], copies: int) -> None:
    before, after = describe_column(values), describe_column(values * copies)
    assert after.kind == before.kind or after.kind in ("label", "constant")


WORDS = {
    script: words.split()
    for script, words in {
        "Latin": "the council voted on tuesday to build a bridge over river costs never before winter",
        "Cyrillic": "президент россии говорил вчера о новых мерах и ещё война мир не было",
        "Arabic": "قال الرئيس إن المفاوضات مستمرة في مدينة القاهرة مع وفد كبير",
        "Devanagari": "प्रधानमंत्री ने कहा कि सरकार किसानों की मदद करेगी आज मौसम",
        "Korean": "대통령은 오늘 서울에서 새로운 회담을 열고 경제 대책을 발표했다 뉴스",
    }.items()
}


@given(
    st.sampled_from(sorted(WORDS)).flatmap(
        lambda script: st.lists(
            st.lists(st.sampled_from(WORDS[script]), min_size=8, max_size=30),
            min_size=1,
            max_size=10,
        )
    ),
    st.sampled_from(["", ".", "!", "?", "…"]),
)
def test_eight_words_or_more_are_prose(sentences: list[list[str]], end: str) -> None:
    # Words that repeat or have the same length are not text.
    varied = [words for words in sentences if len({*map(len, words)}) > 1 and len({*words}) > len(words) / 8]
    values = [" ".join(words) + end for words in varied]
    assert len({*values}) < 2 or is_prose(values)


@given(
    st.one_of(
        st.lists(st.uuids().map(str)),
        st.lists(st.integers().map(str)),
        st.lists(st.floats().map(str)),
        st.lists(st.datetimes().map(str)),
        st.lists(st.dates().map(str)),
        st.lists(st.times().map(str)),
        st.lists(st.emails()),
        st.lists(st.binary().map(bytes.hex)),
        st.lists(st.binary().map(lambda data: base64.b64encode(data).decode())),
        st.lists(st.text(string.ascii_letters + string.digits + "_-./:", max_size=50)),
        st.lists(st.dictionaries(texts, texts | st.integers(), max_size=3).map(json.dumps)),
    )
)
def test_generated_codes_are_not_prose(values: list[str]) -> None:
    assert not is_prose(values)


@pytest.mark.parametrize(
    "value",
    [
        "<" * 30_000,
        "<script" * 5000,
        ".!" * 500,
        "a/" * 500 + " ",
        "a." * 500 + "!",
        "- " * 500,
        "<p>a</p>" * 5000,
        "@" * 1000,
    ],
)
def test_hostile_values_are_judged(value: str) -> None:
    assert not is_prose([f"{value}{n}" for n in range(1000)])


def test_long_values_are_judged_by_their_start() -> None:
    sentence = "The council voted to build a bridge. "
    assert is_prose([sentence * 100_000, sentence + "x" * 1_000_000])
    assert not is_prose(["0123456789" * 100 + sentence * 1000] * 2)


names = st.text("ab.", min_size=1, max_size=3)
values = st.recursive(
    st.none()
    | st.integers()
    | st.text("xy", max_size=2)
    | st.lists(st.text("xy", max_size=1) | st.integers(), max_size=2),
    lambda inner: st.dictionaries(names, inner, max_size=3) | st.lists(inner, max_size=2),
    max_leaves=12,
)


def all_paths(record: dict[str, Any], names: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    """All nested values by their names."""
    result: dict[tuple[str, ...], Any] = {}
    for name, value in record.items():
        result[*names, name] = value
        if isinstance(value, dict):
            result.update(all_paths(value, (*names, name)))
    return result


def is_list_of_texts(value: object) -> bool:
    """Whether a value is a list of strings that is not empty."""
    return isinstance(value, list) and bool(value) and all(isinstance(item, str) for item in value)


@given(st.dictionaries(names, values, max_size=4))
def test_nested_texts_are_found_at_their_paths(record: dict[str, Any]) -> None:
    leaves = {
        ".".join(names): value
        for names, value in all_paths(record).items()
        if len(names) <= MAX_DEPTH and (is_list_of_texts(value) or (len(names) > 1 and isinstance(value, str)))
    }
    found = nested_text_paths(record)
    assert {*found} <= {*leaves}
    if not any("." in name for names in all_paths(record) for name in names):
        assert found == [*leaves]
    for path in found:
        value = get_path(record, path)
        assert isinstance(value, str) or is_list_of_texts(value)


@given(st.dictionaries(names, values, max_size=4))
def test_every_value_has_a_path(record: dict[str, Any]) -> None:
    found = all_paths(record)
    for path in {".".join(names) for names in found}:
        value = get_path(record, path, "missing")
        assert any(value is other for names, other in found.items() if ".".join(names) == path)


def test_a_name_with_dots_takes_priority() -> None:
    record = {"a.b": 1, "a": {"b": 2, "c": {"d.e": None}}, "x": {"y.z": {"w": "v"}}}
    assert get_path(record, "a.b") == 1
    assert get_path(record, "x.y.z.w") == "v"
    assert get_path(record, "a.c.d.e", "missing") is None
    assert get_path(record, "a.c.d", "missing") == "missing"
    assert get_path(record, "a.b.c", "missing") == "missing"
    assert get_path(record, "", "missing") == get_path({}, "a", "missing") == "missing"
    # The text at `a.b` is hidden by the number.
    assert nested_text_paths({"a.b": 1, "a": {"b": "text", "c": "text"}}) == ["a.c"]


def test_nested_texts_end_at_a_depth() -> None:
    assert nested_text_paths({"a": {"b": {"c": {"d": "text", "e": {"f": "text"}}}}}) == ["a.b.c.d"]
    assert nested_text_paths({"a": [{"b": "text"}], "c": ["x", 1], "d": [], "e": "text", "f": ["x", "y"]}) == ["f"]


TURNS = ["Can you help me?", "Yes.\n\nOf course!", "Thanks"]
CHATS: dict[str, list[dict[str, Any]]] = {
    "messages": [
        {"role": role, "content": text} for role, text in zip(("system", "user", "assistant"), TURNS, strict=True)
    ],
    "conversations": [{"from": "human" if n % 2 else "gpt", "value": text} for n, text in enumerate(TURNS)],
    "numbers of speakers": [{"speaker": n % 2, "text": text} for n, text in enumerate(TURNS)],
    "parts": [{"role": "user", "content": [{"type": "text", "text": text} for text in TURNS]}],
    "parts of other kinds": [
        {
            "role": "user",
            "content": [{"type": "text", "text": TURNS[0]}, {"type": "image_url", "image_url": {"url": "x"}}],
        },
        {"role": "assistant", "content": None, "tool_calls": [{"id": "1"}]},
        {"role": "tool", "content": [{"type": "output_text", "text": TURNS[1]}]},
        {"role": "assistant", "content": [TURNS[2]], "value": None},
    ],
    "contents": [{"role": "user", "parts": [{"text": text}]} for text in TURNS],
    "an export": [{"author": {"role": "user"}, "content": {"content_type": "text", "parts": [text]}} for text in TURNS],
    "a union of layouts": [{"role": "user", "from": None, "content": None, "value": text} for text in TURNS],
}


@pytest.mark.parametrize("layout", CHATS)
def test_turns_of_a_chat_are_joined(layout: str) -> None:
    assert chat_text(CHATS[layout]) == "\n\n".join(TURNS)


@given(st.lists(texts.filter(bool), min_size=1))
def test_the_text_of_a_chat_contains_what_was_said(contents: list[str]) -> None:
    assert chat_text([{"role": "user", "content": content} for content in contents]) == "\n\n".join(contents)


@pytest.mark.parametrize(
    "value",
    [
        *(None, "text", b"text", 3, {}, [], {"role": "user", "content": "text"}, ["text", "text"], [["text"]], [None]),
        *([{"role": "user"}], [{"content": "text"}], [{"role": None, "content": "text"}], [{"text": "text"}]),
        *(
            [{"role": "user", "content": 3}],
            [{"role": "user", "content": [3]}],
            [{"role": "user", "content": [{"a": "b"}]}],
        ),
        [{"role": "user", "content": "text"}, "text"],
        [{"role": "user", "content": [{"type": "text", "text": ["text"]}]}],
    ],
)
def test_other_values_are_not_a_chat(value: object) -> None:
    assert chat_text(value) is None


def test_a_chat_may_have_no_text() -> None:
    assert chat_text([{"role": "assistant", "content": None, "tool_calls": []}]) == ""


@given(values)
def test_any_value_is_a_chat_or_not(value: Any) -> None:
    assert chat_text(value) is None
