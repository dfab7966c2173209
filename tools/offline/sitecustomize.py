"""With this folder on PYTHONPATH, Python imports this at its start: it cuts off the network.

An attempt to reach another machine fails as on a machine without a network, and is noted in the
file that the environment variable OFFLINE_NOTES names.
"""

import os
import sys

NAMES = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
CALLS = {"socket.connect", "socket.sendto", "socket.sendmsg"}


def is_here(address):
    """Whether an address is this machine: a file, loopback, or no name at all."""
    host = address[0] if isinstance(address, tuple) else ""
    if isinstance(host, bytes):
        host = host.decode()
    return not host or host in ("localhost", "::1", "0.0.0.0") or host.startswith("127.")


def refuse(event, arguments):
    """The audit hook: Python calls it before each event."""
    if event in NAMES:
        address = (arguments[0],)
    elif event in CALLS:
        address = arguments[1]
    else:
        return
    if not is_here(address):
        with open(os.environ["OFFLINE_NOTES"], "a", encoding="utf-8") as notes:
            notes.write(f"{event} {address[0]}\n")
        raise OSError(101, "Network is unreachable")


if "OFFLINE_NOTES" in os.environ:
    sys.addaudithook(refuse)
