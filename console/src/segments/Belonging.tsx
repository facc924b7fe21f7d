/** The segments a member is in and the tags they have, on their page. */
import { Link } from "@tanstack/react-router";
import { Skeleton, Tag } from "antd";
import { useTranslation } from "react-i18next";

import { ErrorState } from "../kit/ErrorState";
import { SafeText } from "../kit/SafeText";
import type { Member } from "../members/queries";
import { useBelonging } from "./queries";

export function Belonging({ member }: { member: Member }) {
  const { t } = useTranslation(["segments", "common"]);
  const { data, error, refetch } = useBelonging(member.id);
  return (
    <section aria-labelledby="member-belonging">
      <h2 id="member-belonging">{t("belonging.title")}</h2>
      {error && !data ? (
        <ErrorState error={error} onRetry={() => void refetch()} compact />
      ) : !data ? (
        <Skeleton active title={false} paragraph={{ rows: 2 }} />
      ) : data.segments.length + data.tags.length === 0 ? (
        <p className="ht-secondary">{t("belonging.none")}</p>
      ) : (
        <>
          {data.tags.length > 0 ? (
            <ul className="ht-tags" aria-label={t("belonging.tags")}>
              {data.tags.map(({ id, name }) => (
                <li key={id}>
                  <Link to="/members" search={{ among: [`tag:${id}`] }}>
                    <Tag variant="outlined"><SafeText text={name} /></Tag>
                  </Link>
                </li>
              ))}
            </ul>
          ) : null}
          {data.segments.length > 0 ? (
            <ul className="ht-uses" aria-label={t("belonging.segments")}>
              {data.segments.map(({ id, name }) => (
                <li key={id}>
                  <Link to="/members/segments/$segmentId" params={{ segmentId: id }}>
                    <SafeText text={name} />
                  </Link>
                </li>
              ))}
            </ul>
          ) : null}
        </>
      )}
    </section>
  );
}
