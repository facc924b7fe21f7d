/** What can be done with a journey as a whole: publish, pause, go on, stop, let people in, rename, delete. */
import { DownOutlined } from "@ant-design/icons";
import { useNavigate } from "@tanstack/react-router";
import { App, Button, Dropdown, Input, InputNumber, Modal, type MenuProps } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { ApiProblem } from "../../api/problem";
import { useMay, useWorkspacePath } from "../../app/session";
import { formatCount } from "../../format/numbers";
import { ConfirmDanger } from "../../kit/ConfirmDanger";
import { ErrorState } from "../../kit/ErrorState";
import { Phrase, slot } from "../../kit/Phrase";
import { SafeText } from "../../kit/SafeText";
import { Labelled } from "../shared/Labelled";
import { EnrolDialog } from "./EnrolDialog";
import { useChangeJourney, useDeleteJourney, useJourneysChanged, useSetState, type Journey } from "./queries";

const NAME_LENGTH_MAX = 100;
const DESCRIPTION_LENGTH_MAX = 300;
const PRIORITY_MAX = 100;

function SettingsDialog({ journey, onClose }: { journey: Journey; onClose: () => void }) {
  const { t } = useTranslation(["journeys", "common"]);
  const path = useWorkspacePath();
  const changed = useJourneysChanged();
  const [name, setName] = useState(journey.name);
  const [description, setDescription] = useState(journey.description);
  const [priority, setPriority] = useState(journey.priority);
  const change = useChangeJourney();
  const problem = change.error instanceof ApiProblem ? change.error : null;
  const nameError = problem?.fieldMessage("name") ?? (problem?.code === "journey_name_taken" ? problem.detail : undefined);
  const save = () => {
    change.mutate({ params: { path: { ...path, journey_id: journey.id } }, body: { name: name.trim(), description: description.trim(), priority } }, {
      async onSuccess() {
        await changed();
        onClose();
      },
    });
  };
  return (
    <Modal open title={t("settings.title")} okText={t("settings.save")} cancelText={t("common:cancel")} okButtonProps={{ loading: change.isPending, disabled: name.trim() === "" }} onOk={save} onCancel={onClose} destroyOnHidden>
      <div className="ht-auto-form">
        <Labelled label={t("settings.name")} error={nameError}>
          {({ status, ...control }) => <Input {...control} {...(status ? { status } : {})} maxLength={NAME_LENGTH_MAX} value={name} onChange={(event) => { setName(event.target.value); }} onPressEnter={save} />}
        </Labelled>
        <Labelled label={t("settings.description")}>
          {({ status, ...control }) => <Input.TextArea {...control} {...(status ? { status } : {})} autoSize={{ minRows: 2, maxRows: 4 }} maxLength={DESCRIPTION_LENGTH_MAX} value={description} onChange={(event) => { setDescription(event.target.value); }} />}
        </Labelled>
        <Labelled label={t("settings.priority")} hint={t("settings.priorityHint")} error={problem?.fieldMessage("priority")}>
          {(control) => <InputNumber {...control} min={-PRIORITY_MAX} max={PRIORITY_MAX} precision={0} value={priority} onChange={(value) => { setPriority(value ?? 0); }} />}
        </Labelled>
        {change.error && !nameError ? <ErrorState error={change.error} compact /> : null}
      </div>
    </Modal>
  );
}

type Asked = "stop" | "pause" | "delete" | null;

interface JourneyActionsProps {
  journey: Journey;
  /** There is something to publish. */
  hasChanges: boolean;
  onPublish: () => void;
}

export function JourneyActions({ journey, hasChanges, onPublish }: JourneyActionsProps) {
  const { t } = useTranslation(["journeys", "common"]);
  const { message } = App.useApp();
  const navigate = useNavigate();
  const path = useWorkspacePath();
  const mayManage = useMay("automations.manage");
  const mayEnrol = useMay("automations.enrol");
  const changed = useJourneysChanged();
  const [asked, setAsked] = useState<Asked>(null);
  const [settings, setSettings] = useState(false);
  const [enrolling, setEnrolling] = useState(false);
  const setState = useSetState();
  const remove = useDeleteJourney();
  const params = { params: { path: { ...path, journey_id: journey.id } } };
  const { state } = journey;
  const to = async (next: "on" | "paused" | "stopped") => {
    await setState.mutateAsync({ ...params, body: { state: next } });
    await changed();
  };
  const start = () => {
    to("on").catch((error: unknown) => void message.error(error instanceof ApiProblem ? error.detail : t("action.failed")));
  };
  const count = { count: journey.in_flight, shown: formatCount(journey.in_flight) };
  const isPublished = journey.published_number !== null;
  const items: MenuProps["items"] = [
    ...(mayManage ? [{ key: "settings", label: t("actions.settings"), onClick: () => { setSettings(true); } }] : []),
    ...(mayEnrol && isPublished && state === "on" ? [{ key: "enrol", label: t("actions.enrol"), onClick: () => { setEnrolling(true); } }] : []),
    ...(mayManage && state === "on" ? [{ key: "pause", label: t("actions.pause"), onClick: () => { setAsked("pause"); } }] : []),
    ...(mayManage && (state === "on" || state === "paused") ? [{ key: "stop", danger: true, label: t("actions.stop"), onClick: () => { setAsked("stop"); } }] : []),
    ...(mayManage && (state === "draft" || state === "stopped") ? [{ key: "delete", danger: true, label: t("actions.delete"), onClick: () => { setAsked("delete"); } }] : []),
  ];
  return (
    <>
      {mayManage && isPublished && (state === "paused" || state === "stopped" || state === "draft") ? <Button onClick={start} loading={setState.isPending}>{t(state === "paused" ? "actions.resume" : "actions.start")}</Button> : null}
      {mayManage ? <Button type="primary" disabled={!hasChanges || state === "stopping"} onClick={onPublish}>{t("publish.action")}</Button> : null}
      {items.length > 0 ? (
        <Dropdown trigger={["click"]} placement="bottomRight" menu={{ items }}>
          <Button icon={<DownOutlined aria-hidden />} iconPlacement="end">{t("actions.more")}</Button>
        </Dropdown>
      ) : null}
      {settings ? <SettingsDialog journey={journey} onClose={() => { setSettings(false); }} /> : null}
      {enrolling ? <EnrolDialog journey={journey} onClose={() => { setEnrolling(false); }} /> : null}
      <ConfirmDanger open={asked === "pause"} title={t("confirm.pause")} consequence={<p>{t("confirm.pauseBody", count)}</p>} action={t("actions.pause")} onConfirm={() => to("paused")} onClose={() => { setAsked(null); }} />
      <ConfirmDanger open={asked === "stop"} title={t("confirm.stop")} consequence={<p>{t("confirm.stopBody", count)}</p>} action={t("actions.stop")} onConfirm={() => to("stopped")} onClose={() => { setAsked(null); }} />
      <ConfirmDanger
        open={asked === "delete"}
        title={t("confirm.delete")}
        consequence={<p><Phrase text={t("confirm.deleteBody", { name: slot(0), ...count })} parts={[<SafeText key="name" text={journey.name} />]} /></p>}
        action={t("actions.delete")}
        {...(isPublished ? { typeName: journey.name } : {})}
        onConfirm={async () => {
          await remove.mutateAsync(params);
          await navigate({ to: "/automation/journeys" });
          await changed();
        }}
        onClose={() => { setAsked(null); }}
      />
    </>
  );
}
