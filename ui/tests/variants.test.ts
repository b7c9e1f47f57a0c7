import { render, screen, waitFor, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { SvelteMap } from "svelte/reactivity";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Estimate } from "$lib/answers";
import Compare from "../src/app/variants/Compare.svelte";
import Diff from "../src/app/variants/Diff.svelte";
import Save from "../src/app/variants/Save.svelte";
import {
  apart,
  idOf,
  keyOf,
  linesOf,
  rowsOf,
  shownValue,
  tally,
  type VariantView,
  type View,
} from "../src/app/variants/views";
import assess from "./samples/assess.json";

const worried: VariantView = {
  id: "worried",
  name: "Worried",
  text: "",
  differences: [{ path: "reasons.valleys.weight", before: "considerable", after: "strong" }],
  without: [],
  only: null,
};
const written: View = { id: "", name: "as written", changed: false };
const other: View = { id: "worried", name: "Worried", changed: false };
const mine: View = { id: "worried", name: "Worried, as changed", changed: true };
const DIFF = [
  "--- case.yaml",
  "+++ case.yaml",
  "@@ -1,2 +1,2 @@",
  " title: x",
  "-    weight: weak",
  "+    weight: strong",
];

describe("views side by side", () => {
  it("lists what each holds otherwise, with what was changed on top", () => {
    const rows = rowsOf(
      [written, other, mine],
      [worried],
      { "pace.revision": 2, "reasons.valleys.weight": 3 },
      ["r1"],
    );
    expect(rows.map((row) => row.path)).toEqual(["reasons.valleys.weight", "pace.revision", "reports.r1"]);
    const held = (k: number, view: View) => rows[k]?.held.get(keyOf(view));
    expect([held(0, written), held(0, other), held(0, mine)]).toEqual([undefined, "strong", 3]);
    expect([held(1, other), held(1, mine)]).toEqual([undefined, 2]);
    expect(held(2, mine)).toBeNull();
    expect(rows[0]?.written).toBe("considerable");
  });

  it("writes values as a case does", () => {
    expect(shownValue({ median: 1.2, words: ["a", null], basis: null })).toBe(
      "{median: 1.2, words: [a, nothing]}",
    );
    expect(shownValue(undefined)).toBe("nothing");
  });

  it("takes the errors of both answers together", () => {
    const { value, mc_error } = apart(
      { probability: 0.5, mc_error: 0.03 },
      { probability: 0.3, mc_error: 0.04 },
    );
    expect(value).toBeCloseTo(0.2);
    expect(mc_error).toBeCloseTo(0.05);
    expect(apart({ probability: null, mc_error: 0 }, { probability: 0.3, mc_error: 0.04 }).value).toBeNull();
  });

  it("shows every answer with its error, and how far it lies from the first", () => {
    const estimate = assess as unknown as Estimate;
    const moved = {
      ...estimate,
      questions: estimate.questions.map((one, k) =>
        k ? one : { ...one, chance: { probability: 0.75, mc_error: 0.01 } },
      ),
    };
    render(Compare, {
      views: [written, other],
      questions: estimate.questions,
      answers: new SvelteMap([
        [keyOf(written), estimate],
        [keyOf(other), moved],
      ]),
      rows: rowsOf([written, other], [worried], {}, []),
    });
    const [answers, differences] = screen.getAllByRole("table");
    expect(within(answers!).getByText(/75 % ±1/)).toBeTruthy();
    expect(within(differences!).getByText("strong")).toBeTruthy();
    expect(within(differences!).getByText("considerable")).toBeTruthy();
    expect(document.body.textContent).not.toMatch(/null|NaN|undefined/);
  });
});

describe("a difference", () => {
  it("is told line by line", () => {
    expect(linesOf(DIFF).map((line) => line.kind)).toEqual(["file", "file", "place", "same", "old", "new"]);
    // Only the first two lines name files: text that begins with dashes is text.
    expect(linesOf([...DIFF, "--- a: b"]).at(-1)?.kind).toBe("old");
    expect(tally(DIFF)).toBe("1 added, 1 taken away");
  });

  it("keeps markup as text", () => {
    render(Diff, { name: "case.yaml", diff: [...DIFF, "+<img src=x onerror=alert(1)>"], fresh: false });
    expect(screen.getByText("+<img src=x onerror=alert(1)>")).toBeTruthy();
    expect(document.querySelector("img")).toBeNull();
  });
});

describe("an id", () => {
  it.each([
    ["A desk, worried", "a-desk-worried"],
    ["2 Élan vital!", "elan-vital"],
    ["…", ""],
    ["x".repeat(80), "x".repeat(64)],
  ])("of %j is %j", (name, id) => expect(idOf(name)).toBe(id));
});

