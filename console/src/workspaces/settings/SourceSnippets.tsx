/** How to send: from a shell, from a page. */
import { Segmented } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Snippet } from "../../kit/Snippet";
import { curlCall, scriptCall } from "./snippets";

type Way = "curl" | "script";

export function SourceSnippets({ write_key }: { write_key: string }) {
  const { t } = useTranslation(["settings", "common"]);
  const [way, setWay] = useState<Way>("curl");
  const { origin } = window.location;
  return (
    <div className="ht-stack">
      <div><Segmented<Way>
        aria-label={t("source.how")}
        value={way}
        onChange={setWay}
        options={[
          { value: "curl", label: t("source.curl") },
          { value: "script", label: t("source.script") },
        ]}
      /></div>
      {way === "curl" ? <Snippet label={t("source.curl")} code={curlCall(origin, write_key)} /> : <Snippet label={t("source.script")} code={scriptCall(origin, write_key)} />}
    </div>
  );
}
