/** The list of members behind a point. */
import { useTranslation } from "react-i18next";

import { formatDay } from "../format/dates";
import { formatCount } from "../format/numbers";
import { useLanguage } from "../i18n/useLanguage";
import { NothingMatches } from "../kit/EmptyState";
import { MemberLink } from "../members/MemberName";
import type { BehindPoint } from "./Behind";
import { useBehindMembers, type BehindQuery } from "./queries";
import { ReportTable } from "./ReportTable";

type Kind = BehindQuery["kind"];

const PAGE_SIZE = 50;
const dated = ["members", "new", "returned", "left", "cohort"] as const;
type Dated = (typeof dated)[number];
const isDated = (kind: Kind): kind is Dated => dated.some((one) => one === kind);

export default function BehindMembers({ query, title }: BehindPoint) {
  const { t } = useTranslation(["reports", "common"]);
  const language = useLanguage();
  const list = useBehindMembers(query, PAGE_SIZE);
  const { kind } = query;
  return (
    <>
      <p className="ht-secondary">{t(`behind.explain.${kind}`)}</p>
      <ReportTable
        id="behind"
        label={title}
        list={list}
        rowKey={({ member }) => member.id}
        empty={<NothingMatches />}
        columns={[
          { key: "member", title: t("member"), fixed: true, width: 200, render: ({ member }) => <MemberLink member={member} />, raw: ({ member }) => member.name },
          isDated(kind)
            ? { key: "day", title: t(`behind.day.${kind}`), width: 160, render: ({ day }) => formatDay(day, language), raw: ({ day }) => day }
            : { key: "count", title: t(`behind.count.${kind}`), align: "right", width: 120, render: ({ count }) => formatCount(count), raw: ({ count }) => count },
        ]}
      />
    </>
  );
}
