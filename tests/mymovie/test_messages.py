import re

import pytest
from babel.messages import Catalog

from mymovie import messages


def test_every_word_is_translated():
    assert list(messages.faults()) == []


def test_words_are_found_in_templates_and_in_code(tmp_path):
    template = tmp_path / "page.html"
    template.write_text(
        "{% load i18n %}{% translate 'A wall' %}"
        "{% blocktranslate count n=films trimmed %}  one film of it's {% plural %} {{ n }} films {% endblocktranslate %}"
    )
    code = tmp_path / "code.py"
    code.write_text(
        "from django.utils.translation import gettext_lazy as _, ngettext\n_('Score')\nngettext('a', 'b', 2)\n"
    )

    found = [message for path in (template, code) for _line, message, _comments, _context in messages.words_of(path)]

    assert found == ["A wall", ("one film of it's", "%(n)s films"), "Score", ("a", "b")]


def test_a_word_without_translation_fails_the_check(monkeypatch):
    words = Catalog()
    words.add("A word that nobody has translated")
    monkeypatch.setattr(messages, "used", lambda: words)

    assert any("missing 'A word that nobody has translated'" in fault for fault in messages.faults())


MARKUP = re.compile(
    r"<style>.*?</style>|{%\s*comment.*?endcomment\s*%}|{#.*?#}|{%\s*blocktranslate.*?endblocktranslate\s*%}|{%.*?%}|{{.*?}}"
    r"""|<(?:"[^"]*"|[^">])*>|&\w+;""",
    re.S,
)
SAID_IN_TAGS = re.compile(r'\s(?:alt|title|placeholder|aria-label|content)="([^"{]*[^\W\d_][^"]*)"')
NEED_NO_TRANSLATION = {"My", "Movie", "MyMovie", "TMDB", "JustWatch", "API", "Enter", "Esc"}
IN_TAGS_FOR_MACHINES = re.compile(
    r"width=|light|dark|#|website|summary|no-referrer|noindex|{|^HTML$|^MyMovie$|^image/png$|^The Movie Database"
)
ATTRIBUTION = re.compile(
    r"This website uses TMDB .*? by TMDB\.|このサイトはTMDBと.*?。"
)  # TMDB's words, and what they mean


TEMPLATES = [
    path
    for path in sorted((messages.BASE / "templates").rglob("*.html"))
    if not path.name.endswith((".ja.html", ".en.html"))  # written in each language, not translated
]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_says_anything_without_gettext(template):
    source = ATTRIBUTION.sub("", template.read_text())

    said = set(re.findall(r"[^\W\d_]{2,}", MARKUP.sub(" ", source))) - NEED_NO_TRANSLATION
    said_in_tags = [words for words in SAID_IN_TAGS.findall(source) if not IN_TAGS_FOR_MACHINES.search(words)]

    assert (said, said_in_tags) == (set(), [])
