from urllib.parse import quote

from playwright.sync_api import Locator, Page, Response, expect

from accounts.models import User
from infra.local.cognito import PASSWORD


class Person:
    """Somebody at a browser: does what people do, and finds things by the words that stand on the page."""

    def __init__(self, page: Page, user: User | None = None) -> None:
        self.page = page
        self.user = user

    def opens(self, address: str) -> Response:
        response = self.page.goto(address)
        assert response is not None
        return response

    def follows(self, name: str, *, within: Locator | Page | None = None) -> None:
        (within or self.page).get_by_role("link", name=name, exact=True).click()

    def presses(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def chooses(self, answer: str) -> None:
        self.page.locator("label", has_text=answer).click()

    def reads(self, words: str) -> None:
        expect(self.page.get_by_role("main").get_by_text(words, exact=True)).to_be_visible()

    def is_at(self, address: str) -> None:
        expect(self.page).to_have_url(quote(address, safe="/?&=@"))

    @property
    def search_box(self) -> Locator:
        return self.page.get_by_role("searchbox", name="題名")

    @property
    def score(self) -> Locator:
        return self.page.get_by_role("spinbutton", name="点数")

    @property
    def slider(self) -> Locator:
        return self.page.get_by_role("slider", name="点数")

    @property
    def day(self) -> Locator:
        return self.page.locator(".day-field").get_by_label("観た日")

    @property
    def wall(self) -> Locator:
        return self.page.locator("ol.wall")

    def card(self, title: str) -> Locator:
        return self.wall.get_by_role("listitem").filter(has=self.page.get_by_role("link", name=title, exact=True))

    def result(self, title: str) -> Locator:
        return self.page.get_by_role("main").get_by_role("listitem").filter(has_text=title)

    def signs_in_at_the_provider(self, username: str) -> None:
        self.page.get_by_label("Username").fill(username)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.presses("Sign in")

    def signs_out(self) -> None:
        self.presses("アカウント")
        self.presses("サインアウト")

    def looks_for(self, words: str) -> None:
        self.search_box.fill(words)
        self.presses("検索")

    def arranges_by(self, order: str) -> None:
        self.follows(order, within=self.page.get_by_role("navigation", name="並び順"))

    def sees_section(self, heading: str) -> None:
        expect(self.wall.get_by_role("heading", level=2)).to_have_text([heading])
