/** How many members a condition has while it is being written: the first answer may be of a sample, the exact one follows. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";

import { ApiProblem } from "../api/problem";
import { useWorkspacePath } from "../app/session";
import type { Condition, ValueType } from "./editor/language";
import { finishedPart, type Problem } from "./editor/problems";
import { askPreview, askSentence } from "./queries";

const DELAY_MILLISECONDS = 300;
const CHEAP_SECONDS_MAX = 1;
const PARTS_MAX = 6;

/** The value as it was once nothing changed for a while. */
export function useSettled<Value>(value: Value, delay_milliseconds: number): Value {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = window.setTimeout(() => {
      setSettled(value);
    }, delay_milliseconds);
    return () => {
      window.clearTimeout(timer);
    };
  }, [value, delay_milliseconds]);
  return settled;
}

interface Asked {
  condition: Condition;
  community: string | null;
  segment: string | null;
}

/** Answers belong to their own condition: one that comes late for another is never shown. */
function useCount(asked: Asked | null, exact: boolean, enabled = true) {
  const { workspace_id } = useWorkspacePath();
  return useQuery({
    queryKey: ["condition-preview", workspace_id, asked, exact],
    queryFn: ({ signal }) => {
      if (!asked) throw new Error("there is nothing to count");
      return askPreview(workspace_id, { condition: asked.condition, community_id: asked.community, ...(asked.segment ? { segment_id: asked.segment } : {}), exact }, signal);
    },
    enabled: enabled && asked !== null,
    placeholderData: (previous) => previous,
  });
}

const REFUSED = "condition_refused";

export function usePreview(condition: Condition, community: string | null, segment: string | null, typeOf: (key: string) => ValueType) {
  const { workspace_id } = useWorkspacePath();
  const finished = useMemo(() => finishedPart(condition, typeOf), [condition, typeOf]);
  const now = useMemo(() => (finished.condition ? JSON.stringify({ condition: finished.condition, community, segment }) : ""), [finished, community, segment]);
  const settled = useSettled(now, DELAY_MILLISECONDS);
  const asked = useMemo(() => (settled === "" ? null : (JSON.parse(settled) as Asked)), [settled]);
  const quick = useCount(asked, false);
  const wantsExact = quick.data !== undefined && !quick.isPlaceholderData && !quick.data.is_exact;
  const exact = useCount(asked, true, wantsExact);
  const sentence = useQuery({
    queryKey: ["condition-sentence", workspace_id, asked?.condition ?? null],
    queryFn: ({ signal }) => {
      if (!asked) throw new Error("there is nothing to say");
      return askSentence(workspace_id, asked.condition, signal);
    },
    enabled: asked !== null,
    placeholderData: (previous) => previous,
  });
  const isExact = wantsExact && exact.data !== undefined && !exact.isPlaceholderData;
  const answer = asked === null ? undefined : isExact ? exact.data : quick.data;
  const error = quick.error ?? sentence.error;
  const refused: Problem[] = useMemo(
    () => (now === settled && error instanceof ApiProblem && error.code === REFUSED ? error.errors.map(({ field, message }) => ({ field: finished.back(field), message })) : []),
    [now, settled, error, finished],
  );
  return {
    answer: refused.length > 0 ? undefined : answer,
    sentence: asked === null || sentence.error ? undefined : sentence.data,
    /** Rows that still need something and are not counted. */
    unfinished: finished.left,
    isNothing: finished.condition === null,
    isStale: now !== settled || quick.isPlaceholderData || (quick.isFetching && quick.data === undefined),
    refused,
    error: refused.length > 0 ? null : error,
    retry: () => {
      void quick.refetch();
      void sentence.refetch();
    },
    asked: refused.length > 0 ? null : asked,
    isCheap: answer !== undefined && answer.seconds <= CHEAP_SECONDS_MAX,
  };
}

/** The conditions of the outermost group, where they are few enough to be counted apart. */
export function partsOf(condition: Condition | undefined): Condition[] {
  if (condition?.kind !== "all" && condition?.kind !== "any") return [];
  return condition.of.length > 1 && condition.of.length <= PARTS_MAX ? condition.of : [];
}

/** Who would come and who would go if this condition took the place of the segment's own. */
export function useComingAndGoing(asked: Asked | null, segment: string | null, enabled: boolean) {
  const inIt: Condition = { kind: "segment", segment: segment ?? "" };
  const both = (one: Condition, other: Condition): Condition => ({ kind: "all", of: [one, { kind: "not", of: other }] });
  const isAsked = enabled && segment !== null && asked !== null;
  const coming = useCount(isAsked ? { condition: both(asked.condition, inIt), community: asked.community, segment: null } : null, true);
  const going = useCount(isAsked ? { condition: both(inIt, asked.condition), community: asked.community, segment: null } : null, true);
  return isAsked && coming.data && going.data && !coming.isPlaceholderData && !going.isPlaceholderData ? { coming: coming.data.count, going: going.data.count } : null;
}
