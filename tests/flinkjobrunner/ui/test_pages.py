"""The pages as the server renders them, without a browser."""

from __future__ import annotations

import html
import json
import re
import shlex
from typing import TYPE_CHECKING

import pytest

from flinkjobrunner.api.app import create_app
from flinkjobrunner.api.entity_batch import Operation, read_entities
from flinkjobrunner.jobs import StepStatus
from flinkjobrunner.ui import model
from support.alerts import SHACL, Seed, alert
from support.deployed import DIGEST, Deployed

if TYPE_CHECKING:
    from pathlib import Path

    from flask.testing import FlaskClient

    from flinkjobrunner.config import Settings


@pytest.fixture
def client(settings: Settings) -> FlaskClient:
    return create_app(settings).test_client()


@pytest.fixture
def seed(settings: Settings) -> Seed:
    return Seed(settings.database())


@pytest.fixture
def deployed(settings: Settings) -> Deployed:
    return Deployed(settings.database())


def text_of(client: FlaskClient, path: str = "/", status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    assert answer.content_type.startswith("text/html")
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert not re.search(r"<script>|<style|\bstyle=|\son[a-z]+=|javascript:", answer.text)
    return answer.text


def commands(page: str) -> list[list[str]]:
    """The commands that a reader is told to type, as a shell splits them."""
    found = re.findall(r'<pre class="command">(.*?)</pre>', page, re.DOTALL)
    return [shlex.split(html.unescape(text)) for text in found]


@pytest.mark.parametrize("bind", ["127.0.0.1", "0.0.0.0"])
def test_there_is_an_icon_for_what_is_no_page(settings: Settings, bind: str) -> None:
    """Browsers ask for it by themselves, before anybody has signed in as well."""
    answer = (
        create_app(settings.model_copy(update={"bind": bind})).test_client().get("/favicon.ico")
    )
    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert answer.data.startswith(b"<svg")
    answer.close()


class TestFirstStart:
    def test_it_says_what_to_do_by_commands_that_work(
        self, client: FlaskClient, pytestconfig: pytest.Config
    ) -> None:
        deploy, send = commands(text_of(client))
        root: Path = pytestconfig.rootpath
        assert deploy[1] == "deploy"
        files = [root / word for word in deploy if word.endswith(".ttl")]
        assert [file.name for file in files] == ["shapes.ttl", "knowledge.ttl"]
        assert all(file.exists() for file in files)
        assert send[:2] == ["curl", "http://localhost/ngsi-ld/v1/entityOperations/upsert"]
        body = send[send.index("-d") + 1]
        batch = read_entities(body.encode(), topic="t", operation=Operation.UPSERT, context=None)
        assert (len(batch.records), batch.refused) == (1, ())
        entities = root / "examples" / "plant" / "entities.ndjson"
        assert json.loads(body)[0]["type"] in entities.read_text(encoding="utf-8")

    def test_with_a_token_the_command_has_one(self, settings: Settings) -> None:
        bound = settings.model_copy(update={"bind": "0.0.0.0"})
        application = create_app(bound)
        secret = application.extensions["tokens"].make_first()
        page = application.test_client().get("/", headers={"Authorization": f"Bearer {secret}"})
        _, send = commands(page.text)
        assert "Authorization: Bearer $TOKEN" in send
        assert secret not in page.text
        assert "Sign out" in page.text

    def test_the_other_sections_are_empty_in_words(self, client: FlaskClient) -> None:
        page = text_of(client)
        assert "No alert stands" in page
        assert page.count("None yet") == 2


class TestAlerts:
    def test_severity_has_a_shape_and_a_word(self, client: FlaskClient, seed: Seed) -> None:
        seed.say(
            alert("a", 1),
            alert("b", 1, severity=f"{SHACL}Warning"),
            alert("c", 1, severity="https://x/severityMaintenance"),
            alert("d", 1),
            alert("d", 2, "cleared"),
            alert("e", 1),
        )
        page = text_of(client)
        assert "4 alerts stand" in page
        for count in ("2 violations", "1 warning", "1 maintenance"):
            assert re.search(rf"</svg> {count}</span>", page), count
        assert page.index("2 violations") < page.index("1 maintenance") < page.index("1 warning")
        assert 'title="https://x/severityMaintenance"' in page
        assert "urn:test:a" in page
        assert "urn:test:d" not in page

    def test_a_row_says_what_where_and_since_when(self, client: FlaskClient, seed: Seed) -> None:
        seed.say(alert("a", 1))
        page = text_of(client)
        assert "The state is none of the machine states" in page
        assert "state = BROKEN · Class" in page
        assert 'title="2026-01-01 00:00:00 UTC"' in page
        assert 'title="https://example.org/plant/Cutter"' in page, "the whole IRI on hover"
        assert 'href="/alerts/a"' in page

    def test_a_name_at_the_beginning_keeps_its_case(self, client: FlaskClient, seed: Seed) -> None:
        seed.say(alert("a", 1, messages=[]), alert("b", 1, messages=[{"@value": "must be short"}]))
        page = text_of(client)
        assert ">state BROKEN is not of the class asked for</a>" in page
        assert ">state must be short</a>" in page

    def test_what_comes_from_data_is_text(self, client: FlaskClient, seed: Seed) -> None:
        seed.say(alert("<i>", 1, entity="urn:<script>alert(1)</script>"))
        page = text_of(client)
        assert "urn:&lt;script&gt;" in page
        assert 'data-key="&lt;i&gt;"' in page

    def test_a_page_has_the_newest_only(
        self, client: FlaskClient, seed: Seed, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(model, "ALERTS_SHOWN", 2)
        seed.say(*(alert(f"a{n}", 1) for n in range(3)))
        page = text_of(client)
        assert re.findall(r'data-key="(a\d)"', page) == ["a2", "a1"]
        assert "the newest 2 of 3" in page

    def test_when_nothing_is_wrong_it_says_so(
        self, client: FlaskClient, deployed: Deployed
    ) -> None:
        deployed.deploy()
        page = text_of(client)
        assert "conforms to the shapes" in page
        assert [command[0] for command in commands(page)] == ["curl"]


class TestDeployments:
    def test_state_program_and_freshness(self, client: FlaskClient, deployed: Deployed) -> None:
        deployed.deploy()
        page = text_of(client)
        assert '<span class="status good">running</span>' in page
        assert f'<code title="{DIGEST}">081201cde810</code>, 34 shapes' in page
        assert "1, acknowledged by all" in page
        assert "running, looked <time" in page

    def test_what_is_not_well_says_why(self, client: FlaskClient, deployed: Deployed) -> None:
        deployed.deploy()
        deployed.observe("FAILED", "the TaskManager ran out of memory")
        page = text_of(client)
        assert '<span class="status bad">failed</span>' in page
        assert "Deploy again" in page
        assert "ran out of memory" in page


class TestJobs:
    def test_a_job_has_a_page_with_its_log(self, client: FlaskClient, deployed: Deployed) -> None:
        deployed.ask("seen", "setup")
        job = deployed.claim()
        deployed.step(job, "setup", StepStatus.RUNNING)
        deployed.queue.append_lines(job, ["first line", "second <b>line</b>"])
        assert 'href="/ui/jobs/seen"' in text_of(client)
        page = text_of(client, "/ui/jobs/seen")
        assert "first line\nsecond &lt;b&gt;line&lt;/b&gt;\n</pre>" in page
        assert '<span class="status busy">running</span>' in page
        assert 'data-last="2"' in page

    def test_a_failure_has_its_hint(self, client: FlaskClient, deployed: Deployed) -> None:
        deployed.fail("refused")
        for page in (text_of(client), text_of(client, "/ui/jobs/refused")):
            assert "<b>fetch-refused</b>: store.example answered 403" in page
            assert "presign it anew" in page

    def test_the_whole_log_is_a_text(
        self, client: FlaskClient, deployed: Deployed, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(model, "LINES_SHOWN", 2)
        deployed.ask("long", "setup")
        deployed.queue.append_lines(deployed.claim(), ["one", "two", "three"])
        page = text_of(client, "/ui/jobs/long")
        assert "1 earlier lines are left out" in page
        assert "one\n" not in page
        answer = client.get("/ui/jobs/long/log.txt")
        assert answer.content_type == "text/plain; charset=utf-8"
        assert answer.text == "one\ntwo\nthree\n"

    def test_it_can_be_canceled_there(self, client: FlaskClient, deployed: Deployed) -> None:
        deployed.ask("waits", "setup")
        assert 'action="/ui/jobs/waits/cancel"' in text_of(client, "/ui/jobs/waits")
        answer = client.post("/ui/jobs/waits/cancel")
        assert (answer.status_code, answer.location) == (303, "/ui/jobs/waits")
        page = text_of(client, "/ui/jobs/waits")
        assert '<span class="status off">canceled</span>' in page
        assert "/cancel" not in page
        assert client.post("/ui/jobs/none-such/cancel").status_code == 404


class TestWhatIsNotThere:
    @pytest.mark.parametrize("job_id", ["none-such", "NO SUCH", "a%00b", "<script>"])
    @pytest.mark.parametrize(
        "path", ["/ui/jobs/{}", "/ui/jobs/{}/log.txt", "/ui/fragments/jobs/{}"]
    )
    def test_a_job(self, client: FlaskClient, path: str, job_id: str) -> None:
        page = text_of(client, path.format(job_id), 404)
        assert "There is no such job" in page
        assert "<script>" not in page

    def test_a_fragment(self, client: FlaskClient) -> None:
        assert client.get("/ui/fragments/none-such").status_code == 404

    def test_the_database(self, settings: Settings) -> None:
        away = settings.model_copy(update={"database_url": "postgresql://nobody@127.0.0.1:1/none"})
        client = create_app(away).test_client()
        page = text_of(client, "/", 503)
        assert "The database does not answer" in page
        assert "Reload this page" in page


@pytest.mark.parametrize("name", ["deployments", "alerts", "jobs"])
def test_fragments_are_what_the_page_is_made_of(
    client: FlaskClient, deployed: Deployed, seed: Seed, name: str
) -> None:
    deployed.deploy()
    seed.say(alert("a", 1))
    fragment = text_of(client, f"/ui/fragments/{name}")
    assert fragment.startswith(f'\n<section id="{name}"')
    assert fragment.strip() in text_of(client)


def test_every_section_has_its_twin(client: FlaskClient, deployed: Deployed) -> None:
    deployed.deploy()
    twins = re.findall(r'class="twin" href="([^"]+)"', text_of(client))
    assert sorted(twins) == ["/alerts", "/deployments", "/jobs"]
    for twin in (*twins, "/jobs/first"):
        assert client.get(twin).content_type == "application/json"
