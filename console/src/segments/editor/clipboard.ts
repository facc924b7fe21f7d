/** Conditions as text to copy: between rows, segments and browsers. The last one copied is remembered in this browser. */
import { readStored, writeStored } from "../../design/storage";
import { isCondition, type Condition } from "./language";

const STORED = "hutong.condition";
const TEXT_LENGTH_MAX = 1_000_000;

export const textOf = (condition: Condition): string => JSON.stringify(condition, null, 2);

/** The condition in a text; null where it is none. */
export function readCondition(text: string): Condition | null {
  if (text.length > TEXT_LENGTH_MAX) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isCondition(value) ? value : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

export function copyCondition(condition: Condition): void {
  const text = textOf(condition);
  writeStored(STORED, text);
  // Absent on plain http outside localhost: then it can be pasted in this browser only.
  (navigator.clipboard as Clipboard | undefined)?.writeText(text).catch(() => undefined);
}

export function copiedCondition(): Condition | null {
  const text = readStored(STORED);
  return text === null ? null : readCondition(text);
}
