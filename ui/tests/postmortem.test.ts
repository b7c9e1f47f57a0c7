import { render, screen, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import Postmortem from "$answers/postmortem/Postmortem.svelte";
import Verdict from "$answers/postmortem/Verdict.svelte";
import {
  beliefsSentence,
  days,
  fate,
  given,
  hurts,
  lossOf,
  place,
  rowsOf,
  sentence,
  telling,
} from "$answers/postmortem/words";
import type { Part, Postmortem as Answer } from "$lib/answers";
import { percent } from "$lib/format";
import sample from "./samples/postmortem.json";

const answer = sample as unknown as Answer;
const [verdict] = answer.verdicts as [Part<"Verdict">];

describe("a loss", () => {
  it("is the sum of its parts, chance last", () => {
    const rows = rowsOf(verdict);
    expect(rows.map(({ cause }) => cause)).toEqual([
      "collection",
      "source error",
      "deception",
      "mindset",
      "irreducible chance",
    ]);
    expect(rows.reduce((sum, { nats }) => sum + nats.value!, 0)).toBeCloseTo(verdict.loss.value!, 9);
  });

  it("is written as a bound where it happened on no particle", () => {
    const never = { ...verdict, bound: true, loss: { value: 10.519, mc_error: 0 } };
    expect(lossOf(never)).toBe("≥ 10.52 ±0.00");
    expect(given(never)).toBe("under 0.01 %");
    expect(given(verdict)).toBe(percent(verdict.given));
    expect(sentence(never)).toContain("it came on no particle");
  });

  it("names what carries it, and whether that is sure", () => {
    const blamed = (value: number, mc_error: number) => ({
      ...verdict,
      blamed: "collection",
      parts: verdict.parts.map((part) => ({
        ...part,
        nats: part.cause === "collection" ? { value, mc_error } : { value: 0.1, mc_error: 0.01 },
      })),
    });
    expect(sentence(blamed(0.5, 0.1))).toMatch(/The largest part falls on collection\.$/);
    expect(sentence(blamed(0.5, 0.4))).toContain("though that is within two errors");
    expect(sentence({ ...verdict, blamed: null })).toContain("There is little to explain.");
    expect([hurts(blamed(-0.5, 0.1)), hurts(blamed(-0.5, 0.4))]).toEqual([true, false]);
  });
});

describe("days, reports and beliefs", () => {
  const chance = (probability: number) => ({ probability, mc_error: 0.01 });
  const point = (day: string, hand: number, best: number) => ({
    day,
    in_hand: chance(hand),
    repaired: chance(best),
  });

  it("says from when on the evidence would have sufficed", () => {
    const points = [
      point("2030-01-01", 0.1, 0.2),
      point("2030-02-01", 0.6, 0.7),
      point("2030-03-01", 0.3, 0.8),
    ];
    expect(days({ enough: 0.55, in_hand: "2030-02-01", repaired: "2030-02-01", points })).toBe(
      "Of 3 days looked at, what was in hand first gave 55 % on 2030-02-01 and less again by the last; " +
        "with every cause repaired first on 2030-02-01.",
    );
    expect(days({ enough: 0.55, in_hand: null, repaired: null, points })).toContain("on none of them");
  });

  it("calls a report telling only beyond two errors", () => {
    const report = verdict.reports[0]!;
    const weighing = (value: number, mc_error: number) => ({ ...report, decibans: { value, mc_error } });
    expect(telling({ ...verdict, reports: [weighing(3, 1)] })).toHaveLength(1);
    expect(telling({ ...verdict, reports: [weighing(3, 2), weighing(-5, 0.1), weighing(0.4, 0)] })).toEqual(
      [],
    );
    expect(fate({ ...report, status: "late", known: "2030-01-02" })).toBe("late, known 2030-01-02");
  });

  it("writes each belief in its own unit", () => {
    const belief = verdict.beliefs[0]!;
    expect(place({ ...belief, kind: "disposition" }, 0.25)).toBe("25 %");
    expect(place({ ...belief, kind: "reason" }, -1.5)).toBe("−1.50 nats");
    expect(place({ ...belief, kind: "factor" }, 0.5)).toBe("0.50");
    expect(place(belief, null)).toBe("nowhere");
  });

  it("says whether one belief alone would have done", () => {
    const belief = { ...verdict.beliefs[0]!, reliable: true };
    const low = { ...verdict, given: chance(0.2) };
    expect(beliefsSentence({ ...low, beliefs: [{ ...belief, needed: 0.9 }] })).toContain("nearest first");
    expect(beliefsSentence({ ...low, beliefs: [{ ...belief, needed: null }] })).toContain("No single belief");
    expect(beliefsSentence({ ...low, given: chance(0.7) })).toContain("No other belief was needed");
  });
});

describe("the report", () => {
  it("shows each question's parts, days, reports and beliefs without holes", () => {
    const { container } = render(Postmortem, { answer });
    expect(screen.getByRole("heading", { name: verdict.text })).toBeTruthy();
    const causes = screen.getByRole("table", { name: /Shapley value/ });
    expect(within(causes).getAllByRole("row")).toHaveLength(7);
    expect(container.textContent).toContain("What is not known even now");
    expect(container.textContent).not.toMatch(/\bnull\b|NaN|undefined/);
  });

  it("folds what follows of a question that was held impossible", () => {
    const { container } = render(Verdict, { verdict: { ...verdict, bound: true } });
    const folded = screen.getByText(/for which it came on no particle/).closest("details");
    expect(folded?.open).toBe(false);
    expect(container.textContent).toMatch(/the loss is a\s+lower bound/);
  });

  it("keeps markup in a report as text", () => {
    const report = { ...verdict.reports[0]!, text: "<b onclick=alert(1)>x</b>" };
    const { container } = render(Verdict, { verdict: { ...verdict, reports: [report] } });
    expect(container.querySelector("b")).toBeNull();
  });
});
