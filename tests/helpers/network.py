"""No connection leaves this machine while tests run; what is local (a cluster, a browser) may."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any


class NetworkError(AssertionError):
    """A test, or what it called, wanted to reach another machine."""


def is_local(address: Any) -> bool:
    """Whether an address is a path, or of this machine."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    if host in {"", "localhost", socket.gethostname()}:
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def no_network() -> None:
    """Refuse streams to other machines; a datagram socket that connects sends nothing."""
    if getattr(socket.socket, "is_shut", False):
        return
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def checked(call: Any) -> Any:
        def only_here(self: socket.socket, address: Any) -> Any:
            if self.type == socket.SOCK_STREAM and not is_local(address):
                raise NetworkError(f"the suite reaches no other machine: {address!r}")
            return call(self, address)

        return only_here

    socket.socket.connect = checked(connect)  # type: ignore[method-assign]
    socket.socket.connect_ex = checked(connect_ex)  # type: ignore[method-assign]
    socket.socket.is_shut = True  # type: ignore[attr-defined]
