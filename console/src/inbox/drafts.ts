/** What somebody has begun to write: kept in this browser for each person, conversation and kind, until it is sent or emptied. */
import { useEffect, useState } from "react";

import { useSession } from "../app/session";
import { readStored, writeStored } from "../design/storage";
import { newPart, type Part } from "../messages/parts";

export type Mode = "answer" | "note";

export interface Draft {
  text: string;
  extra: Part[];
  script_id: string | null;
  quoted: { id: string; text: string } | null;
  /** The last message that stood there when writing began; null: nothing is begun. */
  seen: string | null;
}

const NOTHING: Draft = { text: "", extra: [], script_id: null, quoted: null, seen: null };
const QUOTED_LENGTH_MAX = 200;

const keyOf = (user_id: string, conversation_id: string, mode: Mode) => `hutong.draft.${mode}.${user_id}.${conversation_id}`;
const isEmpty = ({ text, extra, quoted }: Draft) => text === "" && extra.length === 0 && quoted === null;
const textOr = (value: unknown, otherwise: null) => (typeof value === "string" ? value : otherwise);

/** What was stored may be of another version of the console, or by somebody's own hand. */
function read(stored: string | null): Draft {
  if (stored === null) return NOTHING;
  try {
    const said = JSON.parse(stored) as Partial<Record<keyof Draft, unknown>>;
    const quoted = said.quoted as Partial<Record<"id" | "text", unknown>> | null | undefined;
    return {
      text: typeof said.text === "string" ? said.text : "",
      extra: Array.isArray(said.extra) ? (said.extra as Partial<Part>[]).flatMap((part) => (typeof part.kind === "string" ? [newPart(part.kind, part)] : [])) : [],
      script_id: textOr(said.script_id, null),
      quoted: typeof quoted?.id === "string" && typeof quoted.text === "string" ? { id: quoted.id, text: quoted.text } : null,
      seen: textOr(said.seen, null),
    };
  } catch {
    return NOTHING;
  }
}

/** What is begun as an answer, for the list. */
export function draftOf(user_id: string, conversation_id: string): string {
  const { text, extra } = read(readStored(keyOf(user_id, conversation_id, "answer")));
  return text.trim() || (extra.length > 0 ? "…" : "");
}

export const quoteOf = ({ id, text }: { id: string; text: string }) => ({ id, text: text.slice(0, QUOTED_LENGTH_MAX) });

export function useDraft(conversation_id: string, mode: Mode, last_message: string | null) {
  const { user } = useSession();
  const key = keyOf(user.id, conversation_id, mode);
  const [draft, set] = useState(() => read(readStored(key)));
  useEffect(() => {
    writeStored(key, isEmpty(draft) ? null : JSON.stringify(draft));
  }, [key, draft]);
  return {
    draft,
    change(said: Partial<Draft>) {
      set((before) => {
        const next = { ...before, ...said };
        return isEmpty(next) ? NOTHING : { ...next, seen: next.seen ?? last_message };
      });
    },
    clear() {
      set(NOTHING);
    },
  };
}
