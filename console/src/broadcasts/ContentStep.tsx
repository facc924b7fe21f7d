/** What is said, and what for. */
import { Checkbox, Input, Radio } from "antd";
import { useId } from "react";
import { useTranslation } from "react-i18next";

import { useWorkspacePath } from "../app/session";
import { MessageEditor } from "../messages/MessageEditor";
import { MessagePreview } from "../messages/MessagePreview";
import { useAccounts } from "../channels/queries";
import type { StepProps } from "./Wizard";

const NAME_LENGTH_MAX = 100;

export function ContentStep({ draft, errors, onChange }: StepProps) {
  const { t } = useTranslation(["broadcasts", "common"]);
  const { workspace_id } = useWorkspacePath();
  const id = useId();
  const accounts = useAccounts(true);
  const chosen = accounts.data?.items.filter((one) => draft.audience.accounts.includes(one.id)).map(({ platform }) => platform) ?? [];
  return (
    <div className="ht-broadcast-content">
      <div className="ht-broadcast-fields">
        <label htmlFor={`${id}-name`}>{t("name")}</label>
        <Input id={`${id}-name`} value={draft.name} maxLength={NAME_LENGTH_MAX} onChange={(event) => { onChange({ name: event.target.value }); }} />
        <span id={`${id}-purpose`}>{t("purpose.title")}</span>
        <Radio.Group
          aria-labelledby={`${id}-purpose`}
          value={draft.purpose}
          options={(["service", "marketing"] as const).map((value) => ({ value, label: t(`purpose.${value}`) }))}
          onChange={(event) => { onChange({ purpose: event.target.value as typeof draft.purpose }); }}
        />
        <p className="ht-secondary">{t(draft.purpose === "marketing" ? "purpose.marketingHint" : "purpose.serviceHint")}</p>
        <MessageEditor value={draft.parts} workspaceId={workspace_id} errors={errors} onChange={(parts) => { onChange({ parts }); }} />
        <Checkbox checked={draft.tracks_links} onChange={(event) => { onChange({ tracks_links: event.target.checked }); }}>
          {t("tracks")}
        </Checkbox>
      </div>
      <MessagePreview parts={draft.parts} workspaceId={workspace_id} platforms={[...new Set(chosen)]} groupId={draft.audience.groups[0] ?? null} />
    </div>
  );
}
