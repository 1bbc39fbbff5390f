import zlib
from urllib.parse import urlsplit

from django.conf import settings
from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Request, Response, Route, WebError

TMDB_IMAGES = "https://image.tmdb.org"
PICTURE = """
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 3"><rect width="2" height="3" fill="hsl({hue} 30% 45%)"/>
<circle cx="1" cy="1.2" r=".6" fill="hsl({hue} 40% 65%)"/></svg>
"""


# Chromium repeats what `see_response` hears; htmx speaks of requests that were given up for a newer one or another page.
# Playwright says that it kept the service worker out, as it was told to.
SAID_OTHERWISE = (
    "Failed to load resource: the server responded",
    "htmx:sendAbort",
    "htmx:afterRequest",
    "Service Worker registration blocked",
)


class Watch:
    """Notes as `faults` what no page of ours may do: speak of errors, break its CSP, miss a file, ask a third party.

    A page may answer with an error itself, and leave requests behind when it is left.
    """

    def __init__(self, context: BrowserContext, site_url: str) -> None:
        self.faults: list[str] = []
        self.site_url = site_url
        context.route(f"{TMDB_IMAGES}/**", self.draw_poster)
        context.on("console", self.hear)
        context.on("weberror", self.see_exception)
        context.on("dialog", self.see_dialog)
        context.on("request", self.see_request)
        context.on("requestfailed", self.see_failure)
        context.on("response", self.see_response)

    def draw_poster(self, route: Route) -> None:
        hue = zlib.crc32(route.request.url.encode()) % 360
        route.fulfill(body=PICTURE.format(hue=hue), content_type="image/svg+xml")

    def hear(self, message: ConsoleMessage) -> None:
        is_ours = message.page is not None and message.page.url.startswith(self.site_url)
        is_news = message.type in {"error", "warning"} and not message.text.startswith(SAID_OTHERWISE)
        if is_ours and is_news:
            self.faults.append(f"console: {message.text}")

    def see_exception(self, error: WebError) -> None:
        self.faults.append(f"exception: {error.error}")

    def see_dialog(self, dialog: Dialog) -> None:
        self.faults.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def see_request(self, request: Request) -> None:
        known = {self.site_url, settings.OIDC_DOMAIN, TMDB_IMAGES}
        if origin(request.url) not in known and not request.url.startswith("data:"):
            self.faults.append(f"third party: {request.url}")

    def see_failure(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":
            self.faults.append(f"failed: {request.url} {request.failure}")

    def see_response(self, response: Response) -> None:
        # The dialog says itself what it is refused.
        is_ours = origin(response.url) == self.site_url and "x-quick" not in response.request.headers
        if is_ours and response.status >= 400 and not response.request.is_navigation_request():
            self.faults.append(f"{response.status}: {response.url}")


def origin(address: str) -> str:
    return "{0.scheme}://{0.netloc}".format(urlsplit(address))
