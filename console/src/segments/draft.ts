/** What was typed about a segment and not saved yet, kept in this browser so that neither a reload nor a refusal loses it. */
import { readStored, writeStored } from "../design/storage";
import { isCondition, type Condition } from "./editor/language";

export interface Draft {
  name: string;
  description: string;
  community: string | null;
  condition: Condition;
}

export interface StoredDraft extends Draft {
  /** When it was last changed, ISO 8601. */
  at: string;
  /** The version of the segment it began from; 0: a new one. */
  version: number;
}

const keyOf = (workspace_id: string, id: string | null) => `hutong.segment-draft.${workspace_id}.${id ?? "new"}`;

export function readDraft(workspace_id: string, id: string | null): StoredDraft | null {
  const text = readStored(keyOf(workspace_id, id));
  if (text === null) return null;
  try {
    const found = JSON.parse(text) as Partial<StoredDraft> | null;
    const fits =
      typeof found?.name === "string" && typeof found.description === "string" && typeof found.at === "string" && typeof found.version === "number" && (found.community === null || typeof found.community === "string") && isCondition(found.condition);
    return fits ? (found as StoredDraft) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

export function keepDraft(workspace_id: string, id: string | null, draft: StoredDraft): void {
  writeStored(keyOf(workspace_id, id), JSON.stringify(draft));
}

export function dropDraft(workspace_id: string, id: string | null): void {
  writeStored(keyOf(workspace_id, id), null);
}

export const sameDraft = (one: Draft, other: Draft): boolean =>
  one.name.trim() === other.name.trim() && one.description.trim() === other.description.trim() && one.community === other.community && JSON.stringify(one.condition) === JSON.stringify(other.condition);
