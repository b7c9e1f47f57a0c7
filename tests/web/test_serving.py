"""Where the server listens, what it says of that, and that it says the same of itself as its document."""

import runpy
import socket

import pytest

from tests.house.source import ROOT
from tocsin.web.serving import address, bound


def test_a_port_that_is_taken_gives_a_free_one():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with bound("127.0.0.1", port) as free:
            assert free.getsockname()[1] != port


@pytest.mark.parametrize(
    ("host", "told"), [("127.0.0.1", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("localhost", "127.0.0.1")]
)
def test_the_address_is_one_that_a_browser_here_can_open(host, told):
    with bound(host, 0) as listening:
        port = listening.getsockname()[1]
        assert address(listening) in (f"http://{told}:{port}/", f"http://[::1]:{port}/")
        assert address(listening, token="x").endswith(f":{port}/?token=x")


def test_an_address_of_another_machine_cannot_be_listened_on():
    with pytest.raises(OSError, match="address"):
        bound("192.0.2.1", 0)


def test_the_document_in_the_repository_is_that_of_the_server():
    """The pages take their types from it; `uv run scripts/openapi.py` writes it anew."""
    written = runpy.run_path(str(ROOT / "scripts" / "openapi.py"))
    assert written["PLACE"].read_text(encoding="utf-8") == written["text"]()
