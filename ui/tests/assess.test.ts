import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import { courseOf, lived, milestones } from "$answers/assess/ahead";
import Answers from "$answers/assess/Answers.svelte";
import Assess from "$answers/assess/Assess.svelte";
import BlindSpots from "$answers/assess/BlindSpots.svelte";
import Confidence from "$answers/assess/Confidence.svelte";
import Conflicts from "$answers/assess/Conflicts.svelte";
import Diagnostics from "$answers/assess/Diagnostics.svelte";
import Headline from "$answers/assess/Headline.svelte";
import Moved from "$answers/assess/Moved.svelte";
import { split } from "$answers/assess/movers";
import { already, byChance, inadvertent, level, moved } from "$answers/assess/questions";
import { telling } from "$answers/assess/signs";
import Sources from "$answers/assess/Sources.svelte";
import { tally } from "$answers/assess/tally";
import Watchlist from "$answers/assess/Watchlist.svelte";
import type { Estimate } from "$lib/answers";
import { percent } from "$lib/format";
import sample from "./samples/assess.json";

const answer = sample as unknown as Estimate;
const [first, second] = answer.questions;
const rowOf = (shown: string) => screen.getByText(shown, { exact: false, selector: "th" }).closest("tr")!;
const text = (container: Element) => container.textContent?.replace(/\s+/g, " ") ?? "";

describe("what is said of a question", () => {
  const question = (by: string, probability: number) => ({ by, already: { probability, mc_error: 0.01 } });

  it("says that its day has passed, that it has come true or may have, or nothing", () => {
    expect(already(question("2023-10-10", 0.2), "2023-10-11")).toContain("Its day has passed");
    expect(already(question("2023-10-11", 1), "2023-10-11")).toBe("It has come true already.");
    expect(already(question("2023-12-31", 0.2), "2023-10-11")).toBe("May have come true already: 20 % ±1.");
    expect(already(question("2023-12-31", 0.001), "2023-10-11")).toBeNull();
  });

  it("tells what moved from what could be chance", () => {
    const chance = (probability: number, mc_error: number | null) => ({ probability, mc_error });
    expect(moved(chance(0.1, 0.01), chance(0.2, 0.01))?.told).toBe(true);
    expect(moved(chance(0.1, 0.01), chance(0.2, 0.06))?.told).toBe(false);
    expect(moved(chance(0.1, null), chance(0.9, 0.01))?.told).toBe(false);
    expect(moved({ probability: null, mc_error: null }, chance(0.2, 0.01))).toBeNull();
  });

  it("marks the level of confidence and passes on a level that it does not know", () => {
    expect(["low", "moderate", "high", "other"].map(level)).toEqual([
      "●○○ low",
      "●●○ moderate",
      "●●● high",
      "other",
    ]);
  });

  it("writes the share that nobody wanted, or nothing where there is none", () => {
    expect(inadvertent({ inadvertent: { value: 0.448, mc_error: 0.059 } })).toBe("45 % ±6");
    expect(inadvertent({ inadvertent: { value: 0.448, mc_error: null } })).toBe("45 % (error unknown)");
    expect(inadvertent({ inadvertent: null })).toBeNull();
  });

  it("says whether chance brings what is asked about or keeps it away, or nothing where it cannot tell", () => {
    const said = (value: number) => byChance({ inadvertent: { value, mc_error: 0.03 } });
    expect(said(0.45)).toMatch(/^45 % ±3 of this is gone/);
    expect(said(-0.26)).toMatch(/^It is larger by 26 % ±3 of itself/);
    expect([said(0.05), said(-0.05)]).toEqual([null, null]);
  });
});

describe("what is chosen to be shown", () => {
  it("lists the reports that moved an answer by half a point or more, and three at the least", () => {
    const change = (...shifts: number[]) => ({
      question: "q",
      before: { probability: 0.1, mc_error: 0.01 },
      after: { probability: 0.2, mc_error: 0.01 },
      moved_by: shifts.map((shift, k): [string, number] => [`r${k}`, shift]),
      rest: 0.01,
    });
    expect(split(change(0.001, -0.03, 0.02)).shown.map(([id]) => id)).toEqual(["r1", "r2", "r0"]);
    const small = split(change(0.004, 0.001, 0.002, 0.003, 0));
    expect(small.shown.map(([id]) => id)).toEqual(["r0", "r3", "r2"]);
    expect([small.rest, small.below]).toEqual([[["r1", 0.001]], 0.001]);
    expect(split(change(...Array<number>(20).fill(0.05))).shown).toHaveLength(8);
  });

  it("takes of each sign the three answers that it would move most", () => {
    const sign = {
      ...answer.indicators[0]!,
      expectations: [0.1, 0.4, 0.3, 0.2].map((expected_shift, k) => ({
        question: `q${k}`,
        if_seen: 0.5,
        if_not_seen: 0.1,
        expected_shift,
      })),
    };
    expect(telling(sign).map((one) => one.question)).toEqual(["q1", "q2", "q3"]);
  });

  it("joins the past of a front to its future without a day twice", () => {
    const front = answer.fronts[0]!;
    const days = courseOf(answer, front).map((step) => step.day);
    expect(days).toEqual([...new Set(days)].sort());
    expect(days.length).toBeGreaterThan(answer.futures.fans[0]!.steps.length);
  });

  it("leaves out the start of a case whose first step has the same day", () => {
    const moment = (day: string, share: number) => ({ day, shares: [share] });
    expect(lived([moment("2023-10-01", 1), moment("2023-10-01", 0.5), moment("2023-10-08", 0.2)])).toEqual([
      moment("2023-10-01", 0.5),
      moment("2023-10-08", 0.2),
    ]);
  });

  it("gathers what is reached by each day, for every front", () => {
    const days = milestones(answer);
    expect(days.map((one) => one.by)).toEqual([...new Set(days.map((one) => one.by))].sort());
    const [ref, reached] = [answer.futures.fans[0]!.ref, answer.futures.fans[0]!.reached[0]!];
    const found = days.find((one) => one.by === reached[1])!.fronts.find((one) => one.ref === ref)!;
    expect(found.chances.get(reached[0])).toEqual(reached[2]);
  });

  it("counts reports right and wrong, parts of one too", () => {
    expect([tally(3, 1), tally(2.5, 0), tally(0, 0)]).toEqual([
      "3 right, 1 wrong",
      "2.5 right, 0 wrong",
      null,
    ]);
  });
});

