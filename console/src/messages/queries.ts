/** The questions of messages. */
import { $api } from "../api/client";
import type { Part } from "./parts";

const FIELDS = "/api/workspaces/{workspace_id}/messages/fields";
const PREVIEWS = "/api/workspaces/{workspace_id}/messages/previews";

export const useFields = (workspace_id: string) => $api.useQuery("get", FIELDS, { params: { path: { workspace_id } } });

export interface Asked {
  parts: readonly Part[];
  platforms: readonly string[];
  member_id: string | null;
  group_id: string | null;
}

/** How a message will look; what was last seen stays while the next is asked for. */
export const useMessagePreview = (workspace_id: string, { parts, platforms, member_id, group_id }: Asked, enabled: boolean) =>
  $api.useQuery(
    "post",
    PREVIEWS,
    { params: { path: { workspace_id } }, body: { parts: [...parts], platforms: [...platforms], member_id, group_id } },
    { enabled, placeholderData: (previous) => previous, retry: false },
  );
