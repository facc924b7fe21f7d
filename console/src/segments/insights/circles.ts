/** Circles whose areas are the sizes of two or three sets, and whose overlaps are as large as theirs: of two always, of three two by two. */
export interface Circle {
  x: number;
  y: number;
  r: number;
}

export interface Place {
  x: number;
  y: number;
  /** How far it is to the next edge. */
  room: number;
}

export interface Box {
  width: number;
  height: number;
  margin: number;
}

const HALVINGS = 60;
const APART = 1.06; // of sets that share nobody
const NESTED = 0.9; // of a set within another: not quite at its edge
const GRID = 80;

const radius = (area: number) => Math.sqrt(area / Math.PI);

/** The area that two circles share. */
export function shared(a: number, b: number, distance: number): number {
  if (a <= 0 || b <= 0 || distance >= a + b) return 0;
  if (distance <= Math.abs(a - b)) return Math.PI * Math.min(a, b) ** 2;
  const cap = (r: number, other: number) => {
    const half = Math.acos(Math.min(1, Math.max(-1, (r * r + distance * distance - other * other) / (2 * r * distance))));
    return r * r * (half - Math.sin(2 * half) / 2);
  };
  return cap(a, b) + cap(b, a);
}

/** How far apart two circles stand when they share an area. */
export function distanceOf(a: number, b: number, area: number): number {
  if (area <= 0) return (a + b) * APART;
  if (area >= Math.PI * Math.min(a, b) ** 2 * (1 - 1e-12)) return Math.abs(a - b) * NESTED;
  let [near, far] = [Math.abs(a - b), a + b];
  for (let step = 0; step < HALVINGS; step += 1) {
    const middle = (near + far) / 2;
    if (shared(a, b, middle) > area) near = middle;
    else far = middle;
  }
  return (near + far) / 2;
}

/** The third circle, at its distances from both others, or, where no place has both, where it misses them least. */
function third(d: number, p: number, q: number): { x: number; y: number } {
  if (d < 1e-9) return { x: p, y: 0 };
  const x = (p * p - q * q + d * d) / (2 * d);
  const height = p * p - x * x;
  if (height >= 0) return { x, y: Math.sqrt(height) };
  // No such triangle: on the line through both centres, halfway between what each asks for.
  const asked: [number, number][] = [
    [p, d + q],
    [p, d - q],
    [-p, d - q],
    [-p, d + q],
  ];
  const [one, other] = asked.reduce((best, next) => (Math.abs(next[0] - next[1]) < Math.abs(best[0] - best[1]) ? next : best));
  return { x: (one + other) / 2, y: 0 };
}

/** Circles to scale in a box: `sizes[i]` in set i, `both(i, j)` in two. A set of nobody has no size. */
export function circlesOf(sizes: readonly number[], both: (one: number, other: number) => number, box: Box): Circle[] {
  const radii = sizes.map(radius);
  const apart = (one: number, other: number) => distanceOf(radii[one] ?? 0, radii[other] ?? 0, both(one, other));
  const circles: Circle[] = radii.map((r) => ({ x: 0, y: 0, r }));
  const [, second, last] = circles;
  if (second) second.x = apart(0, 1);
  if (second && last) Object.assign(last, third(second.x, apart(0, 2), apart(1, 2)));
  const drawn = circles.filter(({ r }) => r > 0);
  if (drawn.length === 0) return circles;
  const [left, right] = [Math.min(...drawn.map(({ x, r }) => x - r)), Math.max(...drawn.map(({ x, r }) => x + r))];
  const [top, bottom] = [Math.min(...drawn.map(({ y, r }) => y - r)), Math.max(...drawn.map(({ y, r }) => y + r))];
  const scale = Math.min((box.width - 2 * box.margin) / (right - left), (box.height - 2 * box.margin) / (bottom - top));
  const moved = (value: number, from: number, to: number, room: number) => (value - (from + to) / 2) * scale + room / 2;
  return circles.map(({ x, y, r }) => ({ x: moved(x, left, right, box.width), y: moved(y, top, bottom, box.height), r: r * scale }));
}

const depth = ({ x, y, r }: Circle, px: number, py: number) => r - Math.hypot(px - x, py - y);

/** Which circles a point is in. */
export const setsAt = (circles: readonly Circle[], x: number, y: number): boolean[] => circles.map((circle) => circle.r > 0 && depth(circle, x, y) > 0);

/** Where in a region its figure stands best: the point farthest from every edge. Null where the region has no area. */
export function placeIn(circles: readonly Circle[], inside: readonly boolean[], box: Box): Place | null {
  let best: Place | null = null;
  for (let row = 0; row <= GRID; row += 1) {
    for (let column = 0; column <= GRID; column += 1) {
      const [x, y] = [(column / GRID) * box.width, (row / GRID) * box.height];
      const room = Math.min(...circles.map((circle, index) => (inside[index] ? depth(circle, x, y) : -depth(circle, x, y))));
      if (room > 0 && (best === null || room > best.room)) best = { x, y, room };
    }
  }
  return best;
}
