/** The sample community: loaded to look around, removed with everything in it. */
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { App, Button, Skeleton } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../../api/client";
import { useWorkspacePath } from "../../app/session";
import { RemoveSample, SAMPLE } from "../../communities/RemoveSample";
import { formatDay } from "../../format/dates";
import { formatCount } from "../../format/numbers";
import { useLanguage } from "../../i18n/useLanguage";
import { ErrorState } from "../../kit/ErrorState";
import { SafeText } from "../../kit/SafeText";

export function SampleSection() {
  const { t } = useTranslation(["settings", "communities", "common"]);
  const { message } = App.useApp();
  const language = useLanguage();
  const path = useWorkspacePath();
  const queryClient = useQueryClient();
  const [removing, setRemoving] = useState(false);
  const { data, error, refetch, isFetching } = $api.useQuery("get", SAMPLE, { params: { path } });
  const load = $api.useMutation("post", SAMPLE, {
    async onSuccess() {
      void message.success(t("sample.loaded"));
      await queryClient.invalidateQueries();
    },
  });
  const status = load.data ?? data;
  return (
    <section className="ht-card" aria-labelledby="workspace-sample">
      <h2 id="workspace-sample" className="ht-form-title">{t("sample.title")}</h2>
      {error && !data ? (
        <ErrorState error={error} onRetry={() => void refetch()} retrying={isFetching} compact />
      ) : !status ? (
        <Skeleton active title={false} paragraph={{ rows: 3 }} />
      ) : data?.is_loaded && data.community_id ? (
        <div className="ht-stack">
          <dl className="ht-facts">
            <dt>{t("sample.community")}</dt>
            <dd>
              <Link to="/communities/$communityId" params={{ communityId: data.community_id }} search={{ community: data.community_id }}>
                <SafeText text={data.community_name} />
              </Link>
            </dd>
            <dt>{t("sample.size")}</dt>
            <dd>{t("sample.sizeOf", { members: formatCount(data.members), events: formatCount(data.events) })}</dd>
            <dt>{t("sample.days")}</dt>
            <dd>{data.first_day && data.last_day ? `${formatDay(data.first_day, language)} – ${formatDay(data.last_day, language)}` : t("sample.noDays")}</dd>
          </dl>
          <div>
            <Button danger onClick={() => { setRemoving(true); }}>
              {t("communities:sample.remove")}
            </Button>
          </div>
        </div>
      ) : (
        <div className="ht-stack">
          <p className="ht-secondary">{t("sample.about")}</p>
          {load.error ? <ErrorState error={load.error} compact /> : null}
          <div>
            <Button loading={load.isPending} onClick={() => { load.mutate({ params: { path } }); }}>
              {load.isPending ? t("sample.loading") : t("sample.load")}
            </Button>
          </div>
        </div>
      )}
      <RemoveSample open={removing} onClose={() => { setRemoving(false); }} />
    </section>
  );
}
