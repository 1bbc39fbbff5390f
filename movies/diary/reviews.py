"""What reviews are written in: the part of Markdown that words need, and HTML that nothing but that can come of.

The parser knows neither HTML, nor images, code or tables; what it makes is cleaned by a list of what may stand. A line ends
where it was typed to end.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Any

import nh3
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned
from markdown_it.token import Token

LONGEST = 20_000
LONGEST_EXCERPT = 160
SHORT = 600
"""Up to this length a review stands in lists as it is."""

TAGS = {"p", "br", "em", "strong", "ul", "ol", "li", "blockquote", "a", "h3", "h4"}
HEADINGS = {"h1": "h3", "h2": "h3", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}

# What turns the line around, or back: where it is not closed it would turn around what stands beside the review.
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class _JapaneseInline(StateInline):
    """Emphasis ends also between a bracket and a letter of Japanese, as in **「乱」**を: it has no spaces to tell by."""

    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N802, N803 - the library's names
        scanned = super().scanDelims(start, canSplitWord)
        before = self.src[start - 1] if start else " "
        behind = start + scanned.length
        after = self.src[behind] if behind < self.posMax else " "
        if not canSplitWord or not (_is_wide(before) or _is_wide(after)):
            return scanned
        return Scanned(not after.isspace(), not before.isspace(), scanned.length)


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in ("W", "F")


class _JapaneseParser(ParserInline):
    def parse(self, src: str, md: MarkdownIt, env: Any, tokens: list[Token]) -> list[Token]:
        state = _JapaneseInline(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens


class _Markdown(MarkdownIt):
    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        """To a page of the web that is named in full; anything else stays as it was typed."""
        return url.lower().startswith(("http://", "https://"))


def _parser() -> _Markdown:
    markdown = _Markdown("zero", {"html": False, "breaks": True, "maxNesting": 20})
    markdown.inline = _JapaneseParser()
    markdown.enable(["blockquote", "list", "heading", "newline", "escape", "entity", "emphasis", "link", "autolink"])
    off = set(markdown.inline.ruler.get_all_rules()) - {"text", "newline", "escape", "entity", "emphasis", "link"}
    markdown.inline.ruler.disable(sorted(off - {"autolink"}))
    markdown.inline.ruler2.disable(sorted(set(markdown.inline.ruler2.get_all_rules()) - ONLY_BESIDE))
    return markdown


BREAKS = ("softbreak", "hardbreak")
ONLY_BESIDE = {"balance_pairs", "emphasis", "fragments_join"}
_MARKDOWN = _parser()


@lru_cache(maxsize=256)
def rendered(text: str) -> SafeString:
    """A review as HTML that is safe to show. What was rendered lately is at hand still: a page of them is dear."""
    tokens = _MARKDOWN.parse(_TURNS.sub("", text), {})
    for token in tokens:
        token.tag = HEADINGS.get(token.tag, token.tag)
    html = str(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))
    clean = nh3.clean(
        html,
        tags=TAGS,
        attributes={"*": set(), "a": {"href"}},
        url_schemes={"http", "https"},
        link_rel="nofollow ugc noopener",
    )
    return mark_safe(clean)  # noqa: S308 - cleaned in this very moment


def excerpt(text: str, longest: int = LONGEST_EXCERPT) -> str:
    """Its beginning, in plain words and one line."""
    return Truncator(plain(text)).chars(longest)


def plain(text: str) -> str:
    """Its words without any marks, in one line."""
    words = []
    for block in _MARKDOWN.parse(_TURNS.sub("", text), {}):
        words += [" " if token.type in BREAKS else token.content for token in block.children or []]
        words.append(" ")
    return " ".join("".join(words).split())
