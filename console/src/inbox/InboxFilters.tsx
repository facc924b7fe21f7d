/** What narrows the list: words, how conversations stand, their order; and behind a button the account, the group, whose they are. */
import { FilterOutlined } from "@ant-design/icons";
import { Badge, Button, Input, Popover, Segmented } from "antd";
import type { InputRef } from "antd";
import { useEffect, useRef, useState, type RefObject } from "react";
import { useTranslation } from "react-i18next";

import { useSession } from "../app/session";
import { Select } from "../kit/Select";
import { plainText } from "../kit/safeText";
import { useGroups } from "../reports/ReportFilterBar";
import { SHOWS, without, type InboxSearch } from "./filters";
import { useAccounts, useCounts, useStaff } from "./queries";

const SEARCH_DELAY_MILLISECONDS = 300;
const NARROWING = ["account", "group", "assignee"] as const;

type Change = (values: InboxSearch) => void;

function Search({ value, onChange, box }: { value: string; onChange: (value: string) => void; box: RefObject<InputRef | null> }) {
  const { t } = useTranslation(["inbox", "common"]);
  const [text, setText] = useState(value);
  const [known, setKnown] = useState(value);
  const timer = useRef(0);
  const composing = useRef(false);
  if (value !== known) {
    setKnown(value);
    if (value !== text.trim()) setText(value); // cleared elsewhere, or Back
  }
  useEffect(() => () => { window.clearTimeout(timer.current); }, []);
  const send = (next: string) => {
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(() => { onChange(next.trim()); }, SEARCH_DELAY_MILLISECONDS);
  };
  return (
    <Input.Search
      ref={box}
      allowClear
      value={text}
      maxLength={100}
      placeholder={t("list.search")}
      aria-label={t("list.search")}
      onCompositionStart={() => { composing.current = true; }}
      onCompositionEnd={(event) => {
        composing.current = false;
        send(event.currentTarget.value);
      }}
      onKeyDown={(event) => { if (event.key === "Escape") event.currentTarget.blur(); }}
      onChange={(event) => {
        setText(event.target.value);
        if (!composing.current) send(event.target.value);
      }}
    />
  );
}

function Narrowing({ values, community, onChange }: { values: InboxSearch; community: string | undefined; onChange: Change }) {
  const { t } = useTranslation(["inbox", "common"]);
  const { user } = useSession();
  const accounts = useAccounts();
  const staff = useStaff();
  const { groups, loading } = useGroups(community);
  const options = {
    account: accounts.data?.items.map(({ id, name }) => ({ value: id, label: plainText(name) })),
    group: groups.map(({ id, name }) => ({ value: id, label: plainText(name) })),
    assignee: staff.data?.items.map(({ id, name }) => ({ value: id, label: id === user.id ? t("act.me", { name: plainText(name) }) : plainText(name) })),
  };
  return (
    <div className="ht-inbox-narrowing">
      {NARROWING.map((key) => (
        <label key={key}>
          <span>{t(`filter.${key}`)}</span>
          <Select
            aria-label={t(`filter.${key}`)}
            allowClear
            showSearch={{ optionFilterProp: "label" }}
            placeholder={t("filter.any")}
            value={values[key]}
            loading={key === "group" ? loading : options[key] === undefined}
            options={options[key] ?? []}
            onChange={(next: string | undefined) => { onChange(next ? { ...values, [key]: next } : without(values, key)); }}
          />
        </label>
      ))}
      <Button type="link" size="small" onClick={() => { onChange(without(values, ...NARROWING)); }}>{t("filter.clear")}</Button>
    </div>
  );
}

interface FiltersProps {
  values: InboxSearch;
  community: string | undefined;
  onChange: Change;
  searchBox: RefObject<InputRef | null>;
}

export function InboxFilters({ values, community, onChange, searchBox }: FiltersProps) {
  const { t } = useTranslation(["inbox", "common"]);
  const counts = useCounts().data;
  const narrowed = NARROWING.filter((key) => values[key] !== undefined).length;
  return (
    <div className="ht-inbox-filters">
      <div className="ht-inbox-filters-line">
        <Search box={searchBox} value={values.q ?? ""} onChange={(q) => { onChange(q ? { ...values, q } : without(values, "q")); }} />
        <Popover trigger="click" placement="bottomRight" destroyOnHidden content={<Narrowing values={values} community={community} onChange={onChange} />}>
          <Badge count={narrowed} size="small" color="var(--ht-primary)">
            <Button icon={<FilterOutlined aria-hidden />} aria-label={t("filter.title", { count: narrowed })} />
          </Badge>
        </Popover>
      </div>
      <div className="ht-inbox-shows">
        <nav aria-label={t("list.show")}>
          {SHOWS.map((value) => (
            <button
              key={value}
              type="button"
              aria-current={value === (values.show ?? "open") ? "true" : undefined}
              onClick={() => { onChange(value === "open" ? without(values, "show") : { ...values, show: value }); }}
            >
              {t(`show.${value}`)}
              {value === "closed" || !counts?.[value] ? null : <span className="ht-number">{counts[value]}</span>}
            </button>
          ))}
        </nav>
        <Segmented<"last" | "waiting">
          size="small"
          value={values.sort ?? "last"}
          aria-label={t("list.sort")}
          options={(["last", "waiting"] as const).map((value) => ({ value, label: t(`sort.${value}`) }))}
          onChange={(next) => { onChange(next === "last" ? without(values, "sort") : { ...values, sort: next }); }}
        />
      </div>
    </div>
  );
}
