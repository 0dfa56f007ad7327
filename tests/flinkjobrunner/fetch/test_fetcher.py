"""The fetcher against a real server that does what servers do, and worse."""

from __future__ import annotations

import gzip
import hashlib
import socket
import threading
import time
import zlib
from typing import TYPE_CHECKING

import pytest

from flinkjobrunner.fetch import Fetched, Fetcher, FetchError, Limits, Policy
from flinkjobrunner.fetch.resolve import resolve
from support.files import serving_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from support.files import Files, Request

HERE = Policy.of(["127.0.0.1"])
BODY = b"@prefix ex: <https://example.org/> .\n" * 4000
MIB = 1024 * 1024
# Short, for servers that never end; long enough for those that do.
QUICK = Limits(connect_seconds=0.5, read_seconds=0.5, total_seconds=1.0, most_bytes=MIB)
SECRET = "X-Amz-Signature=SECRETsignature0123"


@pytest.fixture
def target(tmp_path: Path) -> Path:
    (tmp_path / "inputs").mkdir()
    return tmp_path / "inputs" / "shapes"


def fetched(url: str, target: Path, limits: Limits = QUICK, policy: Policy = HERE) -> Fetched:
    return Fetcher(policy, limits).fetch(url, target)


def failed(
    url: str, target: Path, fetcher: Fetcher | None = None, limits: Limits = QUICK
) -> FetchError:
    with pytest.raises(FetchError) as caught:
        (fetcher or Fetcher(HERE, limits)).fetch(url, target)
    assert list(target.parent.iterdir()) == []
    error = caught.value
    assert error.__cause__ is None  # or its text would be shown with it
    text = f"{error} {error.message} {error.hint}"
    assert [part for part in ("SECRET", "127.0.0.1", "nothing here") if part in text] == []
    return error


def test_a_file_with_its_hash_and_media_type(files: Files, target: Path) -> None:
    url = files.add("/shapes.ttl", BODY, Content_Type="text/turtle; charset=utf-8")
    got = fetched(f"{url}?{SECRET}#part", target)
    assert target.read_bytes() == BODY
    assert got == Fetched(
        sha256=hashlib.sha256(BODY).hexdigest(),
        size=len(BODY),
        media_type="text/turtle; charset=utf-8",
    )
    assert [file.name for file in target.parent.iterdir()] == ["shapes"]
    (request,) = files.seen
    assert request.startswith(f"GET /shapes.ttl?{SECRET} HTTP/1.1")
    assert f"Host: 127.0.0.1:{files.port}" in request


def test_an_older_file_is_replaced_only_by_a_whole_one(files: Files, target: Path) -> None:
    target.write_bytes(b"older")
    with pytest.raises(FetchError):
        fetched(f"{files.url}/missing", target)
    assert target.read_bytes() == b"older"
    fetched(files.add("/new", b"newer"), target)
    assert target.read_bytes() == b"newer"


def test_an_empty_file_is_a_file(files: Files, target: Path) -> None:
    assert fetched(files.add("/empty", b""), target).size == 0
    assert target.read_bytes() == b""


@pytest.mark.parametrize("status", [204, 206, 304, 400, 401, 403, 404, 410, 429, 500, 503])
def test_a_status_other_than_200_is_said(files: Files, target: Path, status: int) -> None:
    error = failed(files.add("/x", b"", status) + f"?{SECRET}", target)
    assert error.code == "http-status"
    assert str(status) in error.message
    assert ("expired" in error.hint) == (status in (401, 403))


