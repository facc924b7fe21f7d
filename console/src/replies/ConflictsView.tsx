/** Rules in each other's way: whoever writes the keyword of one is answered by the other. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { formatCount } from "../format/numbers";
import { NothingYet } from "../kit/EmptyState";
import { SafeText } from "../kit/SafeText";
import { DataTable, type DataColumn } from "../kit/table/DataTable";
import { morePages } from "../workspaces/settings/queries";
import { useConflicts, type Conflict } from "./queries";

function Side({ rule, keyword }: { rule: Conflict["winner"]; keyword: string }) {
  const { t } = useTranslation(["replies", "common"]);
  return (
    <div className="ht-pair">
      <Link to="/automation/replies/$ruleId" params={{ ruleId: rule.id }}><SafeText text={rule.name} clip /></Link>
      <span className="ht-secondary"><SafeText text={keyword} /> · {t("conflicts.priority", { shown: formatCount(rule.priority) })}</span>
    </div>
  );
}

export function ConflictsView() {
  const { t } = useTranslation(["replies", "common"]);
  const list = useConflicts();
  const rows = list.data?.pages.flatMap(({ items }) => items);
  const first = list.data?.pages[0];
  const columns: DataColumn<Conflict>[] = [
    { key: "loser", title: t("conflicts.loser"), width: 260, fixed: true, render: (one) => <Side rule={one.loser} keyword={one.loser_keyword} /> },
    { key: "winner", title: t("conflicts.winner"), width: 260, render: (one) => <Side rule={one.winner} keyword={one.winner_keyword} /> },
    { key: "kind", title: t("conflicts.why"), width: 300, render: ({ kind }) => t(`conflicts.${kind}`) },
  ];
  return (
    <>
      <p className="ht-secondary">{t("conflicts.about")}</p>
      {first?.is_cut ? <p className="ht-notice" role="status">{t("conflicts.cut", { shown: formatCount(first.total) })}</p> : null}
      <DataTable
        id="reply-conflicts"
        label={t("views.conflicts")}
        columns={columns}
        rows={rows}
        rowKey={(one) => `${one.loser.id}:${one.loser_keyword}`}
        total={first?.total ?? null}
        error={rows ? null : list.error}
        onRetry={() => void list.refetch()}
        pages={morePages(list)}
        empty={<NothingYet title={t("conflicts.none")} body={t("conflicts.noneBody")} guide="keyword-replies" />}
      />
    </>
  );
}
