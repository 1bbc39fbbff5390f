import re
from pathlib import Path

import pytest

from infra.local import environment, folder

PROJECT = folder.ROOT


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(folder, "ROOT", tmp_path)
    monkeypatch.setattr(folder, "FOLDER", tmp_path)
    for name in ("SITE_URL", "SECRET_KEY", "INSECURE_COOKIES", "TMDB_TOKEN", "PORT"):
        monkeypatch.delenv(name, raising=False)


def test_dot_env_tells_what_the_environment_does_not(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("# a remark\n\nTMDB_TOKEN='of the file'  # with a remark\nPORT=8123\nSITE_URL=\n")
    monkeypatch.setenv("PORT", "8124")

    told = environment.told()

    assert (told["TMDB_TOKEN"], told["PORT"]) == ("of the file", "8124")
    assert environment.environment(told)["SITE_URL"] == "http://127.0.0.1:8124"


def test_cookies_are_secure_as_soon_as_the_site_is() -> None:
    plain = environment.environment({})
    behind_a_proxy = environment.environment({"SITE_URL": "https://films.example"})

    assert plain["INSECURE_COOKIES"] == "1"
    assert behind_a_proxy["INSECURE_COOKIES"] == "0"


def test_the_secret_key_is_made_once_and_for_nobody_else_to_read(tmp_path: Path) -> None:
    first = environment.environment({})["SECRET_KEY"]
    second = environment.environment({})["SECRET_KEY"]

    assert first == second
    assert len(first) > 50
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("reader", ["mymovie/settings.py", "docker/gunicorn.conf.py"])
def test_the_example_names_every_setting(reader: str) -> None:
    read = set(re.findall(r"(?:environ\.get|is_on|required)\(\s*\"([A-Z_]+)\"", (PROJECT / reader).read_text()))
    named = set(re.findall(r"^# ([A-Z_]+)=", (PROJECT / ".env.example").read_text(), re.MULTILINE))

    assert read
    assert read <= named
