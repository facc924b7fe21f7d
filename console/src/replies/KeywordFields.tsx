/** The keywords of a rule: each with how it is looked for; pasted lines become as many. */
import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Checkbox, Input } from "antd";
import { useLayoutEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import { Select } from "../kit/Select";
import { KEYWORDS_MAX, VARIANTS, WAYS, withPasted, type Draft } from "./draft";
import type { ErrorOf } from "./RulePage";

interface FieldsProps {
  draft: Draft;
  edit: (change: Partial<Draft>) => void;
  errorOf: ErrorOf;
}

export function KeywordFields({ draft, edit, errorOf }: FieldsProps) {
  const { t } = useTranslation(["replies", "common"]);
  const list = useRef<HTMLOListElement>(null);
  const wanted = useRef<number | null>(null);
  useLayoutEffect(() => {
    if (wanted.current === null) return;
    list.current?.querySelectorAll<HTMLElement>("input[type=text]")[wanted.current]?.focus();
    wanted.current = null;
  });
  const { keywords } = draft;
  const whole = errorOf("keywords");
  const add = () => {
    wanted.current = keywords.length;
    edit({ keywords: [...keywords, { text: "", way: keywords.at(-1)?.way ?? "contains" }] });
  };
  return (
    <section className="ht-card ht-stack" aria-labelledby="rule-keywords">
      <h2 id="rule-keywords">{t("form.keywords")}</h2>
      <ol ref={list} className="ht-keyword-rows">
        {keywords.map(({ text, way }, index) => {
          const place = t("form.keywordAt", { number: index + 1 });
          const error = errorOf(`keywords.${index}.text`);
          return (
            <li key={index}>
              <div>
                <Input
                  type="text"
                  value={text}
                  maxLength={300}
                  aria-label={place}
                  placeholder={t(way === "regex" ? "form.regexHint" : "form.keywordHint")}
                  {...(error ? { status: "error" as const, "aria-invalid": true, "aria-describedby": `keyword-${index}-error` } : {})}
                  onChange={(event) => { edit({ keywords: keywords.map((one, at) => (at === index ? { ...one, text: event.target.value } : one)) }); }}
                  onPressEnter={() => { if (keywords.length < KEYWORDS_MAX) add(); }}
                  onPaste={(event) => {
                    const pasted = event.clipboardData.getData("text");
                    if (!/[\r\n]/u.test(pasted.trim())) return;
                    event.preventDefault();
                    edit({ keywords: withPasted(keywords, index, pasted) });
                  }}
                />
                <Select
                  value={way}
                  aria-label={t("form.wayOf", { place })}
                  options={WAYS.map((value) => ({ value, label: t(`way.${value}`) }))}
                  onChange={(next) => { edit({ keywords: keywords.map((one, at) => (at === index ? { ...one, way: next } : one)) }); }}
                />
                <Button
                  type="text"
                  icon={<DeleteOutlined />}
                  aria-label={t("form.removeOf", { place })}
                  disabled={keywords.length === 1}
                  onClick={() => {
                    wanted.current = Math.max(0, index - 1);
                    edit({ keywords: keywords.filter((_, at) => at !== index) });
                  }}
                />
              </div>
              {error ? <p id={`keyword-${index}-error`} className="ht-field-error">{error}</p> : null}
            </li>
          );
        })}
      </ol>
      {whole ? <p className="ht-field-error" role="alert">{whole}</p> : null}
      <div><Button icon={<PlusOutlined aria-hidden />} disabled={keywords.length >= KEYWORDS_MAX} onClick={add}>{t("form.addKeyword")}</Button></div>
      <fieldset className="ht-variants">
        <legend className="ht-field-label">{t("form.variants")}</legend>
        {VARIANTS.map((variant) => (
          <Checkbox
            key={variant}
            checked={draft.variants.includes(variant)}
            onChange={(event) => { edit({ variants: VARIANTS.filter((one) => (one === variant ? event.target.checked : draft.variants.includes(one))) }); }}
          >
            {t(`variant.${variant}`)} <span className="ht-secondary">{t(`variantExample.${variant}`)}</span>
          </Checkbox>
        ))}
      </fieldset>
    </section>
  );
}
