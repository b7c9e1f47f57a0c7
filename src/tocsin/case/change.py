"""One change in a case as plain values: a path through it, and what to write there.

A change is written ``kind.id.field: value``. The path leads through the case as its files write it: a list
of things is entered by the name of one of them, any other list by a number from 0, a mapping by its key.
A front, threat or tie is named ``a -> b``; where two ties of a pair differ in kind, or two threats in whom
they protect, ``a -> b (training)`` says which, and ``a -> b (training, 1992-12-01)`` which of two spells of
one kind. A value takes the place of what was there, whole; nothing (``null``) takes it away; a mapping at the
name of a thing that the case has not adds it.
"""

from __future__ import annotations

import copy
import difflib
from dataclasses import dataclass
from typing import Any

from tocsin.case.faults import Path, shown
from tocsin.case.model import Case, partial_date

# What names a thing where that is not its id, and what tells two of one name apart.
_NAMED_BY = {
    "fronts": ("from", "to"),
    "ties": ("from", "to"),
    "threats": ("by", "against"),
    "outcomes": ("question",),
    "watches": ("indicator",),
}
_TOLD_APART_BY = {"ties": "kind", "threats": "protects", "watches": "since"}
# Another view differs in what it holds, not in what happened.
RECORD = ("tocsin", "outcomes", "truth", "variants")

