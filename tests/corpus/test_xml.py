"""XML: its text without markup, and what it says about it."""
# ruff: noqa: RUF001 - texts in Russian

import re
import xml.etree.ElementTree as ET
from xml.sax.saxutils import escape as escape_xml

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import page_values as values

from dedup.corpus.markup.page import PAGE_COLUMNS
from dedup.corpus.markup.xml import is_xml, read_xml
from dedup.corpus.report import Unreadable

TEI = """<?xml version="1.0" encoding="UTF-8"?>
<TEI xmlns="http://www.tei-c.org/ns/1.0"><teiHeader><fileDesc>
<titleStmt><title type="sub">Ausgabe</title><title type="main">Die Brücke</title>
  <author><persName><surname>Lind</surname>, <forename>Eva</forename></persName></author></titleStmt>
<publicationStmt><publisher>Archiv</publisher><date when="2020"/></publicationStmt>
<sourceDesc><bibl><title level="j">Flussbote</title><date when="1890-01-05">5. Januar</date></bibl></sourceDesc>
</fileDesc></teiHeader>
<text><body><div><head>Die Brücke</head>
  <p>Er <choice><sic>gieng</sic><corr>ging</corr></choice> über<lb/>die <hi>Brü<lb break="no"/>cke</hi> mit
     <persName><forename>Hans</forename> <surname>M.</surname></persName>.</p>
  <lg><l>Vers eins</l><l>Vers zwei</l></lg>
  <table><row><cell>1</cell><cell>2</cell></row><row><cell>3</cell><cell/></row></table></div></body></text></TEI>"""

JATS = """<!DOCTYPE article PUBLIC "-//NLM//DTD JATS v1.2//EN" "JATS.dtd">
<article xmlns:xlink="http://www.w3.org/1999/xlink"><front>
<journal-meta><journal-title-group><journal-title>Bridges</journal-title></journal-title-group></journal-meta>
<article-meta><article-id>7</article-id>
<title-group><article-title>On <italic>bridges</italic></article-title></title-group>
<contrib-group><contrib contrib-type="author"><name><surname>Lind</surname><given-names>Eva</given-names></name>
<xref>1</xref></contrib><contrib contrib-type="editor"><name><surname>Roy</surname></name></contrib></contrib-group>
<pub-date pub-type="ppub"><year>2023</year></pub-date>
<pub-date pub-type="epub"><day>5</day><month>1</month><year>2024</year></pub-date>
<self-uri xlink:href="https://bridges.example/7"/><abstract><p>An abstract.</p></abstract></article-meta></front>
<body><sec><title>First</title><p>Caf&eacute;s <xref>1</xref> and <sup>2</sup>.</p></sec></body>
<back><ack><p>Thanks.</p></ack><ref-list><title>References</title><ref>R.</ref></ref-list></back></article>"""

RSS = """<?xml version="1.0" encoding="windows-1251"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Река</title>
<link>https://reka.example/</link><pubDate>Fri, 05 Jan 2024 06:00:00 GMT</pubDate><image><title>Логотип</title></image>
<item><title>Мост &amp;amp; река</title><guid>1</guid>
<description><![CDATA[<p>Мост <b>открыт</b>.</p><p>Да.</p>]]></description>
<content:encoded>&lt;p&gt;Полный&amp;nbsp;текст&lt;/p&gt;</content:encoded><category>город</category></item>
<item><title>Тег <![CDATA[<b>]]></title><description>Просто
текст</description><media:description>нет</media:description></item></channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>Gazette</title><id>1</id><updated>2024-01-05</updated>
<link rel="self" href="https://gazette.example/feed"/><link href="https://gazette.example/"/><author><name>Ana</name></author>
<entry><title type="html">&lt;i&gt;Pont&lt;/i&gt;</title><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">
<p>Un <i>pont</i>.</p><p>Deux.</p></div></content></entry></feed>"""

