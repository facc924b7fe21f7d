/** How the files are read: format, time zone, date, order of day and month, encoding. */
import { Button, Radio } from "antd";
import { useTranslation } from "react-i18next";

import { formatDay } from "../format/dates";
import { useLanguage } from "../i18n/useLanguage";
import { Select } from "../kit/Select";
import { CHATS, useChannelName } from "../members/channels";
import { browserZone, TimeZoneSelect } from "../kit/TimeZoneSelect";
import { orderExamples } from "./dateOrder";
import { encodingName, encodingOptions } from "./encodings";
import { Field } from "./Field";
import { useFormats, type ImportDetail } from "./queries";
import type { ChoicesState } from "./useChoices";

interface ReadingFieldsProps {
  batch: ImportDetail;
  choices: ChoicesState;
}

function FormatField({ batch, choices }: ReadingFieldsProps) {
  const { t } = useTranslation(["imports", "common"]);
  const { data: formats } = useFormats();
  const { detection } = batch;
  const { options, change, said } = choices;
  const title = (name: string) => formats?.find((one) => one.name === name)?.title ?? (name === detection.format ? detection.title : name);
  const names = [...new Set([detection.format, options.format, ...detection.alternatives])].filter((name) => name !== "");
  return (
    <Field label={t("reading.format")} said={said("format")} hint={names.length > 1 ? t("reading.formatHint") : undefined}>
      {(id, label) => (
        <Select
          id={id}
          aria-label={label}
          className="ht-import-wide"
          value={options.format || detection.format}
          options={names.map((value) => ({ value, label: title(value) }))}
          onChange={(format) => {
            change({ format });
          }}
        />
      )}
    </Field>
  );
}

function ZoneField({ batch, choices }: ReadingFieldsProps) {
  const { t } = useTranslation(["imports", "common"]);
  const { options, change, said } = choices;
  const here = browserZone();
  // With zones in the file it decides nothing but the days of a new community.
  if (batch.detection.times_have_zone && options.community_id !== null) return null;
  return (
    <Field
      label={t(batch.detection.times_have_zone ? "reading.communityZone" : "reading.zone")}
      said={said("time_zone")}
      hint={
        <>
          {t(batch.detection.times_have_zone ? "reading.communityZoneHint" : "reading.zoneHint")}{" "}
          {here === options.time_zone ? null : (
            <Button
              type="link"
              size="small"
              className="ht-import-inline"
              onClick={() => {
                change({ time_zone: here });
              }}
            >
              {t("reading.browserZone", { zone: here })}
            </Button>
          )}
        </>
      }
    >
      {(id, label) => (
        <TimeZoneSelect
          id={id}
          aria-label={label}
          value={options.time_zone}
          onChange={(time_zone) => {
            change({ time_zone });
          }}
        />
      )}
    </Field>
  );
}

function OrderField({ batch, choices }: ReadingFieldsProps) {
  const { t } = useTranslation(["imports", "common"]);
  const language = useLanguage();
  const { options, change, said } = choices;
  if (!batch.detection.date_order_ambiguous) return null;
  const examples = orderExamples(batch, options.date_order ?? batch.detection.date_order ?? "dmy", options.time_zone);
  return (
    <Field label={t("reading.order")} said={said("date_order")} hint={t("reading.orderHint")}>
      {(id) => (
        <Radio.Group
          id={id}
          aria-label={t("reading.order")}
          className="ht-import-radios"
          value={options.date_order}
          options={(["dmy", "mdy"] as const).map((value) => ({
            value,
            label: (
              <span>
                {t(`reading.${value}`)}
                {examples ? <span className="ht-secondary"> {t("reading.example", { written: examples.written, meant: formatDay(examples[value], language) })}</span> : null}
              </span>
            ),
          }))}
          onChange={(event) => {
            change({ date_order: event.target.value as "dmy" | "mdy" });
          }}
        />
      )}
    </Field>
  );
}

export function ReadingFields({ batch, choices }: ReadingFieldsProps) {
  const { t } = useTranslation(["imports", "common"]);
  const channelName = useChannelName();
  const { data: formats } = useFormats();
  const { options, change, said } = choices;
  const { detection } = batch;
  const isTable = formats?.find(({ name }) => name === detection.format)?.needs_mapping ?? detection.columns.length > 0;
  const needsDate = batch.missing.includes("date") || options.date !== null;
  return (
    <>
      <FormatField batch={batch} choices={choices} />
      {isTable ? (
        <Field label={t("reading.channel")} said={said("channel")} hint={t("reading.channelHint")}>
          {(id, label) => (
            <Select
              id={id}
              aria-label={label}
              className="ht-import-wide"
              value={options.channel}
              options={[...new Set([...CHATS, options.channel])].map((value) => ({ value, label: channelName(value) }))}
              onChange={(channel) => {
                change({ channel, group_id: null, groups: {} });
              }}
            />
          )}
        </Field>
      ) : null}
      {needsDate ? (
        <Field label={t("reading.date")} said={said("date")} hint={t("reading.dateHint")}>
          {(id) => (
            <input
              id={id}
              type="date"
              className="ht-date-input"
              value={options.date ?? ""}
              onChange={(event) => {
                change({ date: event.target.value || null });
              }}
            />
          )}
        </Field>
      ) : null}
      <OrderField batch={batch} choices={choices} />
      <ZoneField batch={batch} choices={choices} />
      <Field label={t("reading.encoding")} said={said("encoding")} hint={t("reading.encodingHint")}>
        {(id, label) => (
          <Select
            id={id}
            aria-label={label}
            className="ht-import-wide"
            value={options.encoding}
            options={[{ value: "", label: t("reading.encodingFound", { name: encodingName(detection.encoding) }) }, ...encodingOptions]}
            onChange={(encoding) => {
              change({ encoding: encoding || null });
            }}
          />
        )}
      </Field>
      {detection.skipped.length > 0 ? (
        <details className="ht-import-skipped">
          <summary>{t("reading.skipped", { count: detection.skipped.length })}</summary>
          <ul>
            {detection.skipped.map((name) => (
              <li key={name}>{name}</li>
            ))}
          </ul>
        </details>
      ) : null}
    </>
  );
}
