"""Texts in many languages with their encodings, and ways to decode them."""
# ruff: noqa: RUF001, E501
# letters of many scripts look alike; one line for each sample

import io
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from hypothesis import strategies as st

from dedup.corpus import Corpus, open_corpus
from dedup.corpus.encodings.blocks import decode_blocks
from dedup.corpus.encodings.lines import open_lines

ReadFiles: TypeAlias = Callable[[dict[str, bytes]], Corpus]

WESTERN = "cp1252 iso8859_15 mac_roman cp850"
CENTRAL = "cp1250 iso8859_2 cp852"
CYRILLIC = "cp1251 koi8_r cp866 iso8859_5 mac_cyrillic"

# Language: encodings, and a text.
SAMPLES = {
    "English": (
        "cp1252 iso8859_15 mac_roman",
        "The café on the corner was naïve enough to serve crème brûlée; its façade cost £300, a cliché of the 1990s.",
    ),
    "French": (
        WESTERN,
        "Voilà les célèbres élèves qui déjeunèrent près de la forêt, où l'été s'achevait déjà. Ça va être ça, là-bas.",
    ),
    "German": (
        WESTERN,
        "Der Bürgermeister eröffnete gestern die neue Brücke über den Fluss. Später wurden die Straßen für Schüler gesperrt.",
    ),
    "Spanish": (
        WESTERN,
        "El año pasado la región construyó un puente más; según el alcalde, los niños podrán cruzar el río también aquí.",
    ),
    "Portuguese": (
        WESTERN,
        "As crianças não são obrigadas a ir à escola amanhã; a reunião da câmara será às três horas, também para vocês.",
    ),
    "Italian": ("cp1252", "La città è più bella perché c'è già il mercoledì, però la libertà di andare là non è così."),
    "Dutch": (
        "cp1252",
        "De vergadering over de coördinatie in België is geïnspireerd door één idee van de reünie in Curaçao.",
    ),
    "Swedish": (
        WESTERN,
        "På våren öppnade han sin affär för båtar och nät; där står också några små hus på ängen vid ån.",
    ),
    "Danish": (
        "cp1252 mac_roman",
        "Også børnene på øen går i skole året rundt, når færgen sejler, og det gør den næsten altid.",
    ),
    "Finnish": (
        "cp1252",
        "Tänään hän päätti lähteä äitinsä kanssa mökille, missä yöllä näkyi täysi kuu järven päällä.",
    ),
    "Icelandic": (
        "cp1252",
        "Það var kalt í veðri þegar þau fóru að heiman, en síðan kom sól og allir urðu glaðir á ný.",
    ),
    "Polish": (
        CENTRAL,
        "Burmistrz otworzył wczoraj nowy most nad rzeką. Goście dostali gorącą zupę. Żółte liście leżą jeszcze w ogrodzie.",
    ),
    "Czech": (CENTRAL, "Příliš žluťoučký kůň úpěl ďábelské ódy, zatímco děti šly ke škole a těšily se na oběd."),
    "Hungarian": (
        CENTRAL,
        "A polgármester megnyitotta az új hidat a folyó fölött, később hó esett, és az utak csúszóssá váltak. Őszi erdők, hűvös szél.",
    ),
    "Croatian": (
        "cp1250 iso8859_2",
        "Gradonačelnik je jučer otvorio novi most, a djeca su posadila hrastove pokraj škole. Često piše o životu.",
    ),
    "Romanian": (
        "cp1250 iso8859_2",
        "Primarul a deschis ieri podul nou peste râu, iar în seara aceea a nins şi străzile s-au făcut alunecoase; toţi aşteaptă.",
    ),
    "Lithuanian": (
        "cp1257",
        "Meras vakar atidarė naują tiltą per upę, o vaikai pasodino ąžuolus prie mokyklos; žmonės labai džiaugėsi šia švente.",
    ),
    "Latvian": (
        "cp1257",
        "Mērs vakar atklāja jauno tiltu pār upi, un bērni iestādīja ozolus pie skolas; vēlāk sniga, un ceļi kļuva slideni.",
    ),
    "Estonian": (
        "cp1257",
        "Linnapea avas eile uue silla üle jõe, lapsed istutasid tammesid kooli kõrvale ja õhtul mängis väljakul orkester.",
    ),
    "Turkish": (
        "cp1254",
        "Belediye başkanı dün nehrin üzerindeki yeni köprüyü açtı; çocuklar okulun yanına meşe ağaçları dikti. İyi geceler.",
    ),
    "Russian": (
        CYRILLIC,
        "Вчера мэр открыл новый мост через реку. Гостям подали горячий суп, а вечером играл оркестр.",
    ),
    "Ukrainian": (
        "cp1251 koi8_u",
        "Учора мер відкрив новий міст через річку. Діти посадили дуби біля школи, а ввечері грав оркестр. Її ім'я Єва.",
    ),
    "Bulgarian": (
        "cp1251",
        "Вчера кметът откри новия мост над реката. Децата засадиха дъбове край училището, а вечерта свири оркестър.",
    ),
    "Greek": (
        "cp1253 iso8859_7",
        "Ο δήμαρχος εγκαινίασε χθες τη νέα γέφυρα πάνω από το ποτάμι. Τα παιδιά φύτεψαν βελανιδιές δίπλα στο σχολείο.",
    ),
    "Hebrew": (
        "cp1255",
        "ראש העיר חנך אתמול את הגשר החדש מעל הנהר. הילדים נטעו אלונים ליד בית הספר, ובערב ניגנה התזמורת.",
    ),
    "Arabic": (
        "cp1256 iso8859_6",
        "افتتح رئيس البلدية أمس الجسر الجديد فوق النهر. وزرع الأطفال أشجار البلوط قرب المدرسة.",
    ),
    "Thai": ("cp874", "นายกเทศมนตรีเปิดสะพานใหม่ข้ามแม่น้ำเมื่อวานนี้ เด็กๆ ปลูกต้นโอ๊กข้างโรงเรียน"),
    "Japanese": (
        "cp932 euc_jp",
        "市長は昨日、川にかかる新しい橋の開通を発表しました。子どもたちは学校のそばに木を植えました。",
    ),
    "Chinese": ("gb18030", "市长昨天宣布新桥正式通车。孩子们在学校旁边种下了许多橡树。后来下了雪，道路变得很滑。"),
    "Chinese, Taiwan": ("big5", "市長昨天宣布新橋正式通車。孩子們在學校旁邊種下了許多橡樹。後來下了雪，道路變得很滑。"),
    "Korean": ("cp949", "시장은 어제 강 위의 새 다리가 열렸다고 발표했습니다. 아이들은 학교 옆에 참나무를 심었습니다."),
}
CASES = [(language, encoding) for language, (encodings, _) in SAMPLES.items() for encoding in encodings.split()]
PLAIN = "The mayor opened the new bridge over the river, and the children planted oaks near the school.\n"

