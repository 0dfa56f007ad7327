from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from support.files import certificate, serving_files

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator

    from support.files import Files


@pytest.fixture
def files() -> Iterator[Files]:
    with serving_files() as server:
        yield server


@pytest.fixture(scope="session")
def contexts(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A TLS server's side and a client's, for the host store.example."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed, and makes the certificate")
    return certificate(tmp_path_factory.mktemp("tls"), "store.example")


@pytest.fixture
def secure_files(contexts: tuple[ssl.SSLContext, ssl.SSLContext]) -> Iterator[Files]:
    with serving_files(contexts[0]) as server:
        yield server
