/** What is asked for in one part of a message. */
import { FileOutlined, PictureOutlined } from "@ant-design/icons";
import { Input } from "antd";
import type { TextAreaRef } from "antd/es/input/TextArea";
import { useId, useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { SafeText } from "../kit/SafeText";
import { InsertField } from "./InsertField";
import { TEXT_LENGTH_MAX, type Part } from "./parts";

interface PartFieldsProps {
  part: Part;
  workspaceId: string;
  /** Which part it is, in words: 第 2 段. */
  place: string;
  errorOf: (attribute: string) => string | undefined;
  onChange: (part: Part) => void;
}

interface LineProps {
  label: string;
  error: string | undefined;
  children: (props: { id: string; "aria-invalid": boolean; "aria-describedby"?: string; status?: "error" }) => ReactNode;
}

function Line({ label, error, children }: LineProps) {
  const id = useId();
  return (
    <div className="ht-part-line">
      <label htmlFor={id}>{label}</label>
      {children({ id, "aria-invalid": error !== undefined, ...(error === undefined ? {} : { "aria-describedby": `${id}-error`, status: "error" as const }) })}
      {error === undefined ? null : (
        <p id={`${id}-error`} className="ht-field-error" role="alert">
          {error}
        </p>
      )}
    </div>
  );
}

function TextFields({ part, workspaceId, place, errorOf, onChange }: PartFieldsProps) {
  const { t } = useTranslation(["messages", "common"]);
  const area = useRef<TextAreaRef>(null);
  function insert(said: string) {
    const box = area.current?.resizableTextArea?.textArea;
    const [from, to] = box ? [box.selectionStart, box.selectionEnd] : [part.text.length, part.text.length];
    onChange({ ...part, text: part.text.slice(0, from) + said + part.text.slice(to) });
    window.requestAnimationFrame(() => {
      box?.focus();
      box?.setSelectionRange(from + said.length, from + said.length);
    });
  }
  return (
    <>
      <Line label={t("text.label")} error={errorOf("text")}>
        {(props) => (
          <Input.TextArea
            {...props}
            ref={area}
            value={part.text}
            maxLength={TEXT_LENGTH_MAX}
            autoSize={{ minRows: 3, maxRows: 12 }}
            placeholder={t("text.placeholder")}
            onChange={(event) => {
              onChange({ ...part, text: event.target.value });
            }}
          />
        )}
      </Line>
      <InsertField workspaceId={workspaceId} label={t("field.into", { place })} onInsert={insert} />
    </>
  );
}

function LinkFields({ part, errorOf, onChange }: PartFieldsProps) {
  const { t } = useTranslation(["messages", "common"]);
  const lines = [
    { key: "url", length_max: 2_000, placeholder: "https://" },
    { key: "title", length_max: 300 },
    { key: "description", length_max: 1_000 },
    { key: "image_url", length_max: 2_000, placeholder: "https://" },
  ] as const;
  return (
    <>
      {lines.map(({ key, length_max, ...rest }) => (
        <Line key={key} label={t(`link.${key}`)} error={errorOf(key)}>
          {(props) => (
            <Input
              {...props}
              {...rest}
              value={part[key]}
              maxLength={length_max}
              onChange={(event) => {
                onChange({ ...part, [key]: event.target.value });
              }}
            />
          )}
        </Line>
      ))}
    </>
  );
}

function Attachment({ part, errorOf }: PartFieldsProps) {
  const Icon = part.kind === "image" ? PictureOutlined : FileOutlined;
  const error = errorOf("file");
  return (
    <>
      <p className="ht-attachment">
        <Icon aria-hidden /> <SafeText text={part.name || part.file.slice(0, 12)} clip />
      </p>
      {error === undefined ? null : (
        <p className="ht-field-error" role="alert">
          {error}
        </p>
      )}
    </>
  );
}

export function PartFields(props: PartFieldsProps) {
  const { t } = useTranslation(["messages", "common"]);
  switch (props.part.kind) {
    case "text":
      return <TextFields {...props} />;
    case "link":
      return <LinkFields {...props} />;
    case "mention_all":
      return <p className="ht-secondary">{t("mention.about")}</p>;
    default:
      return <Attachment {...props} />;
  }
}
