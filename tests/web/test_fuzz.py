"""Every address of the OpenAPI document, with whatever its schema allows and much that it does not."""

import subprocess
import sysconfig
from pathlib import Path

import pytest

from tests.web.served import app_of, case_in, listening

CONFIG = Path(__file__).with_name("schemathesis.toml")
# Streams of a case's folder never end; `test_workspace.py` listens to them.
ENDLESS = "/watch$"


@pytest.mark.slow
def test_schemathesis_finds_nothing(tmp_path):
    """Its own command, in all its phases: bounds and absences, chance with a fixed seed, calls in turn."""
    # Forsaken jobs are given up at once, so that none outlives its example for long.
    app = app_of(case_in(tmp_path), workers=1, grace_seconds=0.2)
    command = Path(sysconfig.get_path("scripts")) / "schemathesis"
    with listening(app) as place:
        told = subprocess.run(
            [
                command,
                f"--config-file={CONFIG}",
                "run",
                f"{place}/api/openapi.json",
                f"--exclude-path-regex={ENDLESS}",
                "--seed=1",
                "--max-examples=6",
                "--generation-database=none",
                "--request-timeout=30",
                "--no-color",
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
        )
    assert told.returncode == 0, told.stdout + told.stderr
    assert "Coverage" in told.stdout
    assert "Stateful" in told.stdout
