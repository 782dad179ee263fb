"""Letters, frequent words and frequent characters of languages, by which encodings are distinguished."""
# ruff: noqa: RUF001
# letters of many scripts look alike

from __future__ import annotations

from typing import NamedTuple

# Letters that are not ASCII, by language, in order of frequency: each group is a third as frequent as the group before.
# Counted in the translations of free programs (catalogues of gettext) and in news and novels; they agree with the
# tables of https://en.wikipedia.org/wiki/Letter_frequency.
LETTERS = {
    "en": "é öüçáñ äïèàêôíó âåøæúîëãõ ûùòìßœýðþ š",
    "fr": "é àè êôç âîùû œï ëüæ ñíáöóÿ",
    "de": "üä ö ß é  èàçáêíóñôë",
    "es": "óáí é ñú  ü ºª çèàï",
    "pt": "ãç áíé óõúê àâô ºª ü",
    "it": "èà òù éì  íîóºª áúöüç",
    "nl": "éë ïöü óèáê çàûôîâ íúñåø",
    "sv": "äö å  é  áüàèøæ",
    "da": "øåæ  é  äöáüèóê",
    "fi": "ä ö    åé šž",
    "is": "ðá íæóþ úöý é",
    "ca": "óàé íèòç úï ü ·ŀ ñáº",
    "sq": "ë ç   éáü",
    "ga": "áéí óú   àèìòù",
    "pl": "łżąęśó ć ń ź  éüöáäčš",
    "cs": "íá éřčýžěš ů ú ó ňť ď üöä",
    "sk": "áí čéýžúľšť  ôóňä ĺ ď ŕ öü",
    "hu": "áé íóöő ü úű  ä",
    "hr": "čšž ćđ   é",
    "ro": "ăîşţșț â    éöáü",
    "lt": "ėš ųįąžč ūę  éåö",
    "lv": "ā ēīš ļūņž ķģč  é öäüŗ",
    "et": "ä õüö   žš éå",
    "tr": "ı üşçğ öİ    âîû é",
    "vi": "đăâêôơư\u0301\u0300\u0323 áàéóíúý\u0309\u0303 ãõ",
    "ru": "оеаинт рслвпкдмуязьы йбчгжхюшц щэф ё ъ",
    "uk": "оаниевт рікслдпумязь бйчгхцжюшї єщф ґ",
    "be": "а ныркелоідтвсяп цмзуьўэчгб йшюжхё ф",
    "bg": "аеиотн рсвдлпкз мъубгяч йжцшщхю ф ьѝ",
    "sr": "аеио нртсукпдвмј злбгчшњц хжљћђф џ",
    "mk": "аоеит нрсвдклпмуз јгбчцшж хќфњ ѓљџѕ",
    "el": "αοετνι σρμηπκυςίλδγ ήέόάχωθύφ βώξζ ψϊ ϋΐ",
    "he": "יוהלא תרמבשנ קכםדעחפטסג ןזצ ךףץ  \u05b7\u05b8\u05b6\u05b4\u05bc־ׁ״׳",
    "ar": "ال يمنرتوبةعدف سهكحقأجصش خطإىضذزغث ءئظ ؤًآ ّـُِ،؟؛َْ",
    "fa": "اينر دهتومبشسک پكخلزفگعصقج طحچئ آغضذثظ ژءأ ،؟؛\u200c",
    "th": "าน่อรกเงม ้ดัลีตแบยไสิขวทจหพคปะ ืชูใำ์ถฟุ็ณผโซึ ธษภศญๆฐ ฉฎฝฮฏฆฑฒฬ๊ ฌฤฯ๋",
}

