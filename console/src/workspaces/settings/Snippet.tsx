/** Lines of code to take away. */
import { CheckOutlined, CopyOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

const SHOWN_MILLISECONDS = 2_000;

export function Snippet({ label, code }: { label: string; code: string }) {
  const { t } = useTranslation(["settings", "kit", "common"]);
  const block = useRef<HTMLPreElement>(null);
  const [outcome, setOutcome] = useState<"copied" | "failed" | null>(null);
  useEffect(() => {
    if (outcome !== "copied") return;
    const timer = window.setTimeout(() => { setOutcome(null); }, SHOWN_MILLISECONDS);
    return () => { window.clearTimeout(timer); };
  }, [outcome]);

  async function copy() {
    try {
      await navigator.clipboard.writeText(code);
      setOutcome("copied");
    } catch (error) {
      // No permission, or no clipboard on plain http: select, so that Ctrl+C works.
      if (!(error instanceof DOMException || error instanceof TypeError)) throw error;
      if (block.current) window.getSelection()?.selectAllChildren(block.current);
      setOutcome("failed");
    }
  }

  return (
    <figure className="ht-snippet">
      <figcaption>
        <span>{label}</span>
        <Button
          type="text"
          size="small"
          icon={outcome === "copied" ? <CheckOutlined /> : <CopyOutlined />}
          aria-label={`${t("common:copy")} ${label}`}
          onClick={() => void copy()}
        />
      </figcaption>
      <pre ref={block} tabIndex={0} role="region" aria-label={label} translate="no">
        <code>{code}</code>
      </pre>
      <span role="status" className={outcome === "failed" ? "ht-secondary" : "ht-visually-hidden"}>
        {outcome === "copied" ? t("common:copied") : outcome === "failed" ? t("kit:copyField.failed") : ""}
      </span>
    </figure>
  );
}
