"""Write the exact version of every dependency into `constraints.txt` and `pyproject.toml`.

    uv run scripts/pin.py              settle what changed, keep every other pin
    uv run scripts/pin.py --upgrade    move every pin to the newest version that fits

Both files hold the same lines, `name==version` and nothing else: `uv` reads the list in
`pyproject.toml`, and `pip install . -c constraints.txt` reads the file. A lock file would also
carry the address each package came from, and an address is not ours to fix for other people.

One version serves every supported Python. Where a platform leaves no single one, the line keeps
its marker.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OLDEST_PYTHON = "3.11"
BEGIN = "# pins: written by scripts/pin.py"
END = "# end of pins"


def without_pins(pyproject: str) -> str:
    """The project file with an empty list of pins, so that old pins cannot hold new ones back."""
    pattern = re.compile(rf"{re.escape(BEGIN)}\n.*?{re.escape(END)}\n", re.DOTALL)
    if not pattern.search(pyproject):
        sys.exit(f"pyproject.toml has no block from {BEGIN!r} to {END!r}")
    return pattern.sub(f"{BEGIN}\n{END}\n", pyproject)


def with_pins(pyproject: str, pins: list[str]) -> str:
    """The project file with these pins between the two marking comments."""
    # In TOML a basic string is quoted with ", so the quotes of a marker stay single.
    lines = "".join(f'    "{pin}",\n' for pin in pins)
    block = f"{BEGIN}\nconstraint-dependencies = [\n{lines}]\n{END}\n"
    return without_pins(pyproject).replace(f"{BEGIN}\n{END}\n", block)


def resolve(pyproject: str, known: str, *, upgrade: bool) -> list[str]:
    """Ask `uv` for one version of each package; `known` pins are kept unless told to upgrade."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        (here / "pyproject.toml").write_text(without_pins(pyproject), encoding="utf-8")
        answer = here / "constraints.txt"
        answer.write_text("" if upgrade else known, encoding="utf-8")
        command = ["uv", "pip", "compile", "pyproject.toml", "--group", "dev", "--universal"]
        command += ["--python-version", OLDEST_PYTHON, "--fork-strategy", "fewest"]
        command += ["--no-header", "--no-annotate", "--quiet", "--output-file", "constraints.txt"]
        subprocess.run(command, cwd=here, check=True)
        lines = answer.read_text(encoding="utf-8").splitlines()
    names = [line.split("==")[0] for line in lines]
    # A marker on a package's only version says where it is needed, which its parents say already.
    return [
        line if names.count(name) > 1 else line.split(" ; ")[0]
        for name, line in zip(names, lines, strict=True)
    ]


def main() -> None:
    """Resolve, then rewrite both files."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--upgrade", action="store_true", help="move every pin to the newest that fits")
    upgrade = parser.parse_args().upgrade
    project_file, pin_file = ROOT / "pyproject.toml", ROOT / "constraints.txt"
    pyproject = project_file.read_text(encoding="utf-8")
    known = pin_file.read_text(encoding="utf-8") if pin_file.exists() else ""
    pins = resolve(pyproject, known, upgrade=upgrade)
    pin_file.write_text("".join(f"{pin}\n" for pin in pins), encoding="utf-8")
    project_file.write_text(with_pins(pyproject, pins), encoding="utf-8")
    sys.stdout.write(f"{len(pins)} pins written\n")


if __name__ == "__main__":
    main()
