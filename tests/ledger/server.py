"""A real PostgreSQL for the ledger's tests: one that is given, or one of its own where there are programs."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

GIVEN = "TOCSIN_TEST_POSTGRESQL"
START_SECONDS = 60.0


def programs() -> Path | None:
    """The folder that holds `initdb` and `postgres`: on the path, or where Debian puts them."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for place in [*debian, Path(shutil.which("postgres") or "")]:
        # The server's own folder is wanted, and Debian leaves it off the path.
        folder = place if place.is_dir() else place.resolve().parent
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    return None


def unprivileged() -> str | None:
    """Whom to run the server as, which refuses root; None if we are nobody special."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


class Server:
    """A server in a folder of its own that listens on a socket there, and nowhere else."""

    def __init__(self, folder: Path, bin_folder: Path) -> None:
        self.folder, self.bin, self.user = folder, bin_folder, unprivileged()
        self._process: subprocess.Popen[bytes] | None = None
        if self.user is not None:
            shutil.chown(folder, self.user)
        # Not synchronised: the folder is empty and nothing in it confirmed yet.
        self._run(
            "initdb", "-D", "data", "-U", "tocsin", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C"
        )

    @property
    def url(self) -> str:
        return f"postgresql://tocsin@/postgres?host={self.folder}"

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self.bin / program, *arguments],
            cwd=self.folder,
            user=self.user,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode(errors="replace")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        import psycopg

        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self.bin / "postgres", "-D", "data", "-k", self.folder, "-c", "listen_addresses="],
                cwd=self.folder,
                user=self.user,
                stdout=log,
                stderr=log,
            )
        ends = time.monotonic() + START_SECONDS
        while True:
            try:
                psycopg.connect(self.url, connect_timeout=5).close()
            except psycopg.OperationalError:
                told = (self.folder / "log").read_text(errors="replace")
                assert self._process.poll() is None, told
                assert time.monotonic() < ends, told
                time.sleep(0.05)
            else:
                return

    def crash(self) -> None:
        """Stop it as a power cut would: at once, no checkpoint, so that a start must recover."""
        if self._process is not None:
            # What PostgreSQL calls an immediate shutdown: every process of the server ends at once.
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(START_SECONDS)
            self._process = None


@contextmanager
def own_server() -> Iterator[Server | None]:
    """A started server in a temporary folder; None where its programs are not installed."""
    bin_folder = programs()
    if bin_folder is None:
        yield None
        return
    # A socket's path may have about a hundred characters, so not below pytest's own folders.
    folder = Path(tempfile.mkdtemp(prefix="tocsin-pg-"))
    try:
        server = Server(folder, bin_folder)
        try:
            server.start()
            yield server
        finally:
            server.crash()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
