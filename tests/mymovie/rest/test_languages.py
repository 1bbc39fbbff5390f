import pytest
from django.test import Client
from django.utils.translation import override

from mymovie.rest import problems
from tests.factories import EntryFactory

pytestmark = pytest.mark.django_db

WANTED = {
    "ja": "ja", "en": "en", "EN": "en", "en-GB": "en", "ja-JP": "ja", "en-US,en;q=0.9,ja;q=0.8": "en", "fr, en": "en",
    "ja;q=0.5, en;q=0.6": "en", "de-CH, fr;q=0.9, ja;q=0.1": "ja", "en;q=0": "ja", "en;q=0, ja;q=0.1": "ja", "en;q=0.000": "ja",
    "": "ja", "*": "ja", "xx": "ja", "fr": "ja", "*, en": "en", "en;q=2": "ja", "en;q=-1": "ja", "en;q=x": "ja", ";": "ja",
    "-": "ja", ",,,": "ja", "e n": "ja", "en_US": "ja", "x" * 10_000: "ja", "en," * 3000: "en", "en-" * 3000: "ja", "\xff": "ja",
    "../../en": "ja", "en\r\nX: y": "ja", "jaa": "ja", "engb": "ja", "zh-hans-cn-x-y": "ja", "i-default": "ja", "\0": "ja",
}  # fmt: skip


@pytest.mark.parametrize("wanted", WANTED, ids=lambda wanted: repr(wanted[:20]))
def test_an_answer_is_in_the_language_that_was_asked_for(wanted: str) -> None:
    entry = EntryFactory(film__original_title="Ran", film__title_ja="乱", film__title_en="Chaos")

    answer = Client(headers={"Accept-Language": wanted}).get(f"/api/v1/people/{entry.owner.handle}/wall")

    assert answer.status_code == 200
    assert answer["Content-Language"] == WANTED[wanted]
    assert answer.json()["results"][0]["film"]["title"] == {"ja": "乱", "en": "Chaos"}[WANTED[wanted]]
    assert "Accept-Language" in answer["Vary"]


@pytest.mark.parametrize("path", ["/api/v1/entries", "/api/v1/nothing", "/api/v1/people/nobody/wall"])
@pytest.mark.parametrize(("wanted", "language"), [("en", "en"), ("ja", "ja"), ("*", "ja"), ("x" * 10_000, "ja")])
def test_a_problem_too(path: str, wanted: str, language: str) -> None:
    answer = Client(headers={"Accept-Language": wanted}).get(path)

    with override(language):
        assert answer.json()["title"] == str(problems.KINDS[answer.status_code][1])
    assert answer["Content-Language"] == language
