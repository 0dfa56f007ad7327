"""The page of the interface: all that the description has, and nothing from elsewhere."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest

from flinkjobrunner.api.app import create_app
from flinkjobrunner.ui.reference import kind_of

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from flinkjobrunner.config import Settings


@pytest.fixture
def client(settings: Settings) -> FlaskClient:
    return create_app(settings).test_client()


def test_every_address_answer_and_schema_is_there(client: FlaskClient) -> None:
    document: dict[str, Any] = client.get("/openapi.json").json or {}
    page = unescape(client.get("/docs").text)
    for path, item in document["paths"].items():
        for method, operation in item.items():
            _, _, rest = page.partition(f'aria-label="{method.upper()} {path}"')
            section = rest.partition("</section>")[0]
            assert operation["summary"] in section
            for status in operation["responses"]:
                assert f"<td>{status} " in section, (method, path, status)
            for parameter in operation.get("parameters", ()):
                assert f"<code>{parameter['name']}</code>" in section
    for name, schema in document["components"]["schemas"].items():
        section = page.partition(f'id="schema-{name}"')[2].partition("</section>")[0]
        for member in schema.get("properties", ()):
            assert f"<code>{member}</code>" in section, (name, member)
        for value in schema.get("enum", ()):
            assert f"<code>{value}</code>" in section


def test_every_link_leads_somewhere(client: FlaskClient) -> None:
    page = client.get("/docs").text
    places = re.findall(r'\bid="([^"]+)"', page)
    assert len(places) == len(set(places))
    links = set(re.findall(r'href="#([^"]+)"', page))
    assert links
    assert links <= set(places)


def test_nothing_comes_from_elsewhere(client: FlaskClient) -> None:
    answer = client.get("/docs")
    assert answer.mimetype == "text/html"
    loaded = re.findall(r'\b(?:src|href)="([^"]*)"', answer.text)
    assert all(one.startswith(("/", "#")) and not one.startswith("//") for one in loaded)
    assert not re.search(r"<script>|<style|\bstyle=|\son[a-z]+=|javascript:", answer.text)


def test_a_browser_without_token_is_shown_the_form(settings: Settings) -> None:
    client = create_app(settings.model_copy(update={"bind": "0.0.0.0"})).test_client()
    answer = client.get("/docs")
    assert (answer.status_code, answer.mimetype) == (401, "text/html")


@pytest.mark.parametrize(
    ("schema", "kind"),
    [
        ({"$ref": "#/components/schemas/Job"}, "Job"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "string or null"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/Job"}}, "list of Job"),
        ({"enum": ["a", "b"], "type": "string"}, "a or b"),
        ({"const": "Notification"}, "'Notification'"),
        ({"type": "integer", "minimum": 1.0, "maximum": 500, "default": 50},
         "integer from 1 to 500 (default 50)"),
        ({"type": "string", "pattern": "^a$", "maxLength": 9},
         "string matching ^a$ of at most 9 characters"),
        ({}, "anything"),
    ],
)  # fmt: skip
def test_what_a_value_may_be(schema: dict[str, Any], kind: str) -> None:
    assert kind_of(schema) == kind
