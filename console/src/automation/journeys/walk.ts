/** Which node an arrow key leads to: the nearest in that direction, those it is connected with first. */
import { sizeOf } from "./sizes";
import type { Drawing, JourneyNode } from "./graph";

export type Direction = "up" | "down" | "left" | "right";

const middle = (node: JourneyNode): { x: number; y: number } => {
  const { width, height } = sizeOf(node);
  return { x: (node.x ?? 0) + width / 2, y: (node.y ?? 0) + height / 2 };
};

const ASIDE_WEIGHT = 2;

/** How far, as a person sees it; infinite where it does not lie that way. */
function distance(from: { x: number; y: number }, to: { x: number; y: number }, direction: Direction): number {
  const [x, y] = [to.x - from.x, to.y - from.y];
  const [along, aside] = direction === "up" ? [-y, x] : direction === "down" ? [y, x] : direction === "left" ? [-x, y] : [x, y];
  return along > 1 ? along + Math.abs(aside) * ASIDE_WEIGHT : Infinity;
}

export function neighbour(drawing: Drawing, id: string, direction: Direction): string | null {
  const node = drawing.nodes.find((one) => one.id === id);
  if (!node) return drawing.nodes[0]?.id ?? null;
  const from = middle(node);
  const nearest = (nodes: readonly JourneyNode[]): string | null => {
    const ranked = nodes
      .filter((one) => one.id !== id)
      .map((one) => ({ id: one.id, far: distance(from, middle(one), direction) }))
      .filter(({ far }) => far < Infinity)
      .sort((one, other) => one.far - other.far);
    return ranked[0]?.id ?? null;
  };
  if (direction === "down" || direction === "up") {
    const linked = new Set(drawing.edges.flatMap(({ source, target }) => (direction === "down" ? (source === id ? [target] : []) : target === id ? [source] : [])));
    const found = nearest(drawing.nodes.filter((one) => linked.has(one.id)));
    if (found !== null) return found;
  }
  return nearest(drawing.nodes);
}

/** Top to bottom, then left to right: the order in which a person reads. */
export const reading = (drawing: Drawing): string[] => drawing.nodes.toSorted((one, other) => (one.y ?? 0) - (other.y ?? 0) || (one.x ?? 0) - (other.x ?? 0)).map(({ id }) => id);
