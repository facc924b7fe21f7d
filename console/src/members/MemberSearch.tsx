/** Finding another member by name or identity, as somebody types. */
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { useWorkspacePath } from "../app/session";
import { formatCount } from "../format/numbers";
import { SafeText } from "../kit/SafeText";
import { Select } from "../kit/Select";
import { plainText } from "../kit/safeText";
import { useChannelName } from "./channels";
import { MEMBERS } from "./queries";
import "./members.css";

const DELAY_MILLISECONDS = 250;
const FOUND_MAX = 20;

interface MemberSearchProps {
  /** Who is not to be found. */
  except: string;
  value: string | undefined;
  /** Who was chosen before, whether or not the search finds them now. */
  known?: { id: string; name: string } | null;
  onChange: (id: string) => void;
  /** Without it somebody has to be chosen. */
  onClear?: () => void;
  label: string;
  placeholder?: string;
  id?: string;
}

export function MemberSearch({ except, value, known, onChange, onClear, label, placeholder = label, id }: MemberSearchProps) {
  const { t } = useTranslation(["members", "common"]);
  const path = useWorkspacePath();
  const channelName = useChannelName();
  const [wanted, setWanted] = useState("");
  const timer = useRef<number | undefined>(undefined);
  useEffect(
    () => () => {
      window.clearTimeout(timer.current);
    },
    [],
  );
  const found = $api.useQuery(
    "get",
    MEMBERS,
    { params: { path, query: { q: wanted, limit: FOUND_MAX, sort: "-messages" } } },
    { placeholderData: (previous) => previous },
  );
  const items = (found.data?.items ?? []).filter(({ id }) => id !== except);
  return (
    <Select
      className="ht-wide"
      {...(id ? { id } : {})}
      aria-label={label}
      placeholder={placeholder}
      allowClear={onClear !== undefined}
      showSearch={{
        filterOption: false,
        onSearch: (text) => {
          window.clearTimeout(timer.current);
          timer.current = window.setTimeout(() => {
            setWanted(text.trim().slice(0, 100));
          }, DELAY_MILLISECONDS);
        },
      }}
      loading={found.isFetching}
      notFoundContent={found.error ? t("search.failed") : t(found.isPending ? "search.waiting" : "search.nobody")}
      value={value ?? null}
      onChange={(chosen: string | undefined) => {
        if (chosen === undefined) onClear?.();
        else onChange(chosen);
      }}
      optionLabelProp="title"
      labelRender={({ value: chosen, label: found }) => (chosen === known?.id ? plainText(known.name) : found)}
      options={items.map((member) => ({
        value: member.id,
        title: plainText(member.name),
        label: (
          <span className="ht-search-option">
            <SafeText text={member.name} clip />
            <span className="ht-secondary">
              {[...member.channels.map(channelName), t("participation.messages", { count: member.messages, shown: formatCount(member.messages) })].join(" · ")}
            </span>
          </span>
        ),
      }))}
    />
  );
}
