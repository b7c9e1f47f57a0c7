import { describe, expect, it } from "vitest";
import { read, visible } from "$lib/visible";

describe("texts of a case", () => {
  it("lose what a page would obey or what reverses a line", () => {
    expect(visible("a\u001b[31m b\u202e c\u0000\ud800")).toBe("a[31m b c");
  });
  it("keep letters of every script, and markup as letters", () => {
    const text = "<b>Łódź – 東京 – عربي</b>";
    expect(visible(text)).toBe(text);
  });
  it("stay on one line", () => expect(visible("a\nb\u2028c")).toBe("a b c"));
  it("are made so wherever they stand in an answer", () => {
    expect(read<unknown>('{"a": ["x\\u202ey", 1, null], "b": {"c": "\\u0007"}}')).toEqual({
      a: ["xy", 1, null],
      b: { c: "" },
    });
  });
});
