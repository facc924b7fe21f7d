/** The conditions a segment has had: each as a sentence, with what changed since the one before; any can be taken up again. */
import { App, Button, Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useMay, useWorkspacePath } from "../app/session";
import { formatDateTime } from "../format/dates";
import { formatCount } from "../format/numbers";
import { useLanguage } from "../i18n/useLanguage";
import { ErrorState } from "../kit/ErrorState";
import { plainText } from "../kit/safeText";
import { difference } from "./diff";
import { useChangeSegment, useVersions, type Segment, type Version } from "./queries";

function Days({ version, before, isOnly }: { version: Version; before: Version | undefined; isOnly: boolean }) {
  const { t } = useTranslation(["segments", "common"]);
  if (isOnly || version.community?.id === before?.community?.id) return null;
  return <p className="ht-secondary">{version.community ? t("versions.days", { name: plainText(version.community.name) }) : t("versions.workspaceDays")}</p>;
}

function Changed({ version, before }: { version: Version; before: Version | undefined }) {
  const { t } = useTranslation(["segments", "common"]);
  const language = useLanguage();
  const now = version.sentence?.[language] ?? "";
  if (!version.sentence) return <p className="ht-secondary">{t("versions.broken")}</p>;
  if (!before) return <p className="ht-sentence">{now}</p>;
  return (
    <p className="ht-sentence">
      {difference(before.sentence?.[language] ?? "", now).map(({ kind, text }, index) => {
        if (kind === "same") return <span key={index}>{text}</span>;
        return kind === "in" ? (
          <ins key={index} title={t("versions.in")}>{text}</ins>
        ) : (
          <del key={index} title={t("versions.out")}>{text}</del>
        );
      })}
    </p>
  );
}

export function VersionsTab({ segment, zone }: { segment: Segment; zone: string }) {
  const { t } = useTranslation(["segments", "common"]);
  const { message } = App.useApp();
  const language = useLanguage();
  const mayManage = useMay("segments.manage");
  const path = useWorkspacePath();
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useVersions(segment.id);
  const save = useChangeSegment();
  const [failure, setFailure] = useState<unknown>(null);
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!data) return <div className="ht-card"><Skeleton active paragraph={{ rows: 8 }} /></div>;
  const items = data.pages.flatMap((page) => page.items);
  async function restore(version: Version) {
    setFailure(null);
    try {
      await save.mutateAsync({ params: { path: { ...path, segment_id: segment.id } }, body: { condition: version.condition, community_id: version.community?.id ?? null, version: segment.version } });
      void message.success(t("versions.restored", { version: version.version }));
    } catch (cause) {
      setFailure(cause);
    }
  }
  return (
    <div className="ht-card ht-stack">
      {failure === null ? null : <ErrorState error={failure} compact />}
      <ol className="ht-versions">
        {items.map((version, index) => (
          <li key={version.version}>
            <header>
              <h2>{t("versions.one", { version: version.version })}</h2>
              <span className="ht-secondary">{t("versions.by", { by: version.by_name, at: formatDateTime(version.at, zone, language) })}</span>
              {version.members_count === null ? null : <span className="ht-secondary ht-number">{t("versions.members", { count: version.members_count, shown: formatCount(version.members_count) })}</span>}
              {index > 0 && mayManage ? (
                <Button size="small" loading={save.isPending} aria-label={t("versions.restoreOf", { version: version.version })} onClick={() => void restore(version)}>
                  {t("versions.restore")}
                </Button>
              ) : null}
            </header>
            <Changed version={version} before={items[index + 1]} />
            <Days version={version} before={items[index + 1]} isOnly={items.length === 1} />
          </li>
        ))}
      </ol>
      {hasNextPage ? (
        <div className="ht-table-foot">
          <Button loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>{t("versions.older")}</Button>
        </div>
      ) : null}
    </div>
  );
}
