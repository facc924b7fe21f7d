/** On a member's page: by which channels they are not to be written to, and why. Nothing where they may be. */
import { Link } from "@tanstack/react-router";
import { Button, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { useMay } from "../app/session";
import { formatDateTime } from "../format/dates";
import { useLanguage } from "../i18n/useLanguage";
import { SafeText } from "../kit/SafeText";
import { plainText } from "../kit/safeText";
import { shownId } from "../members/channels";
import { LiftOptOut } from "./OptOutDialogs";
import { useOptOutsOf, useReachable, type OptOut } from "./queries";
import "./sending.css";

export function MemberOptOuts({ memberId, zone }: { memberId: string; zone: string }) {
  const maySee = useMay("channels.read");
  const { data } = useOptOutsOf(memberId, maySee);
  return data && data.items.length > 0 ? <Stopped rows={data.items} zone={zone} /> : null;
}

function Stopped({ rows, zone }: { rows: readonly OptOut[]; zone: string }) {
  const { t } = useTranslation(["sending", "common"]);
  const language = useLanguage();
  const mayManage = useMay("channels.manage");
  const { nameOf } = useReachable();
  const [lifting, setLifting] = useState<OptOut | null>(null);
  return (
    <section aria-labelledby="member-opt-outs">
      <h2 id="member-opt-outs"><Link to="/settings/sending-rules" search={{ tab: "optOuts" }}>{t("onMember.title")}</Link></h2>
      <ul className="ht-sending-stopped">
        {rows.map((one) => (
          <li key={one.id}>
            <span><Tag color={one.stops === "all" ? "error" : "default"} variant="filled">{t(`stops.${one.stops}`)}</Tag>{nameOf(one.channel)} · <SafeText text={shownId(one.user_ref)} /></span>
            <span className="ht-secondary">{t(`reason.${one.reason}`)} · {formatDateTime(one.at, zone, language)}{one.note ? <> · <SafeText text={one.note} /></> : null}</span>
            {mayManage ? <Button type="link" size="small" aria-label={t("lift.of", { name: plainText(shownId(one.user_ref)) })} onClick={() => { setLifting(one); }}>{t("lift.do")}</Button> : null}
          </li>
        ))}
      </ul>
      {lifting ? <LiftOptOut one={lifting} onClose={() => { setLifting(null); }} /> : null}
    </section>
  );
}
