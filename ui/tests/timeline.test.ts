import { render, screen } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { createRawSnippet } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { dayAt, daysBetween, daysLater, placeOf, topOf } from "$charts/frame";
import Ladder from "$charts/Ladder.svelte";
import { rungsHeld, standing } from "$charts/ladder";
import Strip from "$charts/Strip.svelte";
import type { Estimate } from "$lib/answers";
import type { CaseView } from "../src/app/api";
import { earlierDays, isDay } from "../src/app/days";
import Clocks from "../src/app/timeline/Clocks.svelte";
import DayNews from "../src/app/timeline/DayNews.svelte";
import Linked from "../src/app/timeline/Linked.svelte";
import { lagWords, lanesOf, newsUpTo } from "../src/app/timeline/news";
import { seriesOf, valueOn } from "../src/app/timeline/series";
import { spanOf, stepped } from "../src/app/timeline/span";
import sample from "./samples/assess.json";

const estimate = sample as unknown as Estimate;
const frame = { from: "2023-10-01", to: "2023-10-11", left: 100, right: 50 };
const text = (container: Element) => container.textContent?.replace(/\s+/g, " ") ?? "";

describe("one time axis", () => {
  it("puts a day where it finds it again", () => {
    expect(placeOf(frame, 650, "2023-10-01")).toBe(100);
    expect(placeOf(frame, 650, "2023-10-11")).toBe(600);
    for (const day of ["2023-10-01", "2023-10-04", "2023-10-11"])
      expect(dayAt(frame, 650, placeOf(frame, 650, day))).toBe(day);
  });

  it("never leads out of the frame, nor across a change of clocks", () => {
    expect([dayAt(frame, 650, -40), dayAt(frame, 650, 9000)]).toEqual(["2023-10-01", "2023-10-11"]);
    expect(daysBetween("2023-10-01", "2024-04-01")).toBe(183);
    expect(daysLater("2024-02-28", 2)).toBe("2024-03-01");
  });

  it("ends a scale at the least round figure that holds what is drawn", () => {
    expect([[], [0.03], [0.12], [0.58], [0.99]].map(topOf)).toEqual([1, 0.04, 0.2, 1, 1]);
  });
});

describe("a ladder", () => {
  const steps = [
    { day: "2023-09-24", shares: [1, 0, null] },
    { day: "2023-10-01", shares: [0.25, 0.75, 0.001] },
    { day: "2023-10-08", shares: [0, 1.0000001, 0] },
  ];

  it("has a cell for each rung held, cut to the frame, and none for what cannot be seen", () => {
    expect(rungsHeld(steps, "2023-10-12", frame)).toEqual([
      { rung: 0, from: "2023-10-01", to: "2023-10-08", share: 0.25 },
      { rung: 1, from: "2023-10-01", to: "2023-10-08", share: 0.75 },
      { rung: 1, from: "2023-10-08", to: "2023-10-11", share: 1 },
    ]);
  });

  it("knows where a front likeliest stood on a day", () => {
    expect(standing(steps, "2023-10-05")).toEqual({ rung: 1, share: 0.75 });
    expect(standing(steps, "2023-09-01")).toBeNull();
  });

  it("says its shares as numbers", () => {
    const { container } = render(Ladder, {
      props: { steps, end: "2023-10-12", rungs: ["calm", "words", "war"], label: "Posture on a -> b", frame },
    });
    expect(text(container)).toContain("75 %");
    expect(screen.getByRole("img").getAttribute("aria-label")).toContain("words 100 %");
    expect(text(container)).not.toMatch(/null|NaN/);
  });
});

