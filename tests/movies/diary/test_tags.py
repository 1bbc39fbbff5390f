import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from movies.diary import tags
from tests.factories import EntryFactory, UserFactory


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("名画座、黒澤, 4K", ["名画座", "黒澤", "4K"]),
        (" rain ,  , rain,RAIN", ["rain"]),
        ("４Ｋ，ＩＭＡＸ", ["4K", "IMAX"]),
        ("a  b\nc", ["a b", "c"]),
        ("\u202eevil\x00,\u200b", ["evil"]),
        ("", []),
    ],
)
def test_tags_are_read_from_a_line(typed, expected):
    assert tags.split(typed) == expected


@given(st.text())
def test_whatever_is_typed_each_tag_stands_once_and_is_read_back(typed):
    given_tags = tags.split(typed)

    assert len({tag.casefold() for tag in given_tags}) == len(given_tags)
    assert all(tag == tag.strip() and tag for tag in given_tags)
    assert tags.split(tags.joined(given_tags)) == given_tags


@pytest.mark.parametrize("given_tags", [["x" * 51], [f"tag {number}" for number in range(31)]])
def test_there_are_not_too_many_and_none_is_too_long(given_tags):
    with pytest.raises(ValidationError):
        tags.validate(given_tags)

    tags.validate(["x" * 50] + [f"tag {number}" for number in range(29)])


@pytest.mark.django_db
def test_ones_own_are_suggested_the_most_given_first():
    me = UserFactory()
    for given_tags in (["rain", "4K"], ["rain"], []):
        EntryFactory(owner=me, tags=given_tags)
    EntryFactory(tags=["of somebody else"])

    assert tags.suggested(me) == ["rain", "4K"]
