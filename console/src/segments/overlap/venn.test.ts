import { expect, test } from "vitest";

import { distanceFor, labelPoint, layout, lens } from "./venn";

const BOX = { width: 480, height: 320, margin: 16 };
const area = (r: number) => Math.PI * r * r;

/** What circle of the layout an area is, as a share of the first circle's. */
const shares = (sizes: number[], shared: number[][]) => {
  const { circles } = layout(sizes, (i, j) => shared[i]?.[j] ?? 0, BOX);
  const [first] = circles;
  const unit = area(first!.r) / sizes[0]!;
  return {
    sizes: circles.map(({ r }) => area(r) / unit),
    shared: circles.map((one, i) => circles.map((other, j) => (i === j ? 0 : lens(one.r, other.r, Math.hypot(one.x - other.x, one.y - other.y)) / unit))),
    circles,
  };
};

test("areas and overlaps of two are to scale", () => {
  for (const [a, b, both] of [[1000, 400, 150], [500, 500, 499], [12_847, 3, 1], [1000, 400, 399]] as const) {
    const found = shares([a, b], [[0, both], [both, 0]]);
    expect(found.sizes[1]! / b).toBeCloseTo(1, 6);
    expect(Math.abs(found.shared[0]![1]! - both)).toBeLessThan(Math.max(a, b) * 1e-3);
  }
});

test("without members in common circles stand apart; a set in another lies within it", () => {
  const [a, b] = shares([100, 50], [[0, 0], [0, 0]]).circles;
  expect(Math.hypot(a!.x - b!.x, a!.y - b!.y)).toBeGreaterThan(a!.r + b!.r);
  const [big, small] = shares([100, 50], [[0, 50], [50, 0]]).circles;
  expect(Math.hypot(big!.x - small!.x, big!.y - small!.y) + small!.r).toBeLessThan(big!.r);
});

test("three overlap two by two as much as they should", () => {
  const shared = [[0, 120, 200], [120, 0, 90], [200, 90, 0]];
  const found = shares([1000, 600, 800], shared);
  for (const [i, row] of shared.entries()) for (const [j, both] of row.entries()) expect(found.shared[i]![j]!).toBeCloseTo(both, 0);
});

test("everything lies in the box, even where no triangle can be made", () => {
  for (const shared of [[[0, 0, 0], [0, 0, 0], [0, 0, 0]], [[0, 100, 0], [100, 0, 100], [0, 100, 0]], [[0, 50, 50], [50, 0, 50], [50, 50, 0]], [[0, 100, 100], [100, 0, 0], [100, 0, 0]]]) {
    const { circles } = shares([1000, 100, 100], shared);
    for (const { x, y, r } of circles) {
      expect(x - r).toBeGreaterThanOrEqual(BOX.margin - 1);
      expect(x + r).toBeLessThanOrEqual(BOX.width - BOX.margin + 1);
      expect(y - r).toBeGreaterThanOrEqual(BOX.margin - 1);
      expect(y + r).toBeLessThanOrEqual(BOX.height - BOX.margin + 1);
    }
  }
});

test("a figure stands inside its region", () => {
  const found = layout([1000, 400], () => 150, BOX);
  const [a, b] = found.circles;
  const both = labelPoint(found, [true, true])!;
  expect(Math.hypot(both.x - a!.x, both.y - a!.y)).toBeLessThan(a!.r);
  expect(Math.hypot(both.x - b!.x, both.y - b!.y)).toBeLessThan(b!.r);
  expect(labelPoint(layout([100, 50], () => 0, BOX), [true, true])).toBeNull();
});

test("circles meet at every shared area", () => {
  for (let step = 1; step < 20; step += 1) {
    const shared = (area(3) * step) / 20;
    expect(lens(5, 3, distanceFor(5, 3, shared))).toBeCloseTo(shared, 6);
  }
});
