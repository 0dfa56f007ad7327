"""What people send to services to break them: raw requests, and what has to come back.

Each row is one request as bytes on a socket. `code` is the documented code of the refusal; it is
empty where the answer is a page for people.
"""

from __future__ import annotations

import gzip
import io
import zipfile
from dataclasses import dataclass
from urllib.parse import unquote

MIB = 1024 * 1024
HOST = ("Host", "127.0.0.1")
JSON = ("Content-Type", "application/json")
BATCH = "/ngsi-ld/v1/entityOperations/upsert"
INPUT = f"/inputs/{'0' * 64}"
BOMB = gzip.compress(bytes(100 * MIB))


@dataclass(frozen=True, kw_only=True)
class Hostile:
    name: str
    request: bytes
    status: int
    code: str


def raw(method: str, path: str, *headers: tuple[str, str], body: bytes | None = None) -> bytes:
    if not any(name == "Host" for name, _ in headers):
        headers = (HOST, *headers)
    if body is not None:
        headers = (*headers, ("Content-Length", str(len(body))))
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers)]
    # One answer, then the end: whoever reads needs no length.
    lines += ["Connection: close", "", ""]
    return "\r\n".join(lines).encode("latin-1") + (body or b"")


def _zip_bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("shapes.ttl", bytes(50 * MIB))
    return file.getvalue()


def rows() -> list[Hostile]:
    return [
        *_traversal(),
        *_bodies(),
        *_compressed(),
        *_headers(),
        *_browsers(),
        *_fields(),
    ]


def _traversal() -> list[Hostile]:
    names = (
        "..", "../..", "..%2f..%2fetc%2fpasswd", "%2e%2e%2f%2e%2e", "..%5c..%5c", "....//....//",
        "%252e%252e%252f", "..%00", "a%00.txt", "%c0%ae%c0%ae", "..;/x", "/etc/passwd", "C:%5cx",
        "%2fetc%2fpasswd", "a%0d%0aSet-Cookie:x=y", "%e2%80%ae", "CON", ".git", "~root", "a" * 4000,
        "$(touch%20x)", "%60touch%20x%60", "a'%20OR%20'1'='1", "%ff%fe", "{{7*7}}", "%24%7bx%7d",
    )  # fmt: skip
    found = []
    for name in names:
        for path, after in (("/jobs/", ""), ("/jobs/", "/logs"), ("/inputs/", "")):
            method = "PUT" if path == "/inputs/" else "GET"
            body = b"x" if method == "PUT" else None
            found.append(
                Hostile(
                    name=f"{method} {path}{name[:30]}{after}",
                    request=raw(method, f"{path}{name}{after}", body=body),
                    # With a slash in it, it is another address, where there is nothing.
                    status=404 if "/" in unquote(name) else 400,
                    code="not-found" if "/" in unquote(name) else "invalid-field",
                )
            )
    return found


