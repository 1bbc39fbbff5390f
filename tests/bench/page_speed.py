"""How fast pages are there, and hold still, in a real Chromium at the real gunicorn. By hand, while `make run` runs:

.venv/bin/python -m tests.bench.page_speed http://127.0.0.1:8000 [visits]

Network: DevTools' "Fast 4G" (9 Mbit/s down, 1.5 up, 60 ms latency on each request); processor: as it is, and four times
slower as Lighthouse takes a phone's to be. Cold: a new browser profile for each visit. Posters of TMDB's come from a host
on loopback, as heavy as they usually are, over the same network; where a film has none, the site's drawn ones. Nothing
listens in between: a route of Playwright's would add a quarter of a second. Medians of five visits, unless told.
"""

import io
import os
import random
import ssl
import statistics
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from infra.local import chromium
from tests.accounts.mail.signing import CERTIFICATE, KEY

FAST_4G = {"offline": False, "latency": 60, "downloadThroughput": 9e6 / 8, "uploadThroughput": 1.5e6 / 8}
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
OBSERVE = """
    window.seen = { lcp: 0, what: "", cls: 0, inp: 0 };
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        window.seen.lcp = entry.startTime;
        window.seen.what = entry.element?.className || entry.element?.tagName || "";
      }
    }).observe({ type: "largest-contentful-paint", buffered: true });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.seen.cls += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if (entry.interactionId) window.seen.inp = Math.max(window.seen.inp, entry.duration);
      }
    }).observe({ type: "event", durationThreshold: 16, buffered: true });
"""
TIMES = (
    "(() => { const [n] = performance.getEntriesByType('navigation'); return [n.responseStart, n.transferSize]; })()"
)
FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
BLOCKING = "performance.getEntriesByType('resource').filter((r) => r.renderBlockingStatus === 'blocking').length"


def poster() -> bytes:
    """As heavy as TMDB's of 342 pixels: some 30 KB."""
    chance = random.Random(1)
    small = Image.new("RGB", (57, 85))
    small.putdata([tuple(chance.randrange(256) for _ in range(3)) for _ in range(57 * 85)])
    out = io.BytesIO()
    small.resize((342, 513), Image.Resampling.BICUBIC).save(out, "JPEG", quality=45)
    return out.getvalue()


@contextmanager
def image_host(picture: bytes) -> Iterator[int]:
    """What stands in for TMDB's host of images; its port."""

    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "image/jpeg")
            self.send_header("Content-Length", str(len(picture)))
            self.end_headers()
            self.wfile.write(picture)

        def log_message(self, *arguments: object) -> None:
            pass

    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile(suffix=".pem") as pem:
        pem.write(KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + CERTIFICATE)
        pem.flush()
        tls.load_cert_chain(pem.name)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def new_context(browser: Browser, site: str, viewport: dict[str, int]) -> BrowserContext:
    context = browser.new_context(base_url=site, viewport=viewport, locale="ja-JP", service_workers="block")  # type: ignore[arg-type]
    context.set_default_timeout(60_000)
    context.add_init_script(OBSERVE)
    return context


def throttle(context: BrowserContext, page: Page, slower: int) -> None:
    protocol = context.new_cdp_session(page)
    protocol.send("Network.enable")
    protocol.send("Network.emulateNetworkConditions", FAST_4G)
    protocol.send("Emulation.setCPUThrottlingRate", {"rate": slower})


def visit(browser: Browser, site: str, path: str, viewport: dict[str, int], slower: int) -> dict[str, Any]:
    with new_context(browser, site, viewport) as context:
        page = context.new_page()
        throttle(context, page, slower)
        page.goto(path, wait_until="networkidle")
        page.wait_for_timeout(300)
        seen: dict[str, Any] = page.evaluate("window.seen")
        first_byte, size = page.evaluate(TIMES)
        paint = page.evaluate(FIRST_PAINT)
        blocking = page.evaluate(BLOCKING)
        act(page)
        page.wait_for_timeout(300)
        inp = page.evaluate("window.seen.inp")
        return seen | {"ttfb": first_byte, "fcp": paint, "bytes": size, "inp": inp, "blocking": blocking}


def act(page: Page) -> None:
    """What a hand does on any page, as fast as one: scroll, press a key that opens something, type, close it, touch."""
    acts: list[Callable[[], object]] = [
        lambda: page.mouse.wheel(0, 1200),
        lambda: page.keyboard.press("/"),
        lambda: page.keyboard.type("abc", delay=100),
        lambda: page.keyboard.press("Escape"),
        lambda: page.mouse.wheel(0, -1200),
        lambda: page.locator("h1, .owner, main").first.click(position={"x": 2, "y": 2}, force=True),
    ]
    for each in acts:
        each()
        page.wait_for_timeout(400)


def main(site: str, visits_each: int = 5) -> None:
    picture = poster()
    with image_host(picture) as port, sync_playwright() as playwright:
        arguments = [
            "--disable-gpu",
            f"--host-resolver-rules=MAP image.tmdb.org 127.0.0.1:{port}",
            "--ignore-certificate-errors",
            *(["--no-sandbox"] if os.geteuid() == 0 else []),
        ]
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=arguments)
        with browser.new_context(base_url=site, service_workers="block") as context:
            page = context.new_page()
            page.goto("/@taro/")
            film = page.locator("a.film-link").first.get_attribute("href") or "/"
        pages = {"wall": "/@taro/", "film": film, "search": "/search/?q=千と千尋", "about": "/about/"}
        print(f"stand-in posters: {len(picture):,} B; medians of {visits_each} cold visits, ms")
        print(
            f"{'page':8}{'at':>6}{'CPU':>5}{'TTFB':>7}{'FCP':>7}{'LCP':>7}{'CLS':>7}{'INP':>6}{'HTML':>8}  blocking, largest"
        )
        for name, path in pages.items():
            for viewport in (PHONE, DESK):
                for slower in (1, 4):
                    visits = [visit(browser, site, path, viewport, slower) for _ in range(visits_each)]
                    mid = {
                        key: statistics.median(v[key] for v in visits)
                        for key in ("ttfb", "fcp", "lcp", "cls", "inp", "bytes")
                    }
                    print(
                        f"{name:8}{viewport['width']:>6}{slower:>4}×{mid['ttfb']:7.0f}{mid['fcp']:7.0f}{mid['lcp']:7.0f}"
                        f"{mid['cls']:7.3f}{mid['inp']:6.0f}{mid['bytes']:8.0f}  {visits[0]['blocking']}, {visits[0]['what']}",
                        flush=True,
                    )
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
