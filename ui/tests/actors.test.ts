import { render, screen, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import Actors from "$answers/assess/Actors.svelte";
import Front from "$answers/assess/Front.svelte";
import { actorsInOrder, byFocus, shortNames } from "$answers/assess/order";
import Reasons from "$answers/assess/Reasons.svelte";
import { barOf, inShort, likeliest, opened, pastAndFuture, reachOf } from "$answers/assess/reasons";
import { telling } from "$answers/assess/telling";
import Bars from "$charts/Bars.svelte";
import { placeOf, ticksOf } from "$charts/bars";
import { boxOf, filled, labelled, pixelOf, spots, type Place } from "$charts/map";
import { apart, stacks, steps } from "$charts/shares";
import { located, standing } from "$charts/standing";
import type { Estimate, Part } from "$lib/answers";
import { percent, plus, share } from "$lib/format";
import sample from "./samples/assess.json";

const answer = sample as unknown as Estimate;
const front = answer.fronts[0]!;
const term = (nats: number | null, label: string): Part<"TermEstimate"> => ({
  kind: "reason",
  label,
  reference: label,
  nats,
  spread: 0.1,
  words: "clearly pulls in",
});

describe("what comes first", () => {
  it("names questions in order and puts the fronts that they ask about before the rest", () => {
    expect([...shortNames(answer.questions).values()].slice(0, 2)).toEqual(["Q1", "Q2"]);
    const last = answer.fronts.at(-1)!.ref;
    const one = { ...answer, questions: [{ ...answer.questions[0]!, fronts: [last, "no -> such"] }] };
    expect(byFocus(one).asked.map((each) => each.ref)).toEqual([last]);
    expect(byFocus(one).others).toHaveLength(answer.fronts.length - 1);
    expect(actorsInOrder(one)[0]!.id).toBe(answer.fronts.at(-1)!.initiator);
    const none = { ...answer, questions: [{ ...answer.questions[0]!, fronts: [] }] };
    expect(byFocus(none).others).toEqual([]);
  });

  it("opens the strongest pushes and holds, and folds what hardly weighs", () => {
    const pushes = Array.from({ length: 8 }, (_, k) => term(2 - k / 10, `push ${k}`));
    const terms = [...pushes, term(0.02, "little"), term(null, "none"), term(-0.5, "hold")];
    const { open, folded } = opened(terms);
    expect(open.map((one) => one.label)).toEqual([...pushes.slice(0, 6).map((one) => one.label), "hold"]);
    expect(folded.map((one) => one.label)).toEqual(["push 6", "push 7", "little", "none"]);
    expect(reachOf([term(-2, "a"), term(1, "b")])).toBeCloseTo(2.1);
    expect(barOf(term(null, "none")).figure).toBe("unknown");
    expect(barOf(term(-0.5, "hold")).figure).toBe("−0.50 (spread 0.10)");
  });

  it("tells a front in a line", () => {
    const told = inShort({
      ...front,
      current: "words",
      terms: [term(1, "It wants to."), term(-1, "It fears.")],
    });
    expect(told).toBe("most likely at words; pushed most by “It wants to”; held most by “It fears”");
  });

  it("names the likeliest, and others of 5 % and more", () => {
    const chances = [0.02, 0.9, 0.08].map((probability) => ({ probability, mc_error: 0.01 }));
    expect(likeliest(["a", "b", "c"], chances).map((one) => one.name)).toEqual(["b", "c"]);
  });

  it("joins past and future without telling a day twice", () => {
    const fan = {
      ref: front.ref,
      steps: [{ day: front.posture_over_time.at(-1)!.day, shares: [1] }],
      reached: [],
    };
    const days = pastAndFuture(front, fan).map((step) => step.day);
    expect(days.filter((day) => day === fan.steps[0]!.day)).toHaveLength(1);
  });

  it("finds what says most of a hypothesis", () => {
    const name = `${answer.actors[0]!.id}: deceives`;
    const found = telling(answer, name);
    expect(found).toHaveLength(3);
    const weights = found.map(({ weight }) => Math.abs(weight.decibans.value!));
    expect(weights).toEqual([...weights].sort((a, b) => b - a));
    expect(found.every(({ weight }) => weight.hypothesis === name)).toBe(true);
  });
});

describe("actors", () => {
  it("shows each with its numbers, errors, priors and changes", () => {
    render(Actors, { answer });
    for (const actor of answer.actors) {
      const box = screen.getByRole("heading", { name: actor.name }).closest("article")!;
      const [name, chance, prior] = actor.dispositions[0]!;
      const row = within(box).getByRole("rowheader", { name }).closest("tr")!;
      expect(row.textContent).toContain(percent(chance));
      expect(row.textContent).toContain(share(prior));
      expect(row.textContent).toContain(plus(100 * (chance.probability! - prior!), 0));
      expect(within(box).getByRole("rowheader", { name: "deceives" }).closest("tr")!.textContent).toContain(
        percent(actor.deceives),
      );
    }
  });

  it("takes markup for text and says nothing of what it does not know", () => {
    const odd = {
      ...answer.actors[0]!,
      name: "<img src=x onerror=alert(1)>",
      deceives: { probability: null, mc_error: null },
      standing: { value: null, mc_error: null },
    };
    const { container } = render(Actors, { answer: { ...answer, actors: [odd] } });
    expect(container.querySelector("img")).toBeNull();
    expect(screen.getByRole("heading", { name: odd.name })).toBeTruthy();
    expect(container.textContent).not.toMatch(/null|NaN|undefined/);
  });
});

describe("what pushes and what holds", () => {
  it("says number, spread and words of every consideration", () => {
    const { container } = render(Front, { answer, front, open: true });
    for (const one of front.terms) {
      expect(container.textContent).toContain(one.label);
      expect(container.textContent).toContain(`${plus(one.nats!, 2)} (spread ${one.spread!.toFixed(2)})`);
      expect(container.textContent).toContain(one.words);
    }
    expect(container.textContent).toContain(percent(front.preparing));
    for (const chance of front.readiness) expect(container.textContent).toContain(percent(chance));
  });

  it("draws to the right what is above nothing, and lets the table be named", () => {
    const bars = [barOf(term(1, "push")), barOf(term(-2, "hold")), barOf(term(null, "none"))];
    const { container } = render(Bars, {
      bars,
      caption: "c",
      what: "consideration",
      unit: "nats",
      label: "named",
    });
    expect(screen.getByRole("region", { name: "named" })).toBeTruthy();
    expect(container.querySelectorAll("rect.up")).toHaveLength(1);
    expect(container.querySelectorAll("rect.down")).toHaveLength(1);
    expect(container.querySelector("rect.up")!.getAttribute("x")).toBe("50%");
  });

  it("opens two fronts and folds the others and what matters less, by keyboard too", async () => {
    const { container } = render(Reasons, { answer });
    const fronts = [...container.querySelectorAll<HTMLDetailsElement>("details.front")];
    expect(fronts).toHaveLength(answer.fronts.length);
    expect(fronts.filter((one) => one.open)).toHaveLength(Math.min(2, byFocus(answer).asked.length));
    const [reason] = answer.reasons;
    expect(container.textContent).toContain(reason!.label);
    expect(container.textContent).not.toMatch(/null|NaN|undefined/);
    const shift = reason!.shifts[0]![1];
    expect(container.textContent).toContain(`±${(100 * shift.mc_error!).toFixed(1)}`);
    await userEvent.tab();
    expect(document.activeElement).toBe(fronts[0]!.querySelector("summary"));
  });

  it("has a scale with nothing in its middle", () => {
    expect(ticksOf(3.3)).toEqual([-2, 0, 2]);
    expect(ticksOf(1.2)).toEqual([-1, 0, 1]);
    expect(ticksOf(0.9)).toEqual([-0.5, 0, 0.5]);
    expect([placeOf(0, 2), placeOf(2, 2), placeOf(-9, 2)]).toEqual([50, 100, 0]);
  });
});

describe("shares over time", () => {
  it("keeps the last of a day, holds it to the end, and stacks", () => {
    const moments = [
      { day: "2023-10-01", shares: [0.5, 0.5] },
      { day: "2023-10-01", shares: [0.4, 0.6] },
      { day: "2023-10-08", shares: [0.1, null] },
    ];
    const found = steps(moments, "2023-10-11");
    expect(found.map((one) => one.day)).toEqual(["2023-10-01", "2023-10-08", "2023-10-11"]);
    expect(found[0]!.shares).toEqual([0.4, 0.6]);
    expect(found[2]!.shares).toEqual([0.1, 0]);
    expect(stacks(found)[1]).toEqual({ day: "2023-10-01", name: 1, from: 0.4, to: 1 });
  });

  it("pushes names apart and keeps their order", () => {
    const found = apart([0.5, 0.51, 0.99, 0.98], 0.1);
    const sorted = [...found].sort((a, b) => a - b);
    for (let k = 1; k < sorted.length; k += 1) expect(sorted[k]! - sorted[k - 1]!).toBeGreaterThan(0.0999);
    expect(Math.max(...found)).toBeLessThanOrEqual(1);
    expect(found[2]!).toBeGreaterThan(found[3]!);
  });
});

describe("a map", () => {
  const beirut: Place = [33.9, 35.5];
  const jerusalem: Place = [31.8, 35.2];
  const damascus: Place = [33.5, 36.3];
  const washington: Place = [38.9, -77];

  it("shows where most are, and puts who lies beyond at the edge", () => {
    const box = filled(boxOf([beirut, jerusalem, damascus, washington]), 900, 400);
    expect(box.west).toBeGreaterThan(0);
    expect(box.east - box.west).toBeGreaterThan(6);
    const found = spots(
      [
        { id: "l", place: beirut },
        { id: "u", place: washington },
      ],
      box,
    );
    expect(found.map((spot) => spot.beyond)).toEqual([false, true]);
    expect(found[1]!.place[1]).toBeGreaterThan(box.west);
    expect(found[1]!.place[1]).toBeLessThan(beirut[1]);
  });

  it("fills the picture and is true to its corners", () => {
    const box = filled(boxOf([beirut, jerusalem]), 900, 400);
    expect(pixelOf([box.north, box.west], box, 900, 400).x).toBeCloseTo(0);
    expect(pixelOf([box.south, box.east], box, 900, 400).y).toBeCloseTo(400);
    const [north, south] = [pixelOf(beirut, box, 900, 400), pixelOf(jerusalem, box, 900, 400)];
    expect(north.y).toBeLessThan(south.y);
  });

  it("writes no name over another", () => {
    const sides = labelled(
      [
        { text: "one", x: 100, y: 100 },
        { text: "other", x: 104, y: 101 },
        { text: "third", x: 795, y: 100 },
      ],
      800,
      400,
    );
    expect(sides[0]).not.toEqual(sides[1]);
    expect(sides[2]!.anchor).toBe("end");
  });

  it("takes actors with a place and the likeliest rung of each front", () => {
    const found = located([
      { id: "a", name: "A", place: [1, 2] },
      { id: "b", name: "B", place: null },
      { id: "c", name: "C" },
    ]);
    expect(found).toEqual([{ id: "a", name: "A", place: [1, 2] }]);
    const one = standing(answer)[0]!;
    expect(answer.rungs[one.rung]).toBe(front.current);
    expect(one.chance).toEqual(front.posture[one.rung]);
  });
});
