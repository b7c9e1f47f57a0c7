// Answers over time, as the strip draws them.

import { shortNames } from "$answers/assess/order";
import type { Estimate } from "$lib/answers";
import type { Chance } from "$lib/format";

/** The part of the answer of `timeline` that is drawn. */
export type Told = {
  head: { particles: number };
  points: readonly { day: string; answers: readonly { question: string; chance: Chance }[] }[];
  /** Days on which something became known, and whether some are told with the next. */
  days: number;
  thinned: boolean;
};
export type Point = { day: string; chance: Chance };
export type Series = { id: string; name: string; text: string; points: Point[] };

/** Each question's answers up to a day: those of every day where they were worked out, and the estimate's own. */
export function seriesOf(
  questions: readonly { id: string; text: string }[],
  told: Told | null,
  estimate: Estimate | null,
  day: string,
): Series[] {
  const names = shortNames(questions);
  return questions.map(({ id, text }) => {
    const points = (told?.points ?? [])
      .filter((one) => one.day <= day)
      .flatMap((one) => {
        const found = one.answers.find((answer) => answer.question === id);
        return found ? [{ day: one.day, chance: found.chance }] : [];
      });
    const now = estimate?.questions.find((question) => question.id === id);
    const last = points.at(-1);
    if (estimate && now && estimate.as_of <= day && (!last || last.day < estimate.as_of))
      points.push({ day: estimate.as_of, chance: now.chance });
    return { id, name: names.get(id) ?? id, text, points };
  });
}

/** The last answer given by a day. */
export function valueOn(series: Series, day: string): Point | null {
  return series.points.findLast((point) => point.day <= day) ?? null;
}