const view = {
  start: "2023-10-01",
  end: "2023-12-31",
  as_of: "2023-10-11",
  days: ["2023-10-01", "2023-10-07", "2023-10-09"],
  sources: [
    { id: "wire", grade: "B", discipline: "press" },
    { id: "un", grade: "A", discipline: "observers" },
  ],
  events: [
    { id: "surprise", date: "2023-10-07", known: null, text: "An attack." },
    { id: "secret", date: "2023-10-02", known: "2023-11-01", text: "Told late." },
  ],
  reports: [
    report("r1", "2023-10-01", "2023-10-09", "wire", "B4", "front", "words"),
    report("r2", "2023-10-07", "2023-10-07", "un", "A1", "indicator", "not seen"),
    report("r3", "2023-10-07", "2023-10-07", "un", "A2", "indicator", "seen"),
    report("r4", "2023-10-07", "2023-12-01", "wire", "B2", "indicator", "seen"),
  ],
} as unknown as CaseView;

function report(
  id: string,
  date: string,
  known: string,
  source: string,
  grade: string,
  kind: string,
  value: string,
) {
  return {
    id,
    date,
    known,
    source,
    grade,
    kind,
    value,
    origin: null,
    about: "x",
    text: `<b>${id}</b>`,
    citation: "",
  };
}

describe("news on two clocks", () => {
  const news = newsUpTo(view, "2023-10-11");

  it("holds what was known by the day and nothing that became known later", () => {
    expect(news.map((one) => one.id)).toEqual(["surprise", "r2", "r3", "r1"]);
    expect(news.map((one) => one.shape)).toEqual(["event", "not seen", "seen", "posture"]);
    expect(news.map((one) => [one.lag, one.item])).toEqual([
      [0, null],
      [0, 1],
      [0, 2],
      [8, 4],
    ]);
  });

  it("has a lane a source, events first, and stacks what became known on one day", () => {
    const { lanes, height } = lanesOf(news, view.sources, frame);
    expect(lanes.map((lane) => lane.title)).toEqual(["events", "wire B", "un A"]);
    const heights = lanes[2]!.news.map((one) => one.y);
    expect(new Set(heights).size).toBe(2);
    expect(Math.max(...heights)).toBeLessThan(height);
    expect(lanesOf(news, view.sources, { from: "2023-10-10", to: "2023-10-11" }).lanes).toEqual([]);
  });

  it("says the lag in words", () => {
    expect([0, 1, 8].map(lagWords)).toEqual(["the same day", "1 day later", "8 days later"]);
  });

  it("lists both days of everything, markup as text", () => {
    const { container } = render(Clocks, { props: { news, sources: view.sources, frame } });
    const row = screen.getByText("<b>r1</b>", { exact: false }).closest("tr")!;
    expect(text(row)).toContain("2023-10-01");
    expect(text(row)).toContain("8 days later");
    expect(container.querySelector("b")).toBeNull();
  });

  it("tells what became known on the day pointed at, or when something last did", () => {
    const props = { news, answers: [], postures: [] };
    const { container, rerender } = render(DayNews, { ...props, day: "2023-10-07" });
    expect(text(container)).toContain("3 items became known");
    return rerender({ ...props, day: "2023-10-08" }).then(() =>
      expect(text(container)).toContain("the last before it on 2023-10-07"),
    );
  });
});

