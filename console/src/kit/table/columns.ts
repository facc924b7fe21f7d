/** Which columns of a table are shown, remembered per table in this browser. */
import { useState } from "react";

import { readStored, writeStored } from "../../design/storage";

const storageKey = (table: string) => `hutong.columns.${table}`;

interface Hideable {
  key: string;
  /** The identity of a row can not be hidden. */
  fixed?: boolean;
  hidden?: boolean;
}

/** Stored are the differences from the defaults, so that a column added later shows up. */
function differences(table: string): Record<string, boolean> {
  const stored = readStored(storageKey(table));
  if (stored === null) return {};
  try {
    const value: unknown = JSON.parse(stored);
    if (typeof value !== "object" || value === null) return {};
    return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, boolean] => typeof entry[1] === "boolean"));
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

export function useColumns<Column extends Hideable>(table: string, columns: readonly Column[]) {
  const [chosen, setChosen] = useState(() => differences(table));
  const isShown = (column: Column) => column.fixed === true || (chosen[column.key] ?? column.hidden !== true);
  const store = (next: Record<string, boolean>) => {
    setChosen(next);
    writeStored(storageKey(table), Object.keys(next).length === 0 ? null : JSON.stringify(next));
  };
  return {
    shown: columns.filter(isShown),
    isShown,
    changed: Object.keys(chosen).length > 0,
    toggle: (column: Column) => {
      const next = Object.fromEntries(Object.entries(chosen).filter(([key]) => key !== column.key));
      const want = !isShown(column);
      if (want !== (column.hidden !== true)) next[column.key] = want;
      store(next);
    },
    reset: () => {
      store({});
    },
  };
}
