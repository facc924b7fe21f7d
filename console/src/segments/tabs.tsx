/** The tabs of a segment's page, in their order. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { DistinctionsTab } from "./insights/DistinctionsTab";
import { GrowthTab } from "./insights/GrowthTab";
import { OverlapTab } from "./insights/OverlapTab";
import { MembersTab } from "./MembersTab";
import { PersonaTab } from "./persona/PersonaTab";
import type { Segment } from "./queries";
import { VersionsTab } from "./VersionsTab";

interface SegmentTab {
  key: string;
  name: string;
  render: (zone: string) => ReactNode;
}

export const FIRST_TAB = "members";

/** A static segment has no conditions, so no history of them. */
export function useSegmentTabs(segment: Segment): SegmentTab[] {
  const { t } = useTranslation(["segments", "common"]);
  const { id } = segment;
  return [
    { key: FIRST_TAB, name: t("tabs.members"), render: (zone) => <MembersTab segment={segment} zone={zone} /> },
    { key: "growth", name: t("tabs.growth"), render: () => <GrowthTab segmentId={id} /> },
    { key: "distinctions", name: t("tabs.distinctions"), render: () => <DistinctionsTab segmentId={id} /> },
    { key: "overlap", name: t("tabs.overlap"), render: () => <OverlapTab segmentId={id} /> },
    { key: "persona", name: t("tabs.persona"), render: () => <PersonaTab segmentId={id} /> },
    ...(segment.kind === "live" ? [{ key: "versions", name: t("tabs.versions"), render: (zone: string) => <VersionsTab segment={segment} zone={zone} /> }] : []),
  ];
}
