import { render, screen } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import Allocation from "$answers/collect/Allocation.svelte";
import Blind from "$answers/collect/Blind.svelte";
import Collect from "$answers/collect/Collect.svelte";
import Neglect from "$answers/collect/Neglect.svelte";
import {
  blind,
  byIndicator,
  byLuck,
  byQuestion,
  byThreat,
  lost,
  middle,
  millibits,
  moves,
  rate,
  told,
} from "$answers/collect/warning";
import type { Collection, Part } from "$lib/answers";
import { percent } from "$lib/format";
import sample from "./samples/collect.json";

const answer = sample as unknown as Collection;
const [front] = answer.ahead as [Part<"FrontWarning">];

describe("what is shown of warning", () => {
  it("puts the likeliest attack first and leaves out fronts without a curve", () => {
    const none = { ...front, front: "a -> b", auc: null, why_none: "nobody looks" };
    const likely = { ...front, front: "c -> d", attack: { probability: 0.99, mc_error: 0.01 } };
    expect(byThreat([front, none, likely]).map((one) => one.front)).toEqual(["c -> d", front.front]);
  });

  it("calls a front blind that nobody tells of, or of which guessing tells as much", () => {
    const sure = { ...front, front: "sure", auc: { value: 0.8, mc_error: 0.01 } };
    const vague = { ...front, front: "vague", auc: { value: 0.53, mc_error: 0.02 } };
    const none = { ...front, front: "none", auc: null, why_none: "nobody looks" };
    const found = blind([sure, vague, none]);
    expect(found.map((one) => one.front.front)).toEqual(["vague", "none"]);
    expect(found.map((one) => one.why)).toEqual([
      "what is seen does no better than guessing: AUC 0.53 ±0.02",
      "nobody looks",
    ]);
  });

  it("takes the middle alarm, names its rate, and counts what it tells of with its error", () => {
    const alarm = middle(front.alarms)!;
    expect(rate(alarm)).toBe("5 %");
    const { probability, mc_error } = alarm.never;
    expect(told(alarm)).toBe(percent({ probability: 1 - probability!, mc_error }));
    expect(byLuck(answer)).toBeCloseTo((0.05 * 8) / 13, 9);
  });

  it("keeps losses that matter beyond two errors", () => {
    const loss = answer.neglect[0]!.fronts[0]!;
    const changed = (auc: number, error: number, warned: number): Part<"FrontLoss"> => ({
      ...loss,
      auc_change: { value: auc, mc_error: error },
      warned_change: { value: warned, mc_error: error },
    });
    const kept = (one: Part<"FrontLoss">) => lost({ ...answer.neglect[0]!, fronts: [one] }).length;
    expect(
      [changed(-0.05, 0.01, 0), changed(-0.05, 0.04, 0), changed(0.001, 0.0001, 0.05)].map(kept),
    ).toEqual([1, 0, 1]);
  });

  it("parts the shares that the optimum moves from those that stay", () => {
    const look = (actor: string, share: number) => ({ collector: "eye", actor, quality: 0.5, share });
    const { moved, stay } = moves({
      ...answer.allocation!,
      now: [look("a", 0.5), look("b", 0.3), look("c", 0.2)],
      optimum: [look("a", 0.52), look("b", 0.28), look("c", 0.2)].map((one, k) =>
        k === 1 ? { ...one, share: 0 } : one,
      ),
    });
    expect(moved.map(([now]) => now.actor)).toEqual(["b", "a"]);
    expect(stay.map(([now]) => now.actor)).toEqual(["c"]);
  });

  it("finds the best look of each question and of each indicator", () => {
    const questions = byQuestion(answer.worth);
    for (const { told } of questions)
      for (const one of answer.worth)
        for (const other of one.questions)
          if (other.question === told.question)
            expect(other.bits.value!).toBeLessThanOrEqual(told.bits.value!);
    const bits = byIndicator(answer.worth).map((one) => one.told.bits.value!);
    expect(bits).toEqual([...bits].sort((a, b) => b - a));
    expect(millibits({ value: 0.00123, mc_error: 0.0002 })).toBe("1.23 ±0.20");
  });
});

describe("the report", () => {
  it("shows every part, with errors and without holes", () => {
    const { container } = render(Collect, { answer });
    for (const title of ["Would we be warned?", "Where we would not be", "The allocation that holds"])
      expect(screen.getByRole("heading", { name: title })).toBeTruthy();
    expect(screen.getAllByText(percent(front.attack)).length).toBeGreaterThan(0);
    expect(container.textContent).not.toMatch(/\bnull\b|NaN|undefined/);
  });

  it("says why there is no allocation, and that there are no collectors", () => {
    const none = {
      ...answer,
      none: "the case names no collectors",
      allocation: null,
      worth: [],
      neglect: [],
    };
    const { container } = render(Collect, { answer: none });
    expect(container.textContent).toContain("The case names no collectors. What follows");
    expect(container.textContent).toContain("Without collectors there is none to be had.");
  });

  it("says plainly when the optimum's gain cannot be told from nothing", () => {
    const vague = { ...answer.allocation!, value_error: { value: 0.02, mc_error: 0.02 } };
    const { container } = render(Allocation, { answer: { ...answer, allocation: vague } });
    expect(container.textContent).toContain("cannot be told from nothing");
  });

  it("says that nothing is blind or lost where that is so", () => {
    const seen = { ...front, auc: { value: 0.9, mc_error: 0.01 } };
    render(Blind, { answer: { ...answer, ahead: [seen] } });
    render(Neglect, { answer: { ...answer, neglect: [{ ...answer.neglect[0]!, fronts: [] }] } });
    expect(screen.getByText(/Of every front a warning/)).toBeTruthy();
    expect(screen.getByText("No front is told of measurably worse or better.")).toBeTruthy();
  });

  it("keeps markup in names as text", () => {
    const named = { ...front, front: "<img src=x onerror=alert(1)> -> b" };
    const { container } = render(Collect, { answer: { ...answer, ahead: [named] } });
    expect(container.querySelector("img")).toBeNull();
    expect(container.textContent).toContain("<img src=x onerror=alert(1)> -> b");
  });
});
