"""Text without the ends of sentences: poetry, subtitles, old prints, OCR, chat, scripts without spaces."""

import random
import textwrap

import pytest
import reference
from hypothesis import given
from hypothesis import strategies as st
from strategies import BREAKS, words

import dedup
from dedup.text.sentences import unpunctuated
from dedup.text.sentences.split import MAX_SENTENCE_LENGTH, split
from dedup.text.sentences.unpunctuated import MAX_PIECE_WORDS, WINDOW_WORDS

PSALM = """levavi oculos meos in montes
unde veniet auxilium mihi
auxilium meum a domino
qui fecit caelum et terram
non det in commotionem pedem tuum
neque dormitet qui custodit te
ecce non dormitabit neque dormiet
qui custodit israhel
dominus custodit te
dominus protectio tua super manum dexteram tuam
per diem sol non uret te
neque luna per noctem
dominus custodit te ab omni malo
custodiat animam tuam dominus
dominus custodiat introitum tuum et exitum tuum
ex hoc nunc et usque in saeculum"""
BEFORE = (
    "incipiunt orationes quas frater iohannes scripsit in monasterio sancti benedicti pro salute animarum omnium "
    "fidelium defunctorum qui in spe resurrectionis dormierunt et nunc in pace requiescunt "
)
AFTER = (
    " hic liber est ecclesiae parisiensis in quo continentur preces matutinae et vesperae sanctae mariae virginis ad "
    "laudem et honorem omnium sanctorum qui in caelis regnant per omnia saecula saeculorum explicit feliciter"
)
THAI = (
    "เมื่อวานนี้ฉันไปตลาดกับแม่ของฉัน เราซื้อผักและผลไม้หลายอย่าง ราคาถูกกว่าที่ห้างสรรพสินค้ามาก "
    "หลังจากนั้นเราไปกินก๋วยเตี๋ยวที่ร้านริมแม่น้ำ อากาศร้อนมากแต่มีลมพัดเย็นสบาย แม่เล่าเรื่องสมัยเด็กให้ฉันฟัง "
    "ท่านเคยว่ายน้ำข้ามแม่น้ำสายนี้ทุกวัน ตอนนี้น้ำไม่สะอาดเหมือนเมื่อก่อน ผู้คนทิ้งขยะลงในแม่น้ำ "
    "รัฐบาลบอกว่าจะทำความสะอาดภายในสามปี แต่ไม่มีใครเชื่อ เย็นนั้นเรากลับบ้านด้วยรถเมล์สายเก่า"
)
CHINESE = (
    "昨天我和母亲一起去市场买了很多蔬菜和水果价格比商场便宜得多之后我们到河边的小店吃面天气很热但是有风吹来非常舒服"
    "母亲给我讲她小时候的故事她曾经每天游泳横渡这条河现在的水不像从前那样干净人们把垃圾扔进河里政府说三年之内会清理干净"
    "但是没有人相信那天傍晚我们坐旧线路的公共汽车回家司机一路唱歌我睡着了梦见了大海"
)
SUBTITLES = """1
00:00:01,000 --> 00:00:04,200
so we went down to the harbour that night
and nobody was there except the old man

2
00:00:04,500 --> 00:00:07,900
he told us that the boat had left
with all the money

3
00:00:08,100 --> 00:00:11,000
then I said we should call the police
but there was no telephone on the island
"""
SONG = """I was walking down the road
with a bag upon my shoulder
and the sky was turning grey

oh my darling hold me now
till the morning finds us sleeping
all the promises we made
"""


def sentences(text: str, language: str = "und") -> list[str]:
    return [text[start:end] for start, end in split(text, language)]


def cuts(before: str, passage: str, after: str) -> set[int]:
    """Return the starts of sentences within a passage of a text, relative to the passage."""
    text = before + passage + after
    return {start - len(before) for start, _ in split(text, "und") if 0 < start - len(before) < len(passage)}


@given(
    st.lists(words, min_size=30, max_size=300),
    st.sampled_from([" ", "", "  ", "\t"]),
    st.lists(
        st.tuples(st.integers(0, 300), st.sampled_from([*BREAKS, ", ", " — ", " « ", "\u0301", "\u200d", " ("])),
        max_size=8,
    ),
)
def test_sentences_are_ordered_disjoint_and_cover_the_text(
    chosen: list[str], separator: str, inserted: list[tuple[int, str]]
) -> None:
    for at, sign in inserted:
        chosen.insert(at, sign)
    text = separator.join(chosen)
    end = 0
    for span in split(text, "und"):
        assert span.start < span.end <= span.start + MAX_SENTENCE_LENGTH
        assert not text[end : span.start].strip()
        assert span.start >= end
        assert text[span.start : span.end].strip() == text[span.start : span.end]
        end = span.end
    assert not text[end:].strip()


