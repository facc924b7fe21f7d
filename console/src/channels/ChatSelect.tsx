/** Choosing a chat of any account: the account first where there are several, then the chat as somebody types. */
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { $api } from "../api/client";
import { useWorkspacePath } from "../app/session";
import { plainText } from "../kit/safeText";
import { Select } from "../kit/Select";
import { useAccounts } from "./queries";

const CHATS_MAX = 50;

interface ChatSelectProps {
  label: string;
  value: string | null;
  onChange: (chat_id: string | null) => void;
}

export function ChatSelect({ label, value, onChange }: ChatSelectProps) {
  const { t } = useTranslation(["channels", "common"]);
  const path = useWorkspacePath();
  const accounts = useAccounts(true);
  const sending = (accounts.data?.items ?? []).filter(({ ways }) => ways.includes("send"));
  const [chosen, setChosen] = useState<string | null>(null);
  const [wanted, setWanted] = useState("");
  const account_id = chosen ?? sending[0]?.id;
  const chats = $api.useQuery(
    "get",
    "/api/workspaces/{workspace_id}/channels/accounts/{account_id}/chats",
    { params: { path: { ...path, account_id: account_id ?? "" }, query: { limit: CHATS_MAX, ...(wanted ? { q: wanted } : {}) } } },
    { enabled: account_id !== undefined, placeholderData: (previous) => previous },
  );
  if (accounts.data && sending.length === 0) return <p className="ht-secondary">{t("chatSelect.none")}</p>;
  return (
    <div className="ht-chat-select">
      {sending.length > 1 ? (
        <Select
          aria-label={t("chatSelect.account")}
          className="ht-wide"
          value={account_id}
          options={sending.map(({ id, name }) => ({ value: id, label: plainText(name) }))}
          onChange={(next) => {
            setChosen(next);
            onChange(null);
          }}
        />
      ) : null}
      <Select
        aria-label={label}
        className="ht-wide"
        allowClear
        value={value}
        placeholder={label}
        loading={chats.isFetching}
        showSearch={{ filterOption: false, onSearch: setWanted }}
        notFoundContent={t("chatSelect.nothing")}
        options={(chats.data?.items ?? []).filter(({ state }) => state === "in").map(({ id, name, external_id }) => ({ value: id, label: plainText(name || external_id) }))}
        onChange={(next: string | undefined) => { onChange(next ?? null); }}
      />
    </div>
  );
}
