"""The repository as the house tests see it: its files, its modules and what each imports."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "tocsin"


def modules(*layers: str) -> list[Path]:
    """Every module of the package, or of the given layers, in a fixed order."""
    folders = [PACKAGE / layer for layer in layers] or [PACKAGE]
    return sorted(path for folder in folders for path in folder.rglob("*.py"))


def short(path: Path) -> str:
    """The path as a person would write it."""
    return path.relative_to(ROOT).as_posix()


def dotted(path: Path) -> str:
    """The module's name as it is imported."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=short(path))


def imports(path: Path) -> Iterator[tuple[int, str, str | None]]:
    """Line, module and name of each import in a module, wherever in it the import stands.

    The name is None for `import a.b`; relative imports are made absolute.
    """
    package = dotted(path).split(".")
    if path.name != "__init__.py":
        package = package[:-1]
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name, None
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*above, *([node.module] if node.module else [])])
            for alias in node.names:
                yield node.lineno, module, alias.name


def files() -> list[Path]:
    """Every text file that is or would be committed."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    paths = (ROOT / name for name in sorted(set(listing.split("\0"))) if name)
    return [path for path in paths if path.is_file() and b"\0" not in path.read_bytes()]
