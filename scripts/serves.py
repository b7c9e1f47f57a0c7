"""Prove that an installed tocsin serves its pages and answers, with nothing else on the path.

    python scripts/serves.py ENVIRONMENT

Writes the starter case into a scratch folder, serves it, opens every file of the pages, asks for an answer
and its report, and ends the server as Ctrl-C does.
"""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.request import Request, build_opener

OPENER = build_opener()  # of this machine alone: no proxy is asked


def get(url: str, body: object = None) -> bytes:
    """What an address gives; with a body it is posted as JSON."""
    data = None if body is None else json.dumps(body).encode()
    with OPENER.open(Request(url, data, {"Content-Type": "application/json"}), timeout=60) as response:
        found: bytes = response.read()
    return found


def check(place: str) -> None:
    """Open the pages and have an answer."""
    page = get(f"{place}/").decode()
    files = re.findall(r'(?:src|href)="\./(assets/[^"]+)"', page)
    assert files, "the page names none of its files"
    for file in files:
        assert get(f"{place}/{file}"), file
    case = json.loads(get(f"{place}/api/cases"))["cases"][0]["id"]
    job = json.loads(get(f"{place}/api/cases/{case}/jobs", {"ask": "assess", "particles": 1000}))
    end = time.monotonic() + 300
    while job["state"] in ("waiting", "running"):
        assert time.monotonic() < end, "no answer within five minutes"
        time.sleep(0.5)
        job = json.loads(get(f"{place}/api/jobs/{job['id']}"))
    assert job["state"] == "done", job
    report = get(f"{place}/api/jobs/{job['id']}/report").decode()
    assert "tocsin-data" in report
    sys.stdout.write(
        f"served: {len(files)} files of the pages, an answer, and a report of {len(report):,} letters\n"
    )


def main() -> None:
    """Serve from the environment that was named."""
    program = Path(sys.argv[1]).resolve() / "bin" / "tocsin"
    with tempfile.TemporaryDirectory() as folder:
        alone = os.environ | {"PATH": folder, "PYTHONUNBUFFERED": "1"}
        subprocess.run([program, "new", "case"], cwd=folder, env=alone, check=True, stdout=subprocess.DEVNULL)
        command = [str(program), "serve", "case", "--no-browser", "--port", "0"]
        with subprocess.Popen(
            command, cwd=folder, env=alone, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as server:
            assert server.stdout is not None
            said = ""
            try:
                for line in server.stdout:
                    said += line
                    if found := re.search(r"http://127\.0\.0\.1:\d+", line):
                        check(found[0])
                        break
                else:
                    sys.exit(f"no address was printed:\n{said}")
            finally:
                server.send_signal(signal.SIGINT)
            if server.wait(60) != 0:
                sys.exit(f"it ended with {server.returncode}")


if __name__ == "__main__":
    main()
