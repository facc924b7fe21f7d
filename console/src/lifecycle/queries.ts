/** The questions of the life cycle and of RFM. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";

import { $api } from "../api/client";
import type { components } from "../api/schema.gen";
import { useWorkspacePath } from "../app/session";
import type { Basis, Kind } from "./filters";

type Schemas = components["schemas"];
export type LifeCycle = Schemas["LifeCycleOut"];
export type Stage = Schemas["StageOut"];
export type Thresholds = Schemas["ThresholdsBody"];
export type Flow = Schemas["StageFlowOut"];
export type RFM = Schemas["RFMOut"];
export type Bands = Schemas["RFMBandsOut"];

export const LIFE_CYCLE = "/api/workspaces/{workspace_id}/life-cycle";
const FLOW = "/api/workspaces/{workspace_id}/life-cycle/flow";
export const PREVIEW = "/api/workspaces/{workspace_id}/life-cycle/preview";
const RFM_PATH = "/api/workspaces/{workspace_id}/rfm";
export const BANDS = "/api/workspaces/{workspace_id}/rfm/bands";

const COUNTING_MILLISECONDS = 1_500;

/** While everybody is counted anew it is asked again and again. */
export function useLifeCycle(community_id: string) {
  const path = useWorkspacePath();
  return $api.useQuery(
    "get",
    LIFE_CYCLE,
    { params: { path, query: { community_id } } },
    { refetchInterval: ({ state }) => (state.data && (state.data.state === "counting" || state.data.computed_day === null) ? COUNTING_MILLISECONDS : false) },
  );
}

export function useFlow(community_id: string, kind: Kind, months: number) {
  const path = useWorkspacePath();
  return $api.useQuery("get", FLOW, { params: { path, query: { community_id, kind, months } } });
}

export function useRFM(community_id: string, date: string | undefined, basis: Basis | undefined) {
  const path = useWorkspacePath();
  return $api.useQuery(
    "get",
    RFM_PATH,
    { params: { path, query: { community_id, ...(date ? { date } : {}), ...(basis ? { basis } : {}) } } },
    { placeholderData: (previous) => previous },
  );
}

export function useBands(community_id: string, enabled: boolean) {
  const path = useWorkspacePath();
  return $api.useQuery("get", BANDS, { params: { path, query: { community_id } } }, { enabled });
}

/** Once everybody was counted anew, what was drawn from the count before is asked for again. */
export function useForgetOnceCounted(computed_at: string | null | undefined): void {
  const queryClient = useQueryClient();
  const known = useRef(computed_at);
  useEffect(() => {
    if (known.current && computed_at && known.current !== computed_at)
      for (const key of [FLOW, RFM_PATH]) void queryClient.invalidateQueries({ queryKey: ["get", key] });
    known.current = computed_at;
  }, [computed_at, queryClient]);
}

/** After thresholds or bands were changed. */
export function useForgetLifeCycle(): () => Promise<void> {
  const queryClient = useQueryClient();
  return async () => {
    for (const key of [LIFE_CYCLE, FLOW, RFM_PATH, BANDS]) await queryClient.invalidateQueries({ queryKey: ["get", key] });
  };
}
