import { describe, expect, it } from "vitest";
import {
  about,
  counted,
  fixed,
  heat,
  isUncertain,
  listed,
  measured,
  oddsWords,
  percent,
  plus,
  share,
  signed,
} from "$lib/format";

describe("numbers are written as in the terminal", () => {
  it.each([
    [{ probability: 0.1234, mc_error: 0.004 }, "12.3 % ±0.4"],
    [{ probability: 0.52, mc_error: 0.02 }, "52 % ±2"],
    [{ probability: 0, mc_error: 0 }, "0 % (none)"],
    [{ probability: 1, mc_error: 0 }, "100 % (all)"],
    [{ probability: 0.3, mc_error: null }, "30 % (error unknown)"],
    [{ probability: null, mc_error: null }, "unknown"],
  ])("%o is %s", (chance, text) => expect(percent(chance)).toBe(text));

  it("never rounds a share to none or all", () => {
    expect([0.5, 0.004, 0, 0.997].map(share)).toEqual(["50 %", "under 1 %", "0 %", "over 99 %"]);
    expect([0.123, 0.003].map(about)).toEqual(["about 12 %", "under 1 %"]);
  });

  it("writes a minus as one, and zero without a sign", () => {
    expect([plus(1.26), plus(-0.5), plus(0.001)]).toEqual(["+1.3", "−0.5", "0.0"]);
    expect(signed({ value: -3.21, mc_error: 0.4 })).toBe("−3.2 ±0.4");
  });

  it("writes numbers with as many digits as their error needs", () => {
    expect([fixed(0.1234, 3), fixed(-0.5), fixed(-0.001), fixed(null)]).toEqual([
      "0.123",
      "−0.50",
      "0.00",
      "unknown",
    ]);
    expect(measured({ value: 0.6512, mc_error: 0.012 })).toBe("0.65 ±0.01");
    expect(measured({ value: 0.6512, mc_error: 0.003 })).toBe("0.651 ±0.003");
    expect(measured({ value: 0.6512, mc_error: null })).toBe("0.65 (error unknown)");
  });

  it("says what a weight does to the odds", () => {
    expect([3, -10, 0.1].map(oddsWords)).toEqual(["odds × 2.0", "odds ÷ 10", "odds as they were"]);
  });

  it("knows what cannot be told from nothing", () => {
    expect(isUncertain({ value: 0.1, mc_error: 0.06 })).toBe(true);
    expect(isUncertain({ value: -0.2, mc_error: 0.06 })).toBe(false);
  });

  it("lists and counts", () => {
    expect(listed(["a", "b", "c"], "or")).toBe("a, b or c");
    expect([counted(1, "report"), counted(3, "report")]).toEqual(["1 report", "3 reports"]);
  });

  it("colours by sign and strength", () => {
    expect([heat(10, 10), heat(-2, 10), heat(0.01, 10)]).toEqual(["p5", "n1", ""]);
  });
});
