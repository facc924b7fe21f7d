/** What a welcome says: messages one after another, each with its delay and its place. */
import { ArrowDownOutlined, ArrowUpOutlined, DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Checkbox, InputNumber, Radio } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";

import type { FieldError } from "../api/problem";
import { useWorkspacePath } from "../app/session";
import { Select } from "../kit/Select";
import { MessageEditor } from "../messages/MessageEditor";
import { moved } from "../messages/parts";
import { DELAY_SECONDS_MAX, MESSAGES_MAX, newMessage, unitOf, UNITS, type Draft, type Said, type Unit } from "./draft";

interface MessageProps {
  said: Said;
  at: number;
  count: number;
  isNeeded: boolean;
  isContact: boolean;
  errors: readonly FieldError[];
  put: (change: Partial<Said>) => void;
  move: (step: -1 | 1) => void;
  remove: () => void;
}

function Delay({ seconds, number, onChange }: { seconds: number; number: number; onChange: (seconds: number) => void }) {
  const { t } = useTranslation(["welcomes", "common"]);
  const [unit, setUnit] = useState<Unit>(unitOf(seconds));
  const most = Math.floor(DELAY_SECONDS_MAX / UNITS[unit]);
  return (
    <span className="ht-welcome-delay">
      <span>{t(number === 1 ? "message.afterJoining" : "message.after")}</span>
      <InputNumber aria-label={t("message.delay", { number })} min={0} max={most} precision={0} value={seconds / UNITS[unit]} onChange={(value) => { onChange((value ?? 0) * UNITS[unit]); }} />
      <Select<Unit>
        aria-label={t("message.unit", { number })}
        value={unit}
        options={(Object.keys(UNITS) as Unit[]).map((value) => ({ value, label: t(`unit.${value}`) }))}
        onChange={(next) => {
          const value = Math.min(seconds / UNITS[unit], Math.floor(DELAY_SECONDS_MAX / UNITS[next]));
          setUnit(next);
          onChange(Math.round(value) * UNITS[next]);
        }}
      />
    </span>
  );
}

function OneMessage({ said, at, count, isNeeded, isContact, errors, put, move, remove }: MessageProps) {
  const { t } = useTranslation(["welcomes", "common"]);
  const id = useId();
  const { workspace_id } = useWorkspacePath();
  const number = at + 1;
  return (
    <li className="ht-welcome-message" aria-labelledby={`${id}-title`}>
      <header>
        <h3 id={`${id}-title`}>{t("message.title", { number })}</h3>
        <Delay seconds={said.delay_seconds} number={number} onChange={(delay_seconds) => { put({ delay_seconds }); }} />
        <span className="ht-welcome-tools">
          <Button type="text" size="small" icon={<ArrowUpOutlined />} aria-label={t("message.up", { number })} disabled={at === 0} onClick={() => { move(-1); }} />
          <Button type="text" size="small" icon={<ArrowDownOutlined />} aria-label={t("message.down", { number })} disabled={at === count - 1} onClick={() => { move(1); }} />
          <Button type="text" size="small" icon={<DeleteOutlined />} aria-label={t("message.remove", { number })} disabled={isNeeded} onClick={remove} />
        </span>
      </header>
      <MessageEditor value={said.parts} onChange={(parts) => { put({ parts }); }} workspaceId={workspace_id} errors={errors} field={`messages.${at}.parts`} label={t("message.content", { number })} mentionsAll={false} />
      {isContact ? null : (
        <div className="ht-welcome-place">
          <Radio.Group
            aria-label={t("message.place", { number })}
            value={said.place}
            options={(["group", "private"] as const).map((value) => ({ value, label: t(`place.${value}`) }))}
            onChange={(event) => { put({ place: event.target.value as Said["place"] }); }}
          />
          {said.place === "private" ? (
            <Radio.Group
              aria-label={t("message.otherwise", { number })}
              value={said.otherwise}
              options={(["group", "none"] as const).map((value) => ({ value, label: t(`otherwise.${value}`) }))}
              onChange={(event) => { put({ otherwise: event.target.value as Said["otherwise"] }); }}
            />
          ) : null}
          {said.place === "group" || said.otherwise === "group" ? (
            <Checkbox checked={said.mentions} onChange={(event) => { put({ mentions: event.target.checked }); }}>{t("message.mentions")}</Checkbox>
          ) : null}
        </div>
      )}
    </li>
  );
}

export function MessageFields({ draft, edit, errors }: { draft: Draft; edit: (change: Partial<Draft>) => void; errors: readonly FieldError[] }) {
  const { t } = useTranslation(["welcomes", "common"]);
  const id = useId();
  const { messages } = draft;
  // A message keeps what is unfolded in it wherever it is moved.
  const [keys, setKeys] = useState(() => messages.map((_, at) => at));
  const [next, setNext] = useState(messages.length);
  const whole = errors.find(({ field }) => field === "messages")?.message;
  return (
    <section className="ht-card ht-stack" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{t("form.messages")}</h2>
      {whole ? <p className="ht-field-error">{whole}</p> : null}
      {messages.length > 0 ? (
        <ol className="ht-welcome-messages">
          {messages.map((said, at) => (
            <OneMessage
              key={keys[at] ?? at}
              said={said}
              at={at}
              count={messages.length}
              isNeeded={messages.length === 1 && draft.actions.length === 0}
              isContact={draft.kind === "contact"}
              errors={errors}
              put={(change) => { edit({ messages: messages.map((one, index) => (index === at ? { ...one, ...change } : one)) }); }}
              move={(step) => {
                setKeys(moved(keys, at, at + step));
                edit({ messages: moved(messages, at, at + step) });
              }}
              remove={() => {
                setKeys(keys.filter((_, index) => index !== at));
                edit({ messages: messages.filter((_, index) => index !== at) });
              }}
            />
          ))}
        </ol>
      ) : null}
      <Button
        icon={<PlusOutlined aria-hidden />}
        disabled={messages.length >= MESSAGES_MAX}
        onClick={() => {
          setKeys([...keys, next]);
          setNext(next + 1);
          edit({ messages: [...messages, { ...newMessage(), delay_seconds: messages.length === 0 ? 0 : UNITS.minute }] });
        }}
      >
        {t("message.add")}
      </Button>
    </section>
  );
}
