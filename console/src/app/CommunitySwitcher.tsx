/** Which community the pages speak of. It is in the address (`?community=`), so that a link shows the same to everybody. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Tag } from "antd";
import { useTranslation } from "react-i18next";

import { SafeText } from "../kit/SafeText";
import { Select } from "../kit/Select";
import { plainText } from "../kit/safeText";
import { useSession, type SessionCommunity } from "./session";

const ALL = "";

/** The community of the address, if there is one and it may be seen. */
export function useCommunity(): SessionCommunity | null {
  const { communities } = useSession();
  const { community } = useSearch({ strict: false });
  return communities.find(({ id }) => id === community) ?? null;
}

export function CommunitySwitcher() {
  const { t } = useTranslation(["shell", "common"]);
  const { communities } = useSession();
  const chosen = useCommunity();
  const navigate = useNavigate();
  if (communities.length === 0) return null;
  return (
    <Select
      className="ht-community"
      variant="filled"
      aria-label={t("switchCommunity")}
      popupMatchSelectWidth={false}
      showSearch={communities.length > 8 ? { optionFilterProp: "title" } : false}
      value={chosen?.id ?? ALL}
      options={[
        { value: ALL, title: t("common:allCommunities"), label: t("common:allCommunities") },
        ...communities.map(({ id, name, is_sample }) => ({
          value: id,
          title: plainText(name),
          label: (
            <span className="ht-community-option">
              <SafeText text={name} clip />
              {is_sample ? <Tag variant="outlined">{t("sample")}</Tag> : null}
            </span>
          ),
        })),
      ]}
      onChange={(id) => navigate({ to: ".", search: (previous) => ({ ...previous, community: id || undefined }) })}
    />
  );
}
