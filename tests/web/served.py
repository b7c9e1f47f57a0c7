"""A server for tests, listening on a port of this machine in a thread of its own."""

import contextlib
import json
import shutil
import threading
import time
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from tocsin.web import create_app
from tocsin.web.serving import Server, address, bound
from tocsin.web.workspace import Workspace

PARTICLES = 1_000
STARTER = Path(str(resources.files("tocsin.case") / "starter"))

OUTCOME = """\
outcomes:
  - {question: beyond-exchange, resolved: yes, date: 2030-05-05, source: Two news agencies}
"""


def case_in(folder: Path, name: str = "north") -> Path:
    """A copy of the starter case, with an outcome."""
    shutil.copytree(STARTER, folder / name, ignore=shutil.ignore_patterns("__pycache__", "*.py"))
    (folder / name / "outcomes.yaml").write_text(OUTCOME, encoding="utf-8")
    return folder / name


def app_of(*cases: Path, **options: Any) -> FastAPI:
    """A server of some cases that answers fast."""
    return create_app(Workspace(cases), **({"particles": PARTICLES} | options))


@contextlib.contextmanager
def listening(app: FastAPI) -> Iterator[str]:
    """The server on a port of this machine, in a thread of its own."""
    ready = threading.Event()
    with bound("127.0.0.1", 0) as socket:
        server = Server(app, ready=ready.set)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [socket]})
        thread.start()
        try:
            assert ready.wait(30)
            yield address(socket).rstrip("/")
        finally:
            server.should_exit = True
            thread.join(30)
            assert not thread.is_alive()


def client_at(place: str, **options: Any) -> httpx.Client:
    """A client of a server that listens."""
    return httpx.Client(base_url=place, trust_env=False, timeout=60, **options)


def asked(client: httpx.Client, case: str = "north", **ask: Any) -> dict[str, Any]:
    """A job that was begun, or found."""
    response = client.post(f"/api/cases/{case}/jobs", json={"ask": "assess"} | ask)
    assert response.status_code in (200, 202), response.text
    job: dict[str, Any] = response.json()
    return job


def over(client: httpx.Client, job: dict[str, Any], seconds: float = 60.0) -> dict[str, Any]:
    """The job once it is over."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        now: dict[str, Any] = client.get(f"/api/jobs/{job['id']}").json()
        if now["state"] in ("done", "failed", "cancelled"):
            return now
        time.sleep(0.02)
    raise AssertionError(now)


def events(response: httpx.Response) -> Iterator[tuple[str, Any]]:
    """Name and data of each event of a stream, as they come."""
    name = ""
    for line in response.iter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def until(found: Any, seconds: float = 10.0) -> Any:
    """What a function finds, once it finds something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := found():
            return value
        time.sleep(0.02)
    raise AssertionError("it did not come about")
