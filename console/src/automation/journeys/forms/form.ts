/** What the form of every kind of node is given. */
import type { Errors } from "../../shared/errors";
import type { Drawing, JourneyNode } from "../graph";
import type { Lexicon } from "../words";

export interface StepFormProps<Of extends JourneyNode> {
  node: Of;
  /** `field`: what is typed into, so that typing is one step of undo. */
  put: (node: Of, field?: string) => void;
  /** As seen from the node: `seconds`, `cases.0.condition/of/0`. */
  errors: Errors;
  /** A new number sends the focus to the first error. */
  attention: number;
  disabled: boolean;
  drawing: Drawing;
  lexicon: Lexicon;
}

/** The event that people who come to a node were brought by, where it can only be one: of the last wait before it, or of the entry. */
export function eventBefore({ nodes, edges }: Drawing, id: string): string {
  const by = new Map(nodes.map((node) => [node.id, node]));
  const found = new Set<string>();
  const seen = new Set<string>();
  const queue = edges.filter(({ target }) => target === id);
  for (let at = queue.pop(); at; at = queue.pop()) {
    const from = by.get(at.source);
    if (!from) continue;
    const port = at.port;
    const waited = from.kind === "wait_event" ? from.events?.find((one) => one.id === port)?.event : undefined;
    if (waited) found.add(waited);
    else if (from.kind === "entry") {
      if (from.trigger?.kind === "event" && from.trigger.event) found.add(from.trigger.event);
    } else if (!seen.has(from.id)) {
      seen.add(from.id);
      queue.push(...edges.filter(({ target }) => target === from.id));
    }
  }
  return found.size === 1 ? ([...found][0] ?? "") : "";
}
