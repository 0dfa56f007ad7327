"""The page in a real Chromium: what people see, live and without a script."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect, sync_playwright

from support.alerts import Seed, alert

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from flinkjobrunner.config import Settings

pytestmark = pytest.mark.browser

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM")
    if not path:
        missing = "no Chromium: CHROMIUM names one, and `make test` installs it as root on Debian"
        if os.environ.get("REQUIRE_BROWSER"):
            pytest.fail(missing)
        pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def seed(settings: Settings) -> Seed:
    return Seed(settings.database())


def opened(browser: Browser, url: str, **options: Any) -> tuple[Page, list[str]]:
    page = browser.new_context(**options).new_page()
    errors: list[str] = []
    page.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(url)
    return page, errors


def test_the_page_follows_what_happens(chromium: Browser, service: str, seed: Seed) -> None:
    seed.say(alert("old", 1))
    page, errors = opened(chromium, service)
    expect(page.locator("#live")).to_have_text("live")
    expect(page.locator("#alerts tbody tr")).to_have_count(1)
    page.mouse.move(1, 1)
    seed.say(alert("new", 1))
    expect(page.locator("#alerts tbody tr")).to_have_count(2)
    expect(page.locator("#alerts")).to_contain_text("urn:test:new")
    seed.say(alert("old", 2, "cleared"))
    expect(page.locator("#alerts tbody tr")).to_have_count(1)
    expect(page.locator("#alerts .counts")).to_contain_text("1 violation")
    assert errors == []


def test_what_is_being_read_does_not_move(chromium: Browser, service: str, seed: Seed) -> None:
    seed.say(alert("read", 1))
    page, _ = opened(chromium, service)
    expect(page.locator("#live")).to_have_text("live")
    page.locator("#alerts tbody tr").hover()
    with page.expect_response("**/ui/fragments/deployments"):
        seed.say(alert("later", 1))
    expect(page.locator("#alerts tbody tr")).to_have_count(1)
    page.mouse.move(1, 1)
    expect(page.locator("#alerts tbody tr")).to_have_count(2)


def test_it_is_complete_without_a_script(chromium: Browser, service: str, seed: Seed) -> None:
    seed.say(alert("plain", 1))
    page, _ = opened(chromium, service, java_script_enabled=False)
    expect(page.locator("#alerts")).to_contain_text("urn:test:plain")
    expect(page.locator("#live")).to_contain_text("as of 20")
    page.get_by_role("link", name="JSON").first.click()
    expect(page.locator("body")).to_contain_text('"items"')


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_telephone_in_light_and_dark(
    chromium: Browser, service: str, seed: Seed, scheme: Any
) -> None:
    seed.say(*(alert(f"some-entity-with-a-long-name-{number}", 1) for number in range(5)))
    page, errors = opened(
        chromium, service, viewport={"width": 390, "height": 800}, color_scheme=scheme
    )
    expect(page.locator("#live")).to_have_text("live")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(255, 255, 255)") is (scheme == "light")
    assert errors == []


def test_an_interruption_is_told_and_mended(chromium: Browser, service: str, seed: Seed) -> None:
    seed.say(alert("before", 1))
    page, _ = opened(chromium, service)
    expect(page.locator("#live")).to_have_text("live")
    page.mouse.move(1, 1)
    page.context.set_offline(True)
    expect(page.locator("#live")).to_contain_text("trying again", timeout=20_000)
    page.context.set_offline(False)
    seed.say(alert("meanwhile", 1))
    expect(page.locator("#alerts")).to_contain_text("urn:test:meanwhile", timeout=20_000)