languages = st.sampled_from(sorted(SAMPLES))


def lines_of(data: bytes) -> tuple[list[str], list[int]]:
    """Decode by lines; return the lines, and the number and first line of replaced characters."""
    decoder, raw_lines = open_lines(io.BufferedReader(io.BytesIO(data)))
    lines = [decoder(line) for line in raw_lines]
    return lines, [decoder.replaced, decoder.replaced_line or 0]


def blocks_of(data: bytes) -> tuple[str, list[int]]:
    """Decode by blocks; return the text, and the number and first line of replaced characters."""
    found: list[tuple[int, int]] = []
    text = "".join(decode_blocks(io.BufferedReader(io.BytesIO(data)), lambda _: None, lambda *item: found.append(item)))
    return text, [sum(count for count, _ in found), found[0][1] if found else 0]


def make_reader(folder: Path) -> ReadFiles:
    """Return a function that writes files and opens them as a corpus."""

    def read(files: dict[str, bytes]) -> Corpus:
        for name, content in files.items():
            path = folder / "in" / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
        (folder / "temp").mkdir()
        return open_corpus([folder / "in"], folder / "temp")

    return read


def texts_of(corpus: Corpus) -> list[str]:
    """Return the texts of a corpus."""
    return [text for _, batch in corpus.batches(["text"]) for text in batch["text"].to_pylist()]
