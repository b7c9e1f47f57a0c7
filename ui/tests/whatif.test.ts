import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import Slider from "../src/app/whatif/Slider.svelte";
import {
  grouped,
  isMoved,
  moved,
  shown,
  sought,
  standsAt,
  withShare,
  wordAt,
  worded,
  type Knob,
} from "../src/app/whatif/knobs";
import { Moving, REST_MS, type Wanted } from "../src/app/whatif/moving.svelte";

const weight: Knob = {
  path: "reasons.trade.weight",
  part: "",
  group: "Reasons",
  of: "Sudria → Norland, holds back",
  label: "Two fifths of the exports cross Norland.",
  meaning: "how much it moves a decision",
  form: "median",
  written: "strong",
  number: 1.6,
  spread: 0.35,
  unit: "nats",
  low: 0,
  high: 5,
  step: 0.05,
  marks: [
    { word: "modest", number: 0.6 },
    { word: "strong", number: 1.6 },
  ],
};
const share = (part: string, number: number): Knob => ({
  ...weight,
  path: "actors.sudria.dispositions",
  part,
  form: "share",
  group: "Dispositions",
  written: String(number),
  number,
  spread: null,
  high: 1,
  marks: [],
});
const family = [share("restrained", 0.5), share("opportunist", 0.3), share("committed", 0.2)];
const all = [weight, ...family];

describe("what a slider writes", () => {
  it("moves the middle and keeps the spread, and nothing where it stood", () => {
    const there = moved(weight, 2, {}, all);
    expect(there).toEqual({ [weight.path]: { median: 2, spread: 0.35 } });
    expect(standsAt(weight, there)).toBe(2);
    expect(moved(weight, 1.6, there, all)).toEqual({});
  });

  it("writes a bare number, a whole one and a letter as such", () => {
    expect(moved({ ...weight, spread: null }, 2, {}, all)).toEqual({ [weight.path]: 2 });
    expect(moved({ ...weight, form: "whole" }, 2.2, {}, all)).toEqual({ [weight.path]: 2 });
    const grade: Knob = { ...weight, form: "letter", number: 1, spread: null };
    expect(moved(grade, 3, {}, all)).toEqual({ [weight.path]: "D" });
    expect(standsAt(grade, { [weight.path]: "D" })).toBe(3);
    expect(shown(grade, 3)).toBe("D");
  });

  it("scales the other shares, which go on summing to 1", () => {
    const there = moved(family[2]!, 0.6, {}, all);
    const value = there["actors.sudria.dispositions"] as Record<string, number>;
    expect(value).toEqual({ restrained: 0.25, opportunist: 0.15, committed: 0.6 });
    expect(standsAt(family[0]!, there)).toBe(0.25);
    expect(isMoved(family[1]!, there)).toBe(true);
    expect(moved(family[2]!, 0.2, there, all)).toEqual({});
    expect(withShare([1, 0, 0], 0, 0.4)).toEqual([0.4, 0.3, 0.3]);
  });

  it("puts a number to a word, and back to the case's own", () => {
    expect(worded(weight, "modest", {})).toEqual({ [weight.path]: "modest" });
    expect(standsAt(weight, { [weight.path]: "modest" })).toBe(0.6);
    expect(worded(weight, "strong", { [weight.path]: "modest" })).toEqual({});
    expect(wordAt(weight, 1.6)).toBe("strong");
    expect(wordAt(weight, 1.65)).toBeNull();
  });
});

describe("how a number is found", () => {
  it("by every word of what it is, and in its group", () => {
    expect(sought(all, "exports NORLAND")).toContain(weight);
    expect(sought(all, "committed")).toEqual([family[2]]);
    expect(sought(all, "nothing of the kind")).toEqual([]);
    expect(grouped(all).map((group) => [group.name, group.knobs.length])).toEqual([
      ["Reasons", 1],
      ["Dispositions", 3],
    ]);
  });
});

