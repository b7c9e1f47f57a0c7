"""Write the server's OpenAPI document to ``ui/openapi.json``, from which the pages take their types.

    uv run scripts/openapi.py

A test compares the file with the server.
"""

from __future__ import annotations

import json
from pathlib import Path

from tocsin.web import create_app
from tocsin.web.workspace import Workspace

PLACE = Path(__file__).resolve().parents[1] / "ui" / "openapi.json"


def text() -> str:
    """The document as it should be in the file."""
    return (
        json.dumps(create_app(Workspace(())).openapi(), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    )


if __name__ == "__main__":
    PLACE.write_text(text(), encoding="utf-8", newline="\n")