describe("which days are shown and stepped through", () => {
  it("leaves room after the as-of day, within the case", () => {
    expect(spanOf("until", view, "2023-10-11")).toEqual({ from: "2023-10-01", to: "2023-10-18" });
    expect(spanOf("until", view, "2023-12-31").to).toBe("2023-12-31");
    expect(spanOf("around", view, "2023-12-01")).toEqual({ from: "2023-10-20", to: "2023-12-15" });
    expect(spanOf("whole", view, "2023-10-11")).toEqual({ from: "2023-10-01", to: "2023-12-31" });
  });

  it("goes from news to news by keys, and stops at the ends", () => {
    const step = (now: string, key: string) => stepped(view.days, now, key);
    expect(step("2023-10-08", "ArrowLeft")).toBe("2023-10-07");
    expect(step("2023-10-08", "ArrowRight")).toBe("2023-10-09");
    expect([step("2023-10-01", "ArrowLeft"), step("2023-10-09", "PageUp")]).toEqual([
      "2023-10-01",
      "2023-10-09",
    ]);
    expect([step("2023-10-08", "Home"), step("2023-10-08", "End")]).toEqual(["2023-10-01", "2023-10-09"]);
    expect([step("2023-10-08", "x"), stepped([], "2023-10-08", "Home")]).toEqual([null, null]);
  });

  it("compares with days of news before, and with the start", () => {
    expect(earlierDays(view, "2023-10-09")).toEqual(["2023-10-07", "2023-10-01"]);
    expect(earlierDays({ ...view, days: [] }, "2023-10-09")).toEqual(["2023-10-01"]);
    expect(earlierDays(view, "2023-10-01")).toEqual([]);
  });

  it("takes only days of the calendar", () => {
    expect(["2023-10-11", "2023-02-30", "11/10/2023", "", "2023-13-01"].map(isDay)).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe("answers over time", () => {
  const questions = estimate.questions.map(({ id, text }) => ({ id, text }));
  const first = questions[0]!.id;
  const chance = (probability: number) => ({ probability, mc_error: 0.01 });
  const told = {
    head: { particles: 5000 },
    days: 3,
    thinned: false,
    points: ["2030-01-05", "2030-01-20", "2030-09-01"].map((day, k) => ({
      day,
      answers: [{ question: first, chance: chance(0.1 * (k + 1)) }],
    })),
  };

  it("ends with the estimate's own answer, and holds nothing from after the day", () => {
    const [series] = seriesOf(questions, told, estimate, estimate.as_of);
    const now = estimate.questions[0]!.chance;
    expect(series!.points.map((point) => point.day)).toEqual(["2030-01-05", "2030-01-20", estimate.as_of]);
    expect(series!.points.at(-1)!.chance).toEqual(now);
    expect(valueOn(series!, "2030-01-10")?.chance).toEqual(chance(0.1));
    expect(valueOn(series!, "2030-01-01")).toBeNull();
  });

  it("shows no answer of a later day while the page goes back in time", () => {
    const [series] = seriesOf(questions, told, estimate, "2030-01-10");
    expect(series!.points.map((point) => point.day)).toEqual(["2030-01-05"]);
  });

  it("says its numbers with their errors", () => {
    const series = seriesOf(questions, told, estimate, estimate.as_of);
    const { container } = render(Strip, { props: { series, chosen: first, label: "Probability", frame } });
    expect(text(container)).toContain("10 % ±1");
    expect(screen.getByRole("img").getAttribute("aria-label")).toContain("on 2030-01-05");
  });
});

describe("the lines through the charts", () => {
  const children = createRawSnippet(() => ({ render: () => "<p>charts</p>" }));
  const days = view.days;
  let asked: string[];
  let seen: string[];
  const shown = () => {
    asked = [];
    seen = [];
    render(Linked, {
      props: {
        frame,
        days,
        asOf: "2023-10-09",
        pointed: "2023-10-07",
        onpoint: (day: string) => seen.push(day),
        onasof: (day: string) => asked.push(day),
        children,
      },
    });
  };
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());
  const user = () => userEvent.setup({ advanceTimers: vi.advanceTimersByTime });

  it("goes back in time by keys, once they rest", async () => {
    shown();
    const line = screen.getByRole("slider", { name: /As-of date/ });
    line.focus();
    await user().keyboard("{ArrowLeft}{ArrowLeft}");
    expect([line.getAttribute("aria-valuetext"), asked]).toEqual(["2023-10-01", []]);
    vi.advanceTimersByTime(600);
    expect(asked).toEqual(["2023-10-01"]);
  });

  it("forgets a move that is called off", async () => {
    shown();
    const line = screen.getByRole("slider", { name: /As-of date/ });
    line.focus();
    await user().keyboard("{ArrowLeft}{Escape}");
    vi.advanceTimersByTime(600);
    expect([line.getAttribute("aria-valuetext"), asked]).toEqual(["2023-10-09", []]);
  });

  it("points at days by keys, none of them after the as-of day", async () => {
    shown();
    screen.getByRole("slider", { name: "Day pointed at" }).focus();
    await user().keyboard("{ArrowRight}{ArrowLeft}{End}");
    expect(seen).toEqual(["2023-10-09", "2023-10-01", "2023-10-09"]);
  });
});