describe("a slider", () => {
  const props = { knob: weight, at: 1.6, moved: true };

  it("says where it stands in a number and a word, and goes back", async () => {
    const onmove = vi.fn();
    const onword = vi.fn();
    const onreset = vi.fn();
    render(Slider, { ...props, onmove, onword, onreset });
    const range = screen.getByRole("slider");
    expect(range.getAttribute("aria-valuetext")).toBe("1.60 nats strong");
    const user = userEvent.setup();
    await user.selectOptions(screen.getByRole("combobox"), "modest");
    expect(onword).toHaveBeenCalledWith("modest");
    await user.click(screen.getByRole("button", { name: /back to strong/ }));
    expect(onreset).toHaveBeenCalledOnce();
    const box = screen.getByRole("spinbutton");
    await user.clear(box);
    await user.type(box, "9");
    await user.tab();
    expect(onmove).toHaveBeenLastCalledWith(5);
  });
});

describe("the answer that follows", () => {
  type Sent = { body: { number: number; changes: Record<string, number> }; answer: (quick: object) => void };
  let sent: Sent[] = [];

  const wanted = (to: number): Wanted => ({
    case: "north",
    reading: "one",
    changes: { x: to },
    without: [],
    levers: [],
  });
  const settle = () => new Promise((resolve) => setTimeout(resolve));

  beforeEach(() => {
    sent = [];
    vi.stubGlobal(
      "EventSource",
      class {
        addEventListener() {}
        close() {}
      },
    );
    vi.stubGlobal("fetch", (path: string, options: { body: string }) => {
      if (path.endsWith("/full") || path.includes("/jobs/"))
        return Promise.resolve(new Response(JSON.stringify({ id: "full", state: "running" })));
      return new Promise<Response>((resolve) => {
        sent.push({
          body: JSON.parse(options.body) as Sent["body"],
          answer: (quick) => resolve(new Response(JSON.stringify(quick))),
        });
      });
    });
  });
  afterEach(() => vi.unstubAllGlobals());

  const quick = (one: Sent) => ({
    number: one.body.number,
    state: "answered",
    answer: { asked: one.body.changes.x },
    job: null,
    why: null,
  });

  it("has one request under way, and the latest next", async () => {
    const moving = new Moving();
    for (const to of [1, 2, 3]) moving.want(wanted(to));
    expect(sent.map((one) => one.body.changes.x)).toEqual([1]);
    sent[0]!.answer(quick(sent[0]!));
    await settle();
    expect(sent.map((one) => one.body.changes.x)).toEqual([1, 3]);
    expect(sent[1]!.body.number).toBeGreaterThan(sent[0]!.body.number);
    sent[1]!.answer(quick(sent[1]!));
    await settle();
    expect(moving.answer).toEqual({ asked: 3 });
    expect(moving.answered).toBe(sent[1]!.body.number);
    moving.close();
  });

  it("keeps no answer of an earlier reading", async () => {
    const moving = new Moving();
    moving.want(wanted(1));
    moving.want({ ...wanted(2), reading: "two" });
    sent[0]!.answer(quick(sent[0]!));
    await settle();
    expect(moving.answer).toBeNull();
    sent[1]!.answer(quick(sent[1]!));
    await settle();
    expect(moving.answer).toEqual({ asked: 2 });
    moving.close();
  });

  it("runs in full by itself when the sliders rest, and lets go of it when they move", async () => {
    vi.useFakeTimers();
    const moving = new Moving();
    const rested = vi.fn();
    moving.want(wanted(1), rested);
    await vi.advanceTimersByTimeAsync(REST_MS - 1);
    expect(rested).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(2);
    expect(rested).toHaveBeenCalledOnce();
    expect(moving.inFull).toBe(true);
    moving.want(wanted(2), rested);
    expect(moving.fullJob).toBeNull();
    moving.close();
    vi.useRealTimers();
  });
});
