from __future__ import annotations

import html
import json
import time
import traceback
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flinkjobrunner.telemetry import public_url, redact, redact_tree
from flinkjobrunner.telemetry.redaction import (
    MARK,
    _registered,
    registered,
    secrets_of_url,
)

SECRET = "CANARY0123456789abcdef"
QUERY = f"X-Amz-Credential={SECRET}%2F2026&X-Amz-Expires=60&X-Amz-Signature={SECRET}"
URL = f"https://store.example/bucket/shapes.ttl?{QUERY}"

# Where presigned URLs turn up, by what puts them there.
PLACES = {
    "alone": URL,
    "sentence": f"GET {URL}. Then more.",
    "brackets": f"see <{URL}> or ({URL}), [{URL}]; {{{URL}}}",
    "quotes": f"'{URL}' \"{URL}\" `{URL}`",
    "repr of a list": repr([URL, URL]),
    "repr of bytes": repr(URL.encode()),
    "json": json.dumps({"url": URL, "next": [URL]}),
    "json in json": json.dumps(json.dumps({"url": URL})),
    "json with escaped slashes": json.dumps({"url": URL}).replace("/", "\\/"),
    "json for html": json.dumps({"url": URL}).replace("?", "\\u003f").replace("&", "\\u0026"),
    "html": html.escape(f'<a href="{URL}">'),
    "markdown": f"[shapes]({URL})",
    "turtle": f"<{URL}> a <http://www.w3.org/ns/shacl#NodeShape> .",
    "shell": f"curl --fail {URL} -o x; FOO={URL} make",
    "glued to a word": f"url_{URL} 1{URL} ={URL}",
    "two without a space": f"{URL},{URL}",
    "fragment behind": f"{URL}#{SECRET}",
    "fragment before": f"https://store.example/#/a?token={SECRET}",
    "percent-encoded": quote(URL, safe=""),
    "form-encoded": "callback=" + quote_plus(URL),
    "encoded twice": quote(quote(URL, safe=""), safe=""),
    "as a parameter of another": f"https://proxy.example/get?u={quote(URL, safe='')}",
    "apostrophe in the path": f"https://store.example/o'brien.ttl?{QUERY}",
    "apostrophe in the query": f"https://store.example/a?b=c'd&X-Amz-Signature={SECRET}",
    "upper case": f"HTTPS://STORE.EXAMPLE/A?{QUERY}",
    "other schemes": f"s3://bucket/key?sig={SECRET} abfss://c@a.example/x?sig={SECRET}",
    "password": f"postgresql://runner:{SECRET}@db.example:5432/jobs",
    "password with an at sign": f"https://u:{SECRET[:9]}@{SECRET[9:]}@h.example/a",
    "user only": f"https://{SECRET}@h.example/a",
    "password, percent-encoded": quote(f"https://u:{SECRET}@h.example/a", safe=""),
    "urllib3": f"HTTPSConnectionPool(host='h'): Max retries exceeded with url: /b/k?{QUERY}",
    "access log": f'10.0.0.1 - - "GET /bucket/shapes.ttl?{QUERY} HTTP/1.1" 403 -',
    "query alone": QUERY,
    "query of Azure": f"/c/b?sv=2022&sr=b&sig={SECRET}&se=2026",
    "query of Google": f"/b/o?X-Goog-Algorithm=x&X-Goog-Signature={SECRET}",
    "our own page": f"GET /?token={SECRET} 303",
    "header": f"Authorization: Bearer {SECRET}",
    "many lines": f"a\n{URL}\n  b {URL}\tc",
}


@pytest.mark.parametrize("text", PLACES.values(), ids=PLACES)
def test_it_is_found_wherever_it_is(text: str) -> None:
    found = redact(text)
    assert SECRET.lower() not in found.lower()
    assert SECRET[9:] not in found
    assert MARK in found
    assert redact(found) == found


def test_what_remains_is_readable() -> None:
    shown = f"https://store.example/bucket/shapes.ttl?{MARK}"
    assert redact(URL) == shown
    assert redact(f"GET {URL}: 403.") == f"GET {shown}: 403."
    assert redact(f"['{URL}', '{URL}']") == f"['{shown}', '{shown}']"
    assert json.loads(redact(json.dumps({"url": URL, "a": [1]}))) == {"url": shown, "a": [1]}
    assert redact("postgresql://u:pw@h:5432/d") == f"postgresql://{MARK}@h:5432/d"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nothing to see",
        "https://example.org/ns/CutterShape and http://www.w3.org/ns/shacl#minCount",
        "Why? Because: a@b.example, see https://example.org/a. Really?",
        "urn:iff:cutter:1 has 100% of 3 & 4; token = yes; is it https://example.org/?",
        "SELECT ?this WHERE { ?this <https://example.org/p> ?value . FILTER (?value > 3) }",
        "<https://example.org/a>?<https://example.org/b>",
        "2026-11-25 21:00:00 [info] job.accepted job_id=one target=validate",
    ],
)
def test_everything_else_stays(text: str) -> None:
    assert redact(text) == text


def test_values_are_found_without_their_url() -> None:
    secret = "abc/def+ghi=jkl mno"
    with registered([secret, "short"]):
        for form in (secret, quote(secret, safe=""), quote_plus(secret)):
            assert redact(f"it was {form}!") == f"it was {MARK}!"
        assert redact("short") == "short"
        with registered([secret]):
            pass
        assert redact(secret) == MARK  # the outer block is still about it
    assert redact(secret) == secret
    assert not _registered[secret]


def test_secrets_of_a_url() -> None:
    assert secrets_of_url(f"https://u:{SECRET}x@h/p?a=1&sig={SECRET}%2B") == {
        f"a=1&sig={SECRET}%2B",
        f"a=1&sig={SECRET}+",
        f"{SECRET}+",
        f"{SECRET}x",
    }
    assert secrets_of_url("https://h/p") == set()


def test_trees_with_their_keys() -> None:
    tree = {URL: [URL, {"a": (URL, 1, None, 2.5, True)}]}
    shown = redact(URL)
    assert redact_tree(tree) == {shown: [shown, {"a": [shown, 1, None, 2.5, True]}]}


def test_public_url() -> None:
    assert public_url(f"https://u:p@h.example:8443/a/b?{QUERY}#x") == "https://h.example:8443/a/b"
    assert public_url(f"input:{'a' * 64}") == f"input:{'a' * 64}"


def test_tracebacks() -> None:
    try:
        raise ValueError(f"cannot fetch {URL}")
    except ValueError:
        assert SECRET not in redact(traceback.format_exc())


@given(st.text(alphabet="ab:/?%2F3Ax&=@'\"\\<> "), st.sampled_from([" ", "\n", '"', "<"]))
def test_whatever_is_around_it(noise: str, end: str) -> None:
    assert SECRET not in redact(f"{noise}{URL}{end}{noise}")


@pytest.mark.parametrize(
    "piece",
    [
        "://",
        "%3a%2f%2f",
        "%25",
        "?",
        "a",
        "://a?",
        "https://a@",
        "&token=",
        "\\u003f",
        ":\\\\",
        "'",
    ],
)
def test_texts_made_to_be_slow_are_not(piece: str) -> None:
    started = time.process_time()
    for start in ("https://a/", "https://a/?", "", "%3a%2f%2f"):
        redact(start + piece * (100_000 // len(piece)) + "x")
    assert time.process_time() - started < 1
