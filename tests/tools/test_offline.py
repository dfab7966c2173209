"""A run without a network: what asks for one is refused and told, and a kernel talks as ever."""

import pytest

from tools.offline.__main__ import offline
from tools.offline.sitecustomize import is_here
from vidlearn.course import replay

ASKS = """import socket, urllib.request
for ask in (lambda: urllib.request.urlopen("http://example.org/clip.mp4", timeout=1),
            lambda: socket.socket().connect(("192.0.2.1", 80)),
            lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", ("192.0.2.2", 9))):
    try:
        ask()
    except OSError:
        pass"""


def test_what_asks_for_the_network_is_refused_and_told(recorded):
    path, _ = recorded("6 * 7", "7 * 8")
    text = path.read_text()
    assert text.count('"7 * 8"') == 1
    asks = ASKS.replace('"', '\\"').replace("\n", "\\n")
    path.write_text(text.replace('"7 * 8"', f'"{asks}\\n7 * 8"'))
    with offline() as tried:
        assert replay.judge(path).differ == {}
        assert tried() == ["socket.getaddrinfo example.org", "socket.connect 192.0.2.1",
                           "socket.sendto 192.0.2.2"]
    assert "OFFLINE_NOTES" not in replay.os.environ


@pytest.mark.parametrize("address, here", [
    (("127.0.0.1", 8888), True), (("localhost", 1), True), (("::1", 1, 0, 0), True),
    ("/run/a.socket", True), ((None,), True), (("",), True), ((b"localhost",), True),
    (("128.0.0.1", 1), False), (("example.org", 443), False), (("localhost.example.org",), False),
])
def test_only_this_machine_is_reached(address, here):
    assert is_here(address) == here
