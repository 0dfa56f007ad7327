"""Which addresses a URL of a user may lead to.

Judged are resolved addresses, never the text of a host: whatever the spelling (decimal, octal,
a name that points inside), it is the address that is connected to that counts. Everything that is
not public is refused unless the operator has named it; addresses that hand out a cloud's
credentials are refused even then.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

from flinkjobrunner.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from ipaddress import IPv4Network

    Address = IPv4Address | IPv6Address

_METADATA = frozenset(
    ip_address(text)
    for text in (
        "169.254.169.254",
        "169.254.169.253",
        "169.254.170.2",
        "169.254.170.23",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "fd00:ec2::254",
        "fd00:ec2::23",
        "fd20:ce::254",
    )
)
# They lead to an IPv4 address that nobody has judged: mapped and compatible ones, NAT64, 6to4,
# Teredo. There is no reason to name a public server so.
_TRANSLATED = tuple(
    IPv6Network(text)
    for text in (
        "::ffff:0:0/96",
        "::/96",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2002::/16",
        "2001::/32",
    )
)


class FetchError(Exception):
    """A file could not be had. `code` is stable; the texts hold no address, body or secret."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.hint = hint


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What RUNNER_FETCH_ALLOW names: hosts, host:port, addresses or networks."""

    hosts: frozenset[str] = frozenset()
    ports: frozenset[tuple[str, int]] = frozenset()
    networks: tuple[IPv4Network | IPv6Network, ...] = field(default=())

    @classmethod
    def of(cls, entries: Iterable[str]) -> Policy:
        hosts: set[str] = set()
        ports: set[tuple[str, int]] = set()
        networks: list[IPv4Network | IPv6Network] = []
        for entry in entries:
            network = _network(entry)
            if network is not None:
                networks.append(network)
                continue
            host, port = _host_and_port(entry)
            if port is None:
                hosts.add(host)
            else:
                ports.add((host, port))
        return cls(hosts=frozenset(hosts), ports=frozenset(ports), networks=tuple(networks))

    def allows(self, host: str, port: int, addresses: Iterable[Address]) -> bool:
        """Whether the operator has named this place: then it may be private, and use http."""
        name = host.lower().rstrip(".")
        if name in self.hosts or (name, port) in self.ports:
            return True
        found = list(addresses)
        return bool(found) and all(self._in_networks(address) for address in found)

    def check(self, host: str, port: int, addresses: Iterable[Address]) -> None:
        """Every address must pass, or none is used."""
        found = list(addresses)
        if any(_is_metadata(address) for address in found):
            raise FetchError(
                "url-not-allowed",
                "the URL leads to an address that hands out a machine's credentials",
                "Such an address is never fetched, whatever RUNNER_FETCH_ALLOW says.",
            )
        if not self.allows(host, port, found) and not all(map(is_public, found)):
            raise FetchError(
                "url-not-allowed",
                "the URL leads to a private address",
                "An operator can allow its host, host:port or network in RUNNER_FETCH_ALLOW.",
            )

    def _in_networks(self, address: Address) -> bool:
        return any(
            address.version == network.version and address in network for network in self.networks
        )


def is_public(address: Address) -> bool:
    if isinstance(address, IPv6Address) and any(address in one for one in _TRANSLATED):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _is_metadata(address: Address) -> bool:
    if address in _METADATA:
        return True
    if not isinstance(address, IPv6Address):
        return False
    inner = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if any(address in one for one in _TRANSLATED):
        inner.append(IPv4Address(int(address) & 0xFFFFFFFF))
    return any(one in _METADATA for one in inner if one is not None)


def _network(entry: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        if "/" in entry:
            raise ConfigurationError(
                f"RUNNER_FETCH_ALLOW: {entry!r} is no network; expected such as 10.0.0.0/8"
            ) from None
        return None


def _host_and_port(entry: str) -> tuple[str, int | None]:
    host, separator, port = entry.rpartition(":")
    if not separator:
        return entry.lower().rstrip("."), None
    if not port.isdecimal() or not 0 < int(port) < 65536 or not host:
        raise ConfigurationError(
            f"RUNNER_FETCH_ALLOW: {entry!r} is neither a host, a host:port nor a network"
        )
    return host.strip("[]").lower().rstrip("."), int(port)
