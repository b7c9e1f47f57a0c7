import { describe, expect, it } from "vitest";
import { conditionOf, frontsOf, type Supposing } from "../src/app/options/supposing";
import { dealingOf, optionsOf } from "../src/app/options/weighing";

describe("what the options are asked with", () => {
  it("leaves out what takes its default", () => {
    expect(optionsOf({ budget: null, questions: {}, by: [], atMost: null })).toEqual({});
    expect(dealingOf({ deal: "", by: "", push: null })).toEqual({});
  });

  it("is written as the server takes it", () => {
    expect(optionsOf({ budget: 0, questions: { a: 2, b: 0 }, by: ["x"], atMost: 5 })).toEqual({
      budget: 0,
      questions: { a: 2 },
      by: ["x"],
      at_most: 0.05,
    });
    expect(dealingOf({ deal: "d", by: "2030-01-01", push: 2 })).toEqual({
      deal: "d",
      by: "2030-01-01",
      push: 2,
    });
  });
});

describe("what is supposed", () => {
  const one: Supposing = {
    kind: "front",
    lever: "",
    front: "a -> b",
    rung: "strikes",
    factor: "",
    above: true,
    value: 0.6,
    by: "",
  };

  it("is a line that the ask reads", () => {
    expect(conditionOf(one)).toBe("a -> b reaches strikes");
    expect(conditionOf({ ...one, by: "2030-01-01" })).toBe("a -> b reaches strikes by 2030-01-01");
    expect(conditionOf({ ...one, kind: "factor", factor: "f", above: false })).toBe("f < 0.6");
    expect(conditionOf({ ...one, kind: "lever", lever: "l", by: "2030-01-01" })).toBe("lever:l");
  });

  it("is nothing while a part is missing", () => {
    expect(conditionOf({ ...one, rung: "" })).toBeNull();
    expect(conditionOf({ ...one, kind: "lever" })).toBeNull();
    expect(conditionOf({ ...one, kind: "factor", factor: "f", value: 1.2 })).toBeNull();
  });

  it("is about the fronts of a question, however deep its rule", () => {
    const rule = { any: [{ front: "a -> b" }, { all: [{ front: "b -> a" }, { front: "a -> b" }] }] };
    expect(frontsOf(rule)).toEqual(["a -> b", "b -> a"]);
    expect(frontsOf({ of: null })).toEqual([]);
  });
});
