import { render } from "@testing-library/svelte";
import { describe, expect, it } from "vitest";
import type { CeaseFire } from "$lib/answers";
import { change } from "$lib/change";
import { percent } from "$lib/format";
import Ceasefire from "$answers/ceasefire/Ceasefire.svelte";
import {
  carriersOf,
  counting,
  familiesApart,
  frontsApart,
  idleWords,
  kind,
  rangeWords,
  status,
  worth,
} from "$answers/ceasefire/words";
import sample from "./samples/ceasefire.json";

const answer = sample as unknown as CeaseFire;
const deal = answer.deals[0]!;
const text = (container: Element) => (container.textContent ?? "").replace(/\s+/g, " ");
const withDeal = (part: Partial<typeof deal>): CeaseFire => ({
  ...structuredClone(answer),
  deals: [{ ...structuredClone(deal), ...part }],
});

describe("a deal in words", () => {
  it("says where it stands", () => {
    expect(status(deal)).toContain(`It caps ${deal.between.join(" and ")} at ${deal.cap}.`);
    expect(status({ ...deal, on_table: false })).toMatch(/^Not on the table/);
    expect(status({ ...deal, in_force: { probability: 0, mc_error: 0 } })).not.toContain("In force");
  });

  it("calls considerations by what they are where a deal is weighed", () => {
    expect([kind("deterrence"), kind("weariness")]).toEqual(["fear of going on", "weariness"]);
  });

  it("rounds nothing small to nothing", () => {
    expect(worth({ value: 0.001, mc_error: 0.001 })).toBe("about 0");
    expect(worth({ value: -0.2, mc_error: 0.0001 })).toBe("−0.20 ±0.01");
    expect(worth({ value: 0.3, mc_error: null })).toBe("+0.30 (error unknown)");
  });

  it("parts what counts from what says nothing, and loses none of it", () => {
    for (const side of deal.sides) {
      const { telling, idle } = familiesApart(side);
      expect(telling.length + idle.length).toBe(side.families.length);
      const idleNames = side.parts.length - counting(side).length;
      expect(idleWords(side) === "").toBe(idleNames === 0);
    }
    const { open, folded } = frontsApart(deal);
    expect(open.length + folded.length).toBe(deal.fronts.length);
    expect(new Set([...open, ...folded])).toEqual(new Set(deal.fronts));
    expect(open.every((front) => !front.party)).toBe(true);
  });

  it("says plainly if nothing carries what a spoiler does", () => {
    const spoiler = deal.spoilers[0]!;
    expect(carriersOf({ ...spoiler, carriers: [] })).toBe("nothing that weighs with a party");
  });
});

describe("the cease-fires", () => {
  it("show what signing is worth, the range, whether it comes, holds and what it changes", () => {
    const { container } = render(Ceasefire, { answer });
    const page = text(container);
    for (const one of answer.deals) {
      expect(page).toContain(one.name);
      expect(page).toContain(percent(one.agreed));
      expect(page).toContain(percent(one.signed.at(-1)!.chance));
      if (one.range) expect(page).toContain(rangeWords(one, one.range));
      for (const side of one.sides) if (side.front) expect(page).toContain(percent(side.accepts));
      for (const hold of one.holds) expect(page).toContain(`${hold.days} days`);
      for (const question of one.questions) {
        expect(page).toContain(question.text);
        expect(page).toContain(change(question.signed_change));
      }
      for (const front of one.fronts) expect(page).toContain(percent(front.signed));
      for (const spoiler of one.spoilers) expect(page).toContain(change(spoiler.rises));
    }
  });

  it("have a table for every week of the range", () => {
    const { container } = render(Ceasefire, { answer });
    const captions = [...container.querySelectorAll("table")].filter((table) =>
      table.caption?.textContent?.startsWith("Medians in nats"),
    );
    const ranged = answer.deals.filter((one) => one.range && one.weeks.length > 1);
    expect(captions.map((table) => table.rows.length)).toEqual(ranged.map((one) => one.weeks.length + 1));
  });

  it("say why there is no range, and of whom nobody is left", () => {
    const { container } = render(Ceasefire, {
      answer: withDeal({
        range: null,
        no_range: "it only consents",
        opens: null,
        closes: null,
        spoilers: [],
      }),
    });
    expect(text(container)).toContain("None: it only consents.");
    expect(text(container)).toContain("Nobody in the case has a front that weighs with a party.");
  });

  it("never say what a program would, and show markup as text", () => {
    const evil = "<img src=x onerror=alert(1)>";
    const none = { probability: null, mc_error: null };
    const { container } = render(Ceasefire, {
      answer: withDeal({
        name: evil,
        agreed: none,
        holds: deal.holds.map((one) => ({ ...one, after_talks: null, quiet: null, if_signed_today: null })),
        sides: deal.sides.map((side) => ({ ...side, odds: null, spread: null })),
      }),
    });
    expect(text(container)).not.toMatch(/\b(null|NaN|undefined)\b/);
    expect(container.querySelector("img")).toBeNull();
    expect(text(container)).toContain(evil);
    expect(text(container)).toContain("too rare to say");
    expect(text(container)).toContain("beyond the case");
  });

  it("stand without a deal", () => {
    const { container } = render(Ceasefire, { answer: { ...structuredClone(answer), deals: [] } });
    expect(text(container)).toContain("The case has no deal that could be asked about.");
  });
});
