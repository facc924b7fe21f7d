/** What a segment's people are compared by, as the API answers. */
import { keepPreviousData, useQueryClient } from "@tanstack/react-query";

import { $api } from "../../api/client";
import type { components } from "../../api/schema.gen";
import { useWorkspacePath } from "../../app/session";

type Schemas = components["schemas"];
export type Persona = Schemas["PersonaOut"];
export type Portrait = Schemas["Portrait"];
export type Part = Portrait["channels"][number];
export type Distinction = Schemas["Distinction"];
export type Distinctions = Schemas["DistinctionsOut"];
export type Overlap = Schemas["OverlapOut"];
export type Region = Schemas["OverlapRegion"];
export type Growth = Schemas["GrowthOut"];

const SEGMENT = "/api/workspaces/{workspace_id}/segments/{segment_id}";

export function usePersona(segment_id: string) {
  const asked = { params: { path: { ...useWorkspacePath(), segment_id } } };
  const client = useQueryClient();
  const { queryKey } = $api.queryOptions("get", `${SEGMENT}/persona`, asked);
  return { ...$api.useQuery("get", `${SEGMENT}/persona`, asked), stop: () => void client.cancelQueries({ queryKey }) };
}

export function useDistinctions(segment_id: string) {
  const asked = { params: { path: { ...useWorkspacePath(), segment_id } } };
  const client = useQueryClient();
  const { queryKey } = $api.queryOptions("get", `${SEGMENT}/distinctions`, asked);
  return { ...$api.useQuery("get", `${SEGMENT}/distinctions`, asked), stop: () => void client.cancelQueries({ queryKey }) };
}

export function useGrowth(segment_id: string, days: { from: string; to: string }) {
  const path = useWorkspacePath();
  return $api.useQuery("get", `${SEGMENT}/growth`, { params: { path: { ...path, segment_id }, query: days } }, { placeholderData: keepPreviousData });
}

export function useOverlap(ids: string[]) {
  const path = useWorkspacePath();
  return $api.useQuery(
    "get",
    "/api/workspaces/{workspace_id}/segments/overlap",
    { params: { path, query: { ids } } },
    { enabled: ids.length > 1, placeholderData: keepPreviousData },
  );
}

/** Every segment of the workspace, to choose from. */
export function useAllSegments() {
  const path = useWorkspacePath();
  return $api.useQuery("get", "/api/workspaces/{workspace_id}/segments", { params: { path } });
}

export function useOneSegment(segment_id: string) {
  const path = useWorkspacePath();
  return $api.useQuery("get", SEGMENT, { params: { path: { ...path, segment_id } } });
}
