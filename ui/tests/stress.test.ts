import { render, screen, within } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import PlanSteps from "$answers/stress/PlanSteps.svelte";
import Stress from "$answers/stress/Stress.svelte";
import {
  boundWords,
  budgetPlayed,
  fewestPlayed,
  fewestWords,
  flagWords,
  fromLogOdds,
  logOdds,
  playedWords,
  sameAsBefore,
  scaleOf,
  spending,
  stepsOnOdds,
} from "$answers/stress/words";
import { reachOf, running, ticksWithin } from "$charts/waterfall";
import type { Part, Stress as Answer } from "$lib/answers";
import { percent } from "$lib/format";
import sample from "./samples/stress.json";

const answer = sample as unknown as Answer;
const plans = [...answer.fewest, ...answer.plans].flatMap((one) => (one.plan ? [one.plan] : []));
const largest = plans.toSorted((a, b) => b.tricks.length - a.tricks.length)[0]!;

describe("a running total", () => {
  it("begins each step where the one before ended", () => {
    const placed = running(1, [
      { value: 2, error: 0.5 },
      { value: -1, error: null },
    ]);
    expect(placed.map(({ from, to }) => [from, to])).toEqual([
      [1, 3],
      [3, 2],
    ]);
    expect(reachOf({ value: 1, error: 0.2 }, placed, { value: 2, error: 0.1 })).toEqual([0.8, 3.5]);
  });

  it("marks a scale at round numbers", () => {
    expect(ticksWithin(-0.1, 1)).toEqual([0, 0.5, 1]);
    expect(ticksWithin(0, 12)).toEqual([0, 5, 10]);
  });
});

describe("a plan", () => {
  it("costs what its tricks cost, each source controlled once", () => {
    expect(plans.length).toBeGreaterThan(0);
    for (const plan of plans) expect(spending(plan, answer).at(-1)!.total).toBeCloseTo(plan.cost!, 9);
  });

  it("goes from the answer as it is to the answer then, with what tricks do together", () => {
    for (const plan of plans) {
      const { alone, together } = stepsOnOdds(plan, answer);
      const sum = alone.reduce(
        (total, one) => total + one.value,
        logOdds(answer.chance.probability) + together,
      );
      expect(fromLogOdds(sum)).toBeCloseTo(plan.after.probability!, 9);
    }
  });

  it("is shown trick by trick with price, running total and end", () => {
    const { container } = render(PlanSteps, { plan: largest, answer, label: "Up" });
    const table = screen.getByRole("table");
    expect(within(table).getAllByRole("row")).toHaveLength(largest.tricks.length + 4);
    expect(table.textContent).toContain(percent(largest.after));
    expect(table.textContent).toContain("together, beyond each alone");
    expect(container.textContent).not.toMatch(/\bnull\b|NaN|undefined/);
  });
});

describe("in words", () => {
  const [found] = answer.fewest as [Part<"Fewest">];

  it("says how few reports do it, at the edge where it is so", () => {
    expect(fewestWords(found, answer)).toBe(
      `1 report, controlling border-monitors: ${percent(found.plan!.after)}, unlikely, at the edge`,
    );
    expect(fewestWords({ ...found, edge: null }, answer)).toBe("there is no word above very unlikely");
    const none = { ...found, plan: null, tried_up_to: 2 };
    expect(fewestWords({ ...none, exact: true }, answer)).toContain("this is proved for the tricks searched");
    expect(fewestWords({ ...none, exact: false }, answer)).toContain("proves nothing");
    expect(fewestWords({ ...none, tried_up_to: 0 }, answer)).toContain("nothing to play");
  });

  it("does not tell the same plan twice", () => {
    const again = answer.fewest.find((one) => one.direction === "up" && one.means === "both")!;
    expect(sameAsBefore(again, answer)).toBe("planting");
    expect(sameAsBefore(found, answer)).toBeNull();
  });

  it("finds a plan as it was played, and what became of the flag", () => {
    const played = fewestPlayed(found, answer)!;
    expect(played.label).toBe("fewest reports up, by planting");
    expect(playedWords(played, answer)).toContain("as foreseen");
    expect(flagWords(played)[0]).toMatch(/^that sudria deceives falls: /);
    expect(
      budgetPlayed(
        answer.plans.find((one) => one.budget === answer.budget)!,
        answer,
      )?.label,
    ).toBe("budget 6, up");
    expect(playedWords({ ...played, found: null, note: "no particle" }, answer)).toContain("breaks the case");
  });

  it("marks what is not proved", () => {
    const budget = answer.plans[0]!;
    expect(boundWords({ ...budget, exact: true })).toContain("the best there is");
    expect(boundWords({ ...budget, exact: false, bound: 0.3 })).toBe(
      "the best found; proved: none goes above 30 %",
    );
    expect(boundWords({ ...budget, exact: false, bound: 0.999 })).toContain("no bound of use");
  });

  it("draws reaches on the shortest scale that holds them", () => {
    expect(scaleOf(answer)).toEqual([0, 0.25]);
    const high = { ...answer, chance: { probability: 0.97, mc_error: 0.01 }, reach: [] };
    expect(scaleOf(high)).toEqual([0.9, 1]);
  });
});

describe("the report", () => {
  it("shows every part without holes", () => {
    const { container } = render(Stress, { answer });
    for (const title of ["The question", "What was played", "Checklists", "How it was found"])
      expect(screen.getByRole("heading", { name: title })).toBeTruthy();
    expect(container.textContent).toContain("☐ The case does not say.");
    expect(container.textContent).not.toMatch(/\bnull\b|NaN|undefined/);
    for (const list of container.querySelectorAll("#checklists details"))
      expect((list as HTMLDetailsElement).open).toBe(false);
  });

  it("says plainly that nothing moves the answer", () => {
    const still = {
      ...answer,
      plans: answer.plans.map((one) => ({ ...one, plan: null })),
      reach: answer.reach.map((one) => ({ ...one, lowest: null, highest: null })),
      deception: [],
      played: [],
    };
    const { container } = render(Stress, { answer: still });
    expect(container.textContent).toContain(
      "Nothing that up to 6 units of effort buy moves the answer, up or down",
    );
    expect(container.textContent).toContain("that cannot move it by as much as can be told from nothing");
    expect(container.textContent).toContain("No plan was played");
    expect(container.textContent).not.toMatch(/\bnull\b|NaN|undefined/);
  });
});
