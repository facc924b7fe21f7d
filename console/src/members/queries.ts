/** One member, and what has to be asked for again after a change. */
import { useQueryClient } from "@tanstack/react-query";

import { $api } from "../api/client";
import type { components } from "../api/schema.gen";
import { useWorkspacePath } from "../app/session";

export const MEMBERS = "/api/workspaces/{workspace_id}/members";
export const MEMBER = "/api/workspaces/{workspace_id}/members/{member_id}";
export const ATTRIBUTES = "/api/workspaces/{workspace_id}/attributes";

export type Member = components["schemas"]["MemberOut"];
export type Identity = components["schemas"]["IdentityOut"];
export type AttributeValue = components["schemas"]["ValueOut"];
export type Attribute = components["schemas"]["AttributeOut"];

export function useMember(member_id: string | undefined) {
  const path = useWorkspacePath();
  return $api.useQuery("get", MEMBER, { params: { path: { ...path, member_id: member_id ?? "" } } }, { enabled: member_id !== undefined });
}

export function useAttributes(enabled = true) {
  const path = useWorkspacePath();
  return $api.useQuery("get", ATTRIBUTES, { params: { path } }, { enabled });
}

/** Shows the answer of a change at once and makes what else may have changed be asked for again. */
export function useMemberChanged() {
  const queryClient = useQueryClient();
  const path = useWorkspacePath();
  return {
    show: (member: Member) => {
      queryClient.setQueryData($api.queryOptions("get", MEMBER, { params: { path: { ...path, member_id: member.id } } }).queryKey, member);
      void queryClient.invalidateQueries({ queryKey: ["get", MEMBERS] });
      void queryClient.invalidateQueries({ queryKey: ["get", "/api/workspaces/{workspace_id}/events"] });
      void queryClient.invalidateQueries({ queryKey: ["get", "/api/workspaces/{workspace_id}/audit"] });
    },
    /** After a merge or its undoing two members, the lists and the numbers differ. */
    forget: () => queryClient.invalidateQueries(),
  };
}
