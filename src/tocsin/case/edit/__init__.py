"""Write a change back into the text of a case's files: text in, text out.

Changes are written as in a variant (`tocsin.case.change`). Only what they ask for is touched; comments,
layout, line ends and every other line stay as they were, to the last byte. What was written is read again,
and if it does not read as the case with those changes made, nothing is given.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError

from tocsin.case.change import RECORD, Refusal, Tree, name_of, put
from tocsin.case.edit.csv_text import rewrite_csv
from tocsin.case.edit.layout import after_key
from tocsin.case.edit.merge import merged
from tocsin.case.edit.patch import EditError
from tocsin.case.edit.yaml_text import rewrite_yaml, same
from tocsin.case.faults import Fault
from tocsin.case.files import home
from tocsin.case.model import Case, Variant
from tocsin.case.read import read_from
from tocsin.case.read.csv_file import COLUMNS, read_csv
from tocsin.case.read.yaml_file import read_yaml
from tocsin.case.variant import tree_of, validated

__all__ = ["EditError", "Edited", "edit_case", "merged", "save_variant"]

_BYTE_ORDER_MARK = "\ufeff"
_VARIANTS = "variants.yaml"
_HEAD_OF_VARIANTS = "# The case as others would have written it, over the same record.\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """What an edit makes of a case's files.

    Parameters
    ----------
    texts : the files that changed or are new, by name; the others stay as they are
    case : as the texts then read; None if that has faults
    faults : faults and warnings that reading it gives, in reading order
    """

    texts: Mapping[str, str]
    case: Case | None
    faults: tuple[Fault, ...]


def edit_case(texts: Mapping[str, str], changes: Mapping[str, Any]) -> Edited:
    """The files of a case with changes written into them.

    Parameters
    ----------
    texts : text by the name of the file, as read from the case's folder; a byte order mark is kept
    changes : as in a variant's ``change``; nothing as the value takes away

    Raises
    ------
    EditError if a change cannot be made, or not without touching more than it asks for

    Examples
    --------
    >>> from importlib import resources
    >>> folder = resources.files("tocsin.case") / "starter"
    >>> names = ["case.yaml", "indicators.yaml", "sources.yaml", "reports.csv", "levers.yaml"]
    >>> texts = {name: (folder / name).read_text(encoding="utf-8") for name in names}
    >>> edited = edit_case(texts, {"reports.r003.grade": 6, "reasons.valleys-claimed.weight": "strong"})
    >>> sorted(edited.texts), edited.case.reports[2].grade
    (['case.yaml', 'reports.csv'], 6)
    """
    files = _Files(texts)
    tree = files.tree()
    for change in changes:
        _write_out(tree, files.case, change)
    expected = _expected(files.case, changes)
    for change, value in changes.items():
        _made(put(tree, change, value))
    edited = files.written(tree)
    if edited.case is not None and (expected is None or not _alike(edited.case, expected)):
        raise _reads_otherwise()
    return edited


def save_variant(texts: Mapping[str, str], variant: Mapping[str, Any], *, replace: bool = False) -> Edited:
    """The files of a case with one more variant in them.

    Parameters
    ----------
    texts : as for `edit_case`
    variant : its fields, as variants.yaml writes them
    replace : whether it may take the place of one of the same id

    Raises
    ------
    EditError if there is one of that id and it may not be replaced, or a change in it cannot be made

    Examples
    --------
    >>> from importlib import resources
    >>> folder = resources.files("tocsin.case") / "starter"
    >>> names = ["case.yaml", "indicators.yaml", "sources.yaml", "reports.csv", "levers.yaml"]
    >>> texts = {name: (folder / name).read_text(encoding="utf-8") for name in names}
    >>> change = {"actors.sudria.deception": "high"}
    >>> edited = save_variant(texts, {"id": "sly", "name": "A slyer Sudria", "change": change})
    >>> print(edited.texts["variants.yaml"])
    # The case as others would have written it, over the same record.
    variants:
      - id: sly
        name: A slyer Sudria
        change:
          actors.sudria.deception: high
    <BLANKLINE>
    """
    files = _Files(texts)
    tree = files.tree()
    fresh = {
        name: copy.deepcopy(value) for name, value in variant.items() if value not in (None, "", [], {}, ())
    }
    variants = tree.setdefault("variants", [])
    at = next((k for k, one in enumerate(variants) if one["id"] == fresh.get("id")), None)
    if at is None:
        variants.append(fresh)
    elif replace:
        variants[at] = fresh
    else:
        raise EditError(
            found=f"the variant {fresh['id']!r}, which the case has already",
            expected="an id of its own",
            mend="choose another, or say that it is to be replaced",
            where=_VARIANTS,
        )
    edited = files.written(tree)
    if edited.case is not None:
        # Everything but the variants is as it was, and the one saved is the one that was given.
        others = {name: getattr(edited.case, name) for name in Case.model_fields if name != "variants"}
        saved = next((v for v in edited.case.variants if v.id == fresh["id"]), None)
        if others != {name: getattr(files.case, name) for name in others} or saved is None:
            raise _reads_otherwise()
        if not same(saved.change, fresh.get("change", {})):
            raise _reads_otherwise()
    return edited


class _Files:
    """The texts of a case that has no fault, and the tree that each of them writes."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.marked = {name for name, text in texts.items() if text.startswith(_BYTE_ORDER_MARK)}
        self.texts = {name: text.removeprefix(_BYTE_ORDER_MARK) for name, text in texts.items()}
        case, faults = read_from(self.texts)
        if case is None:
            first = next(fault for fault in faults if fault.severity == "fault")
            raise EditError(
                found=f"a case with faults: {first.found}",
                expected="a case without",
                mend=first.mend,
                where=f"{first.place}  {first.where}".strip(),
            )
        self.case = case
        self.trees: dict[str, Tree] = {}
        for name, text in self.texts.items():
            document = (read_csv if name.endswith(".csv") else read_yaml)(name, text)[0]
            assert document is not None, name
            self.trees[name] = document.tree

    def tree(self) -> Tree:
        """What the files write, as one tree that may be changed."""
        return copy.deepcopy({key: value for tree in self.trees.values() for key, value in tree.items()})

    def written(self, tree: Tree) -> Edited:
        """The files made to write another tree, and how they then read."""
        parts: dict[str, Tree] = {name: {} for name in self.trees}
        homes = {key: name for name, tree in self.trees.items() for key in tree}
        for key, value in tree.items():
            parts.setdefault(homes.get(key, home(key)), {})[key] = value
        texts = {}
        for name, part in parts.items():
            text = self.texts.get(name)
            if text is None:
                texts[name] = _new_file(name, part)
            elif not same(part, self.trees[name]):
                texts[name] = (rewrite_csv if name.endswith(".csv") else rewrite_yaml)(name, text, part)
        case, faults = read_from({**self.texts, **texts})
        marked = {
            name: _BYTE_ORDER_MARK + text if name in self.marked else text for name, text in texts.items()
        }
        return Edited(texts=marked, case=case, faults=faults)