# Frequent words that are ASCII, by language: they show which language the accented letters of a text belong to.
WORDS = {
    "en": "the of and to in is that for was with it on as be at by this are from",
    "fr": "le la les de des et un une est que dans pour qui sur pas au du en il",
    "de": "der die und das den nicht ist mit von ein eine des dem auf im zu es",
    "es": "el los que las por con una del se en la un al no es para lo como su",
    "pt": "que uma com do da os se em para no um na as mais por dos foi ao de",
    "it": "il di che per non della del una in sono con si un le da nel al gli",
    "nl": "het een van dat niet de en te op zijn met voor er aan ook bij hij",
    "sv": "och att det som en av den med till inte har om ett var jag vi kan",
    "da": "og det som til ikke af er den at med en har et jeg vi kan de man",
    "fi": "ja on ei oli se mutta joka kun niin ovat kuin ole tai sen",
    "is": "og var sem er til um en ekki hann af hefur eru fyrir me",
    "ca": "els que amb les per una del no es la el de en un al com dels",
    "sq": "dhe nga me nuk se ka ishte si do por ai i e",
    "ga": "agus an na ar go is le do sa ag a bhi leis",
    "pl": "nie na do jest to co jak ale od po przez dla ma oraz jego w z i",
    "cs": "se na je to ale jako od za do po by co jeho pro ve byl tak s v",
    "sk": "sa na je to ale ako od za do po by jeho pre vo bol tak si v s",
    "hu": "az hogy nem egy meg ez van volt csak mint de ha el sem vagy a",
    "hr": "je se na da za od su nije ali kao bi iz po sam do u i",
    "ro": "de la cu nu pe din care mai un este sunt sau fi pentru prin a",
    "lt": "ir kad yra su buvo bet kaip tai ne per iki nuo apie j",
    "lv": "un ir ka ar no uz par bet tas kas pie nav vai to",
    "et": "ja on ei see oli kui ka et ning mis selle aga siis ta",
    "vi": "cho trong khi theo ra thay con hay do tin sau nhau xem ai",
    "tr": "bir ve bu da de ile olarak daha olan ne en o kadar sonra",
}

# Frequent characters in order of frequency, counted as above, and the share of all characters that they make up.
FREQUENT = {
    "zh": (
        "的一是不了在人有我他这中大来上国个到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可里后小么心多天而能好都然没日于起还发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长",
        0.4,
    ),
    "zh-Hant": (
        "的一是不了在人有我他這中大來上國個到說們為子和你地出道也時年得就那要下以生會自著去之過家學對可裡後小麼心多天而能好都然沒日於起還發成事只作當想看文無開手十用主行方又如前所本見經頭面公同三已老從動兩長",
        0.4,
    ),
    "ja": (
        "のいにるたはをとしがでてなれんかすらりもっさこまきくあうつけよだせどえそちばやおわみめろほげずじべごしひぎぞふびねむへぶぐづゃゅょ",
        0.5,
    ),
    "ko": (
        "이다는의에을가고한하지은로사기도를시리어자서나인그들일대정수으부아해라제있여보만스원상전장주구과조우",
        0.45,
    ),
}
CJK_PUNCTUATION = "、。，．・：；？！“”‘’（）「」『』《》〈〉【】…—ー～　"


class Repertoire(NamedTuple):
    """A part of the characters of a language."""

    codec: str
    rows: range
    """First bytes of its characters."""
    share: float


# The standards order characters in levels by use: the first of GB 2312 has 3755, of JIS X 0208 2965, of Big5 5401.
REPERTOIRES = {
    "zh": (Repertoire("gb2312", range(0xB0, 0xD8), 0.46), Repertoire("gb2312", range(0xD8, 0xF8), 0.02)),
    "zh-Hant": (Repertoire("big5", range(0xA4, 0xC7), 0.46), Repertoire("big5", range(0xC9, 0xFA), 0.01)),
    "ja": (
        Repertoire("euc_jp", range(0xA5, 0xA6), 0.12),
        Repertoire("euc_jp", range(0xA4, 0xA5), 0.01),
        Repertoire("euc_jp", range(0xB0, 0xD0), 0.26),
        Repertoire("euc_jp", range(0xD0, 0xF5), 0.005),
    ),
    "ko": (Repertoire("euc_kr", range(0xB0, 0xC9), 0.45), Repertoire("euc_kr", range(0xCA, 0xFE), 0.003)),
}
