/** What is known about a member: each value with where it came from and when; changed in place. */
import { DeleteOutlined, EditOutlined, PlusOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { App, Button, Popconfirm, Tooltip } from "antd";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { ApiProblem } from "../api/problem";
import { useMay, useWorkspacePath } from "../app/session";
import { formatDateTime, formatRelative, formatZone } from "../format/dates";
import { useLanguage } from "../i18n/useLanguage";
import { ErrorState } from "../kit/ErrorState";
import { SafeText } from "../kit/SafeText";
import { Select } from "../kit/Select";
import { plainText } from "../kit/safeText";
import { AttributeInput } from "./AttributeInput";
import { attributeName, attributeText, type AttributeType } from "./attributeValue";
import { useAttributes, useMemberChanged, type AttributeValue, type Member } from "./queries";

const ONE = "/api/workspaces/{workspace_id}/members/{member_id}/attributes/{key}";
const SOURCES = ["staff", "key", "tracker", "import", "merge", "edit"] as const;

function Source({ value, zone }: { value: AttributeValue; zone: string }) {
  const { t } = useTranslation(["members", "common"]);
  const language = useLanguage();
  const kind = SOURCES.find((known) => value.source.startsWith(`${known}:`)) ?? "system";
  return (
    <Tooltip title={`${formatDateTime(value.set_at, zone, language)} · ${formatZone(value.set_at, zone)}`}>
      <span className="ht-secondary ht-attribute-source">
        {t(`source.${kind}`, { name: plainText(value.source_name) })} · {formatRelative(value.set_at, zone, language)}
      </span>
    </Tooltip>
  );
}

function ValueText({ value }: { value: AttributeValue }) {
  const { t } = useTranslation(["members", "common"]);
  const language = useLanguage();
  return (
    <span className="ht-attribute-value">
      <SafeText text={attributeText(value.type, value.value, language, (yes) => t(yes ? "yes" : "no"))} />
    </span>
  );
}

/** Read only, for the drawer. */
export function AttributeList({ values, zone }: { values: readonly AttributeValue[]; zone: string }) {
  const language = useLanguage();
  return (
    <ul className="ht-attributes">
      {values.map((value) => (
        <li key={value.key}>
          <span className="ht-attribute-name">
            <SafeText text={attributeName(value, language)} />
          </span>
          <ValueText value={value} />
          <Source value={value} zone={zone} />
        </li>
      ))}
    </ul>
  );
}

interface Kind {
  key: string;
  type: AttributeType;
  name: string;
}

function Editor({ member, kind, initial, onClose }: { member: Member; kind: Kind; initial: unknown; onClose: () => void }) {
  const { t } = useTranslation(["members", "common"]);
  const path = useWorkspacePath();
  const { show } = useMemberChanged();
  const [value, setValue] = useState(initial);
  const { data } = useAttributes();
  const options = data?.items.find(({ key }) => key === kind.key)?.options ?? [];
  const set = $api.useMutation("put", ONE, {
    onSuccess(changed) {
      show(changed);
      onClose();
    },
  });
  const said = set.error instanceof ApiProblem ? set.error.fieldMessage("value") : undefined;
  const save = () => {
    if (value !== undefined) set.mutate({ params: { path: { ...path, member_id: member.id, key: kind.key } }, body: { value } });
  };
  return (
    <form
      className="ht-attribute-editor"
      aria-label={kind.name}
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
      }}
    >
      <AttributeInput type={kind.type} options={options} label={kind.name} value={value} onChange={setValue} />
      {said ? (
        <p role="alert" className="ht-field-error">
          {said}
        </p>
      ) : set.error ? (
        <ErrorState error={set.error} compact />
      ) : null}
      <span className="ht-attribute-buttons">
        <Button type="primary" size="small" htmlType="submit" loading={set.isPending} disabled={value === undefined}>
          {t("save")}
        </Button>
        <Button size="small" onClick={onClose}>
          {t("common:cancel")}
        </Button>
      </span>
    </form>
  );
}

