// One time axis for several charts, so that a day lies at the same place in each of them.

import { moment } from "$lib/format";

const DAY = 86_400_000;

export type Frame = {
  /** First and last day drawn. */
  from: string;
  to: string;
  /** Pixels left and right of the axis. */
  left: number;
  right: number;
};

/** Days from one to another; negative if the other is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY);
}

/** So many days later, or earlier if negative. */
export function daysLater(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);
}

/** Where a day lies in a picture so many pixels wide. */
export function placeOf(frame: Frame, width: number, day: string): number {
  const span = Math.max(daysBetween(frame.from, frame.to), 1);
  const room = Math.max(width - frame.left - frame.right, 1);
  return frame.left + (daysBetween(frame.from, day) / span) * room;
}

/** The day nearest to a place in it, never outside the frame. */
export function dayAt(frame: Frame, width: number, place: number): string {
  const span = Math.max(daysBetween(frame.from, frame.to), 1);
  const room = Math.max(width - frame.left - frame.right, 1);
  const days = Math.round(((place - frame.left) / room) * span);
  return daysLater(frame.from, Math.max(0, Math.min(days, span)));
}

/** What every chart on the frame tells Plot of its time axis; `shown` draws the axis itself. */
export function timeAxis(frame: Frame, width: number, shown: boolean) {
  return {
    marginLeft: frame.left,
    marginRight: frame.right,
    x: {
      type: "utc" as const,
      domain: [moment(frame.from), moment(frame.to)],
      label: null,
      axis: shown ? ("bottom" as const) : null,
      ticks: Math.max(2, Math.min(10, Math.floor((width - frame.left) / 90))),
      grid: true,
      clamp: true,
    },
  };
}

/** The least of a few round tops that holds every one of some probabilities; the whole where there is none. */
export function topOf(probabilities: readonly number[]): number {
  if (!probabilities.length) return 1;
  const highest = Math.max(...probabilities);
  return [0.04, 0.1, 0.2, 0.4, 0.6].find((top) => highest <= 0.95 * top) ?? 1;
}