XML = {
    "TEI": (
        TEI,
        "Die Brücke\nEr gieng über die Brücke mit Hans M..\nVers eins\nVers zwei\n1\t2\n3",
        {"title": "Die Brücke", "date": "1890-01-05", "outlet": "Flussbote", "author": "Eva Lind"},
    ),
    "JATS": (
        JATS,
        "On bridges\nAn abstract.\nFirst\nCafés 1 and 2.\nThanks.",
        {
            "title": "On bridges",
            "date": "2024-01-05",
            "outlet": "Bridges",
            "url": "https://bridges.example/7",
            "author": "Eva Lind",
        },
    ),
    "Atom": (
        ATOM,
        "Gazette\nPont\nUn pont.\nDeux.",
        {
            "title": "Gazette",
            "date": "2024-01-05",
            "outlet": "Gazette",
            "url": "https://gazette.example/",
            "author": "Ana",
        },
    ),
    "NITF": (
        '<nitf><head><title>T</title><pubdata date.publication="20240105T06" name="Gazette"/></head><body><body.head>'
        "<hedline><hl1>Bridge opens</hl1></hedline><byline>By Ana</byline></body.head><body.content><p>One.</p><p>Two."
        "</p></body.content></body></nitf>",
        "Bridge opens\nBy Ana\nOne.\nTwo.",
        {"title": "Bridge opens", "date": "20240105T06", "outlet": "Gazette", "author": "By Ana"},
    ),
    "SVG": (
        '<svg xmlns="http://www.w3.org/2000/svg"><title>Map</title><style>a</style><text>A <tspan>b</tspan></text>'
        "<g><text>c</text></g></svg>",
        "A b\nc",
        {"title": "Map"},
    ),
    "DocBook": (
        "<article><info><title>Guide</title><author><firstname>Eva</firstname><surname>Lind</surname></author></info>"
        "<para>One\n\n two <emphasis>x</emphasis>y.</para><programlisting>a  b\n  c</programlisting></article>",
        "Guide\nEva\nLind\nOne\ntwo xy.\na  b\n  c",
        {"title": "Guide", "author": "Eva Lind"},
    ),
    "dictionary": ("<entry><form>pont</form><sense>bridge</sense></entry>", "pont\nbridge", {}),
    "XHTML": (
        '<?xml version="1.0"?><x:html xmlns:x="http://www.w3.org/1999/xhtml"><title>T</title><p>a</p></x:html>',
        "a",
        {"title": "T"},
    ),
}


@pytest.mark.parametrize("kind", XML)
def test_xml(kind: str) -> None:
    source, text, found = XML[kind]
    page = read_xml(source.encode())
    assert (page.text, page.columns, page.remark) == (text, found, None)


def test_feed_in_windows_1251() -> None:
    page = read_xml(RSS.encode("cp1251"))
    assert page.text == "Река\nМост & река\nМост открыт.\nДа.\nПолный\xa0текст\nТег <b>\nПросто текст"
    assert page.columns == {
        "title": "Река",
        "date": "Fri, 05 Jan 2024 06:00:00 GMT",
        "outlet": "Река",
        "url": "https://reka.example/",
    }


@pytest.mark.parametrize(
    ("source", "text", "remark"),
    [
        ("<a><p>AT&T <b>x</p><p>1 < 2</p>", "AT&T x\n1 < 2", "invalid token.*tags"),
        ("<a>\n<p>cut", "cut", "no element found|unclosed"),
        ("<d><n>1</n>\n</d><d><n>2</n></d>", "1\n2", "junk"),
        ("<a>x<!-- y</a>", "x<!-- y", "not well-formed"),
        ("<a>x<![CDATA[<p>]]>&y</a>", "x<p>&y", "not well-formed"),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]><a>x & y</a>", "x & y", "not well-formed"),
        ("<a>x&nbsp;y &hellip;</a>", "x\xa0y …", None),
        ("<!DOCTYPE a [<!ENTITY b '<i>q</i>'>]><a>x&b;y&amp;</a>", "xqy&", None),
        ("<a>x &unknown; y</a>", "x &unknown; y", "does not define"),
        ("<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/hostname'>]><a>x&b;y</a>", "x&b;y", "does not define"),
        ("<!DOCTYPE a SYSTEM 'https://a.example/a.dtd'><a>x&eacute;</a>", "xé", None),
    ],
    ids=range(11),
)
def test_odd_xml(source: str, text: str, remark: str | None) -> None:
    page = read_xml(source.encode())
    assert page.text == text
    assert page.remark is None if remark is None else re.search(remark, page.remark or "")


