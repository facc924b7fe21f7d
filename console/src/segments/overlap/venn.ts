/** Circles whose areas are the sizes of two or three sets, and whose overlaps, two by two, are as large as theirs. */
export interface Circle {
  x: number;
  y: number;
  r: number;
}

export interface Point {
  x: number;
  y: number;
}

const STEPS = 60;

/** The area two circles share at a distance. */
export function lens(a: number, b: number, distance: number): number {
  if (distance >= a + b) return 0;
  if (distance <= Math.abs(a - b)) return Math.PI * Math.min(a, b) ** 2;
  const angle = (r: number, other: number) => 2 * Math.acos(Math.min(1, Math.max(-1, (r * r + distance * distance - other * other) / (2 * r * distance))));
  const segment = (r: number, at: number) => (r * r * (at - Math.sin(at))) / 2;
  return segment(a, angle(a, b)) + segment(b, angle(b, a));
}

/** The distance at which two circles share an area; none shared: side by side, a little apart. */
export function distanceFor(a: number, b: number, shared: number): number {
  const least = Math.min(a, b);
  if (shared <= 0) return (a + b) * 1.04;
  if (shared >= Math.PI * least * least) return Math.max(0, Math.abs(a - b) * 0.96);
  let [near, far] = [Math.abs(a - b), a + b];
  for (let step = 0; step < STEPS; step += 1) {
    const middle = (near + far) / 2;
    if (lens(a, b, middle) > shared) near = middle;
    else far = middle;
  }
  return (near + far) / 2;
}

const radius = (size: number) => Math.sqrt(size / Math.PI);

/** Two circles in a row, a third where its distances to both are kept; where no such place is, as near to it as can be. */
function placed(radii: readonly number[], distances: readonly (readonly number[])[]): Circle[] {
  const at = (index: number) => radii[index] ?? 0;
  const between = (one: number, other: number) => distances[one]?.[other] ?? 0;
  const first: Circle = { x: 0, y: 0, r: at(0) };
  if (radii.length === 1) return [first];
  const second: Circle = { x: between(0, 1), y: 0, r: at(1) };
  if (radii.length === 2) return [first, second];
  const [d, p, q] = [between(0, 1), between(0, 2), between(1, 2)];
  if (d === 0) return [first, second, { x: p, y: 0, r: at(2) }];
  const x = (p * p - q * q + d * d) / (2 * d);
  const y = Math.sqrt(Math.max(0, p * p - x * x));
  // Sides that make no triangle: on the line, between what both ask for.
  const along = p * p - x * x < 0 ? (p > q ? (p + d + q) / 2 : -(q - d + p) / 2) : x;
  return [first, second, { x: p * p - x * x < 0 ? along : x, y, r: at(2) }];
}

export interface Layout {
  circles: Circle[];
  width: number;
  height: number;
}

/** `sizes[i]` members in set i, `shared(i, j)` in both. Fits the box, `margin` around. */
export function layout(sizes: readonly number[], shared: (one: number, other: number) => number, box: { width: number; height: number; margin: number }): Layout {
  const radii = sizes.map(radius);
  const distances = sizes.map((_, i) => sizes.map((_unused, j) => (i === j ? 0 : distanceFor(radii[i] ?? 0, radii[j] ?? 0, shared(i, j)))));
  const circles = placed(radii, distances);
  const left = Math.min(...circles.map(({ x, r }) => x - r));
  const right = Math.max(...circles.map(({ x, r }) => x + r));
  const top = Math.min(...circles.map(({ y, r }) => y - r));
  const bottom = Math.max(...circles.map(({ y, r }) => y + r));
  const scale = Math.min((box.width - 2 * box.margin) / Math.max(right - left, 1e-9), (box.height - 2 * box.margin) / Math.max(bottom - top, 1e-9));
  const offsetX = (box.width - (right - left) * scale) / 2;
  const offsetY = (box.height - (bottom - top) * scale) / 2;
  return {
    circles: circles.map(({ x, y, r }) => ({ x: (x - left) * scale + offsetX, y: (y - top) * scale + offsetY, r: r * scale })),
    width: box.width,
    height: box.height,
  };
}

const GRID = 72;

/** Where the figure of a region stands best: the point farthest from every edge. `inside` says of each circle whether the region is in it. */
export function labelPoint({ circles, width, height }: Layout, inside: readonly boolean[]): (Point & { room: number }) | null {
  let best: (Point & { room: number }) | null = null;
  for (let row = 0; row <= GRID; row += 1)
    for (let column = 0; column <= GRID; column += 1) {
      const point = { x: (column / GRID) * width, y: (row / GRID) * height };
      const depths = circles.map(({ x, y, r }, index) => (Math.hypot(point.x - x, point.y - y) - r) * (inside[index] ? -1 : 1));
      const room = Math.min(...depths);
      if (room > 0 && (best === null || room > best.room)) best = { ...point, room };
    }
  return best;
}
