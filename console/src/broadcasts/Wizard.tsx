/** Writing a broadcast step by step: content, whom and from where, when, a check, and off it goes. What is written is kept as it changes. */
import { Button, Steps } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { ApiProblem, type FieldError } from "../api/problem";
import { useMay } from "../app/session";
import { ErrorState } from "../kit/ErrorState";
import { useSettled } from "../segments/preview";
import { AudienceStep } from "./AudienceStep";
import { CheckStep } from "./CheckStep";
import { ContentStep } from "./ContentStep";
import { draftOf, useActs, type Broadcast, type Draft } from "./queries";
import { TimingStep } from "./TimingStep";

const STEPS = ["content", "audience", "timing", "check"] as const;
const SAVED_AFTER_MILLISECONDS = 1_200;
const INVALID = 422;

export interface StepProps {
  draft: Draft;
  errors: readonly FieldError[];
  onChange: (change: Partial<Draft>) => void;
}

export function Wizard({ broadcast }: { broadcast: Broadcast }) {
  const { t } = useTranslation(["broadcasts", "common"]);
  const acts = useActs(broadcast.id);
  const mayManage = useMay("broadcasts.manage");
  const [draft, setDraft] = useState(() => draftOf(broadcast));
  const [step, setStep] = useState(0);
  const [error, setError] = useState<unknown>(null);
  const [savedText, setSavedText] = useState(() => JSON.stringify(draftOf(broadcast)));
  const kept = useRef({ version: broadcast.version, text: savedText, turn: Promise.resolve(true) });
  const now = JSON.stringify(draft);
  const settled = useSettled(now, SAVED_AFTER_MILLISECONDS);

  /** One after another, each on the version the one before made. */
  function save(text: string, says: boolean): Promise<boolean> {
    const turn = kept.current.turn.then(async () => {
      if (kept.current.text === text || !mayManage) return true;
      try {
        const made = await acts.change({ version: kept.current.version, ...(JSON.parse(text) as Draft) });
        kept.current = { ...kept.current, version: made.version, text };
        setSavedText(text);
        setError(null);
        return true;
      } catch (cause) {
        // What is half written cannot be kept yet; it is said when somebody wants to go on.
        if (says || !(cause instanceof ApiProblem) || cause.status !== INVALID) setError(cause);
        return false;
      }
    });
    kept.current.turn = turn;
    return turn;
  }
  const saver = useRef(save);
  useEffect(() => {
    saver.current = save;
  });
  useEffect(() => {
    void saver.current(settled, false);
  }, [settled]);

  async function go(to: number) {
    if (await save(now, true)) setStep(to);
  }
  const errors = error instanceof ApiProblem ? error.errors : [];
  const props: StepProps = {
    draft,
    errors,
    onChange: (change) => {
      setDraft((before) => ({ ...before, ...change }));
    },
  };
  return (
    <>
      <Steps current={step} size="small" responsive items={STEPS.map((key) => ({ key, title: t(`step.${key}`) }))} onChange={(to) => void go(to)} />
      <div className="ht-broadcast-step">
        {step === 0 ? <ContentStep {...props} /> : step === 1 ? <AudienceStep {...props} /> : step === 2 ? <TimingStep {...props} /> : <CheckStep broadcast={broadcast} />}
      </div>
      {error !== null ? <ErrorState error={error} compact /> : null}
      <div className="ht-broadcast-foot">
        <span role="status" className="ht-secondary">{t(now === savedText ? "saved" : "unsaved")}</span>
        <Button disabled={step === 0} onClick={() => void go(step - 1)}>{t("back")}</Button>
        {step < STEPS.length - 1 ? <Button type="primary" loading={acts.isPending} onClick={() => void go(step + 1)}>{t("next")}</Button> : null}
      </div>
    </>
  );
}
