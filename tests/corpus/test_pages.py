"""HTML pages and Markdown with front matter: their text, and what they say about it."""

import json
import tomllib
from html import escape

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st
from strategies import page_values as values
from strategies import words

from dedup.corpus.markup.html import extract_text, is_html, read_page
from dedup.corpus.markup.markdown import MAX_FRONT_MATTER, front_matter_columns, split_front_matter
from dedup.corpus.markup.page import PAGE_COLUMNS, choose_values, clean_value, read_linked_data
from dedup.corpus.report import Unreadable
from dedup.outputs.files import PAGE_MARK


def columns(page: str) -> dict[str, str]:
    return read_page(page.encode(), "all").columns


# HTML.

FRENCH = """<!DOCTYPE html>
<html lang="fr"><head><meta charset="utf-8"><title>Le pont rouvre lundi | La Gazette du Fleuve</title>
<meta property="og:title" content="Le pont rouvre lundi"/>
<meta property="og:site_name" content="La Gazette du Fleuve"/>
<link rel="canonical" href="https://gazette.example/pont">
<script type="application/ld+json">
{"@context": "https://schema.org", "@graph": [
  {"@type": "Organization", "@id": "https://gazette.example/#journal", "name": "La Gazette"},
  {"@type": ["NewsArticle", "Article"], "headline": "Le pont de l&#039;île rouvre",
   "datePublished": "2024-01-05T06:00:00+01:00", "dateModified": "2024-01-06",
   "author": [{"@type": "Person", "name": "Anne Étienne"}, {"@type": "Person", "name": "Luc Roy"}],
   "publisher": {"@id": "https://gazette.example/#journal"},
   "mainEntityOfPage": {"@type": "WebPage", "@id": "https://gazette.example/ville/pont"}}]}
</script></head>
<body><nav>Accueil</nav><h1>Le pont rouvre</h1><svg><title>Icône</title><desc>Un pont</desc><style>p{}</style></svg>
<p>Après deux ans, le pont <b>rouvre</b>&nbsp;lundi.</p></body></html>"""

GERMAN = """<html><head><meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">
<title>Brücke öffnet wieder - Flussbote</title>
<meta name="author" content="Jürgen Groß"><meta name="author" content="Eva Lind">
<meta name="date" content="05.01.2024"><meta name="DC.publisher" content="Flussbote">
<meta property="article:author" content="https://social.example/flussbote">
<link rel="shortcut canonical" href="/bruecke"><meta property="og:url" content="https://flussbote.example/bruecke">
</head><body><p>Die Brücke öffnet am Montag.<p>Die Straße bleibt gesperrt.</body></html>"""

RUSSIAN = """<!doctype html><html><head><meta charset="windows-1251"><title>Мост открыт</title>
<meta itemprop="image" content="x.png"><meta property="article:published_time" content="2024-01-05 06:00">
<script type="application/ld+json"><!--
//<![CDATA[
{ "@type": "ReportageNewsArticle", /* комментарий */
  "headline": "Мост открыт
для движения", "author": "Ира Лин",
  "url": "https://reka.example/most#top", }
//]]>
--></script></head><body><div>Мост открыли в понедельник.</div></body></html>"""


def test_page_in_french() -> None:
    page = read_page(FRENCH.encode(), "all")
    assert page.text == "Accueil\nLe pont rouvre\nAprès deux ans, le pont rouvre\xa0lundi."
    assert page.columns == {
        "title": "Le pont de l'île rouvre",
        "date": "2024-01-05T06:00:00+01:00",
        "outlet": "La Gazette",
        "url": "https://gazette.example/ville/pont",
        "author": "Anne Étienne; Luc Roy",
    }


def test_page_in_german() -> None:
    page = read_page(GERMAN.encode("cp1252"), "all")
    assert page.text == "Die Brücke öffnet am Montag.\nDie Straße bleibt gesperrt."
    assert page.columns == {
        "title": "Brücke öffnet wieder - Flussbote",
        "date": "05.01.2024",
        "outlet": "Flussbote",
        "url": "https://flussbote.example/bruecke",
        "author": "Jürgen Groß; Eva Lind",
    }


def test_page_in_russian() -> None:
    page = read_page(RUSSIAN.encode("cp1251"), "all")
    assert page.text == "Мост открыли в понедельник."
    assert page.columns == {"title": "Мост открыт для движения", "date": "2024-01-05 06:00", "author": "Ира Лин"}


