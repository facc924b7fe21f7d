/** Writing a message: its parts in their order, each added, moved and removed with mouse or keyboard. */
import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, LinkOutlined, PlusOutlined, TeamOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useLayoutEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import type { FieldError } from "../api/problem";
import { Attach } from "./Attach";
import { PartFields } from "./PartFields";
import { errorAt, errorOf, moved, newPart, PARTS_MAX, type Part } from "./parts";
import "./messages.css";

export interface MessageEditorProps {
  value: readonly Part[];
  onChange: (parts: Part[]) => void;
  workspaceId: string;
  /** What the server said of fields: `ApiProblem.errors`. */
  errors?: readonly FieldError[] | undefined;
  /** The path of the list in the body; `parts` unless said otherwise. */
  field?: string;
  /** The name of the whole, where the page has no heading right above. */
  label?: string;
  /** Calling everybody is for groups. */
  mentionsAll?: boolean;
}

export function MessageEditor({ value, onChange, workspaceId, errors, field = "parts", label, mentionsAll = true }: MessageEditorProps) {
  const { t } = useTranslation(["messages", "common"]);
  const list = useRef<HTMLOListElement>(null);
  const wanted = useRef<string | null>(null);
  // After a move or a removal the focus goes where the hand would look for it.
  useLayoutEffect(() => {
    if (wanted.current === null) return;
    list.current?.querySelector<HTMLElement>(wanted.current)?.focus();
    wanted.current = null;
  });
  const full = value.length >= PARTS_MAX;
  const whole = errorOf(errors, field);
  const latest = useRef(value);
  useLayoutEffect(() => {
    latest.current = value;
  });

  function add(part: Part) {
    if (latest.current.length >= PARTS_MAX) return;
    wanted.current = `[data-part="${latest.current.length}"] :is(textarea, input)`;
    onChange([...latest.current, part]);
  }
  function move(index: number, step: -1 | 1) {
    const to = index + step;
    const atEdge = step === -1 ? to === 0 : to === value.length - 1;
    wanted.current = `[data-part="${to}"] [data-move="${atEdge ? -step : step}"]`;
    onChange(moved(value, index, to));
  }
  function remove(index: number) {
    wanted.current = `[data-part="${Math.min(index, value.length - 2)}"] [data-remove]`;
    onChange(value.filter((_, at) => at !== index));
  }
  return (
    <section className="ht-message-editor" aria-label={label ?? t("title")}>
      {value.length === 0 ? <p className="ht-secondary">{t("empty")}</p> : null}
      <ol ref={list}>
        {value.map((part, index) => {
          const place = t("place", { number: index + 1, kind: t(`kind.${part.kind}`) });
          return (
            <li key={index} data-part={index} aria-label={place}>
              <header>
                <strong>{t(`kind.${part.kind}`)}</strong>
                <span className="ht-part-tools">
                  <Button type="text" size="small" icon={<ArrowUpOutlined />} data-move={-1} aria-label={t("moveUp", { place })} disabled={index === 0} onClick={() => { move(index, -1); }} />
                  <Button type="text" size="small" icon={<ArrowDownOutlined />} data-move={1} aria-label={t("moveDown", { place })} disabled={index === value.length - 1} onClick={() => { move(index, 1); }} />
                  <Button type="text" size="small" icon={<DeleteOutlined />} data-remove aria-label={t("remove", { place })} onClick={() => { remove(index); }} />
                </span>
              </header>
              <PartFields
                part={part}
                workspaceId={workspaceId}
                place={place}
                errorOf={(attribute) => errorAt(errors, field, index, attribute)}
                onChange={(next) => {
                  onChange(value.map((one, at) => (at === index ? next : one)));
                }}
              />
            </li>
          );
        })}
      </ol>
      {whole === undefined ? null : (
        <p className="ht-field-error" role="alert">
          {whole}
        </p>
      )}
      <div className="ht-message-add" role="group" aria-label={t("add.title")}>
        <Button icon={<PlusOutlined aria-hidden />} disabled={full} onClick={() => { add(newPart("text")); }}>
          {t("add.text")}
        </Button>
        <Attach workspaceId={workspaceId} disabled={full} onKept={add} />
        <Button icon={<LinkOutlined aria-hidden />} disabled={full} onClick={() => { add(newPart("link")); }}>
          {t("add.link")}
        </Button>
        {mentionsAll && !value.some(({ kind }) => kind === "mention_all") ? (
          <Button icon={<TeamOutlined aria-hidden />} disabled={full} onClick={() => { add(newPart("mention_all")); }}>
            {t("add.mention")}
          </Button>
        ) : null}
        {full ? <span className="ht-secondary">{t("add.full", { count: PARTS_MAX })}</span> : null}
      </div>
    </section>
  );
}