function Row({ member, value, zone, mayChange }: { member: Member; value: AttributeValue; zone: string; mayChange: boolean }) {
  const { t } = useTranslation(["members", "common"]);
  const { message } = App.useApp();
  const language = useLanguage();
  const path = useWorkspacePath();
  const { show } = useMemberChanged();
  const [editing, setEditing] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const name = attributeName(value, language);
  const clear = $api.useMutation("delete", ONE, {
    onSuccess(changed) {
      show(changed);
      void message.success(t("attribute.cleared", { name }));
    },
    onError(error) {
      void message.error(error instanceof ApiProblem ? error.detail : t("attribute.notCleared"));
    },
  });
  const close = () => {
    setEditing(false);
    window.setTimeout(() => button.current?.focus());
  };
  return (
    <li>
      <span className="ht-attribute-name">
        <SafeText text={name} />
      </span>
      {editing ? (
        <Editor member={member} kind={{ key: value.key, type: value.type, name }} initial={value.value} onClose={close} />
      ) : (
        <>
          <ValueText value={value} />
          <Source value={value} zone={zone} />
          {mayChange ? (
            <span className="ht-attribute-tools">
              <Button
                ref={button}
                type="text"
                size="small"
                icon={<EditOutlined />}
                aria-label={t("attribute.edit", { name })}
                onClick={() => {
                  setEditing(true);
                }}
              />
              <Popconfirm
                title={t("attribute.clearQuestion", { name })}
                okText={t("attribute.clear")}
                cancelText={t("common:cancel")}
                onConfirm={() => clear.mutateAsync({ params: { path: { ...path, member_id: member.id, key: value.key } } }).catch(() => undefined)}
              >
                <Button type="text" size="small" icon={<DeleteOutlined />} aria-label={t("attribute.clearOf", { name })} loading={clear.isPending} />
              </Popconfirm>
            </span>
          ) : null}
        </>
      )}
    </li>
  );
}

export function Attributes({ member, zone }: { member: Member; zone: string }) {
  const { t } = useTranslation(["members", "common"]);
  const language = useLanguage();
  const mayChange = useMay("members.change") && member.merged_into === null;
  const mayManage = useMay("attributes.manage");
  const [adding, setAdding] = useState(false);
  const [key, setKey] = useState<string | null>(null);
  const { data, isPending, error, refetch } = useAttributes(adding);
  const free = (data?.items ?? []).filter((one) => !member.attributes.some((value) => value.key === one.key));
  const kind = free.find((one) => one.key === key);
  const close = () => {
    setAdding(false);
    setKey(null);
  };
  return (
    <section aria-labelledby="member-attributes">
      <h2 id="member-attributes">{t("attribute.title")}</h2>
      {member.attributes.length === 0 ? <p className="ht-secondary">{t("attribute.none")}</p> : null}
      <ul className="ht-attributes">
        {member.attributes.map((value) => (
          <Row key={value.key} member={member} value={value} zone={zone} mayChange={mayChange} />
        ))}
      </ul>
      {adding ? (
        <div className="ht-attribute-add">
          {error ? (
            <ErrorState error={error} onRetry={() => void refetch()} compact />
          ) : (
            <Select
              autoFocus
              className="ht-wide"
              aria-label={t("attribute.which")}
              placeholder={t("attribute.which")}
              loading={isPending}
              showSearch={{ optionFilterProp: "label" }}
              notFoundContent={t("attribute.allUsed")}
              value={key}
              options={free.map((one) => ({ value: one.key, label: plainText(attributeName(one, language)) }))}
              onChange={setKey}
            />
          )}
          {kind ? (
            <Editor key={kind.key} member={member} kind={{ key: kind.key, type: kind.type, name: attributeName(kind, language) }} initial={undefined} onClose={close} />
          ) : (
            <Button size="small" onClick={close}>
              {t("common:cancel")}
            </Button>
          )}
        </div>
      ) : (
        <p className="ht-attribute-foot">
          {mayChange ? (
            <Button
              type="link"
              size="small"
              icon={<PlusOutlined aria-hidden />}
              onClick={() => {
                setAdding(true);
              }}
            >
              {t("attribute.add")}
            </Button>
          ) : null}
          {mayManage ? <Link to="/settings/attributes">{t("attribute.manage")}</Link> : null}
        </p>
      )}
    </section>
  );
}
