/** What the parts of the canvas need of it. */
import { createContext, useContext } from "react";

import type { Lexicon } from "./words";

export interface CanvasActs {
  isReadOnly: boolean;
  lexicon: Lexicon;
  /** The node that Tab leads to; arrows lead on from there. */
  tabStop: string | null;
  /** Chooses what to add behind a port. */
  onAdd: (source: string, port: string) => void;
  /** The menu of a node or comment, at a place of the window. */
  onMenu: (id: string, at: { x: number; y: number }) => void;
  onOpen: (id: string) => void;
}

export const CanvasContext = createContext<CanvasActs | null>(null);

export function useCanvas(): CanvasActs {
  const acts = useContext(CanvasContext);
  if (!acts) throw new Error("useCanvas is for parts of the canvas");
  return acts;
}