@pytest.mark.parametrize(
    ("page", "text", "title"),
    [
        ("<title>The <b> tag</title><p>x", "x", "The <b> tag"),
        ("<head><title>No end<body><p>x", "x", "No end"),
        ("<title>No end<p>x<svg><title>icon</title></svg>", "x", "No end"),
        ("<title>No end", "", "No end"),
        ("<title>1 < 2 &amp; 3<p>x", "x", "1 < 2 & 3"),
        ("<title/><p>x", "x", None),
        ("<title>a</title><title>b</title>x", "x", "a"),
        ("<svg><title>icon</svg>x", "x", None),
        ("<svg><title>icon<p>x", "x", None),
        ("<svg><desc>d</desc><text>seen</text><text>too</text></svg><p>x", "seen\ntoo\nx", None),
        ("<svg><metadata><a><title>t</title></a></metadata></svg>x", "x", None),
        ("<svg><style>s</style><script>t</script></svg>x", "x", None),
    ],
    ids=range(12),
)
def test_titles(page: str, text: str, title: str | None) -> None:
    assert extract_text(page, "all") == text
    assert columns(page).get("title") == title


NEWS = '"@type": "NewsArticle", "headline": "a"'


@pytest.mark.parametrize(
    ("script", "found"),
    [
        (f"{{{NEWS},}};", {"title": "a"}),
        (f"/*<![CDATA[*/{{{NEWS}}}/*]]>*/", {"title": "a"}),
        (f"//<![CDATA[{{{NEWS}}}//]]>", {"title": "a"}),
        (f"[[{{{NEWS}}}]]", {"title": "a"}),
        (f'{{"@type": "WebPage", "mainEntity": {{{NEWS}}}}}', {"title": "a"}),
        (f'{{{NEWS}, "comment": {{"@type": "Article", "headline": "b"}}}}', {"title": "a"}),
        (f'{{{NEWS}}} {{{NEWS}, "datePublished": 2024}}', {"title": "a", "date": "2024"}),
        (f'[{{{NEWS}}}, {{"@type": "Article", "headline": "b"}}]', {}),
        ('{"@type": "Product", "name": "a"}', {}),
        ('{"@type": "http://schema.org/BlogPosting", "headline": {"@value": "a // b"}}', {"title": "a // b"}),
        ('{"@type": "Article", "author": {"givenName": "Eva", "familyName": "Lind"}}', {"author": "Eva Lind"}),
        ('{"@type": "Article", "author": ["https://a.example", "Eva", "Eva"]}', {"author": "Eva"}),
        ('{"@type": "Article", "headline": "\\ud800a"}', {"title": "\ufffda"}),
        (
            '{"@type": "Article", "headline": ["", null, 3, true], "url": {"a": []}, "publisher": 5}',
            {"title": "3", "outlet": "5"},
        ),
        ("[" * 100_000, {}),
        ("1" * 5000, {}),
    ],
    ids=range(16),
)
def test_linked_data(script: str, found: dict[str, str]) -> None:
    assert choose_values([read_linked_data([script])]) == found


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>a<![endif]-->b<!--[if IE]>c<![endif]-->d<![if !IE]>e<![endif]>", "abde"),
        ("a<!-->b<!--->c<!-- d --!>e<!-- f -- g -->h", "abceh"),
        ("a<![CDATA[ <p> ]]>b<![oops>c", "abc"),
        ("a<script>b</script x>c<style>d</STYLE\n>e</p x='y'>f", "ace\nf"),
        ("a<!-- b<p>c", "a<!-- b\nc"),
        ("a <b c='d>e<p>f", "a <b c='d>e\nf"),
    ],
    ids=range(6),
)
def test_odd_markup(page: str, text: str) -> None:
    assert extract_text(page, "all") == text


def test_url_of_the_page_decides_between_articles() -> None:
    articles = [{"@type": "Article", "headline": name, "url": f"https://example.org/{name}"} for name in "abc"]
    script = json.dumps(articles)
    assert read_linked_data([script], ["http://example.org/b/"])["title"] == ["b"]
    assert read_linked_data([script], ["http://example.org/d"]) == {}
    articles[2]["url"] = articles[1]["url"]
    assert read_linked_data([json.dumps(articles)], ["http://example.org/b/"])["title"] == ["b"]


@given(st.dictionaries(st.sampled_from(["title", "date", "outlet", "author"]), values), st.booleans(), st.booleans())
def test_page_gives_what_it_states(stated: dict[str, str], uses_json: bool, has_others: bool) -> None:
    names = {"title": "og:title", "date": "article:published_time", "outlet": "og:site_name", "author": "author"}
    metas = "".join(f"<meta name='{names[key]}' content=\"{escape(value)}\">" for key, value in stated.items())
    article = {"@type": "NewsArticle"}
    keys = {"title": "headline", "date": "datePublished", "outlet": "publisher", "author": "author"}
    article |= {keys[key]: {"name": value} if key in ("outlet", "author") else value for key, value in stated.items()}
    script = json.dumps(article).replace("<", "\\u003c")
    head = f"<script type='application/ld+json'>{script}</script>" if uses_json else metas
    has_others = has_others and {"title", "date"} <= stated.keys()
    others = "<meta name=date content=1999><title>Other</title>" if has_others else ""
    page = read_page(f"<head>{others}{head}</head><p>text".encode(), "all")
    assert page.text == "text"
    assert page.columns == stated


