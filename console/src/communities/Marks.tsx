/** What a community is, in tags: its kind, whether it is the sample, whether it is archived. */
import { Tag } from "antd";
import { useTranslation } from "react-i18next";

import type { Community } from "./queries";

export function Marks({ community }: { community: Pick<Community, "kind" | "is_sample" | "archived_at"> }) {
  const { t } = useTranslation(["communities", "shell", "common"]);
  return (
    <span className="ht-marks">
      <Tag variant="outlined">{t(`kind.${community.kind}`)}</Tag>
      {community.is_sample ? <Tag color="warning" variant="filled">{t("shell:sample")}</Tag> : null}
      {community.archived_at === null ? null : <Tag variant="filled">{t("archived")}</Tag>}
    </span>
  );
}
