import { render, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import type { Outlook } from "$lib/answers";
import { percent } from "$lib/format";
import Futures from "$answers/futures/Futures.svelte";
import { fronts, likeliest } from "$answers/futures/order";
import {
  conditionWords,
  forkShort,
  forkWords,
  groupingWords,
  inadvertentWords,
  reached,
  small,
} from "$answers/futures/words";
import { endOf, labels, stacked } from "$charts/fan";
import { apart, curve } from "$charts/reaching";
import { laid, ordered, type Branch } from "$charts/tree";
import sample from "./samples/futures.json";

const answer = sample as unknown as Outlook;
const changed = (part: Partial<Outlook>): Outlook => ({ ...structuredClone(answer), ...part });
const text = (container: Element) => (container.textContent ?? "").replace(/\s+/g, " ");

describe("a fan", () => {
  const steps = [
    { day: "2030-01-01", shares: [0.7, 0.3, 0] },
    { day: "2030-01-08", shares: [0.2, 0.2, 0.6] },
    { day: "2030-01-15", shares: [0.5, null, 0.5] },
  ];

  it("stacks shares to one and lasts to the end of its last step", () => {
    expect(endOf(steps)).toBe("2030-01-22");
    const slices = stacked(steps);
    expect(slices).toHaveLength(4 * 3);
    expect(slices.filter((one) => one.rung === 2).map((one) => one.to)).toEqual([1, 1, 1, 1]);
    expect(slices.at(-1)).toEqual({ day: "2030-01-22", rung: 2, from: 0.5, to: 1 });
  });

  it("names a rung at the end if it is thick there, else where it is thickest, else not at all", () => {
    const named = labels(steps, 0.1);
    expect(named.filter((one) => one.atEnd).map((one) => one.rung)).toEqual([0, 2]);
    expect(named.find((one) => one.rung === 1)).toMatchObject({ atEnd: false, day: "2030-01-08" });
    expect(labels(steps, 0.3).map((one) => one.rung)).toEqual([0, 2]);
  });

  it("of nothing is nothing", () => {
    expect([endOf([]), stacked([]), labels([], 0.1)]).toEqual(["", [], []]);
  });
});

describe("the chance of having reached a rung", () => {
  it("starts from nothing and leaves out what is unknown", () => {
    const by = [
      { day: "2030-02-01", chance: { probability: 0.2, mc_error: 0.01 } },
      { day: "2030-03-01", chance: { probability: null, mc_error: null } },
    ];
    expect(curve({ by }, "2030-01-01")).toEqual([
      { day: "2030-01-01", p: 0, error: 0 },
      { day: "2030-02-01", p: 0.2, error: 0.01 },
    ]);
  });

  it("keeps names apart and on the scale", () => {
    const at = apart([{ at: 0.5 }, { at: 0.51 }, { at: 0.99 }, { at: 1 }], 0.1, 1).map((one) => one.at);
    for (let k = 1; k < at.length; k += 1) expect(at[k]! - at[k - 1]!).toBeGreaterThanOrEqual(0.0999);
    expect(Math.max(...at)).toBeLessThanOrEqual(1);
  });
});

describe("the tree", () => {
  const branch = (key: string, share: number, day: string | null, up: boolean): Branch => ({
    key,
    share,
    day,
    up,
  });
  const branches = [
    branch("late", 0.3, "2030-03-01", true),
    branch("early", 0.2, "2030-01-08", true),
    branch("never", 0.1, null, true),
    branch("off", 0.4, "2030-02-01", false),
  ];

  it("has those that part first farthest out", () => {
    expect(ordered(branches).map((one) => one.key)).toEqual(["early", "late", "never", "off"]);
  });

  it("leaves the trunk outward only, and no branch lies on another", () => {
    const order = ordered(branches);
    const places = laid(order, [60, 60, 60, 60], 100);
    for (const [k, place] of places.entries()) {
      if (order[k]!.day === null) continue;
      if (order[k]!.up) expect(place.leaf[0]).toBeLessThanOrEqual(place.trunk[0] + 1e-9);
      else expect(place.leaf[1]).toBeGreaterThanOrEqual(place.trunk[1] - 1e-9);
    }
    for (let k = 1; k < places.length; k += 1) {
      expect(places[k]!.trunk[0]).toBeCloseTo(places[k - 1]!.trunk[1]);
      expect(places[k]!.leaf[0]).toBeGreaterThanOrEqual(places[k - 1]!.leaf[1]);
    }
  });
});

describe("what is said", () => {
  it("tells what happens from what does not", () => {
    const [not, does] = answer.courses.map((course) => course.fork!);
    expect(forkShort(not!)).toBe("norland -> sudria does not reach exchange by 2030-04-15");
    expect(forkWords(not!)).toContain("has not reached exchange in 100 % of its runs, elsewhere in 71 %");
    expect(forkShort(does!)).toBe("norland -> sudria reaches exchange by 2030-04-15");
    expect(forkWords(does!)).toContain(`this course is at ${percent(does!.then)}`);
  });

  it("says of errors only what can be told", () => {
    expect(inadvertentWords({ value: 0.3, mc_error: 0.05 })).toContain("30 ±5 % of its chance is gone");
    expect(inadvertentWords({ value: -0.3, mc_error: 0.05 })).toContain("likelier by 30 ±5 %");
    expect(inadvertentWords({ value: 0.05, mc_error: 0.05 })).toContain("no clear difference");
    expect(inadvertentWords({ value: 0.05, mc_error: null })).toContain("no clear difference");
  });

  it("writes small chances with their relative error", () => {
    expect(small({ probability: 1.234e-4, mc_error: 1.1e-5 })).toBe("0.012 % (±9 % of it)");
    expect(small({ probability: 0, mc_error: 0.001 })).toBe("0 % (none)");
    expect(small({ probability: null, mc_error: null })).toBe("unknown");
  });

  it("says how far the groups part", () => {
    expect(groupingWords(answer)).toMatch(/^The groups part (well|fairly|weakly)/);
  });
});

describe("the outlook", () => {
  it("shows every course with its probability and error", () => {
    const { container } = render(Futures, { answer });
    for (const [k, course] of answer.courses.entries()) {
      const box = container.querySelector(`#course-${k + 1}`)!;
      expect(text(box).toLowerCase()).toContain(course.name.toLowerCase());
      expect(text(box)).toContain(percent(course.chance));
      for (const sign of course.signs) expect(text(box)).toContain(sign.name);
    }
  });

  it("shows who joins, when each rung is reached and what was supposed", () => {
    const { container } = render(Futures, { answer });
    const page = text(container);
    for (const joining of answer.joinings) expect(page).toContain(percent(joining.joiner.joins));
    for (const reach of likeliest(answer)) expect(page).toContain(percent(reached(reach)));
    const titles = [...container.querySelectorAll("h2")].map((title) => title.textContent);
    for (const condition of answer.conditions) {
      expect(titles).toContain(`If ${condition.text}`);
      expect(page).toContain(conditionWords(condition).replace(/\s+/g, " "));
      for (const one of condition.answers) if (one.made) expect(page).toContain(percent(one.made));
    }
  });

  it("puts the fronts asked about first and folds the others", () => {
    const { open, folded } = fronts(answer);
    expect(open[0]!.fan.ref).toBe(answer.asked[0]);
    expect(open.length + folded.length).toBe(answer.fans.length);
    const last = answer.fans.at(-1)!.ref;
    expect(fronts(answer, [last]).open[0]!.fan.ref).toBe(last);
  });

  it("has the numbers of every fan in a table", () => {
    const { container } = render(Futures, { answer });
    for (const { fan } of fronts(answer).open) {
      const table = [...container.querySelectorAll("table")].find((one) =>
        one.caption?.textContent?.startsWith(`${fan.ref}, where it stands`),
      )!;
      expect(table.rows).toHaveLength(fan.steps.length + 1);
    }
  });

  it("opens a folded course that one goes to by keyboard", async () => {
    Element.prototype.scrollIntoView ??= () => undefined;
    const { container } = render(Futures, { answer });
    const folded = container.querySelector<HTMLDetailsElement>("#course-2")!;
    expect(folded.open).toBe(false);
    const link = within(container.querySelector("#courses")!).getByRole("link", { name: /^2\. / });
    link.focus();
    await userEvent.keyboard("{Enter}");
    expect(folded.open).toBe(true);
    expect(document.activeElement).toBe(folded.querySelector("summary"));
  });

  it("never says what a program would", () => {
    const unknown = { probability: null, mc_error: null };
    const holes = changed({
      courses: answer.courses.map((course) => ({
        ...course,
        chance: unknown,
        halves: [null, null],
        inadvertent: null,
        fork: course.fork && { ...course.fork, reached_on: unknown, then: unknown, else_: unknown },
      })),
      joinings: answer.joinings.map((joining) => ({ ...joining, incident: null })),
      reaches: answer.reaches.map((reach) => ({ ...reach, never: { probability: 0.5, mc_error: null } })),
    });
    for (const one of [answer, holes]) {
      const { container, unmount } = render(Futures, { answer: one });
      expect(text(container)).not.toMatch(/\b(null|NaN|undefined)\b/);
      unmount();
    }
  });

  it("stands with nothing ahead", () => {
    const { container } = render(Futures, {
      answer: changed({
        asked: [],
        fans: [],
        courses: [],
        joinings: [],
        links: [],
        reaches: [],
        conditions: [],
        rare: [],
      }),
    });
    expect(text(container)).toContain("Nobody is left to join.");
  });

  it("shows markup as text", () => {
    const evil = "<img src=x onerror=alert(1)>";
    const { container } = render(Futures, {
      answer: changed({
        courses: answer.courses.map((course) => ({ ...course, name: evil })),
        under_way: [evil],
      }),
    });
    expect(container.querySelector("img")).toBeNull();
    expect(text(container)).toContain(evil);
  });
});
