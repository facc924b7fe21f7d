/** One person's way as it lies over a drawing: which nodes and edges they went along, and where they are. */
import type { Enrolment } from "./queries";
import { edgeId } from "./graph";
import type { Overlay } from "./shapes";

export function pathOf({ steps, state }: Enrolment): NonNullable<Overlay["path"]> {
  const visited = new Set(steps.map(({ node }) => node));
  const edges = new Set(steps.filter(({ port }) => port !== "").map(({ node, port }) => edgeId({ source: node, port })));
  const last = steps.at(-1);
  return { visited, edges, at: state === "waiting" ? (last?.node ?? null) : null };
}
