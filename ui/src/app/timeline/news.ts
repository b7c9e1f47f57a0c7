// What became known when: reports and events of a case on their two clocks, as lanes to draw and lists to read.

import type { CaseView } from "../api";

export type Said = CaseView["reports"][number];
export type Happened = CaseView["events"][number];

/** A report or an event with both its days. */
export type News = {
  id: string;
  lane: string;
  shape: "posture" | "seen" | "not seen" | "event";
  discipline: string;
  happened: string;
  known: string;
  lag: number;
  /** Number of the item's grade, 1 the best; null for an event. */
  item: number | null;
  report: Said | null;
  text: string;
};
export type Lane = { id: string; title: string; news: Placed[]; top: number; height: number };
export type Placed = News & { y: number };

export const EVENTS = "events";
const ROW = 10;
const TALLEST = 100;

/** When an event became known: when it happened, unless the case says otherwise. */
export function knownOn(event: Happened): string {
  return event.known ?? event.date;
}

/** All that was known by the end of a day, in the order in which it became known. */
export function newsUpTo(view: Pick<CaseView, "reports" | "events" | "sources">, day: string): News[] {
  const disciplines = new Map(view.sources.map((source) => [source.id, source.discipline]));
  const reports = view.reports.map((report): News => {
    const shape = report.kind === "front" ? "posture" : report.value === "seen" ? "seen" : "not seen";
    return {
      id: report.id,
      lane: report.source,
      shape,
      discipline: disciplines.get(report.source) ?? "press",
      happened: report.date,
      known: report.known,
      lag: Math.round((Date.parse(report.known) - Date.parse(report.date)) / 86_400_000),
      item: Number(report.grade.slice(1)) || null,
      report,
      text: report.text,
    };
  });
  const events = view.events.map((event): News => {
    const known = knownOn(event);
    return {
      id: event.id,
      lane: EVENTS,
      shape: "event",
      discipline: EVENTS,
      happened: event.date,
      known,
      lag: Math.round((Date.parse(known) - Date.parse(event.date)) / 86_400_000),
      item: null,
      report: null,
      text: event.text,
    };
  });
  return [...events, ...reports]
    .filter((one) => one.known <= day)
    .sort((a, b) => (a.known < b.known ? -1 : a.known > b.known ? 1 : 0));
}

/** The news as lanes one below the other, events first, then sources in the order of the case. */
export function lanesOf(
  news: readonly News[],
  sources: readonly { id: string; grade: string }[],
  frame: { from: string; to: string },
): { lanes: Lane[]; height: number } {
  const seen = news.filter((one) => one.known >= frame.from && one.happened <= frame.to);
  const titles = [
    { id: EVENTS, title: EVENTS },
    ...sources.map((source) => ({ id: source.id, title: `${source.id} ${source.grade}` })),
  ];
  const lanes: Lane[] = [];
  let top = 0;
  for (const { id, title } of titles) {
    const own = seen.filter((one) => one.lane === id);
    if (!own.length) continue;
    // What became known on one day is stacked within its lane, closer together the more there is.
    const stack = new Map<string, number>();
    const rows = own.map((one) => {
      const row = stack.get(one.known) ?? 0;
      stack.set(one.known, row + 1);
      return row;
    });
    const most = Math.max(...stack.values());
    const step = Math.min(ROW, TALLEST / most);
    const height = Math.max(18, step * most + 8);
    lanes.push({
      id,
      title,
      top,
      height,
      news: own.map((one, k) => ({
        ...one,
        y: top + height / 2 + ((rows[k] ?? 0) - ((stack.get(one.known) ?? 1) - 1) / 2) * step,
      })),
    });
    top += height;
  }
  return { lanes, height: top };
}

/** How long it took to become known: "2 days later", "the same day". */
export function lagWords(lag: number): string {
  if (lag === 0) return "the same day";
  return `${Math.abs(lag)} ${Math.abs(lag) === 1 ? "day" : "days"} ${lag > 0 ? "later" : "before"}`;
}
