/** Another time zone: every day of the community begins at another moment, so it is asked for twice. */
import { App, Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { useWorkspacePath } from "../app/session";
import { formatDay, formatZone } from "../format/dates";
import { formatCount } from "../format/numbers";
import { useLanguage } from "../i18n/useLanguage";
import { ConfirmDanger } from "../kit/ConfirmDanger";
import { Phrase, slot } from "../kit/Phrase";
import { SafeText } from "../kit/SafeText";
import { TimeZoneSelect } from "../kit/TimeZoneSelect";
import { COMMUNITY, useForget, type Community } from "./queries";

export function Rezone({ community }: { community: Community }) {
  const { t } = useTranslation(["communities", "common"]);
  const { message } = App.useApp();
  const language = useLanguage();
  const path = useWorkspacePath();
  const forget = useForget();
  const [zone, setZone] = useState(community.time_zone);
  const [asking, setAsking] = useState(false);
  const { data } = $api.useQuery("get", "/api/workspaces/{workspace_id}/reports/extent", { params: { path, query: { community: community.id } } });
  const change = $api.useMutation("patch", COMMUNITY);
  const extent = data?.extent;
  return (
    <section className="ht-card" aria-labelledby="community-zone">
      <h2 id="community-zone" className="ht-form-title">{t("zone")}</h2>
      <p className="ht-secondary ht-below-filters">{t("zoneHint")}</p>
      <div className="ht-inline-form">
        <TimeZoneSelect aria-label={t("zone")} value={zone} onChange={setZone} />
        <Button disabled={zone === community.time_zone} onClick={() => { setAsking(true); }}>{t("rezone.action")}</Button>
      </div>
      <ConfirmDanger
        open={asking}
        title={t("rezone.title")}
        consequence={
          <>
            <p>
              <Phrase
                text={t("rezone.body", { name: slot(0), from: formatZone(new Date(), community.time_zone), to: formatZone(new Date(), zone) })}
                parts={[<SafeText key="name" text={community.name} />]}
              />
            </p>
            {extent ? (
              <p>{t("rezone.extent", { members: formatCount(community.members), from: formatDay(extent.from, language), to: formatDay(extent.to, language), days: formatCount(extent.days) })}</p>
            ) : null}
            <p>{t("rezone.meanwhile")}</p>
            <p className="ht-secondary">{t("rezone.back")}</p>
          </>
        }
        action={t("rezone.action")}
        onConfirm={async () => {
          await change.mutateAsync({ params: { path: { ...path, community_id: community.id } }, body: { time_zone: zone, is_rezone_confirmed: true } });
          void message.success(t("rezone.done"));
          await forget();
        }}
        onClose={() => { setAsking(false); }}
      />
    </section>
  );
}