@given(st.lists(st.tuples(st.floats(0.25, 3), st.integers(0, 5)), max_size=60))
def test_local_minima_equal_the_reference(steps: list[tuple[float, int]]) -> None:
    places, at = [], 0.0
    for step, key in steps:
        at += step
        places.append(unpunctuated._Place(at, (0, key), len(places), len(places)))
    expected = reference.local_minima([(place.at, place.key) for place in places], WINDOW_WORDS)
    assert [place.end for place in unpunctuated._local_minima(places)] == expected


@given(st.integers(0, 2**32))
def test_a_passage_is_cut_at_the_same_places_in_every_text(seed: int) -> None:
    chosen = random.Random(seed)  # noqa: S311 - not for cryptography
    vocabulary = ["".join(chosen.choices("abcdefghijklmnop", k=chosen.randint(2, 9))) for _ in range(1000)]

    def text(size: int) -> str:
        return " ".join(chosen.choices(vocabulary, weights=[1 / rank for rank in range(1, 1001)], k=size))

    passage = text(100)
    one, other = (
        cuts(text(chosen.randint(61, 200)) + " ", passage, " " + text(chosen.randint(61, 200))) for _ in range(2)
    )
    assert len(one & other) >= 0.7 * max(len(one), len(other))
    assert len(one) >= 100 / MAX_PIECE_WORDS


def test_pieces_have_some_dozen_words() -> None:
    lengths = [len(piece.split()) for piece in sentences(" ".join(f"w{number * number}" for number in range(2000)))]
    assert max(lengths) <= MAX_PIECE_WORDS
    assert min(lengths[:-1]) > 2
    assert 9 < sum(lengths) / len(lengths) < 14


def test_passages_are_cut_alike_in_any_layout() -> None:
    flat = PSALM.replace("\n", " ")
    layouts = [flat, textwrap.fill(BEFORE + flat + AFTER, 66)[len(BEFORE) - 5 :], textwrap.fill(flat, 40)]
    whole = [BEFORE + flat + AFTER, textwrap.fill(AFTER[1:] + " " + flat + " " + BEFORE, 66)]
    found = dedup.diff(*whole, "la")
    spans = [(pair.left.start, pair.left.end) for pair in found.pairs if pair.kind == "verbatim"]
    inside = [max(0, min(end, len(BEFORE + flat)) - max(start, len(BEFORE))) for start, end in spans]
    assert sum(inside) > 0.8 * len(flat)
    assert all(len(sentences(layout)) > 4 for layout in layouts)


def test_ragged_lines_are_cut_at_their_ends() -> None:
    assert sentences(PSALM) == PSALM.split("\n")
    assert sentences(SONG) == [line for line in SONG.split("\n") if line]
    assert sentences(SUBTITLES) == [line for line in SUBTITLES.split("\n") if line]


def test_wrapped_lines_are_not_cut_at_their_ends() -> None:
    wrapped = textwrap.fill(f"{BEFORE}{PSALM} {AFTER}".replace("\n", " "), 50)
    assert [" ".join(piece.split()) for piece in sentences(wrapped)] == sentences(" ".join(wrapped.split()))


def test_sentences_with_punctuation_stay_whole() -> None:
    listed = "He bought " + ", ".join(f"{number} bags of flour from the mill" for number in range(30)) + "."
    plain = " ".join(["the law of that state as it was then in force"] * 9) + "."
    for sentence in (listed, plain):
        assert sentences(f"It rained. {sentence} It was cold.") == ["It rained.", sentence, "It was cold."]


def test_only_the_part_without_punctuation_is_cut() -> None:
    found = sentences(f"It rained all day. {BEFORE}{PSALM}{AFTER}. It was cold.".replace("\n", " "))
    assert found[0] == "It rained all day."
    assert found[-1] == "It was cold."
    assert len(found) > 8


def test_unspaced_scripts_are_cut_at_spaces_or_between_letters() -> None:
    assert set(" ".join(sentences(THAI, "th")).split()) == set(THAI.split())
    assert len(sentences(THAI, "th")) > 4
    before, after = (
        "这是一本没有标点的旧书里面的一段话抄写的人已经不可考证只知道他住在南方",
        "抄书的人写到这里就停了笔因为天已经黑了",
    )
    one, other = cuts("", CHINESE, after), cuts(before, CHINESE, "")
    assert len(one & other) >= 0.7 * max(len(one), len(other))
    assert all(5 <= len(piece) <= 2 * MAX_PIECE_WORDS for piece in sentences(CHINESE, "zh"))


@pytest.mark.parametrize("word", ["la", "a", "一", "ก", "e\u0301", "x,", "(x"])
def test_repeated_words_are_cut_in_linear_time(word: str) -> None:
    for separator in (" ", ""):
        text = separator.join([word] * 20_000)
        assert all(end - start <= MAX_SENTENCE_LENGTH for start, end in split(text, "und"))
