/** Whom a segment has in common with others: one or two are chosen here. */
import { Skeleton } from "antd";
import { useTranslation } from "react-i18next";

import { ErrorState } from "../../kit/ErrorState";
import { Select } from "../../kit/Select";
import { plainText } from "../../kit/safeText";
import "./insights.css";
import { useAllSegments, useOverlap } from "./queries";
import { useTabSearch } from "./useTabSearch";
import { Venn } from "./Venn";

const OTHERS_MAX = 2;

export function OverlapTab({ segmentId }: { segmentId: string }) {
  const { t } = useTranslation(["insights", "common"]);
  const [search, change] = useTabSearch();
  const list = useAllSegments();
  const others = (search.with ?? []).filter((id) => id !== segmentId).slice(0, OTHERS_MAX);
  const ids = [segmentId, ...others];
  const { data, error, refetch, isFetching } = useOverlap(ids);
  const options = (list.data?.items ?? []).filter(({ id }) => id !== segmentId).map(({ id, name }) => ({ value: id, label: plainText(name) }));
  return (
    <div className="ht-stack">
      <Select<string[]>
        className="ht-wide"
        mode="multiple"
        aria-label={t("overlap.choose")}
        placeholder={t("overlap.choose")}
        maxCount={OTHERS_MAX}
        loading={list.isPending}
        showSearch={{ optionFilterProp: "label" }}
        value={others}
        options={options}
        onChange={(next) => {
          change({ with: next.length > 0 ? next : undefined });
        }}
      />
      {list.error ? <ErrorState error={list.error} onRetry={() => void list.refetch()} compact /> : null}
      {ids.length < 2 ? (
        <p className="ht-secondary">{t("overlap.hint")}</p>
      ) : error ? (
        <ErrorState error={error} onRetry={() => void refetch()} retrying={isFetching} />
      ) : data ? (
        <Venn overlap={data} />
      ) : (
        <div className="ht-card"><Skeleton active paragraph={{ rows: 10 }} /></div>
      )}
    </div>
  );
}
