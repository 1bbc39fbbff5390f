import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from accounts.people.fields import BioField, BirthDateField, WebAddressField, time_zones
from tests.factories import UserFactory


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("  \u3000", ""),
        ("example.com", "https://example.com"),
        ("  example.com/hanako?page=1#top \n", "https://example.com/hanako?page=1#top"),
        ("http://example.com", "http://example.com"),
        ("https://example.com/", "https://example.com/"),
        ("HTTPS://Example.com/Hanako", "https://Example.com/Hanako"),
        ("example.com:8080/films", "https://example.com:8080/films"),
        ("https://日本語.jp/映画", "https://日本語.jp/映画"),
        ("https://xn--wgv71a119e.jp", "https://xn--wgv71a119e.jp"),
        ("https://example.com/@hanako", "https://example.com/@hanako"),
        ("example.com/?to=https://example.org", "https://example.com/?to=https://example.org"),
        ("https://example.com/" + "a" * 180, "https://example.com/" + "a" * 180),
    ],
)
def test_an_address_of_the_web_is_kept_with_its_scheme(typed, kept):
    assert WebAddressField().clean(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "javascript:alert(1)",
        "javascript://example.com/%0aalert(1)",
        "JavaScript:alert(1)//https://example.com",
        "data:text/html,hello",
        "data://example.com/",
        "ftp://example.com",
        "mailto:hanako@example.com",
        "//example.com",
        "https:///example.com",
        "https://",
        "https://example",
        "hanako",
        "https://bank.example@evil.example",
        "https://bank.example:443@evil.example/",
        "bank.example@evil.example",
        "https://bank.example\\@evil.example",
        "https://exam ple.com",
        "https://example.com/a b",
        "https://example.com/\u3000b",
        "https://example.com/\nb",
        "https://example.com/\0",
        "https://example.com/\x7f",
        "https://example.com/\u202egnp.exe",
        "https://exam\u200bple.com",
        "https://example.com/\ud800",
        "https://ex\u2100mple.com",
        "https://[::1",
        "https://example.com:port/",
        'https://"onmouseover=alert(1).com',
        "https://example.com/" + "a" * 181,
        "example.com/" + "a" * 181,
        "https://" + "a" * 100_000,
    ],
)
def test_what_does_not_lead_where_it_seems_to_is_no_address(typed):
    with pytest.raises(ValidationError):
        WebAddressField().clean(typed)


@given(st.text(alphabet="/\\@:.?#%&\t\n \0\"'<>[]aehjlpstvx0é\u202e", max_size=40) | st.text(max_size=40))
def test_whatever_is_kept_leads_to_the_web_and_where_it_seems_to(typed):
    try:
        kept = WebAddressField().clean(typed)
    except ValidationError:
        return

    parts = urlsplit(kept)
    assert kept == "" or (parts.scheme in {"http", "https"} and parts.hostname)
    assert "@" not in parts.netloc
    assert not set(kept) & set('"<>\\\t\r\n\0 \u202e')


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("  映画が好き。 ", "映画が好き。"),
        ("one\r\ntwo\rthree\nfour", "one\ntwo\nthree\nfour"),
        ("か\u3099", "が"),
        ("か\u3099" * 300, "が" * 300),
        ("a\r\n" * 149 + "bc", "a\n" * 149 + "bc"),
        ("🎬" * 300, "🎬" * 300),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_a_bio_is_of_any_script_and_as_many_lines(typed, kept):
    assert BioField().clean(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "a" * 301,
        "🎬" * 301,
        "a\r\n" * 150 + "b",
        "\u0958" * 151,  # each becomes two characters when normalised
        "a" * 100_000,
        "a\0b",
        "a\x1b[31mb",
        "a\u202eb",
        "a\u200bb",
        "a\ud800b",
    ],
)
def test_a_bio_is_at_most_300_characters_and_hides_nothing(typed):
    with pytest.raises(ValidationError):
        BioField().clean(typed)


@pytest.mark.django_db
def test_the_longest_that_may_be_said_can_be_kept():
    UserFactory(bio=BioField().clean("🎬" * 300), url=WebAddressField().clean("https://example.com/" + "a" * 180))


@pytest.fixture
def new_years_day_in_japan(monkeypatch):
    """New York still has the last day of the year."""
    monkeypatch.setattr(timezone, "now", lambda: datetime.datetime(2023, 12, 31, 15, 0, tzinfo=datetime.UTC))


@pytest.mark.parametrize("typed", ["1900-01-01", "2000-02-29", "2023-12-31", "2024-01-01"])
def test_whoever_lives_was_born_within_these_days(new_years_day_in_japan, typed):
    assert BirthDateField().clean(typed) == datetime.date.fromisoformat(typed)


def test_a_birth_date_need_not_be_told():
    assert BirthDateField(required=False).clean("") is None


@pytest.mark.parametrize(
    "typed",
    ["1899-12-31", "2024-01-02", "9999-12-31", "2001-02-29", "0000-00-00", "0001-01-01", "nonsense", "\0", "9" * 5000],
)
def test_nobody_was_born_on_another_day(new_years_day_in_japan, typed):
    with pytest.raises(ValidationError):
        BirthDateField().clean(typed)


def test_today_is_that_of_whoever_is_asked(new_years_day_in_japan):
    with timezone.override("America/New_York"), pytest.raises(ValidationError):
        BirthDateField().clean("2024-01-01")


def test_japans_time_zone_stands_first_and_each_exists_once_and_fits():
    names = [name for name, _label in time_zones()]

    assert names[:2] == ["Asia/Tokyo", "UTC"]
    assert len(names) == len(set(names)) > 300
    for name in names:
        assert ZoneInfo(name).key == name
        assert len(name) <= User._meta.get_field("time_zone").max_length
