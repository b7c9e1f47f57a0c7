"""A folder of files that one run writes: all of them or none, and never over what is not ours."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Collection
from pathlib import Path

import click


def must_be_ours(folder: Path, ours: Collection[str]) -> None:
    """Refuse a folder that holds anything that an earlier run did not write: it is about to be replaced."""
    if not folder.exists():
        return
    strange = sorted({entry.name for entry in folder.iterdir()} - set(ours))
    if strange:
        raise click.UsageError(f"{folder} holds other things, such as {strange[0]}; name a new folder")


def write_folder(folder: Path, ours: Collection[str], fill: Callable[[Path], None]) -> None:
    """Write every file of an answer, all of them or none; an earlier answer there is replaced in one step.

    Parameters
    ----------
    folder : where to
    ours : names of the files that `fill` may write; a folder that holds others is refused
    fill : writes the files into the folder it is given
    """
    must_be_ours(folder, ours)
    folder = folder.absolute()
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise click.UsageError(f"{folder} cannot be written: {error.strerror}") from None
    try:
        new, old = beside / "new", beside / "old"
        new.mkdir()
        fill(new)
        if folder.exists():
            folder.rename(old)
        try:
            new.rename(folder)
        except BaseException:
            if old.exists():
                old.rename(folder)
            raise
    except OSError as error:
        raise click.UsageError(f"{folder} cannot be written: {error.strerror or error}") from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
