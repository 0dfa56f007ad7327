"""The page in a real Chromium: what people see, live and without a script."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect, sync_playwright

from conftest import running_service
from flinkjobrunner.jobs import JobStatus, StepStatus
from support.alerts import Seed, alert
from support.deployed import Deployed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Locator, Page

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
TOKEN = "a-token-of-this-test"


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


@dataclass(kw_only=True)
class Opened:
    """A page with whatever its console complained about."""

    page: Page
    errors: list[str] = field(default_factory=list)

    @property
    def live(self) -> Locator:
        return self.page.locator("#live")

    @property
    def alerts(self) -> Locator:
        return self.page.locator("#alerts tbody tr")

    def at(self, url: str) -> Opened:
        self.page.goto(url)
        return self


@pytest.fixture
def opened(chromium: Browser, service: str) -> Iterator[Callable[..., Opened]]:
    """Opens pages; in the end, with the service still there, none of them may have complained."""
    del service
    pages: list[Opened] = []

    def open_page(url: str, **options: Any) -> Opened:
        one = Opened(page=chromium.new_context(**options).new_page())
        one.page.on("console", lambda m: one.errors.append(m.text) if m.type == "error" else None)
        one.page.on("pageerror", lambda error: one.errors.append(str(error)))
        pages.append(one)
        return one.at(url)

    yield open_page
    for one in pages:
        one.page.context.close()
    assert [one.errors for one in pages if one.errors] == []


@pytest.fixture
def seed(settings: Settings) -> Seed:
    return Seed(settings.database())


@pytest.fixture
def deployed(settings: Settings) -> Deployed:
    return Deployed(settings.database())


def test_it_follows_what_happens(
    opened: Callable[..., Opened], service: str, seed: Seed, deployed: Deployed
) -> None:
    one = opened(service)
    expect(one.live).to_have_text("Live")
    expect(one.page.locator("#alerts h1")).to_have_text("No alert stands")
    one.page.evaluate("window.kept = true")

    deployed.deploy("first")
    expect(one.page.locator("#deployments .status")).to_have_text("running")
    expect(one.page.locator("#jobs .status")).to_have_text("succeeded")

    seed.say(alert("old", 1), alert("more", 1))
    expect(one.alerts).to_have_count(2)
    seed.say(alert("new", 1))
    expect(one.alerts.first).to_contain_text("urn:test:new")
    expect(one.page.locator("#alerts h1")).to_have_text("3 alerts stand")
    expect(one.page).to_have_title("3 alerts - FlinkJobRunner")
    expect(one.page.locator("#deployments dd.counts")).to_have_text("3 violations")
    seed.say(alert("more", 2, "cleared"))
    expect(one.alerts).to_have_count(2)

    deployed.fail("second")
    expect(one.page.locator("#jobs .status").first).to_have_text("failed")
    expect(one.page.locator("#jobs .fault")).to_contain_text("store.example answered 403")
    assert one.page.evaluate("window.kept") is True, "it was never loaded anew"


def test_what_is_there_stays_the_same_element(
    opened: Callable[..., Opened], service: str, seed: Seed
) -> None:
    """So that what is selected stays selected, and where one has scrolled to stays there."""
    seed.say(*(alert(f"a{number:03}", 1) for number in range(60)))
    one = opened(service, viewport={"width": 1280, "height": 600})
    expect(one.live).to_have_text("Live")
    row = one.page.locator("[data-key=a030]")
    row.scroll_into_view_if_needed()
    row.evaluate("(row) => { window.row = row; getSelection().selectAllChildren(row); }")
    before = row.bounding_box()
    seed.say(alert("b", 1), alert("c", 1), alert("a055", 2, "cleared"), alert("a005", 2, "cleared"))
    expect(one.page.locator("#alerts h1")).to_have_text("60 alerts stand")
    assert one.page.evaluate("window.row.isConnected")
    assert "urn:test:a030" in one.page.evaluate("getSelection().toString()")
    assert row.bounding_box() == before


def test_no_row_comes_in_under_a_moving_pointer(
    opened: Callable[..., Opened], service: str, seed: Seed
) -> None:
    seed.say(alert("read", 1))
    one = opened(service)
    expect(one.live).to_have_text("Live")
    one.alerts.hover()
    with one.page.expect_response("**/ui/fragments/deployments"):
        seed.say(alert("later", 1))
    expect(one.alerts).to_have_count(1)
    one.page.mouse.move(1, 1)
    expect(one.alerts).to_have_count(2)


def test_a_jobs_page_follows_its_log_and_steps(
    opened: Callable[..., Opened], service: str, deployed: Deployed
) -> None:
    deployed.ask("watched")
    one = opened(f"{service}/ui/jobs/watched")
    expect(one.live).to_have_text("Live")
    expect(one.page.locator("#no-lines")).to_be_visible()
    job = deployed.claim()
    deployed.queue.append_lines(job, ["line one", "line <two>"])
    deployed.step(job, "setup", StepStatus.RUNNING)
    expect(one.page.locator("#log")).to_have_text("line one\nline <two>\n")
    expect(one.page.locator("[data-key=setup] .status")).to_have_text("running")
    one.page.reload()
    expect(one.live).to_have_text("Live")
    deployed.queue.append_lines(job, ["line three"])
    expect(one.page.locator("#log")).to_have_text("line one\nline <two>\nline three\n")
    deployed.queue.finish(job, JobStatus.SUCCEEDED)
    expect(one.live).to_have_text("This job has ended")
    expect(one.page.locator("#job header .status")).to_have_text("succeeded")


def test_a_job_is_canceled_by_its_button(
    opened: Callable[..., Opened], service: str, deployed: Deployed
) -> None:
    deployed.ask("unwanted")
    one = opened(f"{service}/ui/jobs/unwanted")
    one.page.get_by_role("button", name="Cancel").click()
    expect(one.page.locator("#job header .status")).to_have_text("canceled")
    assert deployed.queue.get("unwanted").status is JobStatus.CANCELED


def test_it_is_complete_without_a_script(
    opened: Callable[..., Opened], service: str, seed: Seed, deployed: Deployed
) -> None:
    deployed.deploy("first")
    seed.say(alert("plain", 1))
    one = opened(service, java_script_enabled=False)
    expect(one.page.locator("#alerts")).to_contain_text("urn:test:plain")
    expect(one.live).to_contain_text("reload for news")
    one.page.get_by_role("link", name="setup-and-deploy").click()
    expect(one.page.locator("#log")).to_contain_text("the schema is there")
    one.page.get_by_role("link", name="FlinkJobRunner").click()
    expect(one.page.locator("#alerts")).to_contain_text("urn:test:plain")


def test_one_signs_in_by_the_form_and_out_by_the_button(
    opened: Callable[..., Opened], settings: Settings, seed: Seed, tmp_path: Path
) -> None:
    seed.say(alert("secret", 1))
    with running_service(settings, tmp_path, RUNNER_TOKEN=TOKEN) as url:
        one = opened(url)
        one.page.get_by_label("Token").fill("a wrong one")
        one.page.get_by_role("button").click()
        expect(one.page.get_by_role("alert")).to_contain_text("not accepted")
        one.page.get_by_label("Token").fill(TOKEN)
        one.page.get_by_role("button").click()
        expect(one.live).to_have_text("Live")
        expect(one.alerts).to_have_count(1)
        one.page.get_by_role("button", name="Sign out").click()
        expect(one.page.get_by_label("Token")).to_be_visible()
        # A page that is answered 401 is an error to the console, and to nobody else.
        assert all("401" in error for error in one.errors)
        one.errors.clear()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_telephone_in_light_and_dark(
    opened: Callable[..., Opened], service: str, seed: Seed, deployed: Deployed, scheme: Any
) -> None:
    deployed.fail("a-job-with-quite-a-long-name-of-its-own-ab")
    seed.say(*(alert(f"some-entity-with-a-very-long-name-of-its-own-{n}", 1) for n in range(5)))
    one = opened(service, viewport={"width": 390, "height": 800}, color_scheme=scheme)
    expect(one.live).to_have_text("Live")
    assert one.page.evaluate("document.documentElement.scrollWidth") <= 390
    ground = one.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (ground == "rgb(246, 247, 248)") is (scheme == "light")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_text_has_enough_contrast(
    opened: Callable[..., Opened], service: str, seed: Seed, deployed: Deployed, scheme: Any
) -> None:
    deployed.deploy("first")
    deployed.fail("second")
    deployed.ask("third")
    sh = "http://www.w3.org/ns/shacl#"
    for number, severity in enumerate((f"{sh}Violation", f"{sh}Warning", f"{sh}Info", "urn:own")):
        seed.say(alert(f"a{number}", 1, severity=severity))
    one = opened(service, color_scheme=scheme)
    expect(one.alerts).to_have_count(4)
    poor = one.page.evaluate(CONTRAST)
    assert poor == []


def test_an_interruption_is_told_and_mended(
    opened: Callable[..., Opened], service: str, seed: Seed
) -> None:
    seed.say(alert("before", 1))
    one = opened(service)
    expect(one.live).to_have_text("Live")
    one.page.context.set_offline(True)
    expect(one.live).to_contain_text("trying again", timeout=20_000)
    one.page.context.set_offline(False)
    seed.say(alert("meanwhile", 1))
    expect(one.page.locator("#alerts")).to_contain_text("urn:test:meanwhile", timeout=20_000)
    expect(one.live).to_have_text("Live", timeout=20_000)
    # What could not be fetched meanwhile is an error to the console, and to nobody else.
    assert all("net::ERR_INTERNET_DISCONNECTED" in error for error in one.errors)
    one.errors.clear()


# Texts whose colour has less than 4.5 times the contrast of WCAG to what is behind them.
CONTRAST = """() => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const linear = (c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = numbers(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const poor = [];
  for (const element of document.querySelectorAll("body *")) {
    if (![...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) continue;
    const [a, b] = [numbers(getComputedStyle(element).color), behind(element)].map(light);
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) poor.push(`${element.className || element.nodeName}: ${ratio.toFixed(2)}`);
  }
  return poor;
}"""
