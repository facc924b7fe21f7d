/** Changing what is watched for: apart from the questions, which the bell of every page asks. */
import { useMutation, useQueryClient } from "@tanstack/react-query";

import { $api, api } from "../api/client";
import type { components } from "../api/schema.gen";
import { useWorkspacePath } from "../app/session";
import { sameActions } from "../automation/shared/settings";
import type { ActionUse } from "../automation/shared/types";
import { RULE, RULES, useAlertsChanged, type AlertRules } from "./queries";

type Schemas = components["schemas"];
type Every = Schemas["AlertRulesList"];
export type RulesChange = Omit<Schemas["AlertRulesIn"], "version">;

/** What somebody changes of what is watched for; of actions that took a while to write, also what they were made from. */
interface Asked {
  body: RulesChange;
  from?: { draft: { actions: readonly ActionUse[] }; version: number };
}

/** Changes what is watched for in a community: shown at once; each change waits for the one before, and is made from what that left. */
export function useChangeRules(community_id: string) {
  const client = useQueryClient();
  const path = useWorkspacePath();
  const changed = useAlertsChanged();
  const { queryKey } = $api.queryOptions("get", RULES, { params: { path } });
  const mutationKey = ["alert-rules", community_id];
  const latest = () => client.getQueryData<Every>(queryKey)?.items.find(({ community }) => community.id === community_id);
  const put = (given: Partial<AlertRules>) => {
    client.setQueryData<Every>(queryKey, (had) => had && { ...had, items: had.items.map((one) => (one.community.id === community_id ? { ...one, ...given } : one)) });
  };
  return useMutation({
    mutationKey,
    scope: { id: mutationKey.join(".") },
    async mutationFn({ body, from }: Asked) {
      const now = latest();
      const isContested = from !== undefined && now !== undefined && !sameActions(now.following.actions, from.draft.actions);
      const version = isContested ? from.version : (now?.version ?? 0);
      const { data } = await api.PATCH(RULE, { params: { path: { ...path, community_id } }, body: { ...body, version } });
      return data;
    },
    async onMutate({ body: { sensitivity, kinds, question_minutes, newcomer_minutes, muted_group_ids } }) {
      await client.cancelQueries({ queryKey });
      const shown = { sensitivity, kinds, question_minutes, newcomer_minutes, muted_group_ids };
      put(Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== undefined)));
    },
    onSuccess(data) {
      if (data) put({ version: data.version, following: data.following });
    },
    async onSettled(_data, error) {
      if (error || client.isMutating({ mutationKey }) === 1) await changed();
    },
  });
}
