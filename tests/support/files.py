"""A server of files, whose answers tests write themselves, byte by byte where it matters."""

from __future__ import annotations

import ssl
import subprocess
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Answer = Callable[["Request"], None]


@dataclass(kw_only=True)
class Files:
    """`answers` by path, without the query; `seen` are the requests, as raw lines of text."""

    port: int = 0
    scheme: str = "http"
    answers: dict[str, Answer] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    # Answers that never end wait for this, so that they end with the test.
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def add(self, path: str, body: bytes | str, status: int = 200, **headers: str) -> str:
        """A plain answer; its URL. Underscores in the names of headers stand for hyphens."""
        content = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = lambda request: request.answer(status, content, **named)
        return self.url + path

    def redirect(self, path: str, location: str, status: int = 302) -> str:
        return self.add(path, "elsewhere", status, Location=location)

    def raw(self, path: str, answer: Answer) -> str:
        self.answers[path] = answer
        return self.url + path


class Request(BaseHTTPRequestHandler):
    files: Files

    def do_GET(self) -> None:
        self.files.seen.append(f"{self.requestline}\n{self.headers}")
        self.close_connection = True
        answer = self.files.answers.get(self.path.partition("?")[0])
        with suppress(OSError):
            if answer is None:
                self.answer(404, b"there is nothing here")
            else:
                answer(self)

    def answer(self, status: int, content: bytes, **headers: str) -> None:
        self.head(status, **{"Content-Length": str(len(content)), **headers})
        self.wfile.write(content)

    def head(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def stall(self) -> None:
        self.files.over.wait(60)

    def drip(self, piece: bytes, seconds: float = 0.02) -> None:
        """For ever, a piece at a time."""
        while not self.files.over.wait(seconds):
            self.wfile.write(piece)
            self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        pass


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A client that breaks off is what many of these tests are about."""


@contextmanager
def serving_files(context: ssl.SSLContext | None = None) -> Iterator[Files]:
    files = Files(scheme="https" if context else "http")
    handler = type("Handler", (Request,), {"files": files})
    server = _Server(("127.0.0.1", 0), handler)
    files.port = server.server_address[1]
    if context:
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield files
    finally:
        files.over.set()
        server.shutdown()
        thread.join()
        server.server_close()


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """For a server of this name, signed by itself, and for clients that trust it."""
    cert, key = folder / "cert.pem", folder / "key.pem"
    subject = ["-subj", f"/CN={name}", "-addext", f"subjectAltName=DNS:{name}"]
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    subprocess.run(
        ["openssl", "req", "-x509", *kind, *subject, "-keyout", str(key), "-out", str(cert)],
        check=True,
        capture_output=True,
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(cert, key)
    return server, ssl.create_default_context(cafile=str(cert))
