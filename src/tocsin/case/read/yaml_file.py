"""YAML text to a plain tree with positions, by PyYAML's C parser and rules of our own.

Only the plain part of YAML is read: mappings with text keys, lists, scalars. Aliases, merge keys,
tags, several documents and keys written twice are refused; depth and size are bounded while parsing,
since the parser itself recurses.
"""

from __future__ import annotations

from typing import Any

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined]

from tocsin.case.faults import Fault, Path, dotted, shown
from tocsin.case.read.document import Place, Tree
from tocsin.case.read.scalars import NotANumberError, core_scalar

DEEPEST = 32
MOST_NODES = 2_000_000
_UNTAGGED = "?"


class _TooLarge(Exception):
    def __init__(self, found: str, expected: str) -> None:
        self.found, self.expected = found, expected


class _Parser(CParser):
    """PyYAML's C parser and composer, with resolution left to `core_scalar` and bounds as it goes."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.depth = 0
        self.nodes = 0

    def resolve(self, kind: type, value: Any, implicit: Any) -> str:  # noqa: ARG002 - the parser calls it
        return _UNTAGGED

    def descend_resolver(self, parent: Any, index: Any) -> None:  # noqa: ARG002 - the parser calls it
        self.depth += 1
        self.nodes += 1
        if self.depth > DEEPEST:
            raise _TooLarge(f"more than {DEEPEST} levels of nesting", f"at most {DEEPEST} levels")
        if self.nodes > MOST_NODES:
            raise _TooLarge(f"more than {MOST_NODES} values", f"at most {MOST_NODES} values")

    def ascend_resolver(self) -> None:
        self.depth -= 1


class YamlFile:
    """A YAML file that was read: its tree, and its nodes for whoever asks where something stands."""

    def __init__(self, file: str, text: str, root: yaml.MappingNode) -> None:
        self.file = file
        self._text = text
        self.root = root
        self._seen: set[int] = set()
        self.faults: list[Fault] = []
        self.tree: dict[str, Tree] = self._mapping(root, ())

    def locate(self, path: Path, *, key: bool = False) -> Place:
        """(line, column), from 1, of the deepest part of `path` that is there."""
        _, value_node, key_node = self._find(path)
        return _place(key_node if key and key_node is not None else value_node)

    def raw(self, path: Path) -> str | None:
        """The scalar at `path` as it was written."""
        found, node, _ = self._find(path)
        return str(node.value) if found and isinstance(node, yaml.ScalarNode) else None

    def _find(self, path: Path) -> tuple[bool, yaml.Node, yaml.Node | None]:
        node: yaml.Node = self.root
        key_node: yaml.Node | None = None
        for step in path:
            if isinstance(node, yaml.MappingNode):
                pair = next((p for p in node.value if p[0].value == step), None)
                if pair is None:
                    return False, node, key_node
                key_node, node = pair
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
                key_node, node = None, node.value[step]
            else:
                return False, node, key_node
        return True, node, key_node

    def _value(self, node: yaml.Node, path: Path) -> Tree:
        if id(node) in self._seen:
            self._alias(path)
            return None
        self._seen.add(id(node))
        if node.tag != _UNTAGGED:
            self._fault(node, path, f"the tag {_tag(node)}", "a value without a tag", "leave the tag out")
            return None
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(item, (*path, position)) for position, item in enumerate(node.value)]
        if getattr(node, "style", None):  # quoted, or a block of text
            return node.value
        try:
            return core_scalar(node.value)
        except NotANumberError:
            self._fault(
                node,
                path,
                shown(node.value)[1:-1],
                "a finite number of at most 18 digits",
                "write a usable number, or quote it if it is text",
            )
            return None

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Tree]:
        tree: dict[str, Tree] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode) or id(key_node) in self._seen:
                self._fault(
                    key_node,
                    path,
                    "a key that is not plain text",
                    "a key of plain text",
                    "write a name before the colon",
                )
                continue
            self._seen.add(id(key_node))
            key = str(key_node.value)
            inner = (*path, key)
            if key == "<<" and not key_node.style:
                self._fault(
                    key_node, inner, "a merge key", "every key written out", "write the merged keys out"
                )
            elif key in tree:
                first = self.locate(inner, key=True)[0]
                self._fault(
                    key_node,
                    inner,
                    f"the key {shown(key)} a second time",
                    f"it once (see line {first})",
                    "keep one of the two",
                )
            else:
                tree[key] = self._value(value_node, inner)
        return tree

    def _alias(self, path: Path) -> None:
        # A node does not know who points to it, so the text is scanned again, up to the first alias.
        events = yaml.parse(self._text, Loader=yaml.CBaseLoader)
        event = next(e for e in events if isinstance(e, yaml.AliasEvent))
        self._fault(
            event,
            path,
            f"the alias *{shown(event.anchor)[1:-1]}",
            "every value written out",
            "write the value again in place of the alias",
        )

    def _fault(self, node: yaml.Node | yaml.Event, path: Path, found: str, expected: str, mend: str) -> None:
        line, column = _place(node)
        self.faults.append(
            Fault(
                file=self.file,
                line=line,
                column=column,
                where=dotted(path),
                found=found,
                expected=expected,
                mend=mend,
            )
        )


def read_yaml(file: str, text: str) -> tuple[YamlFile | None, list[Fault]]:
    """Read a file whose top level is a mapping.

    Examples
    --------
    >>> document, faults = read_yaml("case.yaml", "title: NO\\nstart: 1982\\n")
    >>> document.tree, document.locate(("start",))
    ({'title': 'NO', 'start': 1982}, (2, 8))
    """
    parser = _Parser(text)
    try:
        root = parser.get_single_node()
    except _TooLarge as error:
        return None, [_at(file, None, error.found, error.expected, "flatten or split what is written here")]
    except yaml.YAMLError as error:
        return None, [_syntax(file, text, error)]
    finally:
        parser.dispose()
    if root is None:
        return None, [_at(file, None, "only comments", "keys and values", "fill it or delete it")]
    if not isinstance(root, yaml.MappingNode):
        kind = "a list" if isinstance(root, yaml.SequenceNode) else "a single value"
        return None, [
            _at(
                file,
                root.start_mark,
                f"{kind} at the top",
                "keys and values",
                "start with a key, such as `title:`"
                if file == "case.yaml"
                else f"start with `{file.partition('.')[0]}:`",
            )
        ]
    if root.tag != _UNTAGGED:
        return None, [
            _at(
                file,
                root.start_mark,
                f"the tag {_tag(root)}",
                "a value without a tag",
                "leave the tag out",
            )
        ]
    document = YamlFile(file, text, root)
    return document, document.faults


def _tag(node: yaml.Node) -> str:
    return shown(node.tag.replace("tag:yaml.org,2002:", "!!"))


def _place(node: yaml.Node | yaml.Event) -> Place:
    mark: Any = node.start_mark
    return mark.line + 1, mark.column + 1


def _at(file: str, mark: Any, found: str, expected: str, mend: str) -> Fault:
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (None, None)
    return Fault(file=file, line=line, column=column, where="", found=found, expected=expected, mend=mend)


# The C parser's own phrases: (phrase, found, expected, mend).
_SYNTAX = (
    (
        "mapping values are not allowed",
        "a colon inside an unquoted value",
        "one `key: value` a line",
        "put the value in quotes, or mend the indentation",
    ),
    ("undefined alias", "an alias", "every value written out", "write the value in place of the alias"),
    ("duplicate anchor", "an anchor", "every value written out", "leave the anchor out"),
    ("but found another document", "a second document", "one document a file", "remove the line `---`"),
    ("expected ',' or", "a bracket that is not closed", "a closing bracket", "close the bracket"),
    (
        "did not find expected key",
        "a line that does not fit its surroundings",
        "a key as far in as its neighbours",
        "mend the indentation",
    ),
    (
        "did not find expected '-' indicator",
        "a line that does not fit the list above it",
        "an item starting with `-`",
        "mend the indentation",
    ),
    (
        "could not find expected ':'",
        "a line without a colon",
        "`key: value`",
        "write a colon and a space after the key",
    ),
    ("control characters", "a control character", "text", "remove the control character"),
)


def _syntax(file: str, text: str, error: yaml.YAMLError) -> Fault:
    problem = str(getattr(error, "problem", "") or error)
    context = str(getattr(error, "context", "") or "")
    start = getattr(error, "context_mark", None)
    mark = getattr(error, "problem_mark", None) or start
    lines = text.splitlines()
    character = ""
    if mark is not None and mark.line < len(lines):
        character = lines[mark.line][mark.column : mark.column + 1]
    if "tab character" in problem or ("cannot start any token" in problem and character == "\t"):
        return _at(file, mark, "a tab", "spaces for indentation", "replace the tab with spaces")
    if "cannot start any token" in problem:
        return _at(file, mark, shown(character), "a value", "put the value in quotes")
    if "quoted scalar" in context:
        return _at(file, start, "a quote that is not closed", "a closing quote", "close the quote")
    for phrase, found, expected, mend in _SYNTAX:
        if phrase in problem:
            return _at(file, mark, found, expected, mend)
    return _at(
        file, mark, f"something that is not YAML ({problem})", "YAML", "mend the line, or the one above it"
    )
