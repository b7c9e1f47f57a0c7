"""Write the sample answers that the components of the pages are tested on.

    uv run scripts/samples.py

They are the answers that the views' contract is tested on, made by hand or from a small case with a fixed
seed, so that components meet exactly what the server and the commands give them.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SAMPLES = ROOT / "ui" / "tests" / "samples"


def samples() -> dict[str, str]:
    """File name -> its text, one for each kind of answer."""
    sys.path.insert(0, str(ROOT))
    from tests.show.samples import MADE
    from tocsin.show.answers import as_data
    from tocsin.show.plain import as_text

    return {f"{name}.json": as_text(as_data(make())) for name, make in MADE.items()}


if __name__ == "__main__":
    SAMPLES.mkdir(parents=True, exist_ok=True)
    for name, text in samples().items():
        (SAMPLES / name).write_text(text, encoding="utf-8", newline="\n")
