/** How a list is read, by what members are found, and what happens to them; of orders, where they belong. */
import { Checkbox, Radio } from "antd";
import { useTranslation } from "react-i18next";

import { useSession } from "../../app/session";
import { Select } from "../../kit/Select";
import { plainText } from "../../kit/safeText";
import { TimeZoneSelect } from "../../kit/TimeZoneSelect";
import { encodingName, encodingOptions } from "../encodings";
import { Field } from "../Field";
import type { ImportDetail } from "../queries";
import { keyChoices, useTargets } from "./targets";
import type { ListChoicesState, TableChoices } from "./useListChoices";

const CURRENCIES = ["CNY", "HKD", "TWD", "USD", "EUR", "GBP", "JPY", "KRW", "SGD", "AUD", "CAD", "MYR", "THB", "VND"];

interface RulesProps {
  batch: ImportDetail;
  choices: ListChoicesState;
}

function Either<Value extends string>({ label, value, options, onChange, hint }: { label: string; value: Value; options: { value: Value; label: string }[]; onChange: (value: Value) => void; hint?: string }) {
  return (
    <Field label={label} hint={hint}>
      {(id) => (
        <Radio.Group
          id={id}
          aria-label={label}
          className="ht-import-radios"
          value={value}
          options={options}
          onChange={(event) => {
            onChange(event.target.value as Value);
          }}
        />
      )}
    </Field>
  );
}

export function ReadingRules({ batch, choices }: RulesProps) {
  const { t } = useTranslation(["lists", "imports", "common"]);
  const { options, table, change, changeOther, said } = choices;
  const found = batch.table;
  if (!found) return null;
  return (
    <section className="ht-card ht-import-fields" aria-labelledby="list-reading">
      <h2 id="list-reading">{t("file.title")}</h2>
      {found.sheets.length > 1 ? (
        <Field label={t("file.sheet")} said={said("table.sheet")} hint={t("file.sheetEmpty")}>
          {(id, label) => (
            <Select
              id={id}
              aria-label={label}
              className="ht-import-wide"
              value={table.sheet || found.sheet}
              options={found.sheets.map((value) => ({ value, label: plainText(value) }))}
              onChange={(sheet: string) => {
                change({ sheet });
              }}
            />
          )}
        </Field>
      ) : null}
      <Checkbox
        checked={table.has_header ?? found.has_header}
        onChange={(event) => {
          change({ has_header: event.target.checked });
        }}
      >
        {t("file.header")}
      </Checkbox>
      {batch.detection.date_order_ambiguous ? (
        <Either
          label={t("file.order")}
          hint={t("file.orderHint")}
          value={options.date_order ?? ""}
          options={[
            { value: "dmy", label: t("file.dmy") },
            { value: "mdy", label: t("file.mdy") },
          ]}
          onChange={(order) => {
            changeOther({ date_order: order === "mdy" ? "mdy" : "dmy" });
          }}
        />
      ) : null}
      {batch.kind === "orders" ? (
        <Field label={t("file.zone")} said={said("time_zone")} hint={t("file.zoneHint")}>
          {(id, label) => (
            <TimeZoneSelect
              id={id}
              aria-label={label}
              value={options.time_zone}
              onChange={(time_zone) => {
                changeOther({ time_zone });
              }}
            />
          )}
        </Field>
      ) : null}
      {batch.format === "csv" ? (
        <Field label={t("imports:reading.encoding")} said={said("encoding")} hint={t("imports:reading.encodingHint")}>
          {(id, label) => (
            <Select
              id={id}
              aria-label={label}
              className="ht-import-wide"
              value={options.encoding}
              options={[{ value: "", label: t("imports:reading.encodingFound", { name: encodingName(batch.detection.encoding) }) }, ...encodingOptions]}
              onChange={(encoding: string) => {
                changeOther({ encoding: encoding || null });
              }}
            />
          )}
        </Field>
      ) : null}
    </section>
  );
}