describe("keeping changes", () => {
  const preview = {
    files: [{ name: "variants.yaml", diff: DIFF, before: "a".repeat(64) }],
    sound: true,
    faults: [],
  };
  type Sent = { path: string; body: Record<string, unknown> };
  function serve(...replies: [number, unknown][]): Sent[] {
    const sent: Sent[] = [];
    vi.stubGlobal("fetch", (path: string, init: { body: string }) => {
      sent.push({ path, body: JSON.parse(init.body) as Record<string, unknown> });
      const [status, value] = replies[sent.length - 1] ?? [500, {}];
      return Promise.resolve(new Response(JSON.stringify(value), { status }));
    });
    return sent;
  }
  afterEach(() => vi.unstubAllGlobals());
  const open = (more = {}) => {
    const onwritten = vi.fn();
    render(Save, {
      case_: "border",
      base: null,
      changes: { "pace.revision": 2 },
      without: ["r1"],
      taken: ["worried"],
      onwritten,
      ...more,
    });
    return onwritten;
  };
  const button = (name: RegExp) => screen.getByRole("button", { name });

  it("writes a view only after it was shown and agreed to, with the digests that were shown", async () => {
    const sent = serve([200, preview], [200, { files: ["variants.yaml"], digest: "b".repeat(64) }]);
    const onwritten = open();
    expect((button(/Show what/) as HTMLButtonElement).disabled).toBe(true);
    await userEvent.type(screen.getByLabelText(/Whose view/), "My own view");
    expect((screen.getByLabelText(/Its id/) as HTMLInputElement).value).toBe("my-own-view");
    await userEvent.click(button(/Show what/));
    await screen.findByText("+ weight: strong");
    expect(sent).toHaveLength(1);
    expect(sent[0]).toEqual({
      path: "/api/cases/border/edits",
      body: {
        as: "variant",
        id: "my-own-view",
        name: "My own view",
        text: "",
        replace: false,
        changes: { "pace.revision": 2 },
        without: ["r1"],
      },
    });
    await userEvent.click(button(/Write this file/));
    await waitFor(() => expect(onwritten).toHaveBeenCalledWith("my-own-view", ["variants.yaml"]));
    expect(sent[1]?.path).toBe("/api/cases/border/edits/write");
    expect(sent[1]?.body.before).toEqual({ "variants.yaml": "a".repeat(64) });
  });

  it("looks again where something was changed since", async () => {
    serve([200, preview]);
    open();
    await userEvent.type(screen.getByLabelText(/Whose view/), "Mine");
    await userEvent.click(button(/Show what/));
    await screen.findByRole("button", { name: /Write this file/ });
    await userEvent.type(screen.getByLabelText(/What it holds/), "More.");
    expect(screen.queryByRole("button", { name: /Write this file/ })).toBeNull();
    expect(screen.getByText(/look again/)).toBeTruthy();
  });

  it("says of a file that changed meanwhile that nothing was written, and shows it anew", async () => {
    const error = { found: "another case.yaml", expected: "the same file", mend: "look", where: "case.yaml" };
    serve([200, preview], [409, { error }], [200, preview]);
    const onwritten = open();
    await userEvent.click(screen.getByLabelText(/in the case itself/));
    await userEvent.click(button(/Show what/));
    await userEvent.click(await screen.findByRole("button", { name: /Write this file/ }));
    expect((await screen.findByRole("alert")).textContent).toMatch(/nothing was written/);
    expect(onwritten).not.toHaveBeenCalled();
    await userEvent.click(button(/Look again/));
    expect(await screen.findByRole("button", { name: /Write this file/ })).toBeTruthy();
  });

  it("replaces a view of the same id only where that is said", async () => {
    const sent = serve([200, preview]);
    open();
    await userEvent.type(screen.getByLabelText(/Whose view/), "Worried");
    expect((button(/Show what/) as HTMLButtonElement).disabled).toBe(true);
    await userEvent.click(screen.getByLabelText(/replace it/));
    await userEvent.click(button(/Show what/));
    await waitFor(() => expect(sent[0]?.body.replace).toBe(true));
  });

  it("does not offer to write what would have faults", async () => {
    const fault = {
      file: "case.yaml",
      line: 7,
      column: 3,
      where: "pace.revision",
      found: "2000",
      expected: "a number",
      mend: "write one",
      severity: "fault",
    };
    serve([200, { ...preview, sound: false, faults: [fault] }]);
    open();
    await userEvent.click(screen.getByLabelText(/in the case itself/));
    await userEvent.click(button(/Show what/));
    expect(await screen.findByText(/case.yaml:7:3/)).toBeTruthy();
    expect(screen.queryByRole("button", { name: /Write/ })).toBeNull();
  });

  it("tells why something cannot be written", async () => {
    const error = { found: "a case with faults", expected: "one without", mend: "mend it" };
    serve([422, { error }]);
    open();
    await userEvent.click(screen.getByLabelText(/in the case itself/));
    await userEvent.click(button(/Show what/));
    expect((await screen.findByRole("alert")).textContent).toMatch(/a case with faults/);
  });
});
