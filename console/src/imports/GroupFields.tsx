/** Which group the records of a file go to: one that exists, a new one by name, or none. */
import { Button, Input } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { components } from "../api/schema.gen";
import { formatCount } from "../format/numbers";
import { SafeText } from "../kit/SafeText";
import { Select } from "../kit/Select";
import { plainText } from "../kit/safeText";
import { Field } from "./Field";
import { NameInput } from "./NameInput";
import { NAME_LENGTH_MAX } from "./names";
import type { GroupChoice } from "./queries";
import type { ChoicesState } from "./useChoices";

export type KnownGroup = components["schemas"]["GroupOut"];

const NEW = "new";
const SKIP = "skip";
const ROWS_STEP = 20;

interface GroupFieldProps {
  /** At most one: the group the files name. */
  named: readonly string[];
  fallback: string;
  known: readonly KnownGroup[];
  choices: ChoicesState;
}

export function GroupField({ named, fallback, known, choices }: GroupFieldProps) {
  const { t } = useTranslation(["imports", "common"]);
  const { options, change, said } = choices;
  const found = named.length === 1 ? (named[0] ?? "") : "";
  const isNew = options.group_id === null;
  return (
    <>
      {known.length > 0 ? (
        <Field label={t("place.group")} said={said("group_id")}>
          {(id, label) => (
            <Select
              id={id}
              aria-label={label}
              className="ht-import-wide"
              showSearch={known.length > 8 ? { optionFilterProp: "label" } : false}
              value={options.group_id ?? (options.group_name || found ? NEW : null)}
              placeholder={t("place.choose")}
              options={[{ value: NEW, label: t("place.newGroup") }, ...known.map((group) => ({ value: group.id, label: plainText(group.name) }))]}
              onChange={(value) => {
                if (value === NEW) change({ group_id: null, group_name: found ? null : fallback || t("place.someName") });
                else change({ group_id: value });
              }}
            />
          )}
        </Field>
      ) : null}
      {isNew ? (
        <Field label={t("place.groupName")} said={said("group_name") ?? (known.length === 0 ? said("group_id") : undefined)} hint={found ? t("place.groupFound") : undefined}>
          {(id) => (
            <NameInput
              id={id}
              value={options.group_name || found}
              placeholder={fallback}
              length_max={NAME_LENGTH_MAX}
              onChange={(name) => {
                change({ group_name: name === "" || name === found ? null : name });
              }}
            />
          )}
        </Field>
      ) : null}
    </>
  );
}

interface GroupsTableProps {
  named: readonly string[];
  known: readonly KnownGroup[];
  choices: ChoicesState;
  counts: readonly { name: string; messages: number }[];
}

function valueOf(choice: GroupChoice | undefined): string {
  if (choice?.skip) return SKIP;
  return choice?.group_id ?? NEW;
}

export function GroupsTable({ named, known, choices, counts }: GroupsTableProps) {
  const { t } = useTranslation(["imports", "common"]);
  const { options, change, said } = choices;
  const [wanted, setWanted] = useState("");
  const [limit, setLimit] = useState(ROWS_STEP);
  const set = (name: string, choice: GroupChoice | null) => {
    const rest = Object.fromEntries(Object.entries(options.groups).filter(([one]) => one !== name));
    change({ groups: choice ? { ...rest, [name]: choice } : rest });
  };
  const matching = named.filter((name) => name.toLowerCase().includes(wanted.trim().toLowerCase()));
  const skipped = Object.values(options.groups).filter((choice) => choice.skip).length;
  return (
    <div className="ht-import-mapping">
      {named.length > ROWS_STEP ? (
        <Input
          aria-label={t("place.searchGroups")}
          placeholder={t("place.searchGroups")}
          value={wanted}
          allowClear
          onChange={(event) => {
            setWanted(event.target.value);
          }}
        />
      ) : null}
      <ul>
        {matching.slice(0, limit).map((name) => {
          const choice = options.groups[name];
          const count = counts.find((one) => one.name === name)?.messages;
          const value = valueOf(choice);
          return (
            <li key={name}>
              <span className="ht-import-group-name">
                <SafeText text={name} clip />
                {count === undefined ? null : <span className="ht-secondary">{t("place.messages", { count, shown: formatCount(count) })}</span>}
              </span>
              <Select
                aria-label={t("place.groupOf", { name: plainText(name) })}
                value={value}
                showSearch={known.length > 8 ? { optionFilterProp: "label" } : false}
                options={[
                  { value: NEW, label: t("place.newGroup") },
                  ...known.map((group) => ({ value: group.id, label: plainText(group.name) })),
                  { value: SKIP, label: t("place.skip") },
                ]}
                onChange={(next) => {
                  set(name, next === SKIP ? { skip: true } : next === NEW ? null : { group_id: next, skip: false });
                }}
              />
              {value === NEW ? (
                <NameInput
                  label={t("place.nameOf", { name: plainText(name) })}
                  value={choice?.name ?? name}
                  length_max={NAME_LENGTH_MAX}
                  onChange={(next) => {
                    set(name, next === "" || next === name ? null : { name: next, skip: false });
                  }}
                />
              ) : null}
              {said(`groups.${name}`) ? (
                <p className="ht-field-said" role="alert">
                  {said(`groups.${name}`)}
                </p>
              ) : null}
            </li>
          );
        })}
      </ul>
      {matching.length > limit ? (
        <Button
          onClick={() => {
            setLimit(limit + ROWS_STEP);
          }}
        >
          {t("place.moreGroups", { count: matching.length - limit })}
        </Button>
      ) : null}
      {skipped > 0 ? <p className="ht-secondary">{t("place.skipped", { count: skipped })}</p> : null}
    </div>
  );
}
