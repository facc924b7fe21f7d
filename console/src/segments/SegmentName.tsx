/** A segment by name, and what has to be known beside it. */
import { Link } from "@tanstack/react-router";
import { Tag } from "antd";
import { useTranslation } from "react-i18next";

import { SafeText } from "../kit/SafeText";
import type { Segment } from "./queries";

const COLOR: Record<Segment["state"], string> = { ready: "success", building: "processing", stale: "warning", failed: "error" };

export function SegmentMarks({ segment }: { segment: Pick<Segment, "kind" | "state" | "is_sample"> }) {
  const { t } = useTranslation(["segments", "shell", "common"]);
  return (
    <>
      {segment.kind === "static" ? <Tag variant="outlined">{t("kind.static")}</Tag> : null}
      {segment.state === "ready" ? null : (
        <Tag color={COLOR[segment.state]} variant="filled" title={t(`stateHint.${segment.state}`)}>
          {t(`state.${segment.state}`)}
        </Tag>
      )}
      {segment.is_sample ? <Tag variant="outlined">{t("shell:sample")}</Tag> : null}
    </>
  );
}

export function SegmentLink({ segment }: { segment: Pick<Segment, "id" | "name"> }) {
  return (
    <Link to="/members/segments/$segmentId" params={{ segmentId: segment.id }} className="ht-member-link">
      <SafeText text={segment.name} clip />
    </Link>
  );
}