# Loopback as it can be written; what the resolver of the system makes of it is what is judged.
SPELLINGS = [
    "127.0.0.1", "127.1", "127.0.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0x7f.1",
    "0177.0.0.1", "017700000001", "0", "0.0.0.0", "127.127.127.127", "localhost", "LOCALHOST",
    "localhost.", "[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::]",
    "[::127.0.0.1]", "[64:ff9b::127.0.0.1]", "[2002:7f00:1::]", "%31%32%37.0.0.1",
    "127.0.0.1%2f", "\N{FULLWIDTH DIGIT ONE}27.0.0.1", "\N{CIRCLED DIGIT ONE}27.0.0.1",
    "127\N{IDEOGRAPHIC FULL STOP}0.0.1", "user@127.0.0.1", "store.example@127.0.0.1",
    "127.0.0.1.", "2130706433.", "0x7F000001.", "0x7f.0x0.0x0.0x1", "00000177.0.0.1", "127.0.0.01",
    "0127.0.0.1", "[::1%25lo]", "[::1%lo]", "[fe80::1%25lo]", "[::ffff:127.0.0.1%25lo]",
    "[64:ff9b:1::7f00:1]", "[64:ff9b:1:7f00:0:100::]", "[2001:0:7f00:1::]", "[::ffff:0:127.0.0.1]",
    "[0000::0001]", "user:pass@localhost", "a%40b@127.0.0.1", "@127.0.0.1", "user@@127.0.0.1",
    "xn--127-0-0-1", "xn--localhost-.", "local\N{SOFT HYPHEN}host",
    "\N{CIRCLED LATIN SMALL LETTER L}ocalhost",
    "LOCALHOST.", "localhost..", "127.0.0.1\\@store.example", "ip6-localhost",
]  # fmt: skip


PLAIN = ("127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "017700000001", "0", "0.0.0.0",
         "localhost", "[::1]", "[::ffff:7f00:1]", "[64:ff9b::127.0.0.1]")  # fmt: skip


@pytest.mark.parametrize("host", SPELLINGS)
@pytest.mark.parametrize("scheme", ["https", "http"])
def test_no_spelling_of_loopback_is_connected_to(
    files: Files, target: Path, host: str, scheme: str
) -> None:
    url = f"{scheme}://{host}:{files.port}/shapes.ttl?{SECRET}"
    error = failed(url, target, Fetcher(Policy(), QUICK))
    assert error.code in ("url-not-allowed", "url-invalid", "unreachable")
    if host in PLAIN:
        assert error.code == "url-not-allowed"
    assert files.seen == []


@pytest.mark.parametrize(
    "url",
    [
        "ftp://store.example/x",
        "file:///etc/passwd",
        "gopher://store.example/",
        "data:,x",
        "store.example/x",
        "//store.example/x",
        "",
        "https://",
        "https:///x",
        "http://[::1",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_url_to_be_fetched_is_refused(target: Path, url: str) -> None:
    error = failed(url, target)
    assert error.code in ("url-invalid", "url-scheme-refused")


def test_http_has_to_be_allowed(files: Files, target: Path) -> None:
    url = files.add("/x", BODY)
    for policy in (HERE, Policy.of([f"127.0.0.1:{files.port}"]), Policy.of(["127.0.0.0/8"])):
        assert fetched(url, target, policy=policy).size == len(BODY)
    target.unlink()
    other = Policy.of([f"127.0.0.1:{files.port + 1}"])
    assert failed(url, target, Fetcher(other, QUICK)).code == "url-not-allowed"


def test_redirects_are_followed_and_counted(files: Files, target: Path) -> None:
    files.add("/end", BODY)
    files.redirect("/1", "/end", 301)
    files.redirect("/2", files.url + "/1", 303)
    files.redirect("/3", "1/../2?a=b", 307)
    files.redirect("/4", "/3", 308)
    assert fetched(files.url + "/3", target).size == len(BODY)
    target.unlink()
    assert failed(files.url + "/4", target).code == "too-many-redirects"
    files.redirect("/circle", "/circle")
    assert failed(files.url + "/circle", target).code == "too-many-redirects"


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("http://10.0.0.1/", "url-not-allowed"),
        ("https://10.0.0.1/", "url-not-allowed"),
        ("//10.0.0.1/", "url-not-allowed"),
        ("http://[::1]/", "url-not-allowed"),
        ("http://169.254.169.254/latest/meta-data/", "url-not-allowed"),
        ("http://93.184.215.14/", "url-scheme-refused"),
        ("file:///etc/passwd", "url-scheme-refused"),
        ("ftp://127.0.0.1/", "url-scheme-refused"),
        ("http://[", "unreachable"),
        ("https://", "url-invalid"),
    ],
)
def test_where_a_redirect_leads_is_judged_again(
    files: Files, target: Path, location: str, code: str
) -> None:
    assert failed(files.redirect("/r", location), target).code == code


