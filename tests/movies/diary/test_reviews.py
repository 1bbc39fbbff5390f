"""What of Markdown a review may use, and that nothing else ever comes of it."""

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from movies.diary.reviews import LONGEST, excerpt, plain, rendered

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&colon;alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](vbscript:msgbox(1))",
    "[x](//evil.example/)",
    "<javascript:alert(1)>",
    "![x](https://evil.example/spy.png)",
    '[x](https://e.example "onmouseover=alert(1)")',
    '[x](https://e.example/"onmouseover="alert(1))',
    "`<script>alert(1)</script>`",
    "```\n<script>alert(1)</script>\n```",
    "<style>*{display:none}</style>",
    "<iframe src=https://evil.example></iframe>",
    "<p style='position:fixed'>x</p>",
    "</div></main><script>alert(1)</script>",
    "<!-- --><script>alert(1)</script><!-- -->",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "**<b onclick=alert(1)>x</b>**",
    "> <form action=https://evil.example><input></form>",
]
ALLOWED = {"p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "a", "h3", "h4"}
pieces = st.sampled_from(
    [*HOSTILE, "*", "**", "_", "[", "](", ")", "<", ">", '"', "\n", "\n\n", "- ", "1. ", "# ", "\\", "&#"]
)


class Look(HTMLParser):
    """What stands in it: tags, and their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]


def holds_nothing_but_words(html: str) -> None:
    look = Look(html)
    assert look.tags <= ALLOWED
    assert {(tag, name) for tag, name, _value in look.attributes} <= {("a", "href"), ("a", "rel")}
    for _tag, name, value in look.attributes:
        assert name == "rel" or re.match(r"https?://", value or ""), value


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_is_words(text):
    holds_nothing_but_words(rendered(text))


@settings(max_examples=300, deadline=None)
@given(st.lists(pieces | st.text(max_size=12), max_size=12).map("".join))
def test_nothing_comes_of_any_text_but_what_may_stand(text):
    html = rendered(text)

    holds_nothing_but_words(html)
    assert not re.search(r"[\u202a-\u202e\u2066-\u2069]", html)
    assert "\n" not in excerpt(text)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("一行目\n二行目", "<p>一行目<br>\n二行目</p>"),
        ("**「乱」**を観た。", "<p><strong>「乱」</strong>を観た。</p>"),
        ("あの*雨の音*が残る", "<p>あの<em>雨の音</em>が残る</p>"),
        ("snake_case_x", "<p>snake_case_x</p>"),
        ("# Act one", "<h3>Act one</h3>"),
        ("#### Act one", "<h4>Act one</h4>"),
        ("> quoted", "<blockquote>\n<p>quoted</p>\n</blockquote>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        (
            "[words](https://a.example/)",
            '<p><a href="https://a.example/" rel="nofollow ugc noopener">words</a></p>',
        ),
        ("|a|b|\n|-|-|", "<p>|a|b|<br>\n|-|-|</p>"),
        ("\u202eevil", "<p>evil</p>"),
    ],
)
def test_what_somebody_means_is_shown(text, html):
    assert rendered(text).strip() == html


def test_an_excerpt_is_one_line_of_plain_words():
    assert excerpt("# 三の城\n\n**燃える**。\n[見よ](https://a.example)") == "三の城 燃える。 見よ"
    assert len(excerpt("雨" * 1000)) == 160


@pytest.mark.parametrize("evil", ["*_", "[", "![", "[](", "> ", "- a\n", "**a**", "あ**い", "<http:", "&#"])
def test_no_text_takes_long(evil):
    text = (evil * LONGEST)[:LONGEST]
    began = time.process_time()

    rendered(text)
    plain(text)

    assert time.process_time() - began < 10  # two seconds at most, and the machine may be busy
