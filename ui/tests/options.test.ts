import { render } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import type { Options, Part } from "$lib/answers";
import { change, level, told } from "$lib/change";
import { percent } from "$lib/format";
import OptionsReport from "$answers/options/Options.svelte";
import { found, front, letter, picked, picks } from "$answers/options/portfolios";
import {
  closest,
  effect,
  horizon,
  inOrder,
  interval,
  nearestNothing,
  portfolio,
  small,
  switched,
  whatRisk,
  whoItHelpsWith,
} from "$answers/options/words";
import sample from "./samples/options.json";

const answer = sample as unknown as Options;
const text = (container: Element) => (container.textContent ?? "").replace(/\s+/g, " ");
const paired = (value: number, error = 0.001) => ({
  value,
  mc_error: error,
  low: value - 2 * error,
  high: value + 2 * error,
});

describe("a change", () => {
  it("has as many digits as its error supports, and no error that is none", () => {
    expect(change(paired(-0.0243, 0.0021))).toBe("−2.4 ±0.2");
    expect(change(paired(0.0054, 0.0009))).toBe("+0.54 ±0.09");
    expect(change(paired(0, 0))).toBe("0");
    expect(change({ value: 0.00001, mc_error: 0.00001 })).toBe("0.00 ±0.01");
    expect(change({ value: 0.02, mc_error: null })).toBe("+2.0 (error unknown)");
    expect(change({ value: null, mc_error: null })).toBe("unknown");
    expect(level({ value: 0.0871, mc_error: 0.03 })).toBe("8.7 ±3.0");
    expect(interval({ ...paired(-0.02, 0.005), low: -0.03, high: -0.01 })).toBe("−3.0 to −1.0");
  });

  it("is told from none beyond two errors", () => {
    expect([told(paired(0.0021)), told(paired(0.0019)), told({ value: 1, mc_error: null })]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it("of a share says when it hardly ever happens", () => {
    expect(small({ probability: 0.0002, mc_error: 0.0001 })).toBe("under 0.1 %");
    expect(small({ probability: 0, mc_error: 0 })).toBe("0 %");
  });
});

describe("a lever", () => {
  const part = (kind: string, shift: number) =>
    ({ kind, reference: "x", shift, at_once: false }) as Part<"EffectOutcome">;

  it("has effects as a case states them", () => {
    expect(effect(part("threat", 0.5))).toBe("threat x +0.50 nats");
    expect(effect(part("deal", 1))).toBe("signs x");
    expect(effect(part("table", -1))).toBe("takes off the table x");
  });

  it("helps only where it helps clearly more", () => {
    const group = (label: string, value: number) => ({
      kind: "disposition",
      actor: "a",
      label,
      share: { probability: 0.5, mc_error: 0 },
      outcome: { change: paired(value) },
    });
    const lever = (groups: unknown[]) => ({ ...answer.levers[0], groups }) as Part<"LeverAnswer">;
    expect(whoItHelpsWith(lever([group("committed", -0.1), group("restrained", 0)]))).toBe(
      "Helps only if a is committed.",
    );
    expect(whoItHelpsWith(lever([group("committed", -0.1), group("restrained", 0.1)]))).toContain(
      "makes it worse if a is restrained",
    );
    expect(whoItHelpsWith(lever([group("committed", -0.1), group("restrained", -0.09)]))).toBe("");
    expect(whoItHelpsWith(lever([]))).toBe("");
  });

  it("that lowers the risk most comes first, one already done last", () => {
    const done = { ...answer.levers[0]!, id: "done", done: ["e"] };
    const order = inOrder([done, ...answer.levers]);
    expect(order.at(-1)!.id).toBe("done");
    const values = order.slice(0, -1).map((lever) => lever.risk.change.value!);
    expect(values).toEqual([...values].sort((a, b) => a - b));
  });
});

describe("portfolios", () => {
  it("on the front get letters, cheapest first, and never leave more for more", () => {
    const lettered = front(answer);
    expect(lettered.map((one) => one.letter).join("")).toBe("ABCDEFGHIJ".slice(0, lettered.length));
    const costs = lettered.map((one) => one.portfolio.cost!);
    expect(costs).toEqual([...costs].sort((a, b) => a - b));
    const risks = lettered.map((one) => one.portfolio.risk.probability!);
    expect(risks).toEqual([...risks].sort((a, b) => b - a));
    expect([letter(0), letter(25), letter(26), letter(51), letter(52)]).toEqual(["A", "Z", "AA", "AZ", "BA"]);
  });

  it("that several rules pick are named once with all of them", () => {
    const rules = picked(answer).flatMap((one) => one.rules);
    expect(new Set(rules).size).toBe(rules.length);
    expect(rules.sort()).toEqual(
      picks(answer)
        .map((one) => one.rule)
        .sort(),
    );
    expect(found(answer, [])!.levers).toEqual([]);
    expect(portfolio([])).toBe("nothing");
  });
});

describe("doubtful numbers", () => {
  const number = (down: Part<"Switch"> | null, nothing: Part<"Level"> | null = null) =>
    ({
      label: "n",
      median: 1,
      down,
      up: null,
      supported: [-1.5, 2],
      as_nothing: [nothing, null],
    }) as unknown as Part<"DoubtfulNumber">;
  const shift = (by: number, clear: boolean) =>
    ({
      shift: by,
      median: 0.5,
      instead: ["a"],
      gain: paired(-0.02),
      clear,
      effective: 500,
    }) as Part<"Switch">;

  it("that would change the choice clearly come before those that would sooner", () => {
    expect(closest([number(shift(-0.5, false)), number(shift(-1, true))])!.which.shift).toBe(-1);
    expect(closest([number(null)])).toBeNull();
    expect(nearestNothing([number(null), number(null, { shift: -2, median: 0 })])!.level.shift).toBe(-2);
  });

  it("say how wrong they would have to be, or how far nothing is known", () => {
    expect(switched(number(shift(-1, false)), shift(-1, false), 0)).toBe(
      "from 1.00 to 0.50 (−1.00 sd): then a, −2.0 ±0.1, not clearly",
    );
    expect(switched(number(null), null, 0)).toBe("none within −1.50 sd");
    const row = answer.robustness[0]!;
    expect(horizon({ ...row, horizon: null })).toBe("does not meet it even as estimated");
    expect(horizon({ ...row, reaches_end: true })).toMatch(/^at least /);
  });
});

describe("the options", () => {
  it("show risk, levers, portfolios, regrets and numbers with their errors", () => {
    const { container } = render(OptionsReport, { answer });
    const page = text(container);
    expect(page).toContain(whatRisk(answer));
    expect(page).toContain(percent(answer.nothing));
    for (const lever of answer.levers) {
      const row = container.querySelector(`#levers a[href="#lever-${lever.id}"]`)!.closest("tr")!;
      expect(text(row)).toContain(change(lever.risk.change));
      expect(text(row)).toContain(small(lever.risk.backfires));
      expect(text(row)).toContain(lever.word);
      const details = container.querySelector(`#lever-${lever.id}`)!;
      for (const one of lever.effects) expect(text(details)).toContain(effect(one));
      for (const one of lever.questions) expect(text(details)).toContain(percent(one.with_it));
      for (const one of lever.over_time) expect(text(details)).toContain(one.day);
    }
    const table = [...container.querySelectorAll("#portfolios table")][0]!;
    for (const { portfolio: one } of front(answer)) expect(text(table)).toContain(percent(one.risk));
    for (const scenario of answer.scenarios) expect(page).toContain(scenario.label);
    for (const one of answer.doubtful) expect(page).toContain(one.label);
  });

  it("fold what is told of a lever in detail", () => {
    const { container } = render(OptionsReport, { answer });
    const folded = [...container.querySelectorAll<HTMLDetailsElement>("#details details")];
    expect(folded.length).toBeGreaterThanOrEqual(answer.levers.length);
    expect(folded.every((one) => !one.open)).toBe(true);
  });

  it("never say what a program would, and show markup as text", () => {
    const evil = "<img src=x onerror=alert(1)>";
    const holes: Options = {
      ...structuredClone(answer),
      rule: evil,
      regrets: answer.regrets.map((row) => ({ ...row, regrets: row.regrets.slice(1) })),
      robustness: answer.robustness.map((row) => ({ ...row, horizon: null })),
      levers: answer.levers.map((lever) => ({
        ...lever,
        name: evil,
        risk: { ...lever.risk, change: { value: null, mc_error: null, low: null, high: null } },
        over_time: lever.over_time.map((one) => ({ ...one, hazard_with: null })),
      })),
    };
    const { container } = render(OptionsReport, { answer: holes });
    expect(text(container)).not.toMatch(/\b(null|NaN|undefined)\b/);
    expect(container.querySelector("img")).toBeNull();
    expect(text(container)).toContain(evil);
  });

  it("stand without a lever", () => {
    const bare: Options = {
      ...structuredClone(answer),
      levers: [],
      portfolios: answer.portfolios.filter((one) => one.levers.length === 0),
      scenarios: [],
      regrets: [],
      doubtful: [],
      robustness: [],
    };
    const { container } = render(OptionsReport, { answer: bare });
    expect(text(container)).toContain("The case has no lever that could be pulled.");
    expect(container.querySelector("#regret")).toBeNull();
  });
});