Tree = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A change that cannot be made, in the words of a fault."""

    change: str  # as the variant writes it
    found: str
    expected: str
    mend: str


def places(tree: Tree, change: str) -> tuple[Path, ...]:
    """The paths in a changed case of what a change wrote; the nearest that is left if it took it away."""
    found: list[tuple[Path, Any]] = [((), tree)]
    for step in change.split("."):
        further = [((*path, key), node[key]) for path, node in found for key in _keys(path, node, step)]
        if not further:
            break
        found = further
    return tuple(path for path, _ in found)


def name_of(kind: str, item: Any) -> str | None:
    """What a variant calls an item of the list `kind`: its id, ``a -> b``, or None if it has no name.

    Examples
    --------
    >>> name_of("fronts", {"from": "sudria", "to": "norland"})
    'sudria -> norland'
    """
    fields = _NAMED_BY.get(kind, ("id",))
    if not isinstance(item, dict) or not all(isinstance(item.get(field), str) for field in fields):
        return None
    return " -> ".join(item[field] for field in fields)


def _told_apart(kind: str, item: Any) -> str:
    """A name with what tells it apart from others of the same name."""
    field = _TOLD_APART_BY.get(kind)
    other = item.get(field) if field is not None else None
    if other is None and kind == "threats":
        other = item["by"]  # a threat protects the threatener itself, unless it says whom
    return f"{name_of(kind, item)} ({other})" if field is not None else str(name_of(kind, item))


def _by_spell(kind: str, item: Any) -> str | None:
    """What a tie is called that is one of several of its kind: with the first day of its spell."""
    if kind != "ties" or not isinstance(item, dict):
        return None
    try:
        since = partial_date(item.get("since"))
    except ValueError:
        return None
    return f"{name_of(kind, item)} ({item.get('kind')}, {since})"


def _keys(path: Path, node: Any, step: str) -> list[Any]:
    """Where a step of a change leads from `node`: keys of a mapping, or positions in a list."""
    if isinstance(node, dict):
        return [step] if step in node else []
    if not isinstance(node, list):
        return []
    kind = str(path[-1])
    named = [k for k, item in enumerate(node) if name_of(kind, item) is not None]
    if named:
        return [
            k
            for k in named
            if step in (name_of(kind, node[k]), _told_apart(kind, node[k]), _by_spell(kind, node[k]))
        ]
    return [int(step)] if step.isdecimal() and int(step) < len(node) else []


def put(tree: Tree, change: str, value: Any) -> Refusal | None:
    """Make one change in the tree, or say why not."""
    kind = change.split(".")[0]
    if kind not in Case.model_fields:
        near = difflib.get_close_matches(kind, Case.model_fields, n=1)
        return Refusal(
            change=change,
            found=f"{shown(kind)}, which a case has not",
            expected="kind.id.field, e.g. actors.russia.dispositions",
            mend=f"did you mean {near[0]}?" if near else "name a part of the case",
        )
    if kind in RECORD:
        return Refusal(
            change=change,
            found=f"a change of {kind}",
            expected="a change of what is held, not of what happened",
            mend="remove it: views differ over the same record",
        )
    *way, last = change.split(".")
    path: Path = ()
    nodes: list[Any] = [tree]
    for step in way:
        further = []
        for node in nodes:
            if isinstance(node, dict) and node.get(step) is None:
                # A part left out so far: its form is checked with the whole.
                node[step] = {}
            further += [node[key] for key in _keys(path, node, step)]
        refusal = _ambiguous(change, path, step, further) or (
            None if further else _nowhere(change, path, step, nodes)
        )
        if refusal is not None:
            return refusal
        path, nodes = (*path, step), further
    for node in nodes:
        refusal = _write(node, change, path, last, value)
        if refusal is not None:
            return refusal
    return None


def _write(node: Any, change: str, path: Path, last: str, value: Any) -> Refusal | None:
    """Put a value under the last step of a change, or take away what is there if it is None."""
    if isinstance(node, dict):
        if value is None:
            node.pop(last, None)
        else:
            node[last] = copy.deepcopy(value)
        return None
    if not isinstance(node, list):
        return _nowhere(change, path, last, [node])
    keys = _keys(path, node, last)
    if value is None and keys:
        for key in reversed(keys):
            del node[key]
        return None
    refusal = _ambiguous(change, path, last, [node[key] for key in keys])
    if refusal is not None:
        return refusal
    item = _with_name(str(path[-1]), last, value) if path else None
    if item is None or value is None:
        return _nowhere(change, path, last, [node])
    if len(keys) > 1:
        return Refusal(
            change=change,
            found=f"{len(keys)} of that name, one after the other",
            expected="one thing to replace",
            mend="change a field of them, or take them away with nothing as the value",
        )
    if keys:
        node[keys[0]] = item
    else:
        node.append(item)
    return None


def _with_name(kind: str, step: str, value: Any) -> Any:
    """A thing with the name under which it is written; None if it is none, or names itself otherwise."""
    if not isinstance(value, dict):
        return None
    name, _, other = step.partition(" (")
    fields = _NAMED_BY.get(kind, ("id",))
    parts = name.split(" -> ")
    if len(parts) != len(fields):
        return None
    item = {**dict(zip(fields, parts, strict=True)), **copy.deepcopy(value)}
    if other and kind in _TOLD_APART_BY:
        item.setdefault(_TOLD_APART_BY[kind], other.rstrip(")"))
    return item if step in (name_of(kind, item), _told_apart(kind, item)) else None


def _ambiguous(change: str, path: Path, step: str, items: list[Any]) -> Refusal | None:
    kind = str(path[-1]) if path else ""
    apart = dict.fromkeys(_told_apart(kind, item) for item in items) if kind in _TOLD_APART_BY else {}
    if len(apart) < 2:
        return None
    return Refusal(
        change=change,
        found=f"{shown(step)}, of which the case has {len(apart)}",
        expected=f"one of {', '.join(apart)}",
        mend="write which of them is meant",
    )


def _nowhere(change: str, path: Path, step: str, nodes: list[Any]) -> Refusal:
    where = ".".join(map(str, path))
    node = nodes[0]
    if not isinstance(node, list):
        return Refusal(
            change=change,
            found=f"{shown(step)} within {where}, which is {shown(node)}",
            expected="a path to something that the case writes",
            mend=f"change {where} as a whole",
        )
    kind = str(path[-1])
    known = list(dict.fromkeys(name for item in node if (name := name_of(kind, item)) is not None))
    near = difflib.get_close_matches(step, known, n=1, cutoff=0.85 if " -> " in step else 0.6)
    has = ", ".join(known[:8]) + (f" and {len(known) - 8} more" if len(known) > 8 else "")
    if not known and node:
        has = f"the numbers from 0 to {len(node) - 1}"
    is_last = change.endswith(f".{step}") and not path[1:]
    advice = "name one of those, or give a mapping to add it" if is_last else "name one of those"
    return Refusal(
        change=change,
        found=f"{shown(step)}, which is not among the case's {where}",
        expected=f"one of {has}" if has else f"something that the case has; its {where} are empty",
        mend=f"did you mean {near[0]}?" if near else advice,
    )