LAUGHS = "".join(f'<!ENTITY l{i + 1} "{f"&l{i};" * 10}">' for i in range(9))


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (f'<!DOCTYPE a [<!ENTITY l0 "lol">{LAUGHS}]><a>&l9;</a>', "refer to other entities"),
        (f'<!DOCTYPE a [<!ENTITY l0 "">{LAUGHS}]><a>&l9;</a>', "refer to other entities"),
        (f'<!DOCTYPE a [<!ENTITY b "{"x" * 100_000}">]><a>{"&b;" * 10_000}</a>', "very large"),
        (f'<!DOCTYPE a [<!ENTITY b "{"<i/>" * 50_000}">]><a>{"&b;" * 50_000}</a>', "very large"),
        (f'<!DOCTYPE a [<!ATTLIST b c CDATA "{"x" * 100_000}">]><a>{"<b/>" * 50_000}</a>', "very large"),
        ("", "without text"),
        ("no tag", "without text"),
        ("<a b='only an attribute'/>", "without text"),
        ("<svg><title>Icon</title></svg>", "without text"),
    ],
    ids=range(9),
)
def test_unreadable_xml(source: str, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        read_xml(source.encode())


def _element(name: str, inner: str) -> str:
    return f"<{name}>{inner}</{name}>"


def trees(names: list[str]) -> st.SearchStrategy[str]:
    odd = st.sampled_from([" ", "\n  ", "&#228;", "<![CDATA[<p>]]>", "<!-- c -->"])
    pieces = st.one_of(values.map(escape_xml), odd)
    return st.recursive(
        st.lists(pieces, max_size=3).map("".join),
        lambda inner: st.lists(
            st.one_of(inner, pieces, st.builds(_element, st.sampled_from(names), inner)), max_size=4
        ).map("".join),
        max_leaves=20,
    )


@given(trees(["hi", "b", "ref", "sup"]))
def test_text_of_inline_elements_is_that_of_the_tree(inner: str) -> None:
    source = f"<doc>{inner}</doc>"
    expected = re.sub("[ \t\r\n]+", " ", "".join(ET.fromstring(source).itertext())).strip(" ")  # noqa: S314 - own text
    if not expected:
        return
    page = read_xml(source.encode())
    assert re.sub("[ \n]", " ", page.text) == expected
    assert page.remark is None


@given(trees(["p", "x", "hi", "list", "item", "note", "td", "author", "title"]))
def test_xml_has_the_characters_of_the_tree(inner: str) -> None:
    source = f"<doc>{inner}</doc>"
    letters = re.sub("[ \t\r\n]+", "", "".join(ET.fromstring(source).itertext()))  # noqa: S314 - own text
    if letters:
        assert re.sub("[ \t\n]+", "", read_xml(source.encode()).text) == letters


@given(st.lists(values.map(lambda text: f"<p>{escape_xml(text)}</p>"), min_size=1), st.booleans())
def test_paragraphs_are_lines(paragraphs: list[str], is_generic: bool) -> None:
    source = "\n  ".join(paragraphs)
    source = source.replace("p>", "absatz>") if is_generic else source
    lines = [ET.fromstring(paragraph).text for paragraph in paragraphs]  # noqa: S314 - own text
    assert read_xml(f"<doc>{source}</doc>".encode()).text.split("\n") == lines


XML_NAMES = ["a", "p", "x:b", "rss", "TEI", "teiHeader", "title", "author", "row", "cell"]
xml_pieces = st.one_of(
    st.sampled_from([f"<{slash}{name}>" for name in XML_NAMES for slash in ("", "/")]),
    st.sampled_from(["<!--", "-->", "<![CDATA[", "]]>", "<?", "?>", "<!DOCTYPE a [", "<!ENTITY b 'c'>", "]>", "&b;"]),
    st.sampled_from(["<", ">", "&", "&amp;", "&nbsp;", "&#0;", "\0", "\x0b", "<a/>", "<a b='c'", "'>", "<html>"]),
    values,
)


@given(st.lists(xml_pieces, max_size=25).map("".join), st.integers(1, 30))
def test_any_xml_has_a_text_or_is_unreadable(source: str, times: int) -> None:
    try:
        page = read_xml((source * times).encode())
    except Unreadable:
        return
    page.text.encode()
    assert page.columns.keys() <= set(PAGE_COLUMNS)


@pytest.mark.parametrize(
    "piece",
    [
        *["<a>", "<a>x", "<", "<!--", "<![CDATA[", "<!DOCTYPE [", "<?", "&", "<a b='", "<author>x", "<a></b>", "<a b"],
        " b",
    ],
)
def test_odd_xml_takes_linear_time(piece: str) -> None:
    source = f"<a{' ' if piece == ' b' else '>'}{piece * (300_000 // len(piece))}>x"
    assert "x" in read_xml(source.encode()).text  # quadratic time would be minutes


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"<?xml version='1.0'?>", True),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<a/>", True),
        (b"<!-- c --><!DOCTYPE nitf SYSTEM 'a'>", True),
        (b"<TEI.2>", True),
        (b"<rss version='2.0'>", True),
        (b"<feed a='b' xmlns='http://www.w3.org/2005/Atom'>", True),
        (b"<?xml version='1.0'?><html>", False),
        (b"<!DOCTYPE html>", False),
        (b"<div align='center'>", False),
        (b"<b>text</b>", False),
        (b"text", False),
        (b"", False),
    ],
)
def test_is_xml(head: bytes, expected: bool) -> None:
    assert is_xml(head) is expected
