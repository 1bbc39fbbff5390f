import datetime

import pytest
from django.utils import timezone
from django.utils.translation import get_language
from pytest_django import Settings

from accounts.mail import unsubscribing
from accounts.mail.letters import Letter, write
from accounts.mail.models import Kind, Notice
from accounts.people.models import User
from mymovie.letters import SAMPLES, sample

PERSON = User(handle="hanako", display_name="花子")


@pytest.fixture(params=sorted(SAMPLES))
def name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_letter_is_whole_in_both_languages(name: str, language: str) -> None:
    letter = sample(name, language)

    assert letter.subject
    assert letter.subject == " ".join(letter.subject.split())
    assert letter.text.strip()
    for marks in ["{{", "{%", "None"]:
        assert marks not in letter.subject + letter.text + letter.html
    for escaped in ["&lt;", "&amp;", "&quot;", "&#x27;"]:
        assert escaped not in letter.subject + letter.text


@pytest.mark.parametrize("name", sorted(SAMPLES.keys() - {"contact"}))
@pytest.mark.parametrize(("language", "prefix"), [("ja", ""), ("en", "/en")])
def test_every_letter_to_people_leads_to_its_switches_and_loads_nothing(
    settings: Settings, name: str, language: str, prefix: str
) -> None:
    settings.SITE_URL = "https://films.example"

    letter = sample(name, language)

    for words in (letter.text, letter.html):
        assert f"https://films.example{prefix}/settings/mail/" in words
    assert f'<html lang="{language}"' in letter.html
    assert "<img" not in letter.html
    assert "<link" not in letter.html
    assert "style=" not in letter.html
    assert "prefers-color-scheme: dark" in letter.html


def request() -> Letter:
    asker = User(handle="taro", display_name='<b>"太郎"</b> & 次郎')
    words = {"notice": Notice(recipient_id=7, kind=Kind.REQUEST), "person": PERSON, "asker": asker}
    return write("request", words, language="ja")


def test_a_name_is_what_it_is_in_text_and_does_nothing_in_html() -> None:
    letter = request()

    assert '<b>"太郎"</b> & 次郎' in letter.subject
    assert '<b>"太郎"</b> & 次郎' in letter.text
    assert "<b>" not in letter.html
    assert "&lt;b&gt;" in letter.html


def test_a_kind_that_can_be_turned_off_says_how() -> None:
    address = unsubscribing.address(7, Kind.REQUEST)

    letter = request()

    assert address in letter.text
    assert f'href="{address}"' in letter.html


def test_what_concerns_the_account_offers_no_such_thing() -> None:
    letter = sample("leaving", "ja")

    assert "/unsubscribe/" not in letter.text + letter.html


@pytest.mark.parametrize(("time_zone", "time"), [("Asia/Tokyo", "00:30"), ("America/New_York", "10:30")])
def test_days_are_those_of_the_reader(time_zone: str, time: str) -> None:
    moment = datetime.datetime(2026, 11, 25, 15, 30, tzinfo=datetime.UTC)
    words = {
        "notice": Notice(recipient_id=7, kind=Kind.LEAVING),
        "person": PERSON,
        "asked_at": moment,
        "gone_at": moment + datetime.timedelta(days=14),
    }

    letter = write("leaving", words, language="en", time_zone=time_zone)

    assert time in letter.text
    assert timezone.get_current_timezone_name() == "Asia/Tokyo"


def test_the_language_of_a_letter_stays_its_own() -> None:
    sample("request", "en")

    assert get_language() == "ja"
