/** Where a segment is used: what would break without it. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { ErrorState } from "../kit/ErrorState";
import { SafeText } from "../kit/SafeText";
import { useUses, type Segment, type Use } from "./queries";

const KNOWN = ["segment", "tag"] as const;

export function UseLine({ use }: { use: Use }) {
  const { t } = useTranslation(["segments", "common"]);
  const kind = KNOWN.find((one) => one === use.kind);
  return (
    <>
      <span className="ht-secondary">{kind ? t(`uses.${kind}`) : use.kind}</span>{" "}
      {use.kind === "segment" ? (
        <Link to="/members/segments/$segmentId" params={{ segmentId: use.id }}>
          <SafeText text={use.name} />
        </Link>
      ) : (
        <SafeText text={use.name} />
      )}
    </>
  );
}

export function Uses({ segment }: { segment: Segment }) {
  const { t } = useTranslation(["segments", "common"]);
  const { data, error, refetch } = useUses(segment.id, segment.uses_count > 0);
  if (segment.uses_count === 0) return <p className="ht-secondary">{t("uses.none")}</p>;
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} compact />;
  return (
    <ul className="ht-uses">
      {(data?.items ?? []).map((use) => (
        <li key={`${use.kind} ${use.id}`}>
          <UseLine use={use} />
        </li>
      ))}
    </ul>
  );
}
