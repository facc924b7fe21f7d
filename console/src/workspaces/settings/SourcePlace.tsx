/** Where a source's events belong, by name. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { $api } from "../../api/client";
import { useSession, useWorkspacePath } from "../../app/session";
import { SafeText } from "../../kit/SafeText";
import type { Source } from "./queries";

export function SourcePlace({ source }: { source: Pick<Source, "community_id" | "group_id"> }) {
  const { t } = useTranslation(["settings", "common"]);
  const { communities } = useSession();
  const path = useWorkspacePath();
  const { community_id, group_id } = source;
  const { data: group } = $api.useQuery(
    "get",
    "/api/workspaces/{workspace_id}/groups/{group_id}",
    { params: { path: { ...path, group_id: group_id ?? "" } } },
    { enabled: group_id !== null },
  );
  if (community_id === null) return t("source.wholeWorkspace");
  const community = communities.find(({ id }) => id === community_id);
  return (
    <span>
      <Link to="/communities/$communityId" params={{ communityId: community_id }} search={{ community: community_id }}>
        <SafeText text={community?.name ?? group?.community_name ?? t("source.archivedCommunity")} />
      </Link>
      {group_id === null ? null : (
        <>
          {" / "}
          <Link to="/communities/$communityId/groups/$groupId" params={{ communityId: community_id, groupId: group_id }} search={{ community: community_id }}>
            {group ? <SafeText text={group.name} /> : t("common:loading")}
          </Link>
        </>
      )}
    </span>
  );
}
