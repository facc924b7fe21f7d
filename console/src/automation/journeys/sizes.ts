/** How large nodes are drawn: known without measuring, so that a drawing is laid out before it is shown. */
import { portsOf, type JourneyNode } from "./graph";

export const NODE_GAP = { x: 40, y: 64 } as const;
export const GRID = 4;
const WIDTH = 248;
const BODY_HEIGHT = 84;
const PORTS_HEIGHT = 30;
const PORT_WIDTH = 116;
const NUMBERS_HEIGHT = 28;

/** Nodes with one way out that needs no words have no row of ports; the other way out of an action is the exception, and stands aside. */
export const saysPorts = (node: JourneyNode): boolean => node.kind !== "action" && portsOf(node).length > 1;

const ASIDE = 0.86;

/** Where along its lower edge a port is, from 0 to 1. */
export function placeOfPort(node: JourneyNode, index: number, count: number): number {
  if (node.kind === "action") return index === 0 ? 0.5 : ASIDE;
  return (index + 0.5) / Math.max(1, count);
}

export function sizeOf(node: JourneyNode, withNumbers = false): { width: number; height: number } {
  const ports = portsOf(node);
  const height = BODY_HEIGHT + (saysPorts(node) ? PORTS_HEIGHT : 0) + (withNumbers ? NUMBERS_HEIGHT : 0);
  return { width: Math.max(WIDTH, saysPorts(node) ? ports.length * PORT_WIDTH : 0), height };
}
