/**
 * Thins a line to fewer points that look the same: from each stretch of it the point is kept that
 * spans the largest triangle with the point kept before and the mean of the stretch that follows
 * (Steinarsson 2013, Downsampling Time Series for Visual Representation, section 4.2, there called
 * largest-triangle-three-buckets). First and last point stay. O(n).
 */

/** A point of a line. */
export type Point = readonly [x: number, y: number];

/** At most `count` of the points, in order; all of them where they are fewer. */
export function thinLine(points: readonly Point[], count: number): readonly Point[] {
  if (points.length <= count || count < 3) return points;
  const kept: Point[] = [points[0] as Point];
  const every = (points.length - 2) / (count - 2);
  for (let stretch = 0; stretch < count - 2; stretch++) {
    const from = Math.floor(stretch * every) + 1;
    const to = Math.floor((stretch + 1) * every) + 1;
    const nextTo = Math.min(points.length, Math.floor((stretch + 2) * every) + 1);
    const after = meanPoint(points, Math.min(to, points.length - 1), nextTo);
    kept.push(widest(points.slice(from, to), kept.at(-1) as Point, after));
  }
  kept.push(points.at(-1) as Point);
  return kept;
}

function meanPoint(points: readonly Point[], from: number, to: number): Point {
  let x = 0;
  let y = 0;
  const end = Math.max(to, from + 1);
  for (let i = from; i < end; i++) {
    const point = points[i] as Point;
    x += point[0];
    y += point[1];
  }
  return [x / (end - from), y / (end - from)];
}

/** The point that spans the largest triangle with the two around. */
function widest(stretch: readonly Point[], before: Point, after: Point): Point {
  let best = stretch[0] as Point;
  let bestArea = -1;
  for (const point of stretch) {
    const area = Math.abs(
      (before[0] - after[0]) * (point[1] - before[1]) -
        (before[0] - point[0]) * (after[1] - before[1]),
    );
    if (area > bestArea) {
      bestArea = area;
      best = point;
    }
  }
  return best;
}
