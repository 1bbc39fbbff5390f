import pytest
from django.conf import LazySettings
from hypothesis import given
from hypothesis import strategies as st

from accounts.identity.return_paths import own_path


@pytest.fixture(autouse=True)
def _our_address(settings: LazySettings) -> None:
    settings.SITE_URL = "https://mymovie.test"


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/", "/"),
        ("/@hanako/?order=score", "/@hanako/?order=score"),
        ("/en/films/1-千と千尋/", "/en/films/1-千と千尋/"),
        ("/search/?q=//evil.example", "/search/?q=//evil.example"),
        ("/films/1/#cast", "/films/1/"),
        ("https://mymovie.test/about/?a=b", "/about/?a=b"),
    ],
)
def test_a_page_of_ours_is_kept(address: str, path: str) -> None:
    assert own_path(address) == path


@pytest.mark.parametrize(
    "address",
    [
        "",
        "//evil.example",
        "///evil.example",
        "////evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\\",
        "/films/\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "\t//evil.example",
        " //evil.example",
        "\x00//evil.example",
        "https://evil.example/",
        "https:evil.example",
        "https:///evil.example",
        "http://mymovie.test/",
        "https://mymovie.test@evil.example/",
        "https://mymovie.test:444/",
        "https://mymovie.test.evil.example/",
        "https://mymovie.test//evil.example",
        "https://mymovie.test/\\evil.example",
        "https://mymovie.test\\@evil.example",
        "https://[::1",
        "@evil.example",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,hello",
        "about/",
        "?q=1",
        "/" + "a" * 3000,
    ],
)
def test_what_leads_away_leads_nowhere(address: str) -> None:
    assert own_path(address) == ""


@pytest.mark.parametrize(
    "address", ["/sign-in/?next=/sign-in/", "/sign-in/callback?code=c&state=s", "/en/welcome/", "/en/sign-out/"]
)
def test_nobody_is_led_back_into_signing_in(address: str) -> None:
    assert own_path(address) == ""


@given(st.text(alphabet="/\\@:.?#%\t\r\n \0aehlpst0", max_size=30))
def test_whatever_is_kept_stays_on_this_site(address: str) -> None:
    path = own_path(address)

    assert path == "" or (path.startswith("/") and not path.startswith(("//", "/\\")))
    assert not set(path) & {"\r", "\n", "\t"}
