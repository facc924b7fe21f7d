/** Journeys to begin with, each with a small picture of its way; and none, for whoever knows what they want. */
import { useNavigate } from "@tanstack/react-router";
import { Button, Input, Modal, Skeleton } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";

import { ApiProblem } from "../../api/problem";
import { useWorkspacePath } from "../../app/session";
import { useLanguage } from "../../i18n/useLanguage";
import { ErrorState } from "../../kit/ErrorState";
import { MiniFlow } from "./MiniFlow";
import { useCreateJourney, useJourneysChanged, usePresets, type JourneyPreset } from "./queries";

const NAME_LENGTH_MAX = 100;

interface CreateDialogProps {
  preset: JourneyPreset | null;
  onClose: () => void;
}

export function CreateDialog({ preset, onClose }: CreateDialogProps) {
  const { t } = useTranslation(["journeys", "common"]);
  const language = useLanguage();
  const navigate = useNavigate();
  const path = useWorkspacePath();
  const changed = useJourneysChanged();
  const id = useId();
  const [name, setName] = useState(preset?.[language] ?? "");
  const create = useCreateJourney();
  const problem = create.error instanceof ApiProblem ? create.error : null;
  const nameError = problem?.fieldMessage("name") ?? (problem?.code === "journey_name_taken" ? problem.detail : undefined);
  const go = () => {
    if (name.trim() === "") return;
    create.mutate({ params: { path }, body: { name: name.trim(), description: preset ? (language === "zh" ? preset.description_zh : preset.description_en) : "", preset: preset?.key ?? "" } }, {
      async onSuccess(made) {
        await changed();
        await navigate({ to: "/automation/journeys/$journeyId", params: { journeyId: made.id } });
      },
    });
  };
  return (
    <Modal open title={preset ? t("create.from", { name: preset[language] }) : t("create.title")} okText={t("create.action")} cancelText={t("common:cancel")} okButtonProps={{ disabled: name.trim() === "", loading: create.isPending }} onOk={go} onCancel={onClose} destroyOnHidden>
      {preset ? <p className="ht-secondary">{language === "zh" ? preset.description_zh : preset.description_en}</p> : null}
      <label htmlFor={`${id}-name`} className="ht-field-label">{t("settings.name")}</label>
      <Input id={`${id}-name`} autoFocus maxLength={NAME_LENGTH_MAX} value={name} placeholder={t("create.hint")} {...(nameError ? { status: "error" as const, "aria-invalid": true, "aria-describedby": `${id}-error` } : {})} onChange={(event) => { setName(event.target.value); }} onPressEnter={go} />
      {nameError ? <p id={`${id}-error`} className="ht-field-error">{nameError}</p> : null}
      {create.error && !nameError ? <ErrorState error={create.error} compact /> : null}
    </Modal>
  );
}

export function Presets({ onChoose }: { onChoose: (preset: JourneyPreset | null) => void }) {
  const { t } = useTranslation(["journeys", "common"]);
  const language = useLanguage();
  const { data, error, refetch } = usePresets();
  if (!data) return error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <div className="ht-card"><Skeleton active paragraph={{ rows: 4 }} /></div>;
  return (
    <section aria-label={t("presets.title")}>
      <h2>{t("presets.title")}</h2>
      <ul className="ht-js">
        {data.map((preset) => (
          <li key={preset.key} className="ht-card">
            <MiniFlow graph={preset.graph} label={t("presets.picture", { name: preset[language] })} />
            <h3>{preset[language]}</h3>
            <p className="ht-secondary">{language === "zh" ? preset.description_zh : preset.description_en}</p>
            <Button aria-label={t("presets.useOf", { name: preset[language] })} onClick={() => { onChoose(preset); }}>{t("presets.use")}</Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
