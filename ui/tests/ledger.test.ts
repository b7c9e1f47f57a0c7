import { render, screen, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { begin, begunWith, isSame } from "../src/app/begun.svelte";
import Forecasts from "../src/app/record/Forecasts.svelte";
import Ledger from "../src/app/record/Ledger.svelte";
import Recalibration from "../src/app/record/Recalibration.svelte";
import { ALL, came, filtered, rowsOf, said, sorted, whyUnscored } from "../src/app/record/rows";
import type { Estimate, Part } from "$lib/answers";
import assess from "./samples/assess.json";

const { record, hindsight } = assess as unknown as Estimate;
type Forecast = Part<"ListedForecast">;
type Question = Part<"ListedQuestion">;

const forecast = (number: number, more: Partial<Forecast> = {}): Forecast => ({
  number,
  author: "Anna",
  as_of: "2030-04-15",
  recorded: "2030-04-15",
  probability: 0.2,
  mc_error: null,
  shares: [],
  quantiles: [],
  confidence: null,
  base_rate: null,
  note: "",
  hindsight: false,
  knew: false,
  brier: null,
  ...more,
});
const question = (key: string, forecasts: Forecast[], more: Partial<Question> = {}): Question => ({
  key,
  text: `Will it come to ${key}?`,
  case: "north",
  closes: "2030-06-01",
  rule: "Two agencies say so.",
  status: "open",
  outcome: null,
  on: null,
  by: null,
  note: "",
  corrections: 0,
  forecasts,
  ...more,
});
const account: Part<"Account"> = {
  day: "2030-07-01",
  head: "a".repeat(64),
  breach: null,
  record,
  hindsight,
  scores: null,
  recalibrated: [],
  fewest: 50,
  questions: [
    question("flood", [forecast(1, { brier: 0.04, mc_error: 0.01, note: "<img src=x onerror=alert(1)>" })], {
      status: "resolved",
      outcome: "no",
      on: "2030-06-01",
      by: "two agencies",
    }),
    question("fire", [
      forecast(2, { author: "Ben", probability: 0.7, as_of: "2030-05-01" }),
      forecast(3, { author: "late", probability: 0.9, hindsight: true, recorded: "2030-06-20" }),
    ]),
    question("storm", [
      forecast(4, {
        probability: null,
        shares: [
          ["calm", 0.6],
          ["war", 0.4],
        ],
      }),
      forecast(5, {
        probability: null,
        quantiles: [
          [0.1, 3],
          [0.9, 40],
        ],
      }),
    ]),
  ],
};

describe("rows of a ledger", () => {
  const rows = rowsOf(account);
  const numbers = (found: typeof rows) => found.map((row) => row.forecast.number);

  it("says what each forecast says", () => {
    expect(rows.map(({ forecast }) => said(forecast))).toEqual([
      "20 % ±1",
      "70 %",
      "90 %",
      "calm: 60 %, war: 40 %",
      "10 %: 3, 90 %: 40",
    ]);
    expect(rows.map(({ question }) => came(question)).slice(0, 2)).toEqual(["no on 2030-06-01", "–"]);
  });

  it("says why a score is not there", () => {
    const resolved = { ...account.questions[0]!, status: "resolved" };
    expect(whyUnscored({ question: account.questions[1]!, forecast: forecast(9) })).toBe("not yet");
    expect(whyUnscored({ question: resolved, forecast: forecast(9, { knew: true }) })).toBe(
      "knew the outcome",
    );
    expect(whyUnscored({ question: { ...resolved, status: "void" }, forecast: forecast(9) })).toBe("void");
    expect(whyUnscored({ question: resolved, forecast: forecast(9, { probability: null }) })).toBe(
      "not of yes or no",
    );
  });

  it("filters by words, state, author and hindsight", () => {
    expect(numbers(filtered(rows, { ...ALL, words: "FIRE come" }))).toEqual([2, 3]);
    expect(numbers(filtered(rows, { ...ALL, state: "resolved" }))).toEqual([1]);
    expect(numbers(filtered(rows, { ...ALL, author: "Ben" }))).toEqual([2]);
    expect(numbers(filtered(rows, { ...ALL, hindsight: false }))).not.toContain(3);
    expect(filtered(rows, { ...ALL, words: "nothing like it" })).toEqual([]);
  });

  it("sorts both ways and puts what has no value last", () => {
    expect(numbers(sorted(rows, "said", false))).toEqual([1, 2, 3, 4, 5]);
    expect(numbers(sorted(rows, "said", true)).slice(0, 3)).toEqual([3, 2, 1]);
    expect(
      numbers(sorted(rows, "said", true))
        .slice(3)
        .sort(),
    ).toEqual([4, 5]);
    expect(numbers(sorted(rows, "score", true))[0]).toBe(1);
  });
});

describe("the table of forecasts", () => {
  it("is sorted by keyboard and says how", async () => {
    render(Forecasts, { account });
    const user = userEvent.setup();
    screen.getByRole("button", { name: /^said/ }).focus();
    await user.keyboard("{Enter}");
    expect(screen.getByRole("columnheader", { name: /said/ }).getAttribute("aria-sort")).toBe("ascending");
    const [, first] = within(screen.getByRole("table")).getAllByRole("row");
    expect(first?.textContent).toContain("20 % ±1");
    await user.keyboard("{Enter}");
    expect(screen.getByRole("columnheader", { name: /said/ }).getAttribute("aria-sort")).toBe("descending");
    expect(within(screen.getByRole("table")).getAllByRole("row")[1]?.textContent).toContain("90 %");
  });

  it("is filtered by what is typed, and counts", async () => {
    render(Forecasts, { account });
    await userEvent.type(screen.getByRole("searchbox"), "fire");
    expect(screen.getByText("2 forecasts of 5")).toBeTruthy();
    await userEvent.type(screen.getByRole("searchbox"), " zzz");
    expect(screen.getByText("No forecast is like that.")).toBeTruthy();
  });

  it("shows some and then all, and keeps markup as text", async () => {
    const { container } = render(Forecasts, { account, open: 2 });
    expect(within(screen.getByRole("table")).getAllByRole("row")).toHaveLength(3);
    await userEvent.click(screen.getByRole("button", { name: "Show all 5" }));
    expect(within(screen.getByRole("table")).getAllByRole("row")).toHaveLength(6);
    expect(container.querySelector("img")).toBeNull();
    expect(container.textContent).toContain("<img src=x onerror=alert(1)>");
    expect(container.textContent).not.toMatch(/\bnull\b|NaN|undefined/);
  });
});

describe("the ledger", () => {
  it("tells of a broken chain and shows no score", () => {
    const { container } = render(Ledger, {
      account: { ...account, breach: "row 2: it was changed", record: null, hindsight: null },
    });
    expect(screen.getByRole("alert").textContent).toContain("row 2: it was changed");
    expect(screen.queryByRole("heading", { name: "How it did" })).toBeNull();
    expect(container.querySelector("#forecasts")).toBeTruthy();
  });

  it("keeps the record and hindsight apart, and says when nothing can be learned from it", () => {
    render(Ledger, { account });
    expect(screen.getByText(/^In hindsight/).closest("details")?.open).toBe(false);
    expect(screen.getByText(/No author has 50 settled questions yet/)).toBeTruthy();
  });

  it("says of recalibration only what its interval allows", () => {
    const change = (low: number, high: number) => ({ value: (low + high) / 2, low, high, n: 90, blocks: 60 });
    const learned = (method: string, low: number, high: number): Part<"Recalibrated"> => ({
      author: "Anna",
      method,
      questions: 60,
      change: change(low, high),
      means: [[0.1, 0.2]],
    });
    render(Recalibration, {
      account: { ...account, recalibrated: [learned("platt", -0.03, -0.01), learned("beta", -0.02, 0.01)] },
    });
    expect(screen.getByText("better than as it was said")).toBeTruthy();
    expect(screen.getByText("no difference can be told")).toBeTruthy();
    expect(screen.getByText("−0.0200 (−0.0300 to −0.0100)")).toBeTruthy();
  });
});

describe("long work", () => {
  it("waits until it is asked for, case by case, and knows when it is asked the same", () => {
    expect(begunWith("north", "stress")).toBeNull();
    begin("north", "stress", { budget: 6, reports: 2 });
    expect(begunWith("north", "stress")).toEqual({ budget: 6, reports: 2 });
    expect(begunWith("south", "stress")).toBeNull();
    expect(begunWith("north", "collect")).toBeNull();
    expect(isSame(begunWith("north", "stress"), { reports: 2, budget: 6 })).toBe(true);
    expect(isSame(begunWith("north", "stress"), { reports: 3, budget: 6 })).toBe(false);
    expect(isSame(null, {})).toBe(false);
  });
});
