import pytest

from tests import promises


@pytest.mark.parametrize("heading", ["Attacks", "Faults"])
def test_what_the_tables_name_is_there(heading: str) -> None:
    named = promises.files(heading)

    assert len(named) > 20
    assert all("def test_" in path.read_text() for path in named)


def test_what_is_not_there_or_is_two_is_told() -> None:
    for name in ("test_nothing.py", "__init__.py"):
        with pytest.raises(LookupError, match=name):
            promises.found(name)
