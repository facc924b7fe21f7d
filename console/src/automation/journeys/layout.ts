/** Places for all nodes: from the entries down, branches beside each other in the order of their ports. */
import { Graph as Layered, layout } from "@dagrejs/dagre";

import { edgeFrom, placeOf, type Point } from "./edits";
import { portsOf, type Drawing } from "./graph";
import { GRID, NODE_GAP, sizeOf } from "./sizes";

const round = (value: number): number => Math.round(value / GRID) * GRID;

/** Comments stay beside the node that was nearest to them. */
export function arranged(drawing: Drawing): ReadonlyMap<string, Point> {
  if (drawing.nodes.length === 0) return new Map();
  const layered = new Layered({ multigraph: true });
  layered.setGraph({ rankdir: "TB", nodesep: NODE_GAP.x, ranksep: NODE_GAP.y });
  layered.setDefaultEdgeLabel(() => ({}));
  for (const node of drawing.nodes) layered.setNode(node.id, { ...sizeOf(node) });
  // What ports lead to stands in their order. A node is ordered once, so that no order contradicts another.
  const ordered = new Set<string>();
  const constraints: { left: string; right: string }[] = [];
  for (const node of drawing.nodes) {
    let left: string | undefined;
    for (const port of portsOf(node)) {
      const edge = edgeFrom(drawing, node.id, port);
      if (!edge || edge.target === node.id) continue;
      layered.setEdge(edge.source, edge.target, {}, port);
      if (ordered.has(edge.target)) continue;
      ordered.add(edge.target);
      if (left !== undefined) constraints.push({ left, right: edge.target });
      left = edge.target;
    }
  }
  layout(layered, { constraints });
  const middles = drawing.nodes.map((node) => ({ node, at: layered.node(node.id) as Point }));
  const tallest = new Map<number, number>();
  for (const { node, at } of middles) tallest.set(at.y, Math.max(tallest.get(at.y) ?? 0, sizeOf(node).height));
  // Nodes side by side have their upper edges on one line.
  const places = new Map(middles.map(({ node, at }) => [node.id, { x: round(at.x - sizeOf(node).width / 2), y: round(at.y - (tallest.get(at.y) ?? 0) / 2) }]));
  for (const comment of drawing.comments) {
    const own = placeOf(comment);
    const near = drawing.nodes.map((node) => ({ id: node.id, at: placeOf(node), far: Math.hypot((node.x ?? 0) - own.x, (node.y ?? 0) - own.y) })).sort((one, other) => one.far - other.far)[0];
    const to = near && places.get(near.id);
    if (near && to) places.set(comment.id, { x: round(own.x + to.x - near.at.x), y: round(own.y + to.y - near.at.y) });
  }
  return places;
}
