"""What is the same on every page is rendered once, and knows nothing of any page."""

from collections.abc import Callable, Iterator

import pytest
from django import template
from django.template import Context, Engine
from django.utils import translation

from mymovie import once


@pytest.fixture
def rendered() -> Iterator[Callable[..., str]]:
    """The template's text, for a page that was given this; `{% count %}` says how often it was asked."""
    register = template.Library()
    asked = iter(range(1, 9))
    register.simple_tag(lambda: next(asked), name="count")
    engine = Engine(loaders=[("django.template.loaders.locmem.Loader", {"part.html": "{{ name }}!"})])
    engine.template_builtins += [once.register, register]
    known: dict[str, template.Template] = {}

    def render(source: str, language: str = "ja", **given: object) -> str:
        made = known.setdefault(source, engine.from_string(source))
        with translation.override(language):
            return made.render(Context(given))

    return render


def test_it_is_rendered_once_in_a_language(rendered: Callable[..., str]) -> None:
    source = "{% once %}{% count %}{% endonce %}"

    assert [rendered(source, language) for language in ("ja", "en", "ja", "en")] == ["1", "2", "1", "2"]


def test_it_is_told_nothing_that_its_page_was(rendered: Callable[..., str]) -> None:
    source = (
        "{{ name }}{% once %}[{{ name|default:'-' }}{% include 'part.html' with name='x' %}]{% endonce %}{{ name }}"
    )

    assert rendered(source, name="Hanako") == "Hanako[-x!]Hanako"
    assert rendered(source, name="Taro") == "Taro[-x!]Taro"


def test_two_parts_of_a_template_are_two(rendered: Callable[..., str]) -> None:
    assert rendered("{% once %}a{% endonce %}{% once %}b{% endonce %}") == "ab"
