// A timeline as it is drawn and told: one line a question, and what each day brought.

import { shortNames } from "$answers/assess/order";
import type { Timeline } from "$lib/answers";
import { counted, type Chance } from "$lib/format";

type Point = Timeline["points"][number];
type Then = Point["fronts"][number];

/** Each question's answers in order of days. */
export function seriesOf(
  answer: Timeline,
): { id: string; name: string; points: { day: string; chance: Chance }[] }[] {
  const names = shortNames(answer.questions);
  return answer.questions.map(({ id }) => ({
    id,
    name: names.get(id) ?? id,
    points: answer.points.flatMap(({ day, answers }) =>
      answers.filter((one) => one.question === id).map(({ chance }) => ({ day, chance })),
    ),
  }));
}

/** For each point the fronts that likeliest stand on another rung than at the point before; none at the first. */
export function turnsOf(answer: Timeline): Then[][] {
  return answer.points.map((point, k) => {
    const before = new Map(answer.points[k - 1]?.fronts.map((one) => [one.front, one.posture]));
    return point.fronts.filter((one) => before.has(one.front) && before.get(one.front) !== one.posture);
  });
}

/** What became known, few by name and many by their number: "r1, r2; event x". */
export function newsOf(point: Point): string {
  const few = (ids: readonly string[], noun: string) =>
    ids.length > 4 ? counted(ids.length, noun) : ids.join(", ");
  const parts = [
    point.reports.length
      ? `${point.reports.length > 4 ? "" : "reports "}${few(point.reports, "report")}`
      : "",
    point.events.length ? `${point.events.length > 4 ? "" : "events "}${few(point.events, "event")}` : "",
  ];
  return parts.filter(Boolean).join("; ") || "nothing";
}
