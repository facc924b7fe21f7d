/** The tabs of a segment's page, in their order. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { MembersTab } from "./MembersTab";
import type { Segment } from "./queries";
import { VersionsTab } from "./VersionsTab";

export interface SegmentTab {
  key: string;
  name: string;
  render: (segment: Segment, zone: string) => ReactNode;
}

export const FIRST_TAB = "members";

/** A static segment has no conditions, so no history of them. */
export function useSegmentTabs(segment: Segment): SegmentTab[] {
  const { t } = useTranslation(["segments", "common"]);
  return [
    { key: FIRST_TAB, name: t("tabs.members"), render: (one, zone) => <MembersTab segment={one} zone={zone} /> },
    ...(segment.kind === "live" ? [{ key: "versions", name: t("tabs.versions"), render: (one: Segment, zone: string) => <VersionsTab segment={one} zone={zone} /> }] : []),
  ];
}