def _bodies() -> list[Hostile]:
    texts = {
        "two members of one name": b'{"target":"setup","target":"flink-undeploy"}',
        "two members of one name, deep": b'{"target":"setup","options":{"numbers":1,"numbers":2}}',
        "deep arrays": b'{"urls":' + b"[" * 200_000,
        "deep objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        "a number of a million digits": b'{"target":' + b"9" * 1_000_000 + b"}",
        "not UTF-8": b'{"target":"\xff\xfe"}',
        "overlong UTF-8": b'{"target":"\xc0\xaf"}',
        "UTF-16": '{"target":"setup"}'.encode("utf-16"),
        "half a surrogate pair": b'{"target":"\\ud800"}',
        "NUL": b'{"target":"a\\u0000"}',
        "NaN": b'{"target":NaN}',
        "Infinity": b'{"target":-Infinity}',
        "two documents": b'{"target":"setup"}{"target":"setup"}',
        "nothing": b"",
        "an array": b"[]",
        "a text": b'"setup"',
        "XML": b'<!DOCTYPE x [<!ENTITY a "&a;">]><x>&a;</x>',
        "YAML": b"!!python/object/apply:os.system ['touch x']",
        "pickle": b"\x80\x04\x95\x0c\x00\x00\x00\x00\x00\x00\x00\x8c\x08builtins\x94.",
    }
    found = [
        Hostile(
            name=f"POST /jobs: {name}",
            request=raw("POST", "/jobs", JSON, body=body),
            status=400,
            code="invalid-json",
        )
        for name, body in texts.items()
    ]
    entities = {
        "two members of one name": b'[{"id":"urn:a:1","type":"A","id":"urn:a:2"}]',
        "two members of one name, deep": b'[{"id":"urn:a:1","type":"A","p":{"q":1,"q":2}}]',
        "deep arrays": b"[" * 200_000,
        "deep objects": b'[{"a":' + b'{"a":' * 100_000,
        "not UTF-8": b'[{"id":"urn:a:\xff"}]',
        "NaN": b'[{"id":"urn:a:1","type":"A","p":NaN}]',
        "no array": b'{"id":"urn:a:1","type":"A"}',
    }
    found += [
        Hostile(
            name=f"POST {path}: {name}",
            request=raw("POST", path, JSON, body=body),
            status=400,
            code="invalid-batch",
        )
        for path in (BATCH, "/notify")
        for name, body in entities.items()
        if not (path == "/notify" and name == "no array")
    ]
    found += [
        Hostile(
            name=f"POST {path}: a body of {size} bytes",
            request=raw("POST", path, JSON, ("Content-Length", str(size)), body=None)
            + b" " * (2 * MIB),
            status=413,
            code="body-too-large",
        )
        for path, size in (("/jobs", 2 * MIB), ("/jobs", 10**15), (BATCH, 17 * MIB))
    ]
    found.append(
        Hostile(
            name="PUT: a file of a petabyte",
            request=raw("PUT", INPUT, ("Content-Length", str(10**15))) + b"x",
            status=413,
            code="input-too-large",
        )
    )
    return found


def _compressed() -> list[Hostile]:
    encoded = [("gzip", BOMB), ("x-gzip", BOMB), ("deflate", BOMB), ("br", BOMB[:2000]),
               ("gzip, gzip", BOMB)]  # fmt: skip
    found = [
        Hostile(
            name=f"{method} {path}: {encoding}",
            request=raw(method, path, JSON, ("Content-Encoding", encoding), body=body),
            status=415,
            code="unsupported-media-type",
        )
        for method, path in (("POST", "/jobs"), ("POST", BATCH), ("PUT", INPUT))
        for encoding, body in encoded
    ]
    kinds = ("application/zip", "multipart/form-data; boundary=x", "text/plain", "text/xml",
             "application/x-www-form-urlencoded", "application/json\\", ", application/json",
             "APPLICATION/", "application/jsonx", "text/json")  # fmt: skip
    bomb = _zip_bomb()
    found += [
        Hostile(
            name=f"POST {path}: {kind}",
            request=raw("POST", path, ("Content-Type", kind), body=bomb),
            status=415,
            code="unsupported-media-type",
        )
        for path in ("/jobs", BATCH, "/notify")
        for kind in kinds
    ]
    found.append(
        Hostile(
            name="PUT: a bomb that is not what its address names",
            request=raw("PUT", INPUT, body=BOMB),
            status=400,
            code="input-mismatch",
        )
    )
    return found


