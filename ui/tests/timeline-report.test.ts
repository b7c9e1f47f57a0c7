import { render, screen, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import Timeline from "$answers/timeline/Timeline.svelte";
import { newsOf, seriesOf, turnsOf } from "$answers/timeline/timeline";
import type { Timeline as Answer } from "$lib/answers";
import { percent } from "$lib/format";
import sample from "./samples/timeline.json";

const answer = sample as unknown as Answer;

describe("a timeline as it is told", () => {
  it("has a line a question with a point a day", () => {
    const series = seriesOf(answer);
    expect(series.map((one) => one.name)).toEqual(["Q1", "Q2"]);
    expect(series[1]?.points.map((one) => one.day)).toEqual(answer.points.map((one) => one.day));
    expect(series[1]?.points[3]?.chance).toEqual(answer.points[3]?.answers[1]?.chance);
  });

  it("names the fronts that moved to another rung, and none at the first point", () => {
    const [one, other] = answer.points;
    const moved = {
      ...answer,
      points: [
        one!,
        { ...other!, fronts: [{ ...other!.fronts[0]!, posture: "war" }, ...other!.fronts.slice(1)] },
      ],
    };
    const same = { ...answer, points: [one!, { ...one!, day: "2031-01-01" }] };
    expect(turnsOf(moved)[0]).toEqual([]);
    expect(turnsOf(moved)[1]?.map((then) => then.posture)).toContain("war");
    expect(turnsOf(same)).toEqual([[], []]);
  });

  it("tells news by name where it is little and by number where it is much", () => {
    const point = { ...answer.points[0]!, reports: ["a", "b"], events: ["x"] };
    expect(newsOf(point)).toBe("reports a, b; events x");
    expect(newsOf({ ...point, reports: ["a", "b", "c", "d", "e"], events: [] })).toBe("5 reports");
    expect(newsOf({ ...point, reports: [], events: [] })).toBe("nothing");
  });
});

describe("the report of a timeline", () => {
  it("tells every day with its probability, error and word, of the question chosen", async () => {
    render(Timeline, { answer });
    const rows = () =>
      within(screen.getByRole("table", { name: /What each day brought/ }))
        .getAllByRole("row")
        .slice(1);
    const told = (k: number) =>
      answer.points.map((point) => `${percent(point.answers[k]!.chance)}${point.answers[k]!.band.word}`);
    const shown = () =>
      rows().map((row) => within(row).getAllByRole("cell")[0]!.textContent?.replace(" (at its edge)", ""));
    expect(rows()).toHaveLength(answer.points.length);
    expect(shown()).toEqual(told(0));
    await userEvent.selectOptions(screen.getByRole("combobox"), answer.questions[1]!.id);
    expect(shown()).toEqual(told(1));
    expect(document.body.textContent).not.toMatch(/null|NaN|undefined/);
  });

  it("says if days were put together", () => {
    render(Timeline, { answer: { ...answer, thinned: true, days: 124 } });
    expect(screen.getByText(/became known on 124 days/)).toBeTruthy();
  });
});
