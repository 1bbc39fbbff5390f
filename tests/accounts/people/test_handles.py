import re
from collections.abc import Iterator

import pytest
from django.core.exceptions import ValidationError
from django.urls import URLPattern, URLResolver, get_resolver
from hypothesis import given
from hypothesis import strategies as st

from accounts.people import handles
from accounts.people.fields import HandleField
from tests.factories import UserFactory


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hanako", "hanako"),
        ("Hanako", "hanako"),
        ("  hanako\n", "hanako"),
        ("@hanako", "hanako"),
        ("ｈａｎａｋｏ＿９", "hanako_9"),
        ("＠hanako", "hanako"),
        ("_", "_"),
        ("7", "7"),
        ("a23456789012345", "a23456789012345"),
    ],
)
def test_what_was_meant_is_taken(typed: str, meant: str) -> None:
    assert HandleField().clean(typed) == meant


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "required"),
        ("@", "required"),
        ("   ", "required"),
        ("hana-ko", "characters"),
        ("hana ko", "characters"),
        ("hana.ko", "characters"),
        ("花子", "characters"),
        ("hanako\u200b", "characters"),
        ("hаnako", "characters"),  # the second letter is Cyrillic
        ("İstanbul", "characters"),
        ("٣", "characters"),
        ("@@hanako", "characters"),
        ("../admin", "characters"),
        ("a234567890123456", "too_long"),
        ("a" * 10_000, "too_long"),
        ("films", "reserved"),
        ("ＳＴＡＦＦ", "reserved"),
        ("null", "reserved"),
    ],
)
def test_what_cannot_be_a_handle_is_refused_for_its_own_reason(typed: str, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        HandleField().clean(typed)

    assert [error.code for error in refused.value.error_list] == [code]


def first_segments(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        route = str(pattern.pattern).lstrip("^")
        if route in ("", "en/") and isinstance(pattern, URLResolver):
            yield from first_segments(pattern.url_patterns)
        elif word := re.match(r"[\w-]+", route):
            yield word[0]


def test_no_handle_looks_like_a_page_of_ours() -> None:
    pages = set(first_segments(get_resolver().url_patterns))

    assert {"films", "sign-in", "staff"} <= pages
    assert pages <= handles.RESERVED


@pytest.mark.django_db
def test_a_suggestion_resembles_the_name() -> None:
    assert handles.suggest("Amélie Poulain") == "amelie_poulain"


@pytest.mark.django_db
def test_a_name_in_another_script_suggests_nothing() -> None:
    assert handles.suggest("花子") == ""


@pytest.mark.django_db
def test_a_taken_name_suggests_the_next_free_one() -> None:
    UserFactory(handle="hanako")
    UserFactory(handle="hanako2")

    assert handles.suggest("Hanako") == "hanako3"


@pytest.mark.django_db
def test_a_reserved_name_suggests_another() -> None:
    assert handles.suggest("Admin") == "admin2"


@pytest.mark.django_db
@given(st.text(max_size=80))
def test_every_suggestion_may_be_chosen(name: str) -> None:
    suggestion = handles.suggest(name)

    assert suggestion == "" or HandleField().clean(suggestion) == suggestion