def _headers() -> list[Hostile]:
    get = b"GET /jobs HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
    post = (
        b"POST /jobs HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
        b"Content-Type: application/json\r\n"
    )
    lines: list[tuple[str, bytes, int, str]] = [
        ("a line feed alone", get + b"X: a\nSet-Cookie: b=c\r\n\r\n", 400, "bad-request"),
        ("a carriage return alone", get + b"X: a\rSet-Cookie: b=c\r\n\r\n", 400, "bad-request"),
        ("NUL", get + b"X: a\0b\r\n\r\n", 400, "bad-request"),
        ("a folded line", get + b"X: a\r\n b\r\n\r\n", 400, "bad-request"),
        ("a space before the colon", get + b"X : a\r\n\r\n", 400, "bad-request"),
        ("a giant one", get + b"X: " + b"a" * 100_000 + b"\r\n\r\n", 431, "headers-too-large"),
        ("a thousand", get + b"X: a\r\n" * 1000 + b"\r\n", 431, "headers-too-large"),
        ("a giant address", b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n", 414, "url-too-long"),
        ("two lengths", post + b"Content-Length: 2\r\nContent-Length: 30\r\n\r\n{}", 400,
         "bad-request"),
        ("length and chunks", post + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
         400, "bad-request"),
        ("chunks by another name", post + b"Transfer-Encoding: xchunked\r\n\r\n{}", 501,
         "transfer-coding-unknown"),
        ("chunks of a giant size", post + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff"
         b"\r\n{}\r\n0\r\n\r\n", 400, "bad-request"),
        ("a length in hexadecimal", post + b"Content-Length: 0x2\r\n\r\n{}", 400, "bad-request"),
        ("a signed length", post + b"Content-Length: +2\r\n\r\n{}", 400, "bad-request"),
        ("another protocol", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400, "bad-request"),
        ("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", 400, "bad-request"),
    ]  # fmt: skip
    found = [
        Hostile(name=f"header: {name}", request=request, status=status, code=code)
        for name, request, status, code in lines
    ]
    resumed = ("-1", "1e3", "0x1", "9" * 400, "1;drop", "\u00b2", "1 1")
    found += [
        Hostile(
            name=f"Last-Event-ID: {value[:20]}",
            request=raw("GET", "/alerts/stream", ("Last-Event-ID", value)),
            status=400,
            code="invalid-last-event-id",
        )
        for value in resumed
    ]
    links = ("<$(touch x)>", "<not absolute>", f"<http://h/{'a' * 3000}>",
             '<http://h/">')  # fmt: skip
    found += [
        Hostile(
            name=f"Link: {value[:30]}",
            request=raw(
                "POST", BATCH, JSON,
                ("Link", f'{value}; rel="http://www.w3.org/ns/json-ld#context"'), body=b"[]",
            ),
            status=400,
            code="invalid-context",
        )
        for value in links
    ]  # fmt: skip
    return found


def _browsers() -> list[Hostile]:
    hosts = ("evil.example", "127.0.0.1.evil.example", "evil.example:8080", "localhost.evil",
             "169.254.169.254", "0.0.0.0", "[::ffff:10.0.0.1]", "127.0.0.1@evil.example", "",
             "xn--localhost-", "evil.example#127.0.0.1")  # fmt: skip
    found = [
        Hostile(
            name=f"Host: {host}",
            request=raw("GET", "/jobs", ("Host", host)),
            status=403,
            code="host-not-allowed",
        )
        for host in hosts
    ]
    foreign = (
        ("Origin", "https://evil.example"), ("Origin", "null"), ("Origin", "http://127.0.0.1:1"),
        ("Origin", "file://"), ("Origin", "http://["), ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"), ("Sec-Fetch-Site", "made-up"),
    )  # fmt: skip
    for path in ("/jobs", "/jobs/a/cancel", BATCH, "/notify", "/session", "/ui/jobs/a/cancel"):
        found += [
            Hostile(
                name=f"POST {path}: {name}: {value}",
                request=raw("POST", path, JSON, (name, value), body=b"{}"),
                status=403,
                code="" if path.startswith("/ui/") else "cross-site-request",
            )
            for name, value in foreign
        ]
    return found


def _fields() -> list[Hostile]:
    names = ("'--", "%22%3B--", "%00", "%ff", "-1", "1e9", "99999999999999999999", "0x10", "%0d%0a",
             "$(x)", "..%2f", "%5B%5D", "NaN")  # fmt: skip
    found = [
        Hostile(
            name=f"GET {path}?{parameter}={name}",
            request=raw("GET", f"{path}?{parameter}={name}"),
            status=400,
            code="invalid-field",
        )
        for path in ("/jobs", "/alerts")
        for parameter in ("limit", "cursor")
        for name in names
        # A cursor is whatever number was answered, so this one is only a very early page.
        if not (parameter == "cursor" and name == "1e9")
    ]
    found += [
        Hostile(
            name=f"an unknown parameter of {path}",
            request=raw("GET", f"{path}?__proto__=x"),
            status=400,
            code="unknown-field",
        )
        for path in ("/jobs", "/alerts", "/deployments", "/jobs/a", "/alerts/stream")
    ]
    return found
