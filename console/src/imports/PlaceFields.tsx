/** Where the history goes: a community, and a group for each group the files name. */
import { Radio, Tag } from "antd";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { useSession, useWorkspacePath } from "../app/session";
import { SafeText } from "../kit/SafeText";
import { Select } from "../kit/Select";
import { plainText } from "../kit/safeText";
import { Field } from "./Field";
import { GroupField, GroupsTable, type KnownGroup } from "./GroupFields";
import { NameInput } from "./NameInput";
import { NAME_LENGTH_MAX, suggestedName } from "./names";
import type { ImportDetail } from "./queries";
import type { ChoicesState } from "./useChoices";

const NEW = "new";
const GROUPS_MAX = 200;

interface PlaceFieldsProps {
  batch: ImportDetail;
  choices: ChoicesState;
}

/** Groups of the chosen community on the channel of the files. */
function useKnownGroups(community_id: string | null, channel: string): KnownGroup[] {
  const path = useWorkspacePath();
  const { data } = $api.useQuery(
    "get",
    "/api/workspaces/{workspace_id}/groups",
    { params: { path, query: { community_id: community_id ?? "", limit: GROUPS_MAX } } },
    { enabled: community_id !== null },
  );
  return community_id === null ? [] : (data?.items ?? []).filter((group) => group.channel === channel);
}

export function PlaceFields({ batch, choices }: PlaceFieldsProps) {
  const { t } = useTranslation(["imports", "shell", "common"]);
  const { communities } = useSession();
  const { options, change, said } = choices;
  const { groups: named } = batch.detection;
  const known = useKnownGroups(options.community_id, options.channel);
  const community = options.community_id ?? (options.community_name || communities.length === 0 ? NEW : null);
  const suggested = suggestedName(batch);
  const several = named.length > 1;
  const together = options.group_id !== null || options.group_name !== "";
  return (
    <>
      <Field label={t("place.community")} said={said("community_id")} hint={community === null ? t("place.communityHint") : undefined}>
        {(id, label) => (
          <Select
            id={id}
            aria-label={label}
            className="ht-import-wide"
            placeholder={t("place.choose")}
            showSearch={communities.length > 8 ? { optionFilterProp: "title" } : false}
            value={community}
            options={[
              { value: NEW, title: t("place.newCommunity"), label: t("place.newCommunity") },
              ...communities.map(({ id: value, name, is_sample }) => ({
                value,
                title: plainText(name),
                label: (
                  <span className="ht-pair">
                    <SafeText text={name} clip />
                    {is_sample ? <Tag variant="outlined">{t("shell:sample")}</Tag> : null}
                  </span>
                ),
              })),
            ]}
            onChange={(value) => {
              // A group belongs to one community.
              const none = { group_id: null, groups: {} };
              if (value !== NEW) change({ ...none, community_id: value });
              else change({ ...none, community_id: null, community_name: options.community_name || suggested || t("place.someName") });
            }}
          />
        )}
      </Field>
      {community === NEW ? (
        <Field label={t("place.communityName")} said={said("community_name")}>
          {(id) => (
            <NameInput
              id={id}
              value={options.community_name}
              length_max={NAME_LENGTH_MAX}
              onChange={(name) => {
                change({ community_name: name || null, community_id: null });
              }}
            />
          )}
        </Field>
      ) : null}
      {several ? (
        <Field label={t("place.groupsFound", { count: named.length })}>
          {(id) => (
            <Radio.Group
              id={id}
              aria-label={t("place.groupsFound", { count: named.length })}
              className="ht-import-radios"
              value={together ? "one" : "each"}
              options={[
                { value: "each", label: t("place.each") },
                { value: "one", label: t("place.one") },
              ]}
              onChange={(event) => {
                if (event.target.value === "one") change({ group_name: suggested || t("place.someName"), group_id: null, groups: {} });
                else change({ group_name: null, group_id: null });
              }}
            />
          )}
        </Field>
      ) : null}
      {several && !together ? (
        <GroupsTable named={named} known={known} choices={choices} counts={batch.checked?.groups ?? []} />
      ) : (
        <GroupField named={named} fallback={suggested} known={known} choices={choices} />
      )}
    </>
  );
}
