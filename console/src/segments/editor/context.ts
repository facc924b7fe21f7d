/** What every part of the editor needs of it, and where the real values of attributes and properties come from. */
import { createContext, useContext, useId } from "react";

import type { Operation } from "./state";
import type { Words } from "./vocabulary";

export interface ValueCount {
  value: string | number | boolean;
  count: number;
}

/** Whose values are wanted: those of an attribute, or of a property of an event. */
export type ValuesOf = { attribute: string } | { event: string; property: string };
export type ValueSource = (of: ValuesOf, q: string, signal: AbortSignal) => Promise<readonly ValueCount[]>;

export interface Editing {
  words: Words;
  disabled: boolean;
  /** The local day of today, for dates to begin with. */
  today: string;
  values: ValueSource | null;
  run: (operation: Operation) => void;
}

export const EditingContext = createContext<Editing | null>(null);

export function useEditing(): Editing {
  const editing = useContext(EditingContext);
  if (!editing) throw new Error("useEditing is for parts of the condition editor");
  return editing;
}

/** The row a control stands in: how it is named, and what is wrong with its parts. */
export interface RowPlace {
  id: string;
  /** "第 2.1 条，城市" */
  name: string;
  problems: readonly { part: string; message: string }[];
}

export const RowContext = createContext<RowPlace | null>(null);

export function useRow(): RowPlace {
  const place = useContext(RowContext);
  if (!place) throw new Error("useRow is for controls within a row");
  return place;
}

export const problemId = (row: string, part: string): string => `ht-${row}-${part.replaceAll("/", "-")}-problem`;

const isWithin = (part: string, at: string) => part === at || part.startsWith(`${at}/`);

/** The name and state of a control, for antd's inputs. `at` is the part of the row as the server names it. */
export function useControl(at: string, label: string) {
  const { id, name, problems } = useRow();
  const own = useId();
  const wrong = problems.find(({ part }) => isWithin(part, at));
  return {
    id: own,
    "aria-label": name === "" ? label : `${name}: ${label}`,
    "data-part": at,
    ...(wrong ? { status: "error" as const, "aria-invalid": true, "aria-describedby": problemId(id, wrong.part) } : {}),
  };
}
