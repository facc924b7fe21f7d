/** Who else is at a conversation, and that I am: said every few seconds while the page is looked at. */
import { useEffect, useMemo, useState } from "react";

import { $api, api } from "../api/client";
import type { components } from "../api/schema.gen";
import { useMay, useWorkspacePath } from "../app/session";
import { HERE, ONE, type Detail } from "./queries";

export type Present = components["schemas"]["PresentOut"];
export type Doing = Present["doing"];

const PRESENCE = "/api/workspaces/{workspace_id}/inbox/conversations/{conversation_id}/presence";
const TOLD_EVERY_MILLISECONDS = 10_000;
const WRITES_MILLISECONDS = 8_000; // after the last key

/** The others, by conversation; who writes stands before who looks. */
export function useOthers(): ReadonlyMap<string, readonly Present[]> {
  const path = useWorkspacePath();
  const { data } = $api.useQuery("get", HERE, { params: { path } }, { refetchInterval: TOLD_EVERY_MILLISECONDS });
  return useMemo(() => {
    const found = new Map<string, Present[]>();
    for (const one of data?.items ?? []) if (one.who !== data?.me) found.set(one.conversation_id, [...(found.get(one.conversation_id) ?? []), one]);
    for (const some of found.values()) some.sort((a, b) => b.doing.localeCompare(a.doing));
    return found;
  }, [data]);
}

/** Tells that I look at a conversation, or write in it after `wrote()`; and that I have seen the notes in it that name me. */
export function usePresence({ id: conversation_id, is_mentioned }: Pick<Detail, "id" | "is_mentioned">): { wrote: () => void } {
  const { workspace_id } = useWorkspacePath();
  const mayAnswer = useMay("inbox.answer");
  const [wroteAt, setWroteAt] = useState(0);
  const doing: Doing = wroteAt > 0 ? "writing" : "looking";
  useEffect(() => {
    if (wroteAt === 0) return;
    const timer = window.setTimeout(() => { setWroteAt(0); }, WRITES_MILLISECONDS);
    return () => { window.clearTimeout(timer); };
  }, [wroteAt]);
  useEffect(() => {
    if (!mayAnswer) return;
    const params = { path: { workspace_id, conversation_id } };
    // What is not told is only forgotten sooner: nothing to say to the person.
    const tell = () => {
      if (document.visibilityState === "visible") void api.PUT(PRESENCE, { params, body: { doing } }).catch(() => undefined);
    };
    tell();
    const timer = window.setInterval(tell, TOLD_EVERY_MILLISECONDS);
    document.addEventListener("visibilitychange", tell);
    return () => {
      window.clearInterval(timer);
      document.removeEventListener("visibilitychange", tell);
    };
  }, [workspace_id, conversation_id, mayAnswer, doing]);
  useEffect(() => {
    if (!is_mentioned) return;
    const see = () => {
      if (document.visibilityState === "visible") void api.POST(`${ONE}/seen`, { params: { path: { workspace_id, conversation_id } } }).catch(() => undefined);
    };
    see();
    document.addEventListener("visibilitychange", see);
    return () => { document.removeEventListener("visibilitychange", see); };
  }, [workspace_id, conversation_id, is_mentioned]);
  useEffect(() => {
    if (!mayAnswer) return;
    const leave = () => void api.DELETE(PRESENCE, { params: { path: { workspace_id, conversation_id } }, keepalive: true }).catch(() => undefined);
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("pagehide", leave);
      leave();
    };
  }, [workspace_id, conversation_id, mayAnswer]);
  return { wrote: () => { setWroteAt(Date.now()); } };
}
