from pathlib import Path

import pytest
from playwright.sync_api import expect

from movies.imports.models import Batch, Mention
from tests.browser.person import Person
from tests.browser.scenery import import_of
from tests.factories import BatchFactory

pytestmark = pytest.mark.browser

WITHOUT_SCRIPTS = pytest.mark.browser_context_args(java_script_enabled=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "films.csv"
    path.write_text("Title,Year\nRan,1985\n")
    return path


def chooses(person: Person, file: Path) -> None:
    """With the script at work."""
    expect(person.page.locator(".upload button")).to_be_hidden()
    person.page.get_by_label("Choose a file, or drop it here").set_input_files(file)


def state_of(batch: Batch) -> str:
    batch.refresh_from_db()
    return batch.state


def is_asked_for(person: Person, title: str) -> None:
    """And its keys can be pressed."""
    expect(person.page.locator(".has-keys").get_by_role("heading", level=1)).to_have_text(title)


def test_a_file_that_is_chosen_is_sent_and_read_without_another_word(hanako: Person, file: Path) -> None:
    hanako.opens("/en/import/")
    hanako.presses("Bring a file")

    chooses(hanako, file)

    expect(hanako.page.get_by_role("heading", level=1)).to_have_text("Reading your file")
    assert Batch.objects.get().size == file.stat().st_size


def test_a_file_that_is_too_large_is_not_even_sent(hanako: Person, file: Path) -> None:
    batch = BatchFactory(owner=hanako.user)
    hanako.opens(f"/en/import/{batch.pk}/")
    hanako.page.evaluate("document.querySelector('.upload').dataset.largest = 10")
    sent = []
    hanako.page.on("request", lambda request: sent.append(request.url))

    chooses(hanako, file)

    expect(hanako.page.get_by_text("The file is larger than 100 MB.")).to_be_visible()
    assert [address for address in sent if "/static/" not in address] == []


@WITHOUT_SCRIPTS
def test_without_scripts_a_file_takes_two_buttons(hanako: Person, file: Path) -> None:
    batch = BatchFactory(owner=hanako.user)
    hanako.opens(f"/en/import/{batch.pk}/")

    hanako.page.get_by_label("Choose a file, or drop it here").set_input_files(file)
    hanako.presses("Send")
    hanako.presses("Look at the file")

    expect(hanako.page.get_by_role("heading", level=1)).to_have_text("Reading your file")


def test_the_page_of_work_becomes_that_of_its_end_by_itself(hanako: Person) -> None:
    assert hanako.user is not None
    batch = import_of(hanako.user, Batch.State.MATCHING, step_total=100, step_done=40)
    hanako.opens(f"/en/import/{batch.pk}/")
    expect(hanako.page).to_have_title("40% · Looking for your films · MyMovie")

    Batch.objects.update(state=Batch.State.WEIGHING)
    expect(hanako.page.get_by_role("heading", level=1)).to_have_text("Comparing with your wall")
    Batch.objects.update(state=Batch.State.READY)

    expect(hanako.page.get_by_role("heading", level=1)).to_have_text("What would come of it")


def test_doubts_are_settled_from_the_keyboard_alone(hanako: Person) -> None:
    assert hanako.user is not None
    batch = import_of(hanako.user, Batch.State.READY)
    first, second = batch.mentions.filter(state=Mention.State.DOUBTFUL).order_by("pk")
    hanako.opens(f"/en/import/{batch.pk}/doubts/")

    hanako.page.keyboard.press("l")
    is_asked_for(hanako, "Suspiria")
    hanako.page.keyboard.press("x")
    is_asked_for(hanako, "Little Women")
    hanako.page.keyboard.press("f")
    hanako.page.keyboard.type("little 1")
    is_asked_for(hanako, "Little Women")
    hanako.page.get_by_role("searchbox", name="Another film").blur()
    hanako.page.keyboard.press("2")

    hanako.is_at(f"/en/import/{batch.pk}/")
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.film.year) == (Mention.State.PICKED, 1949)
    assert second.state == Mention.State.LEFT_OUT


def test_arrows_lead_from_poster_to_poster(hanako: Person) -> None:
    assert hanako.user is not None
    batch = import_of(hanako.user, Batch.State.READY)
    hanako.opens(f"/en/import/{batch.pk}/doubts/")

    for key in ("ArrowRight", "ArrowRight", "ArrowRight", "ArrowLeft"):
        hanako.page.keyboard.press(key)

    expect(hanako.page.locator(".candidate").nth(1)).to_be_focused()


def test_another_film_is_found_beside_the_doubt(hanako: Person) -> None:
    assert hanako.user is not None
    batch = import_of(hanako.user, Batch.State.READY)
    hanako.opens(f"/en/import/{batch.pk}/doubts/")

    hanako.page.get_by_role("searchbox", name="Another film").fill("suspiria")
    hanako.page.get_by_role("button", name="Search", exact=True).click()
    hanako.page.get_by_role("button", name="This one Suspiria").first.click()

    expect(hanako.page.get_by_role("heading", level=1)).to_have_text("Suspiria")
    assert batch.mentions.get(state=Mention.State.PICKED).film.title_en == "Suspiria"


@WITHOUT_SCRIPTS
def test_without_scripts_doubts_are_settled_by_buttons(hanako: Person) -> None:
    assert hanako.user is not None
    batch = import_of(hanako.user, Batch.State.READY)
    hanako.opens(f"/en/import/{batch.pk}/doubts/")

    hanako.page.get_by_role("button", name="Little Women 1949").click()
    hanako.presses("Leave it out")

    hanako.is_at(f"/en/import/{batch.pk}/")


def test_an_import_is_taken_back_only_when_that_is_said_twice(hanako: Person) -> None:
    assert hanako.user is not None
    batch = import_of(hanako.user, Batch.State.DONE)
    hanako.opens(f"/en/import/{batch.pk}/")
    expect(hanako.page.get_by_role("button", name="Yes, take it back")).to_be_hidden()

    hanako.page.get_by_text("Take this import back").click()
    assert state_of(batch) == Batch.State.DONE
    hanako.presses("Yes, take it back")

    expect(hanako.page.get_by_role("heading", level=1)).to_have_text("Taking it back")
    assert state_of(batch) == Batch.State.UNDOING
