/** RFM: who came lately, often and for much, on a day. */
import { EditOutlined } from "@ant-design/icons";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useMay } from "../app/session";
import { addDays, formatDay, localDay } from "../format/dates";
import { formatCount } from "../format/numbers";
import { useLanguage } from "../i18n/useLanguage";
import { Definition } from "../kit/Definition";
import { NothingYet } from "../kit/EmptyState";
import { ErrorState } from "../kit/ErrorState";
import { PageHeader } from "../kit/PageHeader";
import { MembersNav } from "../members/MembersNav";
import { Choice } from "../reports/views/Choice";
import { BandList } from "./BandList";
import { EditBands } from "./EditBands";
import { parseRFMSearch, type Basis, type RFMSearch } from "./filters";
import { Grid } from "./Grid";
import { ChooseCommunity, useOneCommunity } from "./OneCommunity";
import { useBands, useRFM } from "./queries";
import "./lifecycle.css";

const GUIDE = "rfm";

function Scores({ community }: { community: { id: string; time_zone: string } }) {
  const { t } = useTranslation(["lifecycle", "common"]);
  const language = useLanguage();
  const navigate = useNavigate();
  const search = parseRFMSearch(useSearch({ from: "/_in/members/rfm" }));
  const mayManage = useMay("segments.manage");
  const [editing, setEditing] = useState(false);
  const today = localDay(new Date(), community.time_zone);
  const { data: rfm, error, refetch, isPlaceholderData } = useRFM(community.id, search.date, search.basis);
  const { data: known } = useBands(community.id, editing);
  const change = (next: RFMSearch) => void navigate({ to: ".", search: ((previous: object) => ({ ...previous, ...next })) as never, replace: true });
  const body = () => {
    if (error) return <ErrorState error={error} onRetry={() => void refetch()} />;
    if (!rfm) return <div className="ht-card"><Skeleton active paragraph={{ rows: 12 }} /></div>;
    if (rfm.members === 0) {
      return <div className="ht-card"><NothingYet title={t("rfm.empty.title")} body={t(`rfm.empty.${rfm.basis}`)} guide={GUIDE} /></div>;
    }
    if (editing && known) return <EditBands rfm={rfm} known={known} onClose={() => { setEditing(false); }} />;
    return (
      <div className={isPlaceholderData ? "ht-stack ht-stale" : "ht-stack"} aria-busy={isPlaceholderData}>
        <section className="ht-card" aria-labelledby="rfm-grid">
          <h2 id="rfm-grid" className="ht-section-title">
            {t("rfm.question")}
            <Definition label={t("rfm.how")} definition={{ text: t(`rfm.definition.${rfm.basis}`) }} />
          </h2>
          <p className="ht-secondary">
            {t("rfm.scope", { count: rfm.members, shown: formatCount(rfm.members), day: formatDay(rfm.date, language) })}
            {rfm.is_kept ? null : ` ${t("rfm.notKept", { day: formatDay(rfm.kept_date, language), basis: t(`rfm.basis.${rfm.kept_basis}`) })}`}
          </p>
          <Grid rfm={rfm} bands={rfm.bands} cells={Object.fromEntries(rfm.cells.map(({ r, f, band }) => [`${r}-${f}`, band]))} />
        </section>
        <section className="ht-card" aria-labelledby="rfm-bands">
          <h2 id="rfm-bands" className="ht-section-title">{t("rfm.whatToDo")}</h2>
          <BandList rfm={rfm} />
        </section>
      </div>
    );
  };
  return (
    <>
      <PageHeader
        title="RFM"
        description={t("rfm.about")}
        actions={
          mayManage && rfm && rfm.members > 0 && !editing ? (
            <Button icon={<EditOutlined aria-hidden />} onClick={() => { setEditing(true); }}>{t("rfm.edit")}</Button>
          ) : null
        }
      />
      <MembersNav />
      <div className="ht-choices">
        <label className="ht-choice">
          <span className="ht-secondary">{t("rfm.date")}</span>
          <input
            type="date"
            className="ht-date-input"
            value={search.date ?? rfm?.date ?? addDays(today, -1)}
            max={today}
            onChange={({ target }) => {
              if (target.value !== "" && target.value <= today) change({ ...search, date: target.value });
            }}
          />
        </label>
        <Choice<Basis>
          label={t("rfm.basisLabel")}
          value={search.basis ?? rfm?.basis ?? "orders"}
          options={[
            { value: "orders", label: t("rfm.basis.orders") },
            { value: "activity", label: t("rfm.basis.activity") },
          ]}
          onChange={(basis) => { change({ ...search, basis }); }}
        />
      </div>
      {body()}
    </>
  );
}

export function RFMPage() {
  const { t } = useTranslation(["lifecycle", "common"]);
  const community = useOneCommunity();
  return (
    <div className="ht-page">
      {community ? (
        <Scores key={community.id} community={community} />
      ) : (
        <>
          <PageHeader title="RFM" description={t("rfm.about")} />
          <MembersNav />
          <ChooseCommunity title={t("rfm.chooseTitle")} body={t("rfm.chooseBody")} guide={GUIDE} />
        </>
      )}
    </div>
  );
}
