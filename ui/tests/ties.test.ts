import { fireEvent, render, screen, within } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { describe, expect, it } from "vitest";
import NetworkInTime from "$answers/ties/NetworkInTime.svelte";
import Report from "$answers/ties/Ties.svelte";
import {
  bendsOf,
  endOfYear,
  learned,
  mannerOf,
  skillOn,
  stateOn,
  turnsIn,
  yearsOf,
} from "$answers/ties/ties";
import { exactly, inPoints } from "$answers/ties/words";
import { fitted } from "$charts/network";
import type { Ties } from "$lib/answers";
import sample from "./samples/ties.json";

const answer = sample as unknown as Ties;
const bond = (ref: string) => answer.bonds.find((one) => one.ref === ref)!;
const training = bond("hezbollah -> hamas (training)");
const none: Ties = {
  ...answer,
  bonds: [],
  turns: [],
  learners: answer.learners.map((one) => ({ ...one, skill: one.own, lessons: [], without: [] })),
};

describe("ties on a day", () => {
  it("are not there yet, held, broken, and mended", () => {
    expect(stateOn(training, "1990-01-01").is).toBe("before");
    expect(stateOn(training, "1992-12-01").is).toBe("held");
    expect(stateOn(training, "2011-01-01")).toMatchObject({ is: "broken", since: "2011-01-01" });
    expect(stateOn(training, "2017-01-01").is).toBe("held");
    const patron = bond("iran -> hamas (patron)");
    const held = stateOn(patron, "2012-01-01");
    expect(held.is === "held" && held.stretch.strength).toBe(0.2);
  });

  it("are looked at year by year, up to the day of the answer", () => {
    const years = yearsOf(answer);
    expect([years[0], years.at(-1)]).toEqual([1973, Number(answer.head.as_of.slice(0, 4))]);
    expect(endOfYear(answer, 2011)).toBe("2011-12-31");
    expect(endOfYear(answer, years.at(-1)!)).toBe(answer.head.as_of);
    expect(turnsIn(answer, 2012).map((turn) => turn.what)).toEqual(["weakened"]);
    expect(yearsOf(none)).toEqual([]);
  });

  it("teach, bind or divide", () => {
    expect(mannerOf(training)).toBe("teaches");
    expect(mannerOf(bond("israel -> iran (rivalry)"))).toBe("divides");
    expect(mannerOf(bond("united-states -> israel (guarantee)"))).toBe("binds");
  });

  it("bend apart where they are of one pair, and not at all alone", () => {
    const bends = bendsOf(answer.bonds);
    const pair = answer.bonds.filter((one) => [one.one, one.other].sort().join() === "hamas,hezbollah");
    expect(new Set(pair.map((one) => bends.get(one.ref))).size).toBe(pair.length);
    expect(bends.get("united-states -> israel (guarantee)")).toBeCloseTo(0);
  });

  it("raise skills along the way that is told", () => {
    const hamas = answer.learners.find((one) => one.id === "hamas")!;
    const [first, last] = [hamas.path[0]!, hamas.path.at(-1)!];
    expect(skillOn(hamas, "1900-01-01")).toBe(hamas.own);
    expect(skillOn(hamas, last.day)).toBeCloseTo(last.skill!);
    expect(skillOn(hamas, first.day)).toBeCloseTo(first.skill!);
    const [a, b] = hamas.path.slice(-3) as [{ day: string; skill: number }, { day: string; skill: number }];
    const between = skillOn(hamas, `${a.day.slice(0, 4)}-07-01`);
    expect(between).toBeGreaterThanOrEqual(Math.min(a.skill, b.skill));
    expect(between).toBeLessThanOrEqual(Math.max(a.skill, b.skill));
    expect(learned(answer)[0]!.id).toBe("syria");
  });
});

describe("places in a picture", () => {
  const node = (id: string, x: number, y: number) => ({ id, name: id, x, y, skill: 0 });

  it("fill it, keeping who is left of and above whom", () => {
    const found = fitted([node("a", -0.2, 0), node("b", 0.1, 0.1), node("c", 0.3, 0.05)], 600, 400, {
      x: 50,
      y: 40,
    });
    expect([found.get("a")!.x, found.get("c")!.x]).toEqual([50, 550]);
    expect([found.get("a")!.y, found.get("b")!.y]).toEqual([40, 360]);
    expect(found.get("b")!.x).toBeCloseTo(350);
  });

  it("are in its middle where there is but one", () => {
    expect(fitted([node("a", 1, 1)], 600, 400, { x: 50, y: 40 }).get("a")).toEqual({ x: 300, y: 200 });
  });
});

describe("the report of the ties", () => {
  it("says every skill, lesson, change without a tie, bond and turn", () => {
    const { container } = render(Report, { answer });
    const text = container.textContent!;
    for (const one of answer.learners) {
      expect(text).toContain(exactly(one.skill));
      for (const lesson of one.lessons.filter(({ gained }) => gained! >= 0.0005))
        expect(text).toContain(inPoints(lesson.gained));
    }
    for (const turn of answer.turns) expect(text).toContain(turn.note);
    for (const one of answer.bonds) expect(text).toContain(one.ref);
    expect(text).toContain("no Monte Carlo error");
    expect(text).not.toMatch(/null|NaN|undefined/);
  });

  it("says so where nothing taught and nothing tied", () => {
    const { container } = render(Report, { answer: none });
    expect(container.textContent).toContain("No tie has taught anybody anything");
    expect(container.textContent).toContain("Nobody from anybody");
    expect(container.textContent).toContain("The case has no tie");
  });

  it("takes markup for text", () => {
    const odd = { ...answer, turns: [{ ...answer.turns[0]!, note: "<script>alert(1)</script>" }] };
    const { container } = render(Report, { answer: odd });
    expect(container.querySelector("script")).toBeNull();
    expect(container.textContent).toContain("<script>alert(1)</script>");
  });
});

describe("the network year by year", () => {
  const rows = () => within(screen.getByRole("region", { name: /^Ties on/ })).getAllByRole("row").length - 1;

  it("goes back in time by its slider, in words too", async () => {
    render(NetworkInTime, { answer });
    expect(rows()).toBe(answer.bonds.length);
    const slider = screen.getByRole<HTMLInputElement>("slider");
    expect(slider.getAttribute("aria-valuetext")).toContain("19 ties held");
    await fireEvent.input(slider, { target: { value: "1980" } });
    expect(rows()).toBe(3);
    expect(screen.getByText(/3 ties held on 1980-12-31/)).toBeTruthy();
    await fireEvent.input(slider, { target: { value: "2011" } });
    expect(screen.getByText("broken", { selector: "td" })).toBeTruthy();
    expect(screen.getByRole("img", { name: /network of ties on 2011-12-31/ })).toBeTruthy();
  });

  it("picks out an actor's ties by keyboard, and lets go of them", async () => {
    render(NetworkInTime, { answer });
    const button = screen.getByRole("button", { name: "Syria (Assad government)" });
    button.focus();
    await userEvent.keyboard("{Enter}");
    expect(button.getAttribute("aria-pressed")).toBe("true");
    expect(rows()).toBe(2);
    await userEvent.keyboard("{Enter}");
    expect(rows()).toBe(answer.bonds.length);
  });
});