export function MatchRules({ batch, choices }: RulesProps) {
  const { t } = useTranslation(["lists", "common"]);
  const { nameOf } = useTargets(batch.kind);
  const { table, change, said } = choices;
  const keys = keyChoices(table.mapping);
  return (
    <section className="ht-card ht-import-fields" aria-labelledby="list-match">
      <h2 id="list-match">{t("match.title")}</h2>
      <Field label={t("match.keys")} said={said("table.keys")} hint={t("match.keysHint")}>
        {() =>
          keys.length === 0 ? (
            <p>{t("match.noKeys")}</p>
          ) : (
            <Checkbox.Group
              className="ht-import-radios"
              value={table.keys}
              options={keys.map((value) => ({ value, label: nameOf(value) }))}
              onChange={(chosen) => {
                // Those chosen before keep their order.
                change({ keys: [...table.keys.filter((one) => chosen.includes(one)), ...chosen.filter((one) => !table.keys.includes(one))] });
              }}
            />
          )
        }
      </Field>
      {batch.kind === "members" ? (
        <Either<TableChoices["when_found"]>
          label={t("match.found")}
          value={table.when_found}
          options={[
            { value: "fill", label: t("match.fill") },
            { value: "overwrite", label: t("match.overwrite") },
            { value: "skip", label: t("match.skip") },
          ]}
          onChange={(when_found) => {
            change({ when_found });
          }}
        />
      ) : null}
      <Either<TableChoices["when_missing"]>
        label={t("match.missing")}
        {...(batch.kind === "orders" ? { hint: t("match.ordersHint") } : {})}
        value={table.when_missing}
        options={[
          { value: "make", label: t("match.make") },
          { value: "skip", label: t("match.skipMissing") },
        ]}
        onChange={(when_missing) => {
          change({ when_missing });
        }}
      />
      <Either<TableChoices["bad_cell"]>
        label={t("match.bad")}
        value={table.bad_cell}
        options={[
          { value: "row", label: t("match.row") },
          { value: "cell", label: t("match.cell") },
        ]}
        onChange={(bad_cell) => {
          change({ bad_cell });
        }}
      />
    </section>
  );
}

export function OrderRules({ batch, choices }: RulesProps) {
  const { t } = useTranslation(["lists", "common"]);
  const { communities } = useSession();
  const { options, table, change, changeOther, said } = choices;
  const statuses = Object.entries(batch.table?.statuses ?? {});
  return (
    <section className="ht-card ht-import-fields" aria-labelledby="list-orders">
      <h2 id="list-orders">{t("orders.title")}</h2>
      <Field label={t("orders.community")} said={said("community_id")} hint={Object.values(table.mapping).includes("community") ? t("orders.communityHint") : undefined}>
        {(id, label) => (
          <Select
            id={id}
            aria-label={label}
            className="ht-import-wide"
            placeholder={t("orders.choose")}
            value={options.community_id}
            options={communities.map(({ id: value, name }) => ({ value, label: plainText(name) }))}
            onChange={(community_id: string) => {
              changeOther({ community_id });
            }}
          />
        )}
      </Field>
      <Field label={t("orders.currency")} said={said("table.currency")}>
        {(id, label) => (
          <Select
            id={id}
            aria-label={label}
            className="ht-import-wide"
            showSearch
            value={table.currency}
            options={[...new Set([...CURRENCIES, table.currency])].map((value) => ({ value, label: value }))}
            onChange={(currency: string) => {
              change({ currency });
            }}
          />
        )}
      </Field>
      {statuses.length > 0 ? (
        <fieldset className="ht-list-statuses">
          <legend>{t("orders.statuses")}</legend>
          {statuses.map(([word, guess]) => (
            <Field key={word} label={plainText(word)}>
              {(id, label) => (
                <Select
                  id={id}
                  aria-label={label}
                  className="ht-import-wide"
                  placeholder={t("orders.guess")}
                  value={table.statuses[word] ?? guess}
                  options={(["paid", "refunded", "skip"] as const).map((value) => ({ value, label: t(`orders.${value}`) }))}
                  onChange={(meaning: "paid" | "refunded" | "skip") => {
                    change({ statuses: { ...table.statuses, [word]: meaning } });
                  }}
                />
              )}
            </Field>
          ))}
        </fieldset>
      ) : null}
    </section>
  );
}
