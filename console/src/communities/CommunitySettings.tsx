/** What a community is called and what it is for, its time zone, and putting it away. Only looked at by roles that may not change it. */
import { App, Button, Form } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { ApiProblem } from "../api/problem";
import { useMay, useWorkspacePath } from "../app/session";
import { formatDateTime, formatZone } from "../format/dates";
import { formatCount, NO_VALUE } from "../format/numbers";
import { useLanguage } from "../i18n/useLanguage";
import { ErrorState } from "../kit/ErrorState";
import { placeErrors } from "../kit/formErrors";
import { SafeText } from "../kit/SafeText";
import { Archive } from "./Archive";
import { CommunityFields } from "./CommunityFields";
import { COMMUNITY_FIELDS, type CommunityValues } from "./CreateCommunity";
import { COMMUNITY, useForget, type Community } from "./queries";
import { Rezone } from "./Rezone";

function Facts({ community }: { community: Community }) {
  const { t } = useTranslation(["communities", "common"]);
  const language = useLanguage();
  return (
    <section className="ht-card" aria-label={t("tabs.settings")}>
      <dl className="ht-pairs">
        <dt>{t("name")}</dt>
        <dd><SafeText text={community.name} /></dd>
        <dt>{t("kindLabel")}</dt>
        <dd>{t(`kind.${community.kind}`)}</dd>
        <dt>{t("description")}</dt>
        <dd>{community.description ? <SafeText text={community.description} /> : NO_VALUE}</dd>
        <dt>{t("zone")}</dt>
        <dd>{formatZone(new Date(), community.time_zone)}</dd>
        <dt>{t("members")}</dt>
        <dd>{formatCount(community.members)}</dd>
        <dt>{t("createdAt")}</dt>
        <dd>{formatDateTime(community.created_at, community.time_zone, language)}</dd>
      </dl>
    </section>
  );
}

function Basics({ community }: { community: Community }) {
  const { t } = useTranslation(["communities", "common"]);
  const { message } = App.useApp();
  const path = useWorkspacePath();
  const forget = useForget();
  const [form] = Form.useForm<Omit<CommunityValues, "time_zone">>();
  const [left, setLeft] = useState<unknown>(null);
  const change = $api.useMutation("patch", COMMUNITY, {
    onMutate() {
      setLeft(null);
    },
    async onSuccess() {
      void message.success(t("saved"));
      await forget();
    },
    onError(error) {
      if (error instanceof ApiProblem && error.code === "community_name_taken") form.setFields([{ name: "name", errors: [error.detail] }]);
      else setLeft(placeErrors(form, COMMUNITY_FIELDS, error));
    },
  });
  const { name, kind, description } = community;
  return (
    <section className="ht-card" aria-labelledby="community-basics">
      <h2 id="community-basics" className="ht-form-title">{t("settings.basics")}</h2>
      <Form
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={{ name, kind, description }}
        onFinish={(body) => { change.mutate({ params: { path: { ...path, community_id: community.id } }, body: { ...body, is_rezone_confirmed: false } }); }}
      >
        <CommunityFields />
        {left === null ? null : <ErrorState error={left} compact />}
        <Button type="primary" htmlType="submit" loading={change.isPending}>{t("save")}</Button>
      </Form>
    </section>
  );
}

export function CommunitySettings({ community }: { community: Community }) {
  const mayManage = useMay("communities.manage");
  return (
    <div className="ht-stack ht-narrow">
      {mayManage ? (
        <>
          <Basics community={community} />
          <Rezone key={community.time_zone} community={community} />
          <Archive community={community} />
        </>
      ) : (
        <Facts community={community} />
      )}
    </div>
  );
}
