/** Nothing is here yet: bring a chat history, or look at a made-up community first. */
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { ButtonLink } from "../app/ButtonLink";
import { forgetCommunities, useMay, useSession, useWorkspacePath } from "../app/session";
import { NothingYet } from "../kit/EmptyState";
import { ErrorState } from "../kit/ErrorState";

export function FirstSteps() {
  const { t } = useTranslation(["home", "common"]);
  const mayImport = useMay("imports.run");
  const mayLoad = useMay("communities.manage");
  const { communities } = useSession();
  const path = useWorkspacePath();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const load = $api.useMutation("post", "/api/workspaces/{workspace_id}/sample", {
    async onSuccess({ community_id }) {
      await forgetCommunities(queryClient);
      await navigate({ to: "/", search: community_id ? { community: community_id } : {} });
      void queryClient.invalidateQueries();
    },
  });
  const hasSample = communities.some(({ is_sample }) => is_sample);
  return (
    <div className="ht-card">
      <NothingYet
        title={t("empty.title")}
        body={mayImport ? t("empty.body") : t("empty.bodyReader")}
        guide="first-run"
        action={
          <div className="ht-empty-actions">
            {mayImport ? (
              <ButtonLink type="primary" to="/communities/import">
                {t("import")}
              </ButtonLink>
            ) : null}
            {mayLoad && !hasSample ? (
              <Button loading={load.isPending} onClick={() => { load.mutate({ params: { path } }); }}>
                {t("empty.sample")}
              </Button>
            ) : null}
          </div>
        }
      />
      <p role="status" className="ht-center ht-secondary">
        {load.isPending ? t("empty.loading") : mayLoad && !hasSample ? t("empty.sampleHint") : ""}
      </p>
      {load.isError ? <ErrorState error={load.error} onRetry={() => { load.mutate({ params: { path } }); }} /> : null}
    </div>
  );
}
