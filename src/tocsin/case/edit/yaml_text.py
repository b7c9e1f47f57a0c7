"""A YAML text made to say another tree, by changing no more of it than that takes.

Old and new tree are walked together over the parsed text. Where they agree, nothing is touched; a scalar that
differs is replaced where it stands; a key or item is added after its neighbours, in their style, and one
taken away goes with its own lines. Comments and layout of everything else stay, to the last byte.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator
from typing import Any

import yaml

from tocsin.case.change import name_of
from tocsin.case.edit.layout import after_dash, after_key, inline, key_text
from tocsin.case.edit.patch import (
    EditError,
    Patch,
    before_line,
    end_of_line,
    line_end_of,
    patched,
    start_of_line,
)
from tocsin.case.faults import Path, dotted
from tocsin.case.read.yaml_file import read_yaml

Tree = Any
_UP_TO_COMMA = re.compile(r"(?:\s|#[^\n\r]*)*,")


def rewrite_yaml(file: str, text: str, tree: dict[str, Tree]) -> str:
    """The text with what differs from `tree` changed.

    Parameters
    ----------
    file : its name, for the words of a refusal
    text : YAML that `tocsin.case.read` reads without a fault
    tree : what the text shall say; top-level keys may be new

    Raises
    ------
    EditError if the text is written in a way that cannot be changed without touching more than asked for

    Examples
    --------
    >>> rewrite_yaml("case.yaml", "title: Old  # for now\\nend:   2030\\n", {"title": "New", "end": 2030})
    'title: New  # for now\\nend:   2030\\n'
    """
    document, faults = read_yaml(file, text)
    if document is None or faults:
        raise EditError(found="a file with faults", expected="one without", mend="mend it first", where=file)
    writer = _Writer(file, text, document.root)
    writer.value(document.root, document.tree, tree, (), None)
    written = patched(text, writer.patches)
    again, faults = read_yaml(file, written)
    if again is None or faults or not same(again.tree, tree):
        raise EditError(
            found="a layout that cannot be changed safely",
            expected="plain keys, values and lists",
            mend="make this change in an editor",
            where=file,
        )
    return written


def same(one: Tree, other: Tree) -> bool:
    """Whether two trees say the same; 1 and 1.0 do, 1 and true do not.

    Examples
    --------
    >>> same({"a": 1}, {"a": 1.0}), same(1, True), same("1", 1)
    (True, False, False)
    """
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def aligned(kind: str, old: list[Tree], new: list[Tree]) -> Iterator[tuple[int | None, int | None]]:
    """Which item of a list became which, in order: (old, None) is gone and (None, new) was added.

    Parameters
    ----------
    kind : the list's key, which says what names its items
    """
    first = next((k for k, pair in enumerate(zip(old, new, strict=False)) if not same(*pair)), None)
    first = min(len(old), len(new)) if first is None else first
    least = min(len(old), len(new)) - first
    behind = next((k for k in range(least) if not same(old[-1 - k], new[-1 - k])), least)
    yield from ((k, k) for k in range(first))
    before, after = old[first : len(old) - behind], new[first : len(new) - behind]
    names = [
        [name_of(kind, item) or json.dumps(item, sort_keys=True) for item in side] for side in (before, after)
    ]
    for _, i, i_end, j, j_end in difflib.SequenceMatcher(
        None, names[0], names[1], autojunk=False
    ).get_opcodes():
        if not all(map(_akin, before[i:i_end], after[j:j_end])):
            yield from ((first + k, None) for k in range(i, i_end))
            yield from ((None, first + k) for k in range(j, j_end))
            continue
        for k in range(max(i_end - i, j_end - j)):
            yield (
                first + i + k if i + k < i_end else None,
                first + j + k if j + k < j_end else None,
            )
    yield from ((len(old) - behind + k, len(new) - behind + k) for k in range(behind))


def _flowing(node: yaml.Node, inside: bool) -> Iterator[yaml.Node]:
    """Every node that stands between brackets."""
    if inside:
        yield node
    if isinstance(node, yaml.CollectionNode):
        for part in node.value:
            for inner in part if isinstance(part, tuple) else (part,):
                yield from _flowing(inner, inside or bool(node.flow_style))


def _quote(node: yaml.Node, new: Tree) -> str:
    """The quote of text that would not have needed one: whoever wrote it so wants it so."""
    if not isinstance(node, yaml.ScalarNode) or node.style not in ("'", '"') or not isinstance(new, str):
        return ""
    return str(node.style) if inline(str(node.value), in_flow=True) == node.value else ""


def _akin(one: Tree, other: Tree) -> bool:
    """Whether one item may have become the other: a thing of another name must share most of its fields."""
    if not isinstance(one, dict) or not isinstance(other, dict) or "id" not in one:
        return True
    alike = sum(name in other and same(one[name], other[name]) for name in one)
    return 2 * alike >= max(len(one), len(other))


class _Writer:
    """Collects the patches that a text needs."""

    def __init__(self, file: str, text: str, root: yaml.Node) -> None:
        self.file = file
        self.text = text
        self.newline = line_end_of(text)
        self.patches: list[Patch] = []
        self._between_brackets = {id(node) for node in _flowing(root, False)}

    def value(self, node: yaml.Node, old: Tree, new: Tree, path: Path, key: yaml.Node | None) -> None:
        """Make one value say something else; `key` is its key if it stands in a mapping."""
        if same(old, new):
            return
        if self.text[node.start_mark.index : node.start_mark.index + 1] == "&":
            raise self._refusal(path, "an anchor", "a value without one", "leave the anchor out")
        if isinstance(node, yaml.MappingNode) and isinstance(new, dict) and (new or node.flow_style):
            self._mapping(node, old, new, path, key)
        elif isinstance(node, yaml.SequenceNode) and isinstance(new, list) and (old or node.flow_style):
            self._list(node, old, new, path, key)
        else:
            self._replace(node, new, key)

    # -- scalars, and whatever changes its kind

    def _replace(self, node: yaml.Node, new: Tree, key: yaml.Node | None) -> None:
        start, end = node.start_mark.index, self._end(node)
        quote = _quote(node, new)
        if id(node) in self._between_brackets:
            self._in_place(node, key, inline(new, in_flow=True, quote=quote))
            return
        if key is None:
            written = after_dash(new, self._column(self._dash(node)))
        else:
            written = after_key(new, self._column(key.start_mark.index), key=str(key.value), quote=quote)
        is_block = isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")
        in_lines = is_block or (isinstance(node, yaml.CollectionNode) and not node.flow_style)
        head, _, below = written.partition("\n")
        below = "\n" + below if below else ""
        if not in_lines and not below:
            self._in_place(node, key, head.removeprefix(" "))
        elif key is None:
            # What is said beside the old value stays on its line.
            line = end_of_line(self.text, end)
            beside = "" if in_lines else self.text[end:line]
            self._put(start, end if in_lines else line, head.removeprefix(" ") + beside + below)
        elif is_block:
            colon = self._colon(key, node)
            sign = self.text[colon : end_of_line(self.text, colon)]
            comment = re.match(r"[^#]*?(\s+#.*)", sign)
            self._put(colon, end, head + (comment[1] if comment is not None else "") + below)
        else:
            colon = self._colon(key, node)
            line = end_of_line(self.text, colon)
            if start > line:
                self._put(colon, colon, head)
                self._put(line, end, below)
            else:
                line = end_of_line(self.text, end)
                self._put(colon, line, head + self.text[end:line] + below)

    def _in_place(self, node: yaml.Node, key: yaml.Node | None, written: str) -> None:
        start, end = node.start_mark.index, self._end(node)
        if start < end:
            self._put(start, end, written)
        elif key is not None:
            self._put(key.end_mark.index, max(end, key.end_mark.index), ": " + written)
        else:
            self._put(start, end, " " + written if self.text[start - 1 : start] == "-" else written)

    # -- mappings

    def _mapping(
        self,
        node: yaml.MappingNode,
        old: dict[str, Tree],
        new: dict[str, Tree],
        path: Path,
        key: yaml.Node | None,
    ) -> None:
        pairs = [(k, v) for k, v in node.value]
        kept = [k.value in new for k, _ in pairs]
        added = {name: value for name, value in new.items() if name not in old}
        if node.flow_style:
            for (k, v), keep in zip(pairs, kept, strict=True):
                if keep:
                    self.value(v, old[k.value], new[k.value], (*path, k.value), k)
            spans = [(k.start_mark.index, max(self._end(v), k.end_mark.index)) for k, v in pairs]
            texts = [
                f"{key_text(name, in_flow=True)}: {inline(v, in_flow=True)}" for name, v in added.items()
            ]
            self._flow(node, spans, kept, {len(pairs): texts} if texts else {})
            return
        if not any(kept):
            self._replace(node, new, key)
            return
        lead = 0
        head = pairs[0][0].start_mark.index
        if not kept[0] and self.text[start_of_line(self.text, head) : head].strip():
            # The first key shares its line with a dash: the next key moves up to it.
            lead = kept.index(True)
            self._put(head, pairs[lead][0].start_mark.index, "")
        for position, ((k, v), keep) in enumerate(zip(pairs, kept, strict=True)):
            if keep:
                self.value(v, old[k.value], new[k.value], (*path, k.value), k)
            elif position >= lead:
                self._take_lines(k.start_mark.index, max(self._end(v), k.end_mark.index))
        column = self._column(head)
        last = max(self._end(pairs[-1][1]), pairs[-1][0].end_mark.index)
        for name, value in added.items():
            line = f"{key_text(name)}:{after_key(value, column, key=name)}"
            self._add_lines(last, f"\n{' ' * column}{line}")

    # -- lists

    def _list(
        self, node: yaml.SequenceNode, old: list[Tree], new: list[Tree], path: Path, key: yaml.Node | None
    ) -> None:
        kind = str(path[-1]) if path else ""
        kept = [False] * len(old)
        added: dict[int, list[Tree]] = {}
        at = 0
        for i, j in aligned(kind, old, new):
            if i is not None and j is not None:
                kept[i] = True
                self.value(node.value[i], old[i], new[j], (*path, i), None)
            elif j is not None:
                added.setdefault(at, []).append(new[j])
            at = at if i is None else i + 1
        if node.flow_style and (old or id(node) in self._between_brackets or key is None):
            spans = [(item.start_mark.index, self._end(item)) for item in node.value]
            self._flow(
                node, spans, kept, {k: [inline(v, in_flow=True) for v in vs] for k, vs in added.items()}
            )
        elif not old and key is not None:
            self._open(node, key, new)
        else:
            self._block_list(node, kept, added, key)

    def _open(self, node: yaml.SequenceNode, key: yaml.Node, new: list[Tree]) -> None:
        """Items into a list that was written empty, between brackets."""
        column = self._column(key.start_mark.index)
        colon, end = self._colon(key, node), node.end_mark.index
        self._put(colon, end, "")
        lines = "".join(f"\n{' ' * (column + 2)}-{after_dash(item, column + 2)}" for item in new)
        self._add_lines(end, lines)

    def _block_list(
        self, node: yaml.SequenceNode, kept: list[bool], added: dict[int, list[Tree]], key: yaml.Node | None
    ) -> None:
        dashes = [self._dash(item) for item in node.value]
        ends = [self._end(item) for item in node.value]
        column = self._column(dashes[0])
        apart = len(dashes) > 1 and self._is_blank_before(dashes[-1])
        in_lines = self._style_of(node)
        if not any(kept) and not added:
            if key is None:
                raise self._refusal(
                    (), "a list that would be left empty", "an item", "make this change in an editor"
                )
            colon = self._colon(key, node)
            self._put(colon, colon, " []")
        for position, keep in enumerate(kept):
            if not keep:
                self._take_lines(dashes[position], ends[position], item=True)
        for position, items in added.items():
            at = ends[position - 1] if position else before_line(self.text, dashes[0])
            for item in items:
                line = f"-{after_dash(item, column, in_lines=in_lines)}"
                self._add_lines(at, ("\n" if apart else "") + f"\n{' ' * column}{line}")

    def _style_of(self, node: yaml.SequenceNode) -> bool | None:
        """Whether the mappings of a list go one key a line; None if they do not agree."""
        styles = {item.flow_style for item in node.value if isinstance(item, yaml.MappingNode)}
        return not styles.pop() if len(styles) == 1 else None

    # -- between brackets

    def _flow(
        self,
        node: yaml.CollectionNode,
        spans: list[tuple[int, int]],
        kept: list[bool],
        added: dict[int, list[str]],
    ) -> None:
        """Take parts out of brackets, and put others in after the part of that number."""
        inside = node.start_mark.index + 1
        if not any(kept):
            written = ", ".join(text for position in sorted(added) for text in added[position])
            if spans:
                self._put(spans[0][0], spans[-1][1], written)
                behind = _UP_TO_COMMA.match(self.text, spans[-1][1])
                if behind is not None and not written:
                    self._put(behind.end() - 1, behind.end(), "")
            else:
                self._put(inside, inside, written)
            return
        position = 0
        while position < len(spans):
            if kept[position]:
                position += 1
                continue
            run = position
            while position < len(spans) and not kept[position]:
                position += 1
            if position < len(spans):
                self._put(spans[run][0], spans[position][0], "")
            else:
                self._put(spans[run - 1][1], spans[-1][1], "")
        for after, texts in added.items():
            written = ", ".join(texts)
            if after:
                self._put(spans[after - 1][1], spans[after - 1][1], ", " + written)
            else:
                self._put(spans[0][0], spans[0][0], written + ", ")

    # -- places in the text

    def _put(self, start: int, end: int, text: str) -> None:
        self.patches.append(Patch(start=start, end=end, text=text.replace("\n", self.newline)))

    def _add_lines(self, after: int, lines: str) -> None:
        """Lines below the one on which `after` stands."""
        at = end_of_line(self.text, after)
        self._put(at, at, lines)

    def _take_lines(self, start: int, end: int, *, item: bool = False) -> None:
        """Take away the lines from `start` to `end`, and a blank one above them if they are a list's item."""
        text = self.text
        first, last = before_line(text, start), end_of_line(text, end)
        if text[start_of_line(text, start) : start].strip():
            raise self._refusal((), "several on one line", "one a line", "make this change in an editor")
        if start_of_line(text, start) == 0:
            end_mark = re.compile("\r\n|[\n\r\x85\u2028\u2029]|$").match(text, last)
            self._put(0, end_mark.end() if end_mark is not None else last, "")
            return
        while item and first and not text[start_of_line(text, first) : first].strip():
            first = before_line(text, first)
        self._put(first, last, "")

    def _is_blank_before(self, at: int) -> bool:
        above = before_line(self.text, at)
        return above > 0 and not self.text[start_of_line(self.text, above) : above].strip()

    def _column(self, at: int) -> int:
        return at - start_of_line(self.text, at)

    def _colon(self, key: yaml.Node, node: yaml.Node) -> int:
        """Where a key's value may begin: after its colon."""
        at = self.text.find(":", key.end_mark.index, max(node.start_mark.index, key.end_mark.index + 1))
        if at < 0:
            raise self._refusal((str(key.value),), "a key without a colon", "`key: value`", "write the colon")
        return at + 1

    def _dash(self, item: yaml.Node) -> int:
        at = len(self.text[: item.start_mark.index].rstrip())
        # A value that was left out stands right behind its dash.
        if not at or self.text[at - 1] != "-":
            raise self._refusal((), "an item away from its dash", "`- item`", "make this change in an editor")
        return at - 1

    def _end(self, node: yaml.Node) -> int:
        """Where the last thing that a node says ends, comments and blank lines after it left out."""
        if isinstance(node, yaml.ScalarNode):
            end: int = node.end_mark.index
            if node.style not in ("|", ">"):
                return end
            start = node.start_mark.index
            keeps = "+" in self.text[start : end_of_line(self.text, start)].split("#")[0]
            return before_line(self.text, end) if keeps else start + len(self.text[start:end].rstrip())
        assert isinstance(node, yaml.CollectionNode), node
        if node.flow_style:
            return int(node.end_mark.index)
        last = node.value[-1]
        if isinstance(node, yaml.MappingNode):
            return max(self._end(last[1]), int(last[0].end_mark.index))
        return self._end(last)

    def _refusal(self, path: Path, found: str, expected: str, mend: str) -> EditError:
        return EditError(
            found=found, expected=expected, mend=mend, where=f"{self.file} {dotted(path)}".strip()
        )