def test_credentials_go_to_the_first_host_only(files: Files, target: Path) -> None:
    files.add("/end", BODY)
    files.redirect("/r", "/end")
    files.redirect("/other", f"http://other:SECRET@127.0.0.1:{files.port}/end")
    for start in ("/r", "/other"):
        files.seen.clear()
        fetched(f"http://user:SECRETpassword@127.0.0.1:{files.port}{start}", target)
        first, second = files.seen
        assert "Authorization: Basic dXNlcjpTRUNSRVRwYXNzd29yZA==" in first
        assert "uthorization" not in second
        assert "Cookie" not in second
        assert "Referer" not in second


def test_the_environment_has_no_say(
    files: Files, target: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login SECRET password SECRET\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with serving_files() as proxy:
        for name in ("http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        fetched(files.add("/x", BODY), target)
    assert proxy.seen == []
    assert "uthorization" not in files.seen[0]


def test_more_than_the_limit_is_not_taken(files: Files, target: Path) -> None:
    exactly = files.add("/exactly", bytes(MIB))
    assert fetched(exactly, target).size == MIB
    target.unlink()
    error = failed(files.add("/more", bytes(MIB + 1)), target)
    assert (error.code, error.message) == ("too-large", "the file is larger than 1 MiB")


def test_more_than_the_limit_is_noticed_when_it_was_not_announced(
    files: Files, target: Path
) -> None:
    def endless(request: Request) -> None:
        request.head(200)
        request.drip(bytes(MIB), 0)

    assert failed(files.raw("/endless", endless), target).code == "too-large"
    url = files.add("/lie", bytes(MIB * 2), Content_Length="no number")
    assert failed(url, target).code in ("too-large", "unreachable")


def zipped(content: bytes, times: int = 1) -> bytes:
    for _ in range(times):
        content = gzip.compress(content)
    return content


def test_gzip_is_undone(files: Files, target: Path) -> None:
    for number, body in enumerate((zipped(BODY), zipped(BODY[:5000]) + zipped(BODY[5000:]))):
        url = files.add(f"/{number}", body, Content_Encoding="gzip")
        got = fetched(url, target)
        assert target.read_bytes() == BODY
        assert (got.sha256, got.size) == (hashlib.sha256(BODY).hexdigest(), len(BODY))


@pytest.mark.parametrize(
    ("body", "encoding", "code"),
    [
        (zipped(bytes(200 * MIB)), "gzip", "too-large"),
        (zipped(bytes(MIB)) * 2, "gzip", "too-large"),
        (zipped(bytes(20 * MIB), 2), "gzip, gzip", "encoding-refused"),
        (BODY, "br", "encoding-refused"),
        (BODY, "zstd", "encoding-refused"),
        (zlib.compress(BODY), "deflate", "encoding-refused"),
        (zipped(BODY)[:-1], "gzip", "damaged"),
        (zipped(BODY)[:50], "gzip", "damaged"),
        (BODY, "gzip", "damaged"),
        (b"", "gzip", "damaged"),
        (zipped(BODY) + b"trailing", "gzip", "damaged"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{len(value)}",
)
def test_what_is_encoded_is_bounded_and_whole(
    files: Files, target: Path, body: bytes, encoding: str, code: str
) -> None:
    assert failed(files.add("/x", body, Content_Encoding=encoding), target).code == code


def _stalls_at_once(request: Request) -> None:
    request.stall()


def _stalls_in_the_head(request: Request) -> None:
    request.wfile.write(b"HTTP/1.1 200 OK\r\nContent-")
    request.wfile.flush()
    request.stall()


def _stalls_in_the_body(request: Request) -> None:
    request.head(200, **{"Content-Length": str(len(BODY))})
    request.wfile.write(BODY[:100])
    request.wfile.flush()
    request.stall()


def _drips_the_head(request: Request) -> None:
    request.wfile.write(b"HTTP/1.1 200 OK\r\n")
    request.drip(b"X-Y: z\r\n")


def _drips_the_body(request: Request) -> None:
    request.head(200)
    request.drip(b"x")


def _answers_in_between_for_ever(request: Request) -> None:
    request.drip(b"HTTP/1.1 102 Processing\r\n\r\n")


@pytest.mark.parametrize(
    "answer",
    [
        _stalls_at_once,
        _stalls_in_the_head,
        _stalls_in_the_body,
        _drips_the_head,
        _drips_the_body,
        _answers_in_between_for_ever,
    ],
)
def test_no_server_holds_us_longer_than_the_limit(
    files: Files, target: Path, answer: Callable[[Request], None]
) -> None:
    before = time.monotonic()
    assert failed(files.raw("/slow", answer), target).code == "timed-out"
    assert time.monotonic() - before < QUICK.total_seconds + 2


def test_a_redirect_does_not_start_the_time_anew(files: Files, target: Path) -> None:
    def slow(request: Request) -> None:
        request.files.over.wait(0.4)
        request.answer(302, b"", Location="/slow")

    before = time.monotonic()
    assert failed(files.raw("/slow", slow), target).code == "timed-out"
    assert time.monotonic() - before < QUICK.total_seconds + 2


def _ends_early(request: Request) -> None:
    request.head(200, **{"Content-Length": str(len(BODY))})
    request.wfile.write(BODY[:-1])


def _ends_a_chunk_early(request: Request) -> None:
    request.head(200, **{"Transfer-Encoding": "chunked"})
    request.wfile.write(b"5\r\nhello\r\n5\r\nhel")


def _never_says_the_last_chunk(request: Request) -> None:
    request.head(200, **{"Transfer-Encoding": "chunked"})
    request.wfile.write(b"5\r\nhello\r\n")


def _speaks_something_else(request: Request) -> None:
    request.wfile.write(b"SSH-2.0-OpenSSH_9.2p1 SECRET\r\n")


def _says_nothing(request: Request) -> None:
    request.wfile.close()


def _has_an_endless_header(request: Request) -> None:
    request.wfile.write(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000)


@pytest.mark.parametrize(
    "answer",
    [
        _ends_early,
        _ends_a_chunk_early,
        _never_says_the_last_chunk,
        _speaks_something_else,
        _says_nothing,
        _has_an_endless_header,
    ],
)
def test_half_an_answer_is_no_file(
    files: Files, target: Path, answer: Callable[[Request], None]
) -> None:
    assert failed(files.raw("/half", answer), target).code == "unreachable"


def test_nobody_listens(target: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert failed(f"http://127.0.0.1:{port}/?{SECRET}", target).code == "unreachable"


def test_nobody_accepts(target: Path) -> None:
    """A full backlog: the connection is never made."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as server:
        port = server.getsockname()[1]
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.settimeout(0)
            one.connect_ex(("127.0.0.1", port))
        error = failed(f"http://127.0.0.1:{port}/", target)
        for one in waiting:
            one.close()
    assert error.code == "timed-out"


def test_a_name_without_address(target: Path) -> None:
    url = f"https://no-such-host.invalid/x?{SECRET}"
    assert failed(url, target, Fetcher(Policy(), QUICK)).code in ("unreachable", "timed-out")


def test_a_look_up_that_hangs_is_left(monkeypatch: pytest.MonkeyPatch, target: Path) -> None:
    over = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: over.wait(60) and [])
    try:
        error = failed("https://store.example/", target, Fetcher(Policy(), QUICK))
    finally:
        over.set()
    assert error.code == "timed-out"


def test_the_system_s_look_up_gives_addresses() -> None:
    assert [str(one) for one in resolve("2130706433", 443, 5)] == ["127.0.0.1"]
    assert {str(one) for one in resolve("localhost", 443, 5)} <= {"127.0.0.1", "::1"}


def test_a_disk_that_refuses_leaves_nothing(files: Files, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        fetched(files.add("/x", BODY), tmp_path / "nowhere" / "shapes")
    assert list(tmp_path.iterdir()) == []
