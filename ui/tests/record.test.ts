import { render, screen, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import TrackRecord from "$answers/record/TrackRecord.svelte";
import { interval, outside, scored, skillWords, standing } from "$answers/record/words";
import type { Estimate } from "$lib/answers";
import assess from "./samples/assess.json";

const { record, hindsight } = assess as unknown as Estimate;
const nothing = {
  ...record!,
  questions: { resolved: 0, open: 0, decided_early: 0, overdue: 0, void: 0 },
  forecasts: 0,
  unscored: 0,
  brier: null,
  log: null,
  brier_skill: null,
  log_skill: null,
  parts: null,
  curve: [],
};

describe("a record in words", () => {
  it("writes a score with its interval, or why there is none", () => {
    expect(interval({ value: 0.12, low: 0.08, high: 0.171, n: 30, blocks: 12 })).toBe(
      "0.120 (0.080 to 0.171)",
    );
    expect(interval({ value: 0.25, low: 0.1, high: 0.4, n: 9, blocks: 3 }, 2, true)).toBe(
      "+0.25 (+0.10 to +0.40)",
    );
    expect(interval({ value: 0.25, low: null, high: null, n: 1, blocks: 1 })).toContain("too few questions");
    expect(interval(null)).toBe("cannot be told");
  });

  it("claims skill only where the interval leaves no doubt", () => {
    const skill = (low: number, high: number) => skillWords({ value: 0.1, low, high, n: 30, blocks: 12 });
    expect([skill(0.01, 0.3), skill(-0.1, 0.4), skill(-0.5, -0.1)]).toEqual([
      "better than the base rate",
      "no difference can be told",
      "worse than the base rate",
    ]);
  });

  it("says what is scored and what is not", () => {
    expect(scored(record!)).toBe("120 forecasts of 60 questions are scored, up to 2030-04-15.");
    expect(scored(nothing)).toBe("The ledger holds no forecast yet.");
    expect(scored({ ...nothing, questions: record!.questions })).toContain("Nothing is scored yet");
    expect(standing(record!.questions)).toBe(
      "60 resolved, 7 open, 2 decided before their close, 1 overdue, 3 voided",
    );
  });

  it("counts bins outside their bar", () => {
    const bin = { low: 0, high: 0.2, n: 5, forecast: 0.1, bar_low: 0, bar_high: 0.3 };
    expect(
      outside([
        { ...bin, observed: 0.4 },
        { ...bin, observed: 0.2 },
      ]),
    ).toBe(1);
  });
});

describe("the record beside an assessment", () => {
  it("shows scores, parts and the curve's numbers", () => {
    render(TrackRecord, { record, hindsight: null });
    expect(screen.getByText("0.116 (0.083 to 0.151)")).toBeTruthy();
    expect(screen.getAllByText("better than the base rate")).toHaveLength(2);
    expect(screen.getByText("0.2222")).toBeTruthy();
    const curve = screen.getByRole("table", { name: /the curve in figures/i, hidden: true });
    expect(within(curve).getAllByRole("row", { hidden: true })).toHaveLength(record!.curve.length + 1);
    expect(document.body.textContent).not.toMatch(/null|NaN|undefined/);
  });

  it("keeps what was said in hindsight apart, folded", () => {
    const { container } = render(TrackRecord, { record, hindsight });
    const folded = screen.getByText(/^In hindsight: 24 forecasts/).closest("details");
    expect(folded?.open).toBe(false);
    expect(container.querySelectorAll("[role=img]")).toHaveLength(2);
  });

  it("says that an impossible forecast makes the log score infinite", () => {
    render(TrackRecord, { record: { ...record!, impossible: 1, log: null, log_skill: null } });
    expect(screen.getByText("infinite: 1 forecast gave no chance to what came")).toBeTruthy();
  });

  it("draws nothing where nothing is scored", () => {
    const { container } = render(TrackRecord, { record: nothing });
    expect(container.querySelector("[role=img]")).toBeNull();
    expect(container.textContent).toContain("The ledger holds no forecast yet.");
  });
});
