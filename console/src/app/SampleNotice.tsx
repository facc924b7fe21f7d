/** Says on every page that a community is made up, and takes it away with one click. */
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { App, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { formatCount } from "../format/numbers";
import { ConfirmDanger } from "../kit/ConfirmDanger";
import { SafeText } from "../kit/SafeText";
import { forgetCommunities, useMay, useSession, useWorkspacePath } from "./session";

export function SampleNotice() {
  const { t } = useTranslation(["shell", "common"]);
  const { message } = App.useApp();
  const { communities } = useSession();
  const may = useMay("communities.manage");
  const path = useWorkspacePath();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const remove = $api.useMutation("delete", "/api/workspaces/{workspace_id}/sample");
  const sample = communities.find(({ is_sample }) => is_sample);
  if (!sample) return null;
  return (
    <aside className="ht-sample" aria-label={t("sampleNotice.label")}>
      <p>
        {t("sampleNotice.before")}
        <SafeText text={sample.name} />
        {t("sampleNotice.after")}
      </p>
      {may ? (
        <Button size="small" onClick={() => { setAsking(true); }}>
          {t("sampleNotice.remove")}
        </Button>
      ) : null}
      <ConfirmDanger
        open={asking}
        title={t("sampleNotice.question")}
        consequence={<p>{t("sampleNotice.consequence", { groups: formatCount(sample.groups), members: formatCount(sample.members) })}</p>}
        action={t("sampleNotice.remove")}
        onConfirm={async () => {
          await remove.mutateAsync({ params: { path } });
          await forgetCommunities(queryClient);
          void queryClient.invalidateQueries();
          await navigate({ to: "/", search: {} });
          void message.success(t("sampleNotice.removed"));
        }}
        onClose={() => { setAsking(false); }}
      />
    </aside>
  );
}
