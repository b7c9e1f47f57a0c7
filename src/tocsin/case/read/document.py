"""What reading a file gives, whatever its syntax: a plain tree, and where each part of it stands."""

from __future__ import annotations

from typing import Any, Protocol

from tocsin.case.faults import Path

# dict, list, str, int, float, bool, None: what JSON can say, and pydantic is about to prove.
Tree = Any
Place = tuple[int, int]


class Document(Protocol):
    """A file that was read. `path` starts at the case, as in ``("indicators", 3, "about")``."""

    file: str
    tree: dict[str, Tree]

    def locate(self, path: Path, *, key: bool = False) -> Place:
        """(line, column) of the deepest part of `path` that is there; of its key, not its value, if `key`."""
        ...

    def raw(self, path: Path) -> str | None:
        """The scalar at `path` as it was written, or None where there is none."""
        ...
