/** The kinds of facts kept about members: the standard ones, and those this workspace has added. */
import { PlusOutlined } from "@ant-design/icons";
import { useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { App, Button, Tag } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { useMay, useWorkspacePath } from "../app/session";
import { formatCount, NO_VALUE } from "../format/numbers";
import { useLanguage } from "../i18n/useLanguage";
import { ConfirmDanger } from "../kit/ConfirmDanger";
import { NothingYet } from "../kit/EmptyState";
import { PageHeader } from "../kit/PageHeader";
import { Phrase, slot } from "../kit/Phrase";
import { SafeText } from "../kit/SafeText";
import { DataTable, type DataColumn } from "../kit/table/DataTable";
import { AttributeForm } from "./AttributeForm";
import { attributeName } from "./attributeValue";
import { ATTRIBUTES, useAttributes, type Attribute } from "./queries";
import "./members.css";

const USAGE = "/api/workspaces/{workspace_id}/attribute-usage";
const ATTRIBUTE = "/api/workspaces/{workspace_id}/attributes/{key}";

export function AttributesPage() {
  const { t } = useTranslation(["members", "shell", "common"]);
  const { message } = App.useApp();
  const language = useLanguage();
  const path = useWorkspacePath();
  const queryClient = useQueryClient();
  const mayManage = useMay("attributes.manage");
  const { data, error, refetch } = useAttributes();
  const maySee = useMay("segments.read");
  const used = $api.useQuery("get", USAGE, { params: { path } }, { enabled: maySee });
  const usage = used.data ? new Map(used.data.items.map((one) => [one.key, one])) : undefined;
  const [form, setForm] = useState<{ attribute: Attribute | null } | null>(null);
  const [removing, setRemoving] = useState<Attribute | null>(null);
  const remove = $api.useMutation("delete", ATTRIBUTE, {
    async onSuccess({ values }) {
      void message.success(t("attributes.removed", { count: values, shown: formatCount(values) }));
      await queryClient.invalidateQueries({ queryKey: ["get", ATTRIBUTES] });
      await queryClient.invalidateQueries({ queryKey: ["get", USAGE] });
      // Every member who had a value has one less.
      await queryClient.invalidateQueries({ queryKey: ["get", "/api/workspaces/{workspace_id}/members/{member_id}"] });
    },
  });
  const lost = removing ? usage?.get(removing.key) : undefined;
  const columns: DataColumn<Attribute>[] = [
    {
      key: "name",
      title: t("attributes.name"),
      width: 200,
      fixed: true,
      render: (one) => (
        <span className="ht-member-name">
          <SafeText text={attributeName(one, language)} />
          {one.is_standard ? <Tag variant="outlined">{t("attributes.standard")}</Tag> : null}
        </span>
      ),
    },
    { key: "other", title: t("attributes.otherName"), width: 150, render: (one) => <SafeText text={attributeName(one, language === "zh" ? "en" : "zh")} /> },
    { key: "key", title: t("attributes.key"), width: 150, render: (one) => <code>{one.key}</code> },
    { key: "type", title: t("attributes.type"), width: 110, render: (one) => t(`type.${one.type}`) },
    {
      key: "members",
      title: t("attributes.members"),
      width: 110,
      align: "right",
      render: ({ key }) => (usage === undefined ? NO_VALUE : formatCount(usage.get(key)?.members ?? 0)),
    },
    {
      key: "segments",
      title: t("attributes.segments"),
      width: 160,
      render: ({ key }) => {
        const named = usage?.get(key)?.segments ?? [];
        return named.length > 0 ? <SafeText text={named.map(({ name }) => name).join(t("separator"))} /> : NO_VALUE;
      },
    },
    { key: "options", title: t("attributes.options"), width: 180, render: ({ options }) => (options.length > 0 ? <SafeText text={options.join(t("separator"))} clip /> : NO_VALUE) },
    { key: "description", title: t("attributes.description"), width: 260, render: (one) => (one.description ? <SafeText text={one.description} /> : NO_VALUE) },
    ...(mayManage
      ? [
          {
            key: "actions",
            title: t("attributes.actions"),
            width: 150,
            fixed: true,
            render: (one: Attribute) =>
              one.is_standard ? (
                <span className="ht-secondary">{NO_VALUE}</span>
              ) : (
                <span className="ht-row-actions">
                  <Button
                    type="link"
                    size="small"
                    aria-label={t("attributes.editOf", { name: attributeName(one, language) })}
                    onClick={() => {
                      setForm({ attribute: one });
                    }}
                  >
                    {t("attributes.edit")}
                  </Button>
                  <Button
                    type="link"
                    size="small"
                    danger
                    aria-label={t("attributes.removeOf", { name: attributeName(one, language) })}
                    onClick={() => {
                      setRemoving(one);
                    }}
                  >
                    {t("attributes.remove")}
                  </Button>
                </span>
              ),
          },
        ]
      : []),
  ];
  return (
    <div className="ht-page">
      <PageHeader
        back={<Link to="/settings">{t("shell:nav.settings")}</Link>}
        title={t("attributes.title")}
        description={t("attributes.about")}
        actions={
          mayManage ? (
            <Button
              type="primary"
              icon={<PlusOutlined aria-hidden />}
              onClick={() => {
                setForm({ attribute: null });
              }}
            >
              {t("attributes.add")}
            </Button>
          ) : null
        }
      />
      <DataTable
        id="attributes"
        label={t("attributes.title")}
        columns={columns}
        rows={data?.items}
        rowKey={({ key }) => key}
        total={data?.items.length ?? null}
        error={data ? null : error}
        onRetry={() => void refetch()}
        empty={<NothingYet title={t("attributes.emptyTitle")} body={t("attributes.about")} guide="members" />}
      />
      {form ? (
        <AttributeForm
          attribute={form.attribute}
          onClose={() => {
            setForm(null);
          }}
        />
      ) : null}
      <ConfirmDanger
        open={removing !== null}
        title={t("attributes.removeTitle")}
        consequence={
          removing ? (
            <>
              <p>
                <Phrase text={t("attributes.removeBody", { name: slot(0) })} parts={[<SafeText key="name" text={attributeName(removing, language)} />]} />
              </p>
              {lost && lost.members > 0 ? <p>{t("attributes.removeValues", { count: lost.members, shown: formatCount(lost.members) })}</p> : null}
              {lost && lost.segments.length > 0 ? (
                <p>
                  <Phrase
                    text={t("attributes.removeSegments", { segments: slot(0) })}
                    parts={[<SafeText key="segments" text={lost.segments.map(({ name }) => name).join(t("separator"))} />]}
                  />
                </p>
              ) : null}
            </>
          ) : null
        }
        action={t("attributes.remove")}
        {...(removing ? { typeName: removing.key } : {})}
        onConfirm={async () => {
          if (removing) await remove.mutateAsync({ params: { path: { ...path, key: removing.key } } });
        }}
        onClose={() => {
          setRemoving(null);
        }}
      />
    </div>
  );
}
