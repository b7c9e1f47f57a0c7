import { render, screen, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { isOf, shiftsOf, toggled } from "../src/app/evidence/shifts";
import Shifts from "../src/app/evidence/Shifts.svelte";
import Evidence from "$answers/assess/Evidence.svelte";
import { found, groupsOf, ordered, rowsOf, scaleOf, sharers } from "$answers/assess/evidence";
import Matrix from "$answers/assess/Matrix.svelte";
import type { Estimate, Part } from "$lib/answers";
import { about, isUncertain, percent, plus, signed } from "$lib/format";
import sample from "./samples/assess.json";

const answer = sample as unknown as Estimate;
const rows = rowsOf(answer);
const region = () => within(screen.getByRole("region", { name: "Evidence against hypotheses" }));
const ids = () =>
  region()
    .getAllByRole("rowheader")
    .map((cell) => cell.querySelector("strong")!.textContent);

describe("the matrix as values", () => {
  it("stands questions first, then what each actor is", () => {
    const [questions, actor] = groupsOf(answer);
    expect(questions!.hypotheses.map((one) => one.name).slice(0, 2)).toEqual(["Q1", "Q2"]);
    expect(actor!.hypotheses.map((one) => one.name)).toEqual([
      ...answer.actors[0]!.dispositions.map(([name]) => name),
      "deceives",
    ]);
    const known = new Set(groupsOf(answer).flatMap((one) => one.hypotheses.map((each) => each.id)));
    for (const piece of answer.evidence)
      for (const weight of piece.weights) expect(known.has(weight.hypothesis)).toBe(true);
  });

  it("joins reports of one origin under the one that counts, and marks what is at odds", () => {
    const stood = answer.evidence.filter((piece) => piece.stood_for_by !== null);
    expect(stood.length).toBeGreaterThan(0);
    expect(rows).toHaveLength(answer.evidence.length - stood.length);
    const row = rows.find((one) => one.piece.id === stood[0]!.stood_for_by)!;
    expect(row.standsFor.map((piece) => piece.id)).toContain(stood[0]!.id);
    const [conflict] = answer.conflicts;
    expect(rows.find((one) => one.piece.id === conflict!.reports[0])!.conflicts).toContain(conflict!.text);
    const shared = answer.evidence.find((piece) => piece.origin !== null)!;
    expect(sharers(answer, shared).every((piece) => piece.origin === shared.origin)).toBe(true);
    expect(sharers(answer, { ...shared, origin: null })).toEqual([]);
  });

  it("is searched by every word, in what a report stands for too", () => {
    expect(found(rows, "").length).toBe(rows.length);
    const one = rows[3]!.piece;
    expect(found(rows, `${one.id.toUpperCase()} ${one.source}`).map((row) => row.piece.id)).toContain(one.id);
    expect(found(rows, `${one.id} nowhere-at-all`)).toEqual([]);
    const stood = answer.evidence.find((piece) => piece.stood_for_by !== null)!;
    expect(found(rows, stood.id).map((row) => row.piece.id)).toEqual([stood.stood_for_by]);
  });

  it("is sorted by any column, what has no number last", () => {
    const id = answer.questions[1]!.id;
    const values = (down: boolean) =>
      ordered(rows, { by: { hypothesis: id }, down })
        .map((row) => row.weights.get(id)?.decibans.value)
        .filter((value) => value !== undefined);
    expect(values(true)).toEqual([...values(true)].sort((a, b) => b! - a!));
    expect(values(false)).toEqual([...values(true)].reverse());
    const days = ordered(rows, { by: "known", down: true }).map((row) => row.piece.known);
    expect(days.slice(0, 2).every((day) => day !== null)).toBe(true);
    expect(days.at(-1)).toBeNull();
    expect(ordered(rows, { by: "known", down: false }).at(-1)!.piece.known).toBeNull();
    expect(scaleOf(rows)).toBeLessThanOrEqual(10);
    expect(scaleOf([])).toBe(1);
  });
});

describe("the matrix", () => {
  it("shows numbers with errors and signs, and brackets what may be nothing", () => {
    render(Matrix, { answer });
    const piece = rows[0]!.piece;
    const line = region()
      .getAllByRole("row")
      .find((one) => one.querySelector("strong")?.textContent === piece.id)!;
    const cells = [...line.querySelectorAll("td.cell")];
    answer.questions.forEach((question, k) => {
      const { decibans } = piece.weights.find((weight) => weight.hypothesis === question.id)!;
      const value = isUncertain(decibans) ? `(${plus(decibans.value!)})` : plus(decibans.value!);
      expect(cells[k]!.textContent).toBe(`${value}±${decibans.mc_error!.toFixed(1)}`);
    });
  });

  it("folds what says less until it is asked for, and sorts by keyboard", async () => {
    render(Matrix, { answer });
    expect(ids()).toHaveLength(12);
    await userEvent.click(screen.getByRole("button", { name: /^Show \d+ other pieces$/ }));
    expect(ids()).toHaveLength(rows.length);
    const button = screen.getByRole("button", { name: "Q2" });
    button.focus();
    await userEvent.keyboard("{Enter}");
    expect(button.closest("th")!.getAttribute("aria-sort")).toBe("descending");
    const by = { hypothesis: answer.questions[1]!.id };
    expect(ids()).toEqual(ordered(rows, { by, down: true }).map((row) => row.piece.id));
    await userEvent.keyboard("{Enter}");
    expect(button.closest("th")!.getAttribute("aria-sort")).toBe("ascending");
  });

  it("turns to what an actor is, searches and filters", async () => {
    render(Matrix, { answer });
    const actor = answer.actors[1]!;
    await userEvent.selectOptions(screen.getByLabelText("against"), actor.id);
    for (const [name] of actor.dispositions) expect(screen.getByRole("button", { name })).toBeTruthy();
    await userEvent.type(screen.getByRole("searchbox"), "r00");
    expect(ids()).toEqual(["r00"]);
    await userEvent.clear(screen.getByRole("searchbox"));
    const source = answer.evidence.find((piece) => piece.kind === "silence")!.source;
    await userEvent.selectOptions(screen.getByLabelText("source"), source);
    expect(ids().length).toBe(Math.min(12, rows.filter((row) => row.piece.source === source).length));
  });

  it("tells the rest of a piece on demand: citation, origin, conflict, what it counts for", async () => {
    const conflicted = rows.find((row) => row.conflicts.length)!;
    const joined = rows.find((row) => row.standsFor.length)!;
    const citations = new Map([[joined.piece.id, "a paper, page 3"]]);
    render(Matrix, { answer, citations });
    await userEvent.click(screen.getByRole("button", { name: /other pieces/ }));
    expect(screen.queryByText("a paper, page 3")).toBeNull();
    const open = (id: string) =>
      userEvent.click(screen.getByText(id, { selector: "strong" }).closest("summary")!);
    await open(joined.piece.id);
    expect(screen.getByText("a paper, page 3")).toBeTruthy();
    expect(screen.getAllByText("counted in this one").length).toBe(joined.standsFor.length);
    await open(conflicted.piece.id);
    expect(screen.getByText(`at odds: ${conflicted.conflicts[0]}`)).toBeTruthy();
  });

  it("lets reports be left out by keyboard where somebody listens, and silences never", async () => {
    const ondrop = vi.fn();
    const { rerender } = render(Matrix, { answer, ondrop });
    const report = rows.find((row) => row.piece.kind === "report")!.piece;
    const box = screen.getByRole("checkbox", { name: `${report.id} counts` });
    box.focus();
    await userEvent.keyboard(" ");
    expect(ondrop).toHaveBeenCalledWith([report.id], true);
    await rerender({ answer, ondrop, dropped: [report.id] });
    expect(screen.getByText("left out")).toBeTruthy();
    expect(screen.queryByRole("checkbox", { name: /^silence/ })).toBeNull();
  });

  it("has no box to tick in a report to be read", () => {
    const { container } = render(Evidence, { answer });
    expect(screen.queryByRole("checkbox")).toBeNull();
    expect(container.textContent).not.toMatch(/null|NaN|undefined/);
  });

  it("takes markup for text", () => {
    const odd = { ...answer.evidence[0]!, text: "<b>bold</b>" };
    const { container } = render(Evidence, { answer: { ...answer, evidence: [odd] } });
    expect(container.querySelector("td b, th b")).toBeNull();
    expect(container.textContent).toContain("<b>bold</b>");
  });

  it("says so where nothing weighs", () => {
    const { container } = render(Evidence, { answer: { ...answer, evidence: [] } });
    expect(container.textContent).toContain("the answers are the case's priors");
  });
});

describe("answers without some reports", () => {
  const [question] = answer.questions;
  const quick = {
    without: ["r00"],
    questions: [
      {
        id: question!.id,
        now: { probability: 0.25, mc_error: 0.01 },
        shift: { value: 0.05, mc_error: 0.004 },
      },
    ],
  } as unknown as Part<"WhatIf">;
  const full = {
    without: ["r00"],
    chances: [[question!.id, { probability: 0.2, mc_error: 0.02 }]],
  } as unknown as Part<"InFull">;
  const none = { quick: null, full: null, changed: false };

  it("are the single one left out until the quick answer is there", () => {
    const piece = rows[0]!.piece;
    const [alone] = shiftsOf(answer, [piece.id], none);
    expect(alone!.alone).toBe(piece.weights.find((weight) => weight.hypothesis === question!.id)!.without);
    expect(shiftsOf(answer, [piece.id, rows[1]!.piece.id], none)[0]!.alone).toBeNull();
    expect(shiftsOf(answer, ["r00"], { ...none, quick })[0]).toMatchObject({
      now: { probability: 0.25 },
      shift: { value: 0.05 },
    });
  });

  it("say no shift where more than reports differs from the case as written", () => {
    expect(shiftsOf(answer, ["r00"], { ...none, quick, changed: true })[0]!.shift).toBeNull();
  });

  it("are never those without other reports", () => {
    expect(shiftsOf(answer, ["r01"], { ...none, quick, full })[0]).toMatchObject({ now: null, full: null });
    expect(isOf(quick, ["r00"])).toBe(true);
    expect(isOf(quick, [])).toBe(false);
    expect(isOf(null, [])).toBe(false);
  });

  it("toggle in order, each once", () => {
    expect(toggled(["a", "b"], ["b", "c"], true)).toEqual(["a", "b", "c"]);
    expect(toggled(["a", "b", "c"], ["b"], false)).toEqual(["a", "c"]);
  });

  it("are shown before and after with their errors, and put back at a press", async () => {
    const onback = vi.fn();
    const shifts = shiftsOf(answer, ["r00"], { ...none, quick, full });
    const { container, rerender } = render(Shifts, { shifts, dropped: ["r00"], rough: true, onback });
    expect(container.textContent).toContain(percent(question!.chance));
    expect(container.textContent).toContain("25 % ±1");
    expect(container.textContent).toContain("20 % ±2");
    expect(container.textContent).toContain(signed({ value: 0.05, mc_error: 0.004 }, 100));
    expect(container.textContent).toContain("Rough");
    await userEvent.click(screen.getByRole("button", { name: "Put it back" }));
    expect(onback).toHaveBeenCalledOnce();
    const alone = shiftsOf(answer, ["r00"], none);
    await rerender({ shifts: alone, dropped: ["r00"], rough: false, onback });
    expect(container.textContent).toContain(about(alone[0]!.alone));
    expect(container.textContent).toContain("…");
    await rerender({ shifts: alone, dropped: [], onback });
    expect(container.textContent).toContain("Nothing left out");
    expect(container.textContent).not.toMatch(/null|NaN|undefined|…/);
  });
});
