/** Welcomes, and what has to be asked for again after a change. */
import { useQueryClient } from "@tanstack/react-query";

import { $api } from "../api/client";
import type { components } from "../api/schema.gen";
import { useMay, useWorkspacePath } from "../app/session";

export const WELCOMES = "/api/workspaces/{workspace_id}/welcomes";
export const WELCOME = "/api/workspaces/{workspace_id}/welcomes/{welcome_id}";
export const TRIALS = "/api/workspaces/{workspace_id}/welcomes/trials";
const STATISTICS = "/api/workspaces/{workspace_id}/welcomes/{welcome_id}/statistics";

type Schemas = components["schemas"];
export type Welcome = Schemas["WelcomeOut"];
export type WelcomeBody = Schemas["WelcomeIn"];
export type Statistics = Schemas["WelcomeStatistics"];
export type Spoke = Schemas["WelcomeSpoke"];

export function useWelcomes() {
  const path = useWorkspacePath();
  const maySee = useMay("welcomes.read");
  return $api.useQuery("get", WELCOMES, { params: { path } }, { enabled: maySee });
}

export function useWelcome(welcome_id: string) {
  const path = useWorkspacePath();
  return $api.useQuery("get", WELCOME, { params: { path: { ...path, welcome_id } } });
}

export function useStatistics(welcome_id: string) {
  const path = useWorkspacePath();
  return $api.useQuery("get", STATISTICS, { params: { path: { ...path, welcome_id } } });
}

export function useWelcomesChanged() {
  const queryClient = useQueryClient();
  return async () => {
    await Promise.all([WELCOMES, WELCOME, STATISTICS].map((path) => queryClient.invalidateQueries({ queryKey: ["get", path] })));
  };
}
