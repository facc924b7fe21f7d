/** What a rule answers: one of several messages by chance, where it goes, and whether a person takes over. */
import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Checkbox, InputNumber } from "antd";
import { useTranslation } from "react-i18next";

import type { FieldError } from "../api/problem";
import { useWorkspacePath } from "../app/session";
import { MessageEditor } from "../messages/MessageEditor";
import { newPart } from "../messages/parts";
import { ANSWERS_MAX, type Draft } from "./draft";
import type { ErrorOf } from "./RulePage";

interface FieldsProps {
  draft: Draft;
  edit: (change: Partial<Draft>) => void;
  errorOf: ErrorOf;
  errors: readonly FieldError[];
}

export function AnswerFields({ draft, edit, errorOf, errors }: FieldsProps) {
  const { t } = useTranslation(["replies", "common"]);
  const { workspace_id } = useWorkspacePath();
  const { answers } = draft;
  const several = answers.length > 1;
  const whole = errorOf("answers");
  return (
    <section className="ht-card ht-stack" aria-labelledby="rule-answers">
      <h2 id="rule-answers">{t("form.answers")}</h2>
      {several ? <p className="ht-secondary">{t("form.several")}</p> : null}
      {answers.map((answer, index) => {
        const place = t("form.answerAt", { number: index + 1 });
        return (
          <div key={index} className="ht-answer" data-several={several}>
            {several ? (
              <header>
                <strong>{place}</strong>
                <label>
                  {t("form.weight")}
                  <InputNumber
                    size="small"
                    min={1}
                    max={100}
                    precision={0}
                    value={answer.weight}
                    aria-label={t("form.weightOf", { place })}
                    onChange={(weight) => { edit({ answers: answers.map((one, at) => (at === index ? { ...one, weight: weight ?? 1 } : one)) }); }}
                  />
                </label>
                <Button type="text" size="small" icon={<DeleteOutlined />} aria-label={t("form.removeOf", { place })} onClick={() => { edit({ answers: answers.filter((_, at) => at !== index) }); }} />
              </header>
            ) : null}
            <MessageEditor
              value={answer.parts}
              onChange={(parts) => { edit({ answers: answers.map((one, at) => (at === index ? { ...one, parts } : one)) }); }}
              workspaceId={workspace_id}
              errors={errors}
              field={`answers.${index}.parts`}
              label={place}
              mentionsAll={false}
            />
          </div>
        );
      })}
      {whole ? <p className="ht-field-error" role="alert">{whole}</p> : null}
      <div>
        <Button icon={<PlusOutlined aria-hidden />} disabled={answers.length >= ANSWERS_MAX} onClick={() => { edit({ answers: [...answers, { weight: 1, parts: [newPart("text")] }] }); }}>
          {t("form.addAnswer")}
        </Button>
      </div>
      <div className="ht-reply-choices">
        <Checkbox checked={draft.quotes} onChange={(event) => { edit({ quotes: event.target.checked }); }}>{t("form.quotes")}</Checkbox>
        <Checkbox checked={draft.is_private} onChange={(event) => { edit({ is_private: event.target.checked }); }}>
          {t("form.isPrivate")} <span className="ht-secondary">{t("form.isPrivateHint")}</span>
        </Checkbox>
        <Checkbox checked={draft.hands_over} onChange={(event) => { edit({ hands_over: event.target.checked }); }}>
          {t("form.handsOver")} <span className="ht-secondary">{t("form.handsOverHint")}</span>
        </Checkbox>
      </div>
    </section>
  );
}
