/** One click and one question: the sample community goes with all its members and events. */
import { useQueryClient } from "@tanstack/react-query";
import { App } from "antd";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { forgetCommunities, useWorkspacePath } from "../app/session";
import { formatCount } from "../format/numbers";
import { ConfirmDanger } from "../kit/ConfirmDanger";
import { Phrase, slot } from "../kit/Phrase";
import { SafeText } from "../kit/SafeText";

export const SAMPLE = "/api/workspaces/{workspace_id}/sample";

interface RemoveSampleProps {
  open: boolean;
  onClose: () => void;
  /** Goes elsewhere, where the page shown may be one of the sample's. */
  onRemoved?: () => Promise<void>;
}

export function RemoveSample({ open, onClose, onRemoved }: RemoveSampleProps) {
  const { t } = useTranslation(["communities", "common"]);
  const { message } = App.useApp();
  const path = useWorkspacePath();
  const queryClient = useQueryClient();
  const { data } = $api.useQuery("get", SAMPLE, { params: { path } }, { enabled: open });
  const remove = $api.useMutation("delete", SAMPLE);
  return (
    <ConfirmDanger
      open={open}
      title={t("sample.removeTitle")}
      consequence={
        <>
          {data?.is_loaded ? (
            <p>
              <Phrase
                text={t("sample.consequence", { name: slot(0), members: formatCount(data.members), events: formatCount(data.events) })}
                parts={[<SafeText key="name" text={data.community_name} />]}
              />
            </p>
          ) : null}
          <p>{t("sample.alsoGoes")}</p>
          <p className="ht-secondary">{t("sample.again")}</p>
        </>
      }
      action={t("sample.remove")}
      onConfirm={async () => {
        await remove.mutateAsync({ params: { path } });
        await forgetCommunities(queryClient);
        await onRemoved?.();
        void message.success(t("sample.removed"));
        void queryClient.invalidateQueries();
      }}
      onClose={onClose}
    />
  );
}
