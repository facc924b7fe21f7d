/** Data sources: sites and programs that send events with a write key. */
import { PlusOutlined } from "@ant-design/icons";
import { Link, useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useMay, useSession } from "../../app/session";
import { formatDateTime } from "../../format/dates";
import { useLanguage } from "../../i18n/useLanguage";
import { NothingYet } from "../../kit/EmptyState";
import { SafeText } from "../../kit/SafeText";
import { DataTable, type DataColumn } from "../../kit/table/DataTable";
import { useSources, type Source } from "./queries";
import { SettingsFrame, useMaySee } from "./SettingsFrame";
import { SourceDialog } from "./SourceDialog";
import { SourcePlace } from "./SourcePlace";

export function SourcesPage() {
  const { t } = useTranslation(["settings", "common"]);
  const language = useLanguage();
  const navigate = useNavigate();
  const { workspace } = useSession();
  const may = useMaySee("sources");
  const mayManage = useMay("sources.manage");
  const [creating, setCreating] = useState(false);
  const { data, error, refetch } = useSources(may);
  const create = () => { setCreating(true); };
  const open = (id: string) => void navigate({ to: "/settings/sources/$sourceId", params: { sourceId: id } });
  const columns: DataColumn<Source>[] = [
    {
      key: "name",
      title: t("source.name"),
      width: 220,
      fixed: true,
      render: (one) => (
        <div className="ht-pair">
          <Link to="/settings/sources/$sourceId" params={{ sourceId: one.id }}><SafeText text={one.name} /></Link>
          <code className="ht-secondary">{one.prefix}…</code>
        </div>
      ),
    },
    { key: "place", title: t("source.place"), width: 240, render: (one) => <SourcePlace source={one} /> },
    { key: "made", title: t("source.made"), width: 180, render: (one) => formatDateTime(one.created_at, workspace.time_zone, language) },
  ];
  return (
    <SettingsFrame
      section="sources"
      actions={
        mayManage ? (
          <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={create}>
            {t("source.create")}
          </Button>
        ) : null
      }
    >
      <DataTable
        id="sources"
        label={t("sources.title")}
        columns={columns}
        rows={data?.items}
        rowKey={({ id }) => id}
        total={data?.items.length ?? null}
        error={data ? null : error}
        onRetry={() => void refetch()}
        skeletonRows={4}
        onOpen={({ id }) => { open(id); }}
        empty={<NothingYet title={t("source.none")} body={t("source.noneBody")} guide="data-sources" action={mayManage ? <Button type="primary" onClick={create}>{t("source.create")}</Button> : undefined} />}
      />
      <p className="ht-after-table"><Link to="/settings/event-types">{t("source.toCatalogue")}</Link></p>
      {creating ? (
        <SourceDialog
          source={null}
          onClose={(made) => {
            setCreating(false);
            if (made) open(made);
          }}
        />
      ) : null}
    </SettingsFrame>
  );
}
