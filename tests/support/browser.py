"""A real Chromium with our CSP on; every page it sees is judged: console, requests, cookies, axe."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = Path(__file__).parents[1] / "vendor/axe-4.14.1/axe.min.js"
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium; absent: skipped here, failed in CI."""
    if not Path(CHROMIUM).exists():
        if os.environ.get("CI"):
            pytest.fail(f"no Chromium at {CHROMIUM}")
        pytest.skip(f"no Chromium at {CHROMIUM}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=ARGS)
        yield browser
        browser.close()


class Visitor:
    """One person's browser; collects what must not happen."""

    def __init__(self, browser: Browser, base_url: str, *, width: int = 1280, **options: Any) -> None:
        options.setdefault("viewport", {"width": width, "height": 1000})
        self.context = browser.new_context(locale="en-US", reduced_motion="reduce", base_url=base_url, **options)
        self.base_url = base_url
        self.faults: list[str] = []
        self.refusals: tuple[int, ...] = ()
        """Statuses that are asked for: Chromium reports each by itself, whenever it comes to it."""
        self.seen: set[str] = set()
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.faults.append(f"script error: {error}"))
        self.page.on("request", self._request)

    def _console(self, message: ConsoleMessage) -> None:
        if any(f"with a status of {status} " in message.text for status in self.refusals):
            return
        self.faults.append(f"console {message.type} on {self.page.url}: {message.text}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https"} and f"{parts.scheme}://{parts.netloc}" != self.base_url:
            self.faults.append(f"third-party request: {parts.scheme}://{parts.netloc}")

    def sign_in(self, email: str, password: str) -> None:
        """Sign in by the form, to the desk."""
        self.page.goto("/sign-in")
        self.page.locator("[name=email]").fill(email)
        self.page.locator("[name=password]").fill(password)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        self.page.wait_for_url("**/desk")

    def cookies(self) -> list[str]:
        """The names of all cookies held."""
        return [str(cookie["name"]) for cookie in self.context.cookies()]

    def axe(self) -> list[str]:
        """The violations axe finds on the page as it stands."""
        if "axe" not in self.seen or not self.page.evaluate("() => typeof window.axe === 'object'"):
            self.page.evaluate(AXE.read_text(encoding="utf-8") + "; undefined")
            self.seen.add("axe")
        found = self.page.evaluate(
            "tags => axe.run(document, {runOnly: tags}).then(r => r.violations.map("
            "v => v.id + ': ' + v.nodes.map(n => n.target.join(' ')).join(', ')))",
            AXE_TAGS,
        )
        return [f"{self.page.url}: {violation}" for violation in found]

    def check(self) -> None:
        """The page as it stands breaks nothing: axe, console, foreign requests, sideways scrolling."""
        faults = self.axe() + self.faults
        wide = self.page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 1:
            faults.append(f"{self.page.url}: {wide}px wider than the window")
        assert not faults, "\n".join(faults)

    def close(self) -> None:
        """End the visit."""
        self.context.close()
