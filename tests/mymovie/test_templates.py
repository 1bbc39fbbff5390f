"""Pages carry the words of their templates, and what they are filled with, but not how the templates are indented."""

from pathlib import Path

import pytest
from django.template import Context, Engine


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return Engine(dirs=[str(tmp_path)], loaders=["mymovie.templates.Loader"])


def test_a_page_keeps_what_it_is_filled_with_and_drops_the_indent(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("<p>\n    <textarea>{{ text }}</textarea>\n\t</p>\n")

    page = engine.get_template("page.html").render(Context({"text": "first\n    second"}))

    assert page == "<p>\n<textarea>first\n    second</textarea>\n</p>\n"


def test_what_only_steers_leaves_no_line_and_what_speaks_keeps_its_blank(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(
        "a\n  {% if yes %}\n    {{ word }}\n    {% firstof word %}\n  {% endif %}\n{% if yes %}b{% endif %}\nc\n"
    )

    page = engine.get_template("page.html").render(Context({"yes": True, "word": "w"}))

    assert page == "a\nw\nw\nb\nc\n"


def test_a_letter_in_plain_text_is_left_as_it_is_written(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Films:\n  {{ film }}\n")

    assert engine.get_template("letter.txt").render(Context({"film": "Ran"})) == "Films:\n  Ran\n"
