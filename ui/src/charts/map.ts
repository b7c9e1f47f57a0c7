// Which part of the world a map shows, where its actors stand on it and where their names go.

export type Place = readonly [latitude: number, longitude: number];
export type Box = { west: number; east: number; south: number; north: number };
export type Pixel = { x: number; y: number };
export type Spot = {
  id: string;
  place: Place;
  /** Drawn at the edge, for it lies beyond. */ beyond: boolean;
};

// Who is farther from the middle of all than this many times what half of them are, and than so many degrees, does
// not widen the map but stands at its edge: else those who are close to each other could not be told apart.
const FAR = 5;
const NEAR = 4;
// A map shows no less than so many degrees either way: it is for states.
const LEAST_SPAN = 6;

const middle = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
};
const clamp = (value: number, low: number, high: number) => Math.max(low, Math.min(high, value));
/** Mercator's northing of a latitude, in degrees. */
const northing = (latitude: number) =>
  (180 / Math.PI) * Math.log(Math.tan(Math.PI / 4 + (clamp(latitude, -85, 85) * Math.PI) / 360));

/** The part of the world around most of some places, with room about them. */
export function boxOf(places: readonly Place[]): Box {
  const [latitude, longitude] = [middle(places.map((one) => one[0])), middle(places.map((one) => one[1]))];
  const away = ([north, east]: Place) =>
    Math.hypot(north - latitude, (east - longitude) * Math.cos((latitude * Math.PI) / 180));
  const within = Math.max(NEAR, FAR * middle(places.map(away)));
  const near = places.filter((one) => away(one) <= within);
  const reach = (values: number[]): [number, number] => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const room = Math.max(0.12 * (high - low), (LEAST_SPAN - (high - low)) / 2);
    return [low - room, high + room];
  };
  const [south, north] = reach(near.map((one) => one[0]));
  const [west, east] = reach(near.map((one) => one[1]));
  return { west, east, south: clamp(south, -80, 80), north: clamp(north, -80, 80) };
}

/** The same part made as wide or as high as the picture is. */
export function filled(box: Box, width: number, height: number): Box {
  const [low, high] = [northing(box.south), northing(box.north)];
  const [across, up] = [box.east - box.west, high - low];
  const wanted = width / height;
  const middleX = (box.west + box.east) / 2;
  if (across / up < wanted)
    return { ...box, west: middleX - (up * wanted) / 2, east: middleX + (up * wanted) / 2 };
  const middleY = (low + high) / 2;
  const latitude = (y: number) => (360 / Math.PI) * Math.atan(Math.exp((y * Math.PI) / 180)) - 90;
  const half = across / wanted / 2;
  return { ...box, south: latitude(middleY - half), north: latitude(middleY + half) };
}

/** Where a place lies on a picture of a part of the world, by Mercator. */
export function pixelOf(place: Place, box: Box, width: number, height: number): Pixel {
  const [low, high] = [northing(box.south), northing(box.north)];
  return {
    x: (width * (place[1] - box.west)) / (box.east - box.west),
    y: (height * (high - northing(place[0]))) / (high - low),
  };
}

/** Each actor where it stands; who lies beyond the part that is shown stands at its edge. */
export function spots(actors: readonly { id: string; place: Place }[], box: Box): Spot[] {
  const inX = 0.03 * (box.east - box.west);
  const inY = 0.05 * (box.north - box.south);
  return actors.map(({ id, place }) => {
    const held: Place = [
      clamp(place[0], box.south + inY, box.north - inY),
      clamp(place[1], box.west + inX, box.east - inX),
    ];
    const beyond = held[0] !== place[0] || held[1] !== place[1];
    return { id, place: held, beyond };
  });
}

export type Named = { text: string; x: number; y: number };
export type Label = { dx: number; dy: number; anchor: "start" | "middle" | "end" };

const LINE = 15;
const LETTER = 6.8;
const WAYS: readonly Label[] = [1, 2, 3, 4].flatMap((far): Label[] => [
  { dx: 9 * far, dy: 0, anchor: "start" },
  { dx: -9 * far, dy: 0, anchor: "end" },
  { dx: 0, dy: -15 * far, anchor: "middle" },
  { dx: 0, dy: 15 * far, anchor: "middle" },
  { dx: 8, dy: -14 * far, anchor: "start" },
  { dx: 8, dy: 14 * far, anchor: "start" },
  { dx: -8, dy: -14 * far, anchor: "end" },
  { dx: -8, dy: 14 * far, anchor: "end" },
]);

/** A side of each dot for its name, the nearest on which it covers no other name or dot and stays in the picture. */
export function labelled(points: readonly Named[], width: number, height: number): Label[] {
  type Rect = [left: number, top: number, right: number, bottom: number];
  const taken: Rect[] = points.map(({ x, y }) => [x - 5, y - 5, x + 5, y + 5]);
  const covers = (a: Rect, b: Rect) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3];
  return points.map((point) => {
    const across = LETTER * point.text.length;
    const rectOf = ({ dx, dy, anchor }: Label): Rect => {
      const left = point.x + dx - (anchor === "start" ? 0 : anchor === "end" ? across : across / 2);
      return [left, point.y + dy - LINE / 2, left + across, point.y + dy + LINE / 2];
    };
    const fits = (rect: Rect) =>
      rect[0] >= 0 &&
      rect[1] >= 0 &&
      rect[2] <= width &&
      rect[3] <= height &&
      !taken.some((one) => covers(one, rect));
    const way = WAYS.find((one) => fits(rectOf(one))) ?? WAYS[0]!;
    taken.push(rectOf(way));
    return way;
  });
}
