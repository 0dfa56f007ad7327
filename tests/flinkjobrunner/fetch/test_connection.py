"""To which address a connection goes, and whom it trusts there."""

from __future__ import annotations

import ssl
from ipaddress import ip_address
from typing import TYPE_CHECKING

import pytest

from flinkjobrunner.fetch import Fetcher, FetchError, Limits, Policy

if TYPE_CHECKING:
    from pathlib import Path

    from flinkjobrunner.fetch.policy import Address
    from flinkjobrunner.fetch.resolve import Resolver
    from support.files import Files

LIMITS = Limits(connect_seconds=2, read_seconds=2, total_seconds=5)
NAME = "store.example"  # which the certificate is for


def fetcher(resolver: Resolver, *allowed: str, context: ssl.SSLContext | None = None) -> Fetcher:
    return Fetcher(Policy.of(allowed), LIMITS, resolver=resolver, context=context)


def code(fetcher: Fetcher, url: str, target: Path) -> str:
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(url, target)
    return caught.value.code


class Names:
    """A look-up whose answers change, as an attacker's do; it counts."""

    def __init__(self, *answers: str) -> None:
        self._answers = list(answers)
        self.asked: list[tuple[str, int]] = []

    def __call__(self, host: str, port: int, seconds: float) -> list[Address]:
        assert seconds > 0
        self.asked.append((host, port))
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        return [ip_address(text) for text in answer.split()]


def test_a_name_is_looked_up_once_for_each_request(files: Files, tmp_path: Path) -> None:
    """The second look-up would have gone inside; there is none."""
    names = Names("127.0.0.1", "10.0.0.1")
    url = files.add("/x", "found").replace("127.0.0.1", NAME)
    fetcher(names, "127.0.0.1").fetch(url, tmp_path / "x")
    assert names.asked == [(NAME, files.port)]
    assert f"Host: {NAME}:{files.port}" in files.seen[0]


def test_a_name_that_points_elsewhere_after_a_redirect_is_judged_again(
    files: Files, tmp_path: Path
) -> None:
    names = Names("127.0.0.1", "10.0.0.1")
    url = files.redirect("/r", "/x").replace("127.0.0.1", NAME)
    assert code(fetcher(names, "127.0.0.1"), url, tmp_path / "x") == "url-not-allowed"
    assert len(names.asked) == 2
    assert len(files.seen) == 1


@pytest.mark.parametrize(
    "answer", ["10.0.0.1", "8.8.8.8 10.0.0.1", "::1 8.8.8.8", "8.8.8.8 169.254.169.254"]
)
def test_one_private_address_spoils_them_all(tmp_path: Path, answer: str) -> None:
    url = f"https://{NAME}/shapes.ttl"
    assert code(fetcher(Names(answer)), url, tmp_path / "x") == "url-not-allowed"


def test_metadata_is_refused_under_an_allowed_name(tmp_path: Path) -> None:
    names = Names("169.254.169.254")
    assert code(fetcher(names, NAME), f"http://{NAME}/", tmp_path / "x") == "url-not-allowed"


def test_the_next_address_is_tried(files: Files, tmp_path: Path) -> None:
    names = Names("127.0.0.2 127.0.0.1")  # the server listens at the second
    url = files.add("/x", "found").replace("127.0.0.1", NAME)
    fetcher(names, NAME).fetch(url, tmp_path / "x")
    assert (tmp_path / "x").read_text() == "found"
    assert code(fetcher(Names("127.0.0.2 127.0.0.3"), NAME), url, tmp_path / "y") == "unreachable"


def test_a_name_with_no_addresses(tmp_path: Path) -> None:
    assert code(fetcher(Names("")), f"https://{NAME}/", tmp_path / "x") == "unreachable"


def test_tls_goes_to_the_address_and_verifies_the_name(
    secure_files: Files, contexts: tuple[ssl.SSLContext, ssl.SSLContext], tmp_path: Path
) -> None:
    asked: list[str | None] = []
    contexts[0].sni_callback = lambda _socket, name, _context: asked.append(name)
    secure_files.add("/x", "found")
    for host in (NAME, NAME.upper(), f"{NAME}."):
        url = f"https://{host}:{secure_files.port}/x"
        fetcher(Names("127.0.0.1"), NAME, context=contexts[1]).fetch(url, tmp_path / "x")
        assert (tmp_path / "x").read_text() == "found"
    assert asked == [NAME] * 3


@pytest.mark.parametrize("host", ["other.example", "127.0.0.1"])
def test_a_certificate_for_another_name_is_refused(
    secure_files: Files,
    contexts: tuple[ssl.SSLContext, ssl.SSLContext],
    tmp_path: Path,
    host: str,
) -> None:
    url = f"https://{host}:{secure_files.port}/x"
    strict = fetcher(Names("127.0.0.1"), "127.0.0.1", context=contexts[1])
    assert code(strict, url, tmp_path / "x") == "certificate-refused"
    assert secure_files.seen == []


def test_an_unknown_authority_is_refused(secure_files: Files, tmp_path: Path) -> None:
    url = f"https://{NAME}:{secure_files.port}/x"
    assert code(fetcher(Names("127.0.0.1"), NAME), url, tmp_path / "x") == "certificate-refused"


def test_an_authority_of_the_operator_s_own_is_trusted(
    secure_files: Files,
    contexts: tuple[ssl.SSLContext, ssl.SSLContext],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (certificate,) = contexts[1].get_ca_certs(binary_form=True)
    file = tmp_path / "authority.pem"
    file.write_text(ssl.DER_cert_to_PEM_cert(certificate))
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    url = secure_files.add("/x", "found").replace("127.0.0.1", NAME)
    fetcher(Names("127.0.0.1"), NAME).fetch(url, tmp_path / "x")


def test_https_does_not_become_http_unless_allowed(
    secure_files: Files,
    files: Files,
    contexts: tuple[ssl.SSLContext, ssl.SSLContext],
    tmp_path: Path,
) -> None:
    files.add("/x", "found")
    url = secure_files.redirect("/r", f"{files.url}/x").replace("127.0.0.1", NAME)
    names = Names("127.0.0.1")
    strict = fetcher(names, f"{NAME}:{secure_files.port}", context=contexts[1])
    assert code(strict, url, tmp_path / "x") == "url-not-allowed"
    assert files.seen == []
    fetcher(names, "127.0.0.1", context=contexts[1]).fetch(url, tmp_path / "x")


def test_a_server_that_does_not_speak_tls(files: Files, tmp_path: Path) -> None:
    url = f"https://127.0.0.1:{files.port}/x"
    assert code(fetcher(Names("127.0.0.1"), "127.0.0.1"), url, tmp_path / "x") == "unreachable"
