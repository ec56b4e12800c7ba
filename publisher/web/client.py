"""Who is knocking: the network of a client, told by the connection or by a proxy we trust."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

#: A household or an office: what shares a limit, and all that is ever written down of a client.
_V4, _V6 = 24, 48
UNKNOWN = "unknown"


class Clients:
    """Tells the network of a request. ``proxies`` are addresses, networks, or ``unix``."""

    def __init__(self, proxies: Sequence[str]) -> None:
        self._unix = "unix" in proxies
        self._proxies = tuple(
            ip_network(proxy, strict=False) for proxy in proxies if proxy != "unix"
        )

    def network(self, peer: str | None, forwarded: Sequence[str]) -> str:
        """Give the client's network, such as ``203.0.113.0/24``.

        ``forwarded`` are the X-Forwarded-For headers in order. They count only where the peer is
        a trusted proxy, and only from the right: the last address no trusted proxy has.
        """
        address = _address(peer) if peer else None
        if not self._trusts(address, peer):
            return _network(address)
        hops = [hop.strip() for line in forwarded[-8:] for hop in line.split(",")]
        for hop in reversed(hops[-32:]):
            address = _address(hop)
            if address is None or not self._trusts(address, hop):
                return _network(address)
        return _network(address)

    def _trusts(self, address: IPv4Address | IPv6Address | None, peer: str | None) -> bool:
        if address is None:
            return self._unix and not peer
        return any(address in proxy for proxy in self._proxies)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    text = text.strip("[]") if text.startswith("[") and text.endswith("]") else text
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped
    return address


def _network(address: IPv4Address | IPv6Address | None) -> str:
    if address is None:
        return UNKNOWN
    width = _V4 if address.version == 4 else _V6
    return str(ip_network(f"{address}/{width}", strict=False))
