/** Which other segments the members of this one are in: one or two to compare with are chosen here. */
import { useNavigate } from "@tanstack/react-router";
import { Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ErrorState } from "../../kit/ErrorState";
import { Select } from "../../kit/Select";
import { plainText } from "../../kit/safeText";
import { useSettled } from "../preview";
import { useOverlap, useSegmentList, type Segment } from "../queries";
import { Venn } from "./Venn";

const OTHERS_MAX = 2;
const DELAY_MILLISECONDS = 250;

export function OverlapTab({ segment, others }: { segment: Segment; others: readonly string[] }) {
  const { t } = useTranslation(["segments", "common"]);
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const q = useSettled(typed.trim(), DELAY_MILLISECONDS);
  const list = useSegmentList(q === "" ? {} : { q });
  const ids = [segment.id, ...others.filter((id) => id !== segment.id)];
  const overlap = useOverlap(ids);
  const found = (list.data?.pages ?? []).flatMap(({ items }) => items).filter(({ id }) => id !== segment.id);
  const known = new Map([...(overlap.data?.segments ?? []), ...found].map(({ id, name }) => [id, plainText(name)]));
  return (
    <div className="ht-stack">
      <Select<string[]>
        className="ht-wide"
        mode="multiple"
        aria-label={t("overlap.choose")}
        placeholder={t("overlap.choose")}
        maxCount={OTHERS_MAX}
        loading={list.isFetching}
        showSearch={{ filterOption: false, onSearch: setTyped }}
        value={[...others]}
        options={[...known].filter(([id]) => id !== segment.id).map(([value, label]) => ({ value, label }))}
        onChange={(next) => {
          setTyped("");
          void navigate({ to: ".", search: ((previous: object) => ({ ...previous, with: next.length > 0 ? next : undefined })) as never, replace: true });
        }}
      />
      {ids.length < 2 ? (
        <p className="ht-secondary">{t("overlap.hint")}</p>
      ) : overlap.error ? (
        <ErrorState error={overlap.error} onRetry={() => void overlap.refetch()} />
      ) : overlap.data ? (
        <Venn overlap={overlap.data} scope={overlap.data.segments.map(({ name }) => plainText(name)).join(" · ")} />
      ) : (
        <div className="ht-card"><Skeleton.Node active className="ht-venn-skeleton" /></div>
      )}
    </div>
  );
}
