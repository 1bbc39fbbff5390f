import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from accounts.people import display_names
from accounts.people.fields import DisplayNameField


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("花子", "花子"),
        ("  花子　", "花子"),
        ("か\u3099", "が"),
        ("山田 花子", "山田 花子"),
        ("محمد", "محمد"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("<b>O'Brien & co</b>", "<b>O'Brien & co</b>"),
        ("🎬" * 50, "🎬" * 50),
        ("か\u3099" * 50, "が" * 50),
    ],
)
def test_any_script_will_do(typed: str, kept: str) -> None:
    assert DisplayNameField().clean(typed) == kept


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "required"),
        (" \u3000\n", "required"),
        ("花" * 51, "max_length"),
        ("\u0958" * 26, "max_length"),  # each becomes two characters when normalised
        ("hana\u202eoka", "unseen"),
        ("hana\u2066ko", "unseen"),
        ("hana\u200bko", "unseen"),
        ("hana\nko", "unseen"),
        ("hana\u2028ko", "unseen"),
        ("hana\x1b[31mko", "unseen"),
        ("hana\ud800ko", "unseen"),
        ("\u200d", "blank"),
        ("\u3164", "blank"),
        ("\u2800\u115f", "blank"),
        ("\u0301", "blank"),
    ],
)
def test_what_hides_or_turns_the_line_is_refused(typed: str, code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        DisplayNameField().clean(typed)

    assert [error.code for error in refused.value.error_list] == [code]


def test_nul_is_refused() -> None:
    with pytest.raises(ValidationError):
        DisplayNameField().clean("hana\0ko")


def test_a_suggestion_leaves_out_what_could_not_be_chosen() -> None:
    assert display_names.suggest(" hana\ud800\u202e\0ko\n ") == "hanako"


@given(st.text(max_size=120))
def test_a_suggestion_has_nothing_unseen_and_fits(name: str) -> None:
    suggestion = display_names.suggest(name)

    assert len(suggestion) <= display_names.LONGEST
    assert display_names.suggest(suggestion) == suggestion
