/** One person's way as it lies over a drawing: which nodes and edges they went along, and where they are. */
import { edgeId, OUT, type Drawing } from "./graph";
import type { Overlay } from "./shapes";

interface Way {
  steps: readonly { node: string; port: string }[];
  /** Where they are; null where they have ended. */
  at: string | null;
}

/** Coming in is no step, and is part of the way. */
export function pathOf({ nodes }: Drawing, { steps, at }: Way): NonNullable<Overlay["path"]> {
  const entries = nodes.filter(({ kind }) => kind === "entry").map(({ id }) => id);
  const visited = new Set([...entries, ...steps.map(({ node }) => node), ...(at === null ? [] : [at])]);
  const edges = new Set([...entries.map((source) => edgeId({ source, port: OUT })), ...steps.filter(({ port }) => port !== "").map(({ node, port }) => edgeId({ source: node, port }))]);
  return { visited, edges, at };
}
