/** Before a draft is what people go by: what is wrong, whom it may reach, how long sending takes, and what becomes of those on their way. */
import { ExclamationCircleFilled, WarningFilled } from "@ant-design/icons";
import { Button, Checkbox, Modal, Radio, Skeleton } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { useWorkspacePath } from "../../app/session";
import { formatCount } from "../../format/numbers";
import { ErrorState } from "../../kit/ErrorState";
import { nodeOf } from "./edits";
import type { Drawing } from "./graph";
import { useCheck, useJourneysChanged, usePublish, type Journey, type Problem } from "./queries";
import { titleOf, type Lexicon } from "./words";

interface PublishDialogProps {
  journey: Journey;
  drawing: Drawing;
  lexicon: Lexicon;
  /** Saves what is not saved yet; gives the revision, or null where that did not work. */
  onSave: () => Promise<number | null>;
  onProblem: (problem: Problem) => void;
  onClose: () => void;
}

export function PublishDialog({ journey, drawing, lexicon, onSave, onProblem, onClose }: PublishDialogProps) {
  const { t } = useTranslation(["journeys", "common"]);
  const path = useWorkspacePath();
  const changed = useJourneysChanged();
  const [inFlight, setInFlight] = useState<"stay" | "move">("stay");
  const [starts, setStarts] = useState(true);
  const [notSaved, setNotSaved] = useState(false);
  const check = useCheck();
  const publish = usePublish();
  const params = { params: { path: { ...path, journey_id: journey.id } } };

  const begun = useRef(false);
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    void onSave().then((revision) => {
      if (revision === null) setNotSaved(true);
      else check.mutate(params);
    });
  });

  const found = check.data;
  const errors = found?.problems.filter(({ is_error }) => is_error) ?? [];
  const warnings = found?.problems.filter(({ is_error }) => !is_error) ?? [];
  const nameOf = (id: string) => {
    const node = nodeOf(drawing, id);
    return node ? titleOf(node, lexicon) : t("whole.title");
  };
  const list = (problems: readonly Problem[], level: "error" | "warning") => (
    <ul className="ht-jb-list ht-jq-list">
      {problems.map((problem, index) => (
        <li key={index}>
          <button type="button" data-level={level} onClick={() => { onProblem(problem); }}>
            {level === "error" ? <ExclamationCircleFilled aria-label={t("check.error")} /> : <WarningFilled aria-label={t("check.warning")} />}
            <strong>{nameOf(problem.node)}</strong>
            <span>{problem[lexicon.language]}</span>
          </button>
        </li>
      ))}
    </ul>
  );

  async function go() {
    const revision = await onSave();
    if (revision === null) {
      setNotSaved(true);
      return;
    }
    publish.mutate(
      { ...params, body: { revision, in_flight: inFlight, start: journey.state !== "on" && starts } },
      {
        async onSuccess() {
          await changed();
          onClose();
        },
      },
    );
  }

  return (
    <Modal
      open
      title={t(journey.published_number === null ? "publish.first" : "publish.title")}
      onCancel={onClose}
      width={560}
      footer={[
        <Button key="cancel" onClick={onClose}>{t("common:cancel")}</Button>,
        <Button key="publish" type="primary" loading={publish.isPending} disabled={!found || errors.length > 0 || notSaved} onClick={() => void go()}>{t("publish.action")}</Button>,
      ]}
    >
      <div className="ht-jq">
        {notSaved ? <p className="ht-field-error" role="alert">{t("publish.notSaved")}</p> : null}
        {check.error ? <ErrorState error={check.error} onRetry={() => { check.mutate(params); }} compact /> : null}
        {!found && !check.error && !notSaved ? <Skeleton active title={false} paragraph={{ rows: 4 }} /> : null}
        {found ? (
          <>
            {errors.length > 0 ? (
              <section aria-label={t("publish.errors", { count: errors.length })}>
                <h3>{t("publish.errors", { count: errors.length })}</h3>
                {list(errors, "error")}
              </section>
            ) : (
              <p className="ht-jb-fine" role="status">{t("check.fine")}</p>
            )}
            {warnings.length > 0 ? (
              <section aria-label={t("publish.warnings", { count: warnings.length })}>
                <h3>{t("publish.warnings", { count: warnings.length })}</h3>
                {list(warnings, "warning")}
              </section>
            ) : null}
            <dl className="ht-jq-facts">
              <dt>{t("publish.reach")}</dt>
              <dd>
                {found.reach ? t(found.reach.is_exact ? "publish.people" : "publish.about", { count: found.reach.count, shown: formatCount(found.reach.count) }) : t("publish.reachUnknown")}
                {found.reach ? <span className="ht-secondary"> {found.reach[lexicon.language]}</span> : null}
              </dd>
            </dl>
            {journey.published_number !== null && journey.in_flight > 0 ? (
              <fieldset className="ht-jf-item">
                <legend>{t("publish.inFlight", { count: journey.in_flight, shown: formatCount(journey.in_flight) })}</legend>
                <Radio.Group className="ht-jf-radios" value={inFlight} options={(["stay", "move"] as const).map((one) => ({ value: one, label: t(`publish.way.${one}`) }))} onChange={(event) => { setInFlight(event.target.value as "stay" | "move"); }} />
                <p className="ht-secondary">{t(`publish.wayHint.${inFlight}`)}</p>
              </fieldset>
            ) : null}
            {journey.state === "on" ? null : <Checkbox checked={starts} onChange={(event) => { setStarts(event.target.checked); }}>{t("publish.start")}</Checkbox>}
          </>
        ) : null}
        {publish.error ? <ErrorState error={publish.error} compact /> : null}
      </div>
    </Modal>
  );
}