describe("the parts of the report", () => {
  it("gives each question its number with error, its word and a drawing that says both", () => {
    render(Answers, { answer });
    for (const question of answer.questions) {
      const row = rowOf(question.text);
      expect(text(row)).toContain(percent(question.chance));
      expect(row.querySelector("[role=img]")?.getAttribute("aria-label")).toContain(question.band.word);
    }
  });

  it("leaves out the question that stands above it, and keeps the others' names", () => {
    render(Answers, { answer, first: first!.id });
    expect(screen.queryByText(first!.text)).toBeNull();
    expect(text(rowOf(second!.text))).toContain("Q2");
  });

  it("keeps likelihood and confidence apart", () => {
    const said = render(Headline, { answer, question: first! });
    expect(text(said.container)).toContain(percent(first!.chance));
    expect(text(said.container)).not.toMatch(/confidence/i);
    said.unmount();
    const trust = render(Confidence, { answer, only: first!.id });
    expect(text(trust.container)).toContain(level(first!.confidence.level));
    expect(text(trust.container)).not.toContain(first!.band.word);
    expect(text(trust.container)).not.toContain(percent(first!.chance));
  });

  it("folds the grounds of every answer until asked for", async () => {
    const { container } = render(Confidence, { answer });
    const folded = container.querySelector("details")!;
    expect(folded.open).toBe(false);
    await userEvent.click(folded.querySelector("summary")!);
    expect(folded.open).toBe(true);
    expect(text(folded)).toContain(first!.confidence.grounds[0]!);
  });

  it("says what moved since, by which reports, and what happened", () => {
    const event = answer.since!.new_events[0];
    const props = { answer, question: second!.id, events: event ? { [event]: "A bridge falls" } : {} };
    const { container } = render(Moved, { props });
    expect(text(container)).toContain("Which reports moved Q2");
    if (event) expect(text(container)).toContain("A bridge falls");
    const change = answer.since!.changes.find((one) => one.question === second!.id)!;
    for (const [id] of split(change).shown) expect(text(container)).toContain(id);
  });

  it("says of every sign how likely it is seen, and of every blind spot why", () => {
    expect(text(render(Watchlist, { answer }).container)).toContain(answer.indicators[0]!.name);
    expect(text(render(BlindSpots, { answer }).container)).toContain(answer.blind_spots[0]!.why);
    expect(text(render(Watchlist, { answer: { ...answer, indicators: [] } }).container)).toContain(
      "names nothing that could be seen",
    );
    expect(text(render(BlindSpots, { answer: { ...answer, blind_spots: [] } }).container)).toContain(
      "is watched by somebody",
    );
  });

  it("shows of each source its letter and how often it is right, before and after", () => {
    const { container } = render(Sources, { answer });
    const drawn = [...container.querySelectorAll("[role=img]")].map((one) => one.getAttribute("aria-label"));
    expect(drawn).toEqual(
      answer.sources.map(
        (source) => `${source.name}: ${percent({ ...source.now, probability: source.now.value })}`,
      ),
    );
  });

  it("shows warnings of the computation in the open, and its figures folded", () => {
    const warned = {
      ...answer,
      diagnostics: { ...answer.diagnostics, warnings: ["the islands disagree"] },
    };
    const { container } = render(Diagnostics, { answer: warned });
    expect(screen.getByText("the islands disagree", { exact: false }).closest("details")).toBeNull();
    expect(container.querySelector("details")!.open).toBe(false);
  });

  it("keeps markup in a text as text", () => {
    const conflict = { reports: ["r1"], about: "x", text: "<img src=x onerror=alert(1)>" };
    const { container } = render(Conflicts, { answer: { ...answer, conflicts: [conflict] } });
    expect(container.querySelector("img")).toBeNull();
    expect(text(container)).toContain(conflict.text);
  });
});

// A long page, in a test page that is slow to build it.
describe("the whole report", { timeout: 30_000 }, () => {
  it("leads to every part that it has, and writes no value that is not there", () => {
    const { container } = render(Assess, { answer });
    const links = [
      ...container.querySelectorAll<HTMLAnchorElement>("nav[aria-label='Parts of this page'] a"),
    ];
    expect(links.length).toBeGreaterThan(10);
    for (const link of links) expect(container.querySelector(link.getAttribute("href")!)).not.toBeNull();
    expect(text(container)).not.toMatch(/\b(null|NaN|undefined)\b/);
    Element.prototype.scrollIntoView = () => undefined;
    links[0]!.click();
    expect(document.activeElement?.textContent).toBe("Likelihood");
  });

  it("does so too where numbers are unknown", () => {
    const unknown = JSON.parse(
      JSON.stringify(sample, (key, value: unknown) =>
        ["mc_error", "expected_shift", "worth", "effective_islands", "rest", "place"].includes(key)
          ? null
          : value,
      ),
    ) as Estimate;
    const { container } = render(Assess, {
      answer: { ...unknown, since: { ...unknown.since!, changes: [] } },
    });
    expect(text(container)).not.toMatch(/\b(null|NaN|undefined|Infinity)\b/);
  });
});
