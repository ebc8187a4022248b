"""The Markdown subset as runs and HTML."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.common.runs import plain
from adapters.telegram.markup import parse, render
from tests.fakes.telegram.text import parse_html

MARKS = st.text(alphabet="ab *`[]()_-~<>&\"'\n.:/ht🎉é", max_size=120)


class Reader(HTMLParser):
    """Reads HTML back and refuses tags that are not closed in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def read(html: str) -> str:
    """The text of well-formed HTML."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader.text


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("plain", "plain"),
        ("a < b && c > d \"q\" 'p'", "a &lt; b &amp;&amp; c &gt; d \"q\" 'p'"),
        ("**bold** and *italic*", "<b>bold</b> and <i>italic</i>"),
        ("***both***", "<b><i>both</i></b>"),
        ("**a *b* c**", "<b>a </b><b><i>b</i></b><b> c</b>"),
        ("`x<y`", "<code>x&lt;y</code>"),
        ("**`x`**", "<code>x</code>"),
        ("2 * 3 * 4 and a*b*c", "2 * 3 * 4 and a*b*c"),
        ("**open", "**open"),
        ("** not bold **", "** not bold **"),
        ("**one\n\ntwo**", "**one\n\ntwo**"),
        ("# not a heading", "# not a heading"),
        ("- one\n- two", "• one\n• two"),
        ("  - deeper", "  • deeper"),
        ("[site](https://x.org/a?b=1&c=2)", '<a href="https://x.org/a?b=1&amp;c=2">site</a>'),
        ("[**b**](https://x.org/(y))", '<a href="https://x.org/(y)"><b>b</b></a>'),
        ("[bad](javascript:alert(1))", "[bad](javascript:alert(1))"),
        ('[q](https://x.org/"onclick)', '<a href="https://x.org/&quot;onclick">q</a>'),
        ("```py\nif a < b:\n    pass\n```", '<pre><code class="language-py">if a &lt; b:\n    pass</code></pre>'),
        ("before\n```\nx\n```\nafter", "before\n<pre>x</pre>\nafter"),
        ("```\nnever closed", "<pre>never closed</pre>"),
        ("```\n**raw**\n```", "<pre>**raw**</pre>"),
    ],
)
def test_html(text: str, html: str) -> None:
    assert render(parse(text)) == html


@given(MARKS)
def test_html_is_balanced_and_shows_the_plain_text(text: str) -> None:
    runs = parse(text)
    assert read(render(runs)) == plain(runs)


@given(MARKS)
def test_the_platform_reads_the_same_text(text: str) -> None:
    runs = parse(text)
    seen, _ = parse_html(render(runs))
    assert seen == plain(runs)


def test_what_telegram_refuses_is_taken_out() -> None:
    assert plain(parse("a\x00b\ud800c\r\nd")) == "a b\N{REPLACEMENT CHARACTER}c\nd"
    assert plain(parse("a\x00b\ud800c\r\nd")).encode()