TAGS = [
    *[
        "body",
        "desc",
        "div",
        "head",
        "iframe",
        "link",
        "meta",
        "noscript",
        "p",
        "pre",
        "script",
        "style",
        "svg",
        "table",
    ],
    *["td", "template", "text", "textarea", "title"],
]
html_pieces = st.one_of(
    st.sampled_from([f"<{slash}{tag}>" for tag in TAGS for slash in ("", "/")]),
    st.sampled_from(["<script type='application/ld+json'>", '{"@type":"Article",', '"headline":"h"}', "<svg/>"]),
    st.sampled_from(["<meta name=author content='&#xD800;'>", "<link rel=canonical href=https://a.b>", "<meta name>"]),
    st.sampled_from(["<!--", "-->", "<title", "<title/>", "&amp;", "<"]),
    words,
)


@given(st.lists(html_pieces, max_size=30).map("".join))
def test_any_page_has_columns_or_is_unreadable(page: str) -> None:
    try:
        found = read_page(page.encode(), "all")
    except Unreadable:
        return
    assert found.text == extract_text(found.decoded.text, "all")
    assert found.columns.keys() <= set(PAGE_COLUMNS)
    assert all(value.encode().decode() == value == clean_value(value) != "" for value in found.columns.values())


@pytest.mark.parametrize(
    ("head", "piece", "tail"),
    [
        ("", "<title>", ""),
        ("", "<svg><title>", ""),
        ("", "<meta name=author content=x>", ""),
        ("<script type='application/ld+json'>", '"\\', "</script>"),
        ("<script type='application/ld+json'>", "{/*", "</script>"),
        ("<script type='application/ld+json'>", ", ", "}</script>"),
        ("<script type='application/ld+json'>", '{"@type":"Article","headline":"a"}', "</script>"),
    ],
)
def test_odd_heads_take_linear_time(head: str, piece: str, tail: str) -> None:
    page = head + piece * (1_000_000 // len(piece)) + tail
    assert columns(page).keys() <= set(PAGE_COLUMNS)  # quadratic time would be minutes


def test_pages_written_by_dedup_are_refused() -> None:
    with pytest.raises(Unreadable, match="written by dedup"):
        read_page(f"<!DOCTYPE html><head>{PAGE_MARK}</head>x".encode(), "all")


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"<!DOCTYPE html>", True),
        (b"\xef\xbb\xbf \n<!doctype HTML PUBLIC '-'>", True),
        ("\ufeff<html lang='fr'>".encode("utf-16-le"), True),
        (b"<!-- saved --><!-- twice -->\n<html>", True),
        (b"<?xml version='1.0'?><!DOCTYPE html><html>", True),
        (b"<body class=a>", True),
        (b'<div align="center">\n\n# Title', False),
        (b"<htmlx>", False),
        (b"<header>", False),
        (b"text <html>", False),
        (b"<!-- a comment --> text", False),
        (b"", False),
    ],
)
def test_is_html(head: bytes, expected: bool) -> None:
    assert is_html(head) is expected


# Front matter.

FRONT_MATTER = {
    "---\ntitle: 'A: b'\ndate: 2024-01-05 # day\nauthor: [Ana, Bo]\n---\n": {
        "title": "A: b",
        "date": "2024-01-05",
        "author": "Ana; Bo",
    },
    "---\r\ntitle: News\r\nsource: https://example.org/a\r\n...\r\n\r\n": {
        "title": "News",
        "url": "https://example.org/a",
    },
    "---\rtitle: News\r---\r": {"title": "News"},
    "\ufeff--- \ntitle: News\n---\n \n\t\n": {"title": "News"},
    "---\n# comment\n\nTitle: News\nPublisher: Gazette\nPub-Date: 5 May\n---\n": {
        "title": "News",
        "date": "5 May",
        "outlet": "Gazette",
    },
    "---\nauthors:\n- name: Ana\n  email: a@example.org\n- Bo\n---\n": {"author": "Ana; Bo"},
    '---\ntitle: >\n  On two\n  lines\ndescription: "also\non two"\n---\n': {"title": "On two lines"},
    "---\ntitle: 'tis\nauthor: Ana\n---\n": {"title": "'tis", "author": "Ana"},
    "---\ntitle: @home\ntags:x\n\tauthor: tab\nurl: /path/\ndate:\t2024\n---\n": {"title": "@home", "date": "2024"},
    "---\ntitle: ~\nauthor:\ndate: null\npublished: true\n---\n": {"date": "true"},
    "---\na: &a [x, x]\nauthor: *a\ntitle: t\n---\n": {"title": "t"},
    "---\n---\n": {},
    "---\n\n---\n": {},
    "---\n\ntitle: News\n---\n": {"title": "News"},
    "+++\ntitle = 'News'\ndate = 2024-01-05T06:00:00Z\nauthors = ['Ana', 'Bo']\n[extra]\nurl = 'https://a.b'\n+++\n": {
        "title": "News",
        "date": "2024-01-05T06:00:00Z",
        "author": "Ana; Bo",
    },
    '+++\ntitle = "News" # comment\ndate = 2024-01-05\nslug = unquoted\n+++\n\n': {
        "title": "News",
        "date": "2024-01-05",
    },
    '{\n  "title": "News",\n  "date": "2024-01-05",\n  "tags": {"a": 1}\n}\n\n': {
        "title": "News",
        "date": "2024-01-05",
    },
}


