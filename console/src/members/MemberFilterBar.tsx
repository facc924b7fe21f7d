/** The filters over the member list, with the names of communities, groups and channels. */
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { useMay, useSession, useWorkspacePath } from "../app/session";
import { FilterBar, type Option } from "../kit/filters/FilterBar";
import { manyOf } from "../kit/filters/schema";
import { plainText } from "../kit/safeText";
import { useSegments } from "../segments/queries";
import { useTags } from "../tags/queries";
import { useAmongOptions } from "../lifecycle/among";
import { CHANNELS, useChannelName } from "./channels";
import { idsAmong, plainFilters, withAmong, type MemberFilterValues } from "./filters";

const ACTIVE_DAYS = ["1", "7", "30", "90"];
const SILENT_DAYS = ["7", "14", "30", "60", "90"];
const GROUPS_MAX = 200;

// In the address all groups of members are one list; here each kind has its own field.
const shownFilters = { ...plainFilters, segment: manyOf(), tag: manyOf(), stage: manyOf(), rfm: manyOf() };

interface MemberFilterBarProps {
  values: MemberFilterValues;
  onChange: (values: MemberFilterValues) => void;
}

/** The usual choices, and the one of the address if it is another. */
const withChosen = (usual: readonly string[], chosen: string | undefined) =>
  [...new Set([...usual, ...(chosen ? [chosen] : [])])].sort((a, b) => Number(a) - Number(b));

export function MemberFilterBar({ values, onChange }: MemberFilterBarProps) {
  const { t } = useTranslation(["members", "common"]);
  const { communities } = useSession();
  const path = useWorkspacePath();
  const channelName = useChannelName();
  const groups = $api.useQuery("get", "/api/workspaces/{workspace_id}/groups", {
    params: { path, query: { limit: GROUPS_MAX, ...(values.community ? { community_id: values.community } : {}) } },
  });
  const channels: Option[] = [...new Set([...CHANNELS, ...(values.channel ? [values.channel] : [])])].map((value) => ({ value, label: channelName(value) }));
  const segments = useSegments(useMay("segments.read"));
  const tags = useTags();
  const { among, ...plain } = values;
  const [inSegments, withTags] = [idsAmong(among, "segment"), idsAmong(among, "tag")];
  const [atStages, withScores] = [idsAmong(among, "stage"), idsAmong(among, "rfm")];
  const life = useAmongOptions(values.community, atStages, withScores);
  return (
    <FilterBar
      filters={shownFilters}
      values={{
        ...plain,
        ...(inSegments.length > 0 ? { segment: inSegments } : {}),
        ...(withTags.length > 0 ? { tag: withTags } : {}),
        ...(atStages.length > 0 ? { stage: atStages } : {}),
        ...(withScores.length > 0 ? { rfm: withScores } : {}),
      }}
      onChange={(next) => {
        // A group belongs to one community.
        const { group, segment = [], tag = [], stage = [], rfm = [], ...rest } = next;
        const cleared = Object.keys(next).length === 0;
        const kept = cleared ? undefined : withAmong(withAmong(withAmong(withAmong(among, "segment", segment), "tag", tag), "stage", stage), "rfm", rfm);
        onChange({ ...rest, ...(group && next.community === values.community ? { group } : {}), ...(kept ? { among: kept } : {}) });
      }}
      fields={{
        q: { label: t("filter.q") },
        community: { label: t("filter.community"), options: communities.map(({ id, name }) => ({ value: id, label: plainText(name) })) },
        group: {
          label: t("filter.group"),
          loading: groups.isPending,
          options: (groups.data?.items ?? []).map(({ id, name, community_name }) => ({
            value: id,
            label: values.community ? plainText(name) : `${plainText(community_name)} · ${plainText(name)}`,
          })),
        },
        channel: { label: t("filter.channel"), options: channels },
        presence: {
          label: t("filter.presence"),
          options: [
            { value: "present", label: t("presence.present") },
            { value: "left", label: t("presence.left") },
          ],
        },
        active: {
          label: t("filter.active"),
          options: withChosen(ACTIVE_DAYS, values.active).map((value) => ({ value, label: t("filter.within", { count: Number(value) }) })),
        },
        silent: {
          label: t("filter.silent"),
          options: withChosen(SILENT_DAYS, values.silent).map((value) => ({ value, label: t("filter.for", { count: Number(value) }) })),
        },
        spoke: { label: t("filter.spoke"), options: [{ value: "never", label: t("filter.neverSpoke") }] },
        segment: { label: t("filter.segment"), loading: segments.isFetching && !segments.data, options: (segments.data ?? []).map(({ id, name }) => ({ value: id, label: plainText(name) })) },
        tag: { label: t("filter.tag"), loading: tags.isPending, options: (tags.data?.items ?? []).map(({ id, name }) => ({ value: id, label: plainText(name) })) },
        stage: { label: t("filter.stage"), options: life.stages },
        rfm: { label: t("filter.rfm"), options: life.scores },
        joined: { label: t("filter.joined"), defaultDays: null },
        kind: {
          label: t("filter.kind"),
          options: [
            { value: "people", label: t("filter.people") },
            { value: "bots", label: t("filter.bots") },
            { value: "visitors", label: t("filter.visitors") },
          ],
        },
      }}
    />
  );
}
