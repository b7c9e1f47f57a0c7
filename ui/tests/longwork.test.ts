import { render, screen, waitFor } from "@testing-library/svelte";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CaseView } from "../src/app/api";
import Record from "../src/app/pages/Record.svelte";
import Watching from "../src/app/pages/Watching.svelte";
import { Workbench } from "../src/app/workbench.svelte";
import assess from "./samples/assess.json";
import collect from "./samples/collect.json";
import Host from "./Host.svelte";
import postmortem from "./samples/postmortem.json";
import stress from "./samples/stress.json";

const ANSWERS: { [ask: string]: unknown } = { assess, collect, stress, postmortem };
type Asked = { ask: string; options?: { [name: string]: unknown } };
let asked: Asked[] = [];

/** A server that has every answer at once. */
function answering(url: string, init?: RequestInit): Promise<Response> {
  const told = (value: unknown, status = 200) =>
    Promise.resolve(new Response(JSON.stringify(value), { status }));
  if (url.endsWith("/jobs")) {
    const body = JSON.parse(String(init?.body)) as Asked;
    asked.push(body);
    const job = { id: body.ask, case: "north", ask: body.ask, state: "done" };
    return told({ ...job, done: 1, total: 1, what: "islands", error: null, seconds: 1 });
  }
  const job = /\/api\/jobs\/(\w+)\/answer$/.exec(url)?.[1];
  if (job) return told(ANSWERS[job]);
  return told({ error: { found: url, expected: "nothing", mend: "ask for less" } }, 404);
}

function workbenchOf(id: string, more: Partial<CaseView> = {}): Workbench {
  const workbench = new Workbench();
  workbench.caseId = id;
  workbench.view = {
    id,
    digest: "d",
    as_of: "2030-03-10",
    questions: [{ id: "beyond-exchange", text: "Will Sudria strike?" }],
    actors: [{ id: "sudria", name: "Sudria" }],
    collectors: [],
    outcomes: [],
    ...more,
  } as unknown as CaseView;
  return workbench;
}

beforeEach(() => {
  asked = [];
  vi.stubGlobal("fetch", answering);
});
afterEach(() => vi.unstubAllGlobals());

// Whole pages are drawn, which takes longer on a busy machine than a test may usually take.
describe("collection and deception", { timeout: 30_000 }, () => {
  it("asks for what is quick at once, and for long work when its button is pressed, with what was chosen", async () => {
    render(Host, { workbench: workbenchOf("one"), page: Watching });
    await waitFor(() => expect(screen.getByText("Where we are blind")).toBeTruthy());
    expect(asked.map((one) => one.ask)).toEqual(["assess"]);

    await userEvent.selectOptions(screen.getByLabelText(/a warning says/), "13 weeks");
    await userEvent.click(screen.getByRole("button", { name: "Simulate attacks and warnings" }));
    await screen.findByRole("heading", { name: "Would we be warned?" });
    expect(asked.at(-1)).toMatchObject({ ask: "collect", options: { within: 13 } });

    const spend = screen.getByLabelText("to spend");
    await userEvent.clear(spend);
    await userEvent.type(spend, "6");
    await userEvent.click(screen.getByRole("button", { name: "Look for the smallest plan" }));
    await screen.findByRole("heading", { name: "The fewest reports that move it into another word" });
    expect(asked.at(-1)).toMatchObject({
      ask: "stress",
      options: { question: "beyond-exchange", budget: 6 },
    });
    expect(asked).toHaveLength(3);
  });

  it("shows long work again to who comes back, and follows the day", async () => {
    const workbench = workbenchOf("two");
    const first = render(Host, { workbench, page: Watching });
    await userEvent.click(await screen.findByRole("button", { name: "Simulate attacks and warnings" }));
    await screen.findByRole("heading", { name: "Would we be warned?" });
    first.unmount();
    render(Host, { workbench, page: Watching });
    await screen.findByRole("heading", { name: "Would we be warned?" });
    expect(asked.filter((one) => one.ask === "collect")).toHaveLength(1);
    workbench.asOf = "2030-02-01";
    await waitFor(() =>
      expect(asked.filter((one) => one.ask === "collect").at(-1)).toMatchObject({ as_of: "2030-02-01" }),
    );
  });
});

describe("the record", { timeout: 30_000 }, () => {
  it("says how to keep a ledger where there is none, and nothing else", () => {
    const { container } = render(Host, { workbench: workbenchOf("three"), page: Record });
    expect(container.textContent).toContain("tocsin ledger add CASE");
    expect(screen.getAllByRole("heading")).toHaveLength(1);
    expect(asked).toEqual([]);
  });

  it("takes the loss apart for a case with outcomes, when asked", async () => {
    const outcomes = [{ question: "beyond-exchange", resolved: "yes", date: "2030-05-05" }];
    const workbench = workbenchOf("four", { outcomes } as unknown as Partial<CaseView>);
    render(Host, { workbench, page: Record });
    expect(asked).toEqual([]);
    await userEvent.click(screen.getByRole("button", { name: "Take the loss apart" }));
    await screen.findByRole("heading", { name: "What carries the loss" });
    expect(asked).toMatchObject([{ ask: "postmortem", options: { question: "beyond-exchange" } }]);
    expect(screen.getByRole("button", { name: "As below" })).toHaveProperty("disabled", true);
  });
});