@pytest.mark.parametrize("raw", FRONT_MATTER, ids=range(len(FRONT_MATTER)))
def test_front_matter(raw: str) -> None:
    assert split_front_matter(raw + "    Text\n---\n") == (raw, "    Text\n---\n")
    assert front_matter_columns(raw) == FRONT_MATTER[raw]


@pytest.mark.parametrize(
    "text",
    [
        *["", "---", "---\n", "---\ntitle: no end\n", "----\ntitle: a\n----\n", "--\na: b\n--\n", "\n---\na: b\n---\n"],
        *["---\n\nA text.\n\n---\n", "---\nA text.\n---\n", "---\n\nNote: a text.\n\n---\n", "---\n# Heading\n---\n"],
        *["---\nANNA: Good day.\nBEN: Good day.\n---\n", "---\nnote: a\nA line.\n---\n", "---\n- item\n---\n"],
        *["+++\nText\n+++\n", '{"a": 1}\n\nText', '{\n"a": 1\n}\n\nText', '{\n"title": "a"\n}', "{\n"],
        "---\na: b\n" + "c: d\n" * MAX_FRONT_MATTER + "---\n",
        "---\na: b\n" + "-" * (MAX_FRONT_MATTER + 9),
    ],
    ids=range(21),
)
def test_no_front_matter(text: str) -> None:
    assert split_front_matter(text) == ("", text)


markdown_lines = st.one_of(
    st.sampled_from(["---", "...", "+++", "", "title: a", "b = 'c'", "[d]", "- e", "# f", '"g": 1,', "{", "}", "  h"]),
    st.sampled_from(["i:", "date: 2024", "author: [x", "'k': \"v", "a: *b", "c: &d e", "\ufeff", "? x", "\0"]),
    st.sampled_from(["!!python/name:os", "author: !!python/name:os x", "date = 2024-01-05", 'x: "\\ud800"', "%YAML 9"]),
    values,
)
line_ends = st.sampled_from(["\n", "\n", "\r\n", "\r", "\n\n", "\u2028"])


@given(st.lists(st.tuples(markdown_lines, line_ends)), st.booleans())
def test_any_text_is_front_matter_and_body(lines: list[tuple[str, str]], starts: bool) -> None:
    text = "---\n" * starts + "".join(line + end for line, end in lines)
    raw, body = split_front_matter(text)
    assert raw + body == text
    found = front_matter_columns(raw)
    assert found.keys() <= set(PAGE_COLUMNS)
    assert raw or not found
    assert all(value.encode().decode() == value == clean_value(value) for value in found.values())
    front_matter_columns(text)  # never an error


@given(st.dictionaries(st.sampled_from(["title", "date", "author", "outlet"]), values, min_size=1), values)
@example({"title": "2024-01-05"}, "x")
def test_front_matter_gives_what_yaml_has(entries: dict[str, str], body: str) -> None:
    written = yaml.safe_dump(entries, allow_unicode=True, width=20)
    raw = f"---\n{written}---\n"
    assert split_front_matter(raw + body) == (raw, body)
    assert front_matter_columns(raw) == {key: clean_value(value) for key, value in yaml.safe_load(written).items()}


@given(st.dictionaries(st.sampled_from(["title", "date", "author", "outlet"]), values, min_size=1), values)
def test_front_matter_gives_what_toml_has(entries: dict[str, str], body: str) -> None:
    written = "".join(f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in entries.items())
    raw = f"+++\n{written}+++\n"
    assert split_front_matter(raw + body) == (raw, body)
    assert front_matter_columns(raw) == {key: clean_value(value) for key, value in tomllib.loads(written).items()}