def _new_file(name: str, tree: Tree) -> str:
    if name.endswith(".csv"):
        used = [column for column in COLUMNS if any(column in report for report in tree["reports"])]
        return rewrite_csv(name, ",".join(used) + "\n", tree)
    head = _HEAD_OF_VARIANTS if name == _VARIANTS else ""
    return head + "".join(f"{key}:{after_key(value, 0, key=key)}\n" for key, value in tree.items())


def _made(refusal: Refusal | None) -> None:
    if refusal is not None:
        raise EditError(
            found=refusal.found, expected=refusal.expected, mend=refusal.mend, where=refusal.change
        )


def _write_out(tree: Tree, case: Case, change: str) -> None:
    """Write out what a change lies within and the case leaves to its default, so that the rest of it stays.

    Whoever changes one rung of the usual ladder then has the whole ladder written into the case.
    """
    node: Any = tree
    value: Any = case
    kind = ""
    for step in change.split(".")[:-1]:
        if isinstance(node, dict):
            value = _part(value, step)
            if value is None:
                return
            if node.get(step) is None:
                node[step] = TypeAdapter(Any).dump_python(
                    value, mode="json", by_alias=True, exclude_defaults=True
                )
            node, kind = node[step], step
        elif isinstance(node, list):
            names = [name_of(kind, item) for item in node]
            at = names.index(step) if step in names else int(step) if step.isdecimal() else -1
            if not 0 <= at < len(node):
                return
            node, value = node[at], value[at]
        else:
            return


def _part(value: Any, step: str) -> Any:
    """A field of a model by the name that a file gives it, or an entry of a mapping."""
    if isinstance(value, dict):
        return value.get(step)
    fields = getattr(type(value), "model_fields", {})
    name = next((name for name, field in fields.items() if (field.alias or name) == step), None)
    return getattr(value, name) if name is not None else None


def _expected(case: Case, changes: Mapping[str, Any]) -> Case | None:
    """The case with the changes made; None if it is then no case, which reading it tells with its line."""
    tree, refusals = tree_of(case, Variant(id="edit", name="edit", change=dict(changes)))
    _made(next(iter(refusals), None))
    try:
        return validated(tree)
    except ValidationError:
        return None


def _alike(one: Case, other: Case) -> bool:
    """Whether two cases are one but for the record, which no change may touch."""
    return all(getattr(one, name) == getattr(other, name) for name in Case.model_fields if name not in RECORD)


def _reads_otherwise() -> EditError:
    return EditError(
        found="files that would not read as the case with these changes",
        expected="exactly these changes and nothing else",
        mend="make the change in an editor",
    )
