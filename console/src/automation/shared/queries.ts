/** What the editors of rules and journeys ask. */
import { $api } from "../../api/client";
import { useMay, useWorkspacePath } from "../../app/session";
import { useSettled } from "../../segments/preview";
import { emptyFields, kept } from "./settings";
import { isWhole, type Trigger } from "./trigger";
import type { ActionKind, Settings } from "./types";

const BASE = "/api/workspaces/{workspace_id}/automation";
const DELAY_MILLISECONDS = 400;

/** Which there are changes with a release, and what one may do with one's role: it is asked once. */
export function useActions() {
  const path = useWorkspacePath();
  const enabled = useMay("automations.read");
  return $api.useQuery("get", `${BASE}/actions`, { params: { path } }, { enabled, staleTime: Infinity });
}

/** In words, and when next; what was last said stays while the next is asked for. What is plainly not finished is not asked about. */
export function useTriggerSaid(trigger: Trigger) {
  const path = useWorkspacePath();
  const settled = useSettled(trigger, DELAY_MILLISECONDS);
  const enabled = isWhole(settled);
  const { data, error } = $api.useQuery("post", `${BASE}/triggers/sentence`, { params: { path }, body: { trigger: { ...settled } } }, { enabled, placeholderData: (before) => before, retry: false });
  return { data, isUnfinished: !enabled || error !== null };
}

export function useActionSaid({ name, fields }: ActionKind, settings: Settings) {
  const path = useWorkspacePath();
  const settled = useSettled(settings, DELAY_MILLISECONDS);
  const enabled = emptyFields(fields, settled).length === 0;
  const body = { action: name, settings: { ...kept(fields, settled) } };
  const { data, error } = $api.useQuery("post", `${BASE}/actions/sentence`, { params: { path }, body }, { enabled, placeholderData: (before) => before, retry: false });
  return { data, isUnfinished: !enabled || error !== null };
}
