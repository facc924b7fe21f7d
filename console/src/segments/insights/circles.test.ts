import { expect, test } from "vitest";

import { circlesOf, distanceOf, placeIn, setsAt, shared, type Circle } from "./circles";

const BOX = { width: 560, height: 320, margin: 12 };
const area = ({ r }: Circle) => Math.PI * r * r;
const between = (one: Circle, other: Circle) => Math.hypot(one.x - other.x, one.y - other.y);
const circle = (circles: Circle[], index: number) => circles[index] ?? { x: NaN, y: NaN, r: NaN };

test("the area two circles share", () => {
  expect(shared(1, 1, 0)).toBeCloseTo(Math.PI, 9);
  expect(shared(1, 1, 2)).toBe(0);
  expect(shared(2, 1, 0.5)).toBeCloseTo(Math.PI, 9);
  expect(shared(1, 1, 1)).toBeCloseTo((2 * Math.PI) / 3 - Math.sqrt(3) / 2, 9);
});

test.each([
  [480, 250, 120],
  [480, 250, 1],
  [480, 250, 249],
  [1_000_000, 3, 2],
])("two circles of %i and %i sharing %i are exact", (a, b, both) => {
  const circles = circlesOf([a, b], () => both, BOX);
  const [one, other] = [circle(circles, 0), circle(circles, 1)];
  expect(area(one) / area(other)).toBeCloseTo(a / b, 6);
  expect(shared(one.r, other.r, between(one, other)) / area(one)).toBeCloseTo(both / a, 6);
});

test("nobody shared, the same, one within the other, nobody at all", () => {
  const [one, other] = circlesOf([100, 50], () => 0, BOX) as [Circle, Circle];
  expect(between(one, other)).toBeGreaterThan(one.r + other.r);
  const [same, again] = circlesOf([100, 100], () => 100, BOX) as [Circle, Circle];
  expect([same.r - again.r, between(same, again)]).toEqual([0, 0]);
  const [outer, inner] = circlesOf([100, 40], () => 40, BOX) as [Circle, Circle];
  expect(between(outer, inner) + inner.r).toBeLessThan(outer.r);
  const [some, none] = circlesOf([100, 0], () => 0, BOX) as [Circle, Circle];
  expect([some.r, none.r]).toEqual([BOX.height / 2 - BOX.margin, 0]);
  expect(circlesOf([0, 0], () => 0, BOX).map(({ r }) => r)).toEqual([0, 0]);
});

test("three circles keep what they share two by two where that can be", () => {
  const pairs: Record<string, number> = { "01": 40, "02": 30, "12": 20 };
  const circles = circlesOf([100, 90, 80], (one, other) => pairs[[one, other].sort().join("")] ?? 0, BOX);
  for (const [key, both] of Object.entries(pairs)) {
    const [one, other] = [circle(circles, Number(key[0])), circle(circles, Number(key[1]))];
    expect(shared(one.r, other.r, between(one, other)) / area(circle(circles, 0))).toBeCloseTo(both / 100, 6);
  }
});

test.each([
  [[100, 90, 80], [0, 0, 0]],
  [[100, 90, 10], [50, 10, 0]],
  [[100, 100, 100], [100, 100, 100]],
  [[100, 50, 25], [50, 25, 25]],
  [[100, 50, 0], [10, 0, 0]],
  [[5, 5, 1000], [5, 0, 0]],
])("three sets of %j sharing %j stay within the picture", (sizes, [ab = 0, ac = 0, bc = 0]) => {
  const circles = circlesOf(sizes, (one, other) => (one + other === 1 ? ab : one + other === 2 ? ac : bc), BOX);
  for (const { x, y, r } of circles.filter(({ r }) => r > 0)) {
    expect([x, y, r].every(Number.isFinite)).toBe(true);
    expect(Math.min(x - r, y - r, BOX.width - x - r, BOX.height - y - r)).toBeGreaterThan(0);
  }
});

test("a figure stands in its own region, and a click finds it", () => {
  const circles = circlesOf([100, 60], () => 20, BOX);
  for (const inside of [[true, false], [false, true], [true, true]]) {
    const place = placeIn(circles, inside, BOX);
    expect(place && setsAt(circles, place.x, place.y)).toEqual(inside);
  }
  expect(placeIn(circlesOf([100, 40], () => 40, BOX), [false, true], BOX)).toBeNull();
  expect(distanceOf(1, 1, 10)).toBe(0);
});
