"""The addresses that a URL may lead to, and every way in which somebody has tried another."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from flinkjobrunner.errors import ConfigurationError
from flinkjobrunner.fetch import FetchError, Policy
from flinkjobrunner.fetch.policy import is_public

PUBLIC = ["93.184.215.14", "8.8.8.8", "1.1.1.1", "2606:2800:21f:cb07:6820:80da:af6b:8b2c",
          "2a00:1450:4001:80b::200e"]  # fmt: skip
METADATA = ["169.254.169.254", "169.254.170.2", "100.100.100.200", "168.63.129.16", "192.0.0.192",
            "fd00:ec2::254", "fd20:ce::254", "fe80::a9fe:a9fe"]  # fmt: skip
# 169.254.169.254 mapped, translated (two ways), compatible, by NAT64 (both prefixes, both layouts),
# 6to4 and Teredo (as the server, and as the client, which is written inverted).
METADATA_IN_DISGUISE = [
    "::ffff:169.254.169.254", "::ffff:0:169.254.169.254", "::169.254.169.254",
    "64:ff9b::a9fe:a9fe", "64:ff9b:1::a9fe:a9fe", "64:ff9b:1:a9fe:a9:fe00::",
    "2002:a9fe:a9fe::1", "2001:0:a9fe:a9fe::1", "2001:0:808:808:0:0:5601:5601",
    "::ffff:100.100.100.200",
]  # fmt: skip
PRIVATE = {
    "this host": ["0.0.0.0", "0.1.2.3", "::"],
    "loopback": ["127.0.0.1", "127.255.255.254", "::1"],
    "private": ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fc00::1", "fd12::1"],
    "link-local": ["169.254.1.1", "fe80::1", "fec0::1"],
    "carrier-grade NAT": ["100.64.0.1", "100.127.255.255"],
    "multicast": ["224.0.0.1", "239.255.255.255", "ff02::1", "ff0e::1"],
    "reserved": ["192.0.0.1", "192.0.0.9", "192.88.99.1", "240.0.0.1", "255.255.255.255",
                 "4000::1", "8000::1", "100::1"],
    "documentation": ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1", "3fff::1"],
    "benchmarks": ["198.18.0.1", "198.19.255.255", "2001:2::1"],
    "mapped": ["::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:0:8.8.8.8", "::8.8.8.8"],
    "6to4": ["2002:7f00:1::1", "2002:808:808::1"],
    "NAT64": ["64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::1"],
    "Teredo": ["2001:0:808:808::1", "2001::1"],
}  # fmt: skip
EVERYWHERE = Policy.of(["0.0.0.0/0", "::/0", "any.example"])


def require(policy: Policy, *texts: str, host: str = "any.example", port: int = 443,
            secure: bool = True) -> None:  # fmt: skip
    policy.require(host, port, [ip_address(text) for text in texts], secure=secure)


def refused(policy: Policy, *texts: str, **where: object) -> str:
    with pytest.raises(FetchError) as caught:
        require(policy, *texts, **where)
    error = caught.value
    for text in texts:
        assert text not in f"{error} {error.hint}"
    assert error.hint
    return error.code


@pytest.mark.parametrize("text", PUBLIC)
def test_public_addresses_are_fetched_from_by_https_only(text: str) -> None:
    require(Policy(), text)
    assert refused(Policy(), text, secure=False) == "url-scheme-refused"


@pytest.mark.parametrize("text", [text for group in PRIVATE.values() for text in group])
def test_what_is_not_public_has_to_be_allowed(text: str) -> None:
    assert not is_public(ip_address(text))
    assert refused(Policy(), text) == "url-not-allowed"
    assert refused(Policy(), PUBLIC[0], text) == "url-not-allowed"
    require(Policy.of([text]), text, secure=False)
    require(Policy.of(["any.example"]), text, secure=False)


@pytest.mark.parametrize("text", [*METADATA, *METADATA_IN_DISGUISE])
def test_metadata_is_never_fetched(text: str) -> None:
    for policy in (Policy(), EVERYWHERE, Policy.of([text])):
        assert refused(policy, text) == "url-not-allowed"
        assert refused(policy, PUBLIC[0], text) == "url-not-allowed"


@pytest.mark.parametrize(
    ("entry", "host", "port", "address", "allowed"),
    [
        ("store", "store", 443, "10.0.0.1", True),
        ("store", "STORE.", 9000, "10.0.0.1", True),
        ("Store.", "store", 9000, "10.0.0.1", True),
        ("store", "restore", 443, "10.0.0.1", False),
        ("store", "store.example", 443, "10.0.0.1", False),
        ("bücher.example", "xn--bcher-kva.example", 443, "10.0.0.1", True),
        ("store:9000", "store", 9000, "10.0.0.1", True),
        ("store:9000", "store", 9001, "10.0.0.1", False),
        ("10.0.0.0/8", "store", 443, "10.1.2.3", True),
        ("10.0.0.5/8", "store", 443, "10.1.2.3", True),
        ("10.0.0.0/8", "store", 443, "192.168.2.3", False),
        ("10.0.0.0/8", "store", 443, "::ffff:10.0.0.1", False),
        ("127.0.0.1", "localhost", 443, "127.0.0.1", True),
        ("127.0.0.1:80", "localhost", 80, "127.0.0.1", True),
        ("127.0.0.1:80", "localhost", 81, "127.0.0.1", False),
        ("[::1]:80", "::1", 80, "::1", True),
        ("[0:0:0::1]:80", "::1", 80, "::1", True),
        ("[::1]", "::1", 80, "::1", True),
        ("fd00::/8", "store", 443, "fd12::1", True),
    ],
)
def test_an_entry_allows_what_it_names(
    entry: str, host: str, port: int, address: str, allowed: bool
) -> None:
    policy = Policy.of([entry])
    if allowed:
        require(policy, address, host=host, port=port, secure=False)
    else:
        assert refused(policy, address, host=host, port=port) == "url-not-allowed"


def test_each_address_is_either_public_or_allowed() -> None:
    policy = Policy.of(["10.0.0.0/8"])
    require(policy, PUBLIC[0], "10.0.0.1")
    assert refused(policy, PUBLIC[0], "10.0.0.1", secure=False) == "url-scheme-refused"
    assert refused(policy, "192.168.0.1", "10.0.0.1") == "url-not-allowed"


@pytest.mark.parametrize(
    "entry",
    [
        "10.0.0.0/33",
        "http://store",
        "store:",
        "store:http",
        "store:70000",
        ":80",
        "a..b",
        "store/path",
    ],
)
def test_an_entry_that_cannot_be_understood_is_named(entry: str) -> None:
    with pytest.raises(ConfigurationError, match="RUNNER_FETCH_ALLOW"):
        Policy.of([entry])
