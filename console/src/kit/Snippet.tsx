/** Lines of code to take away. */
import { CheckOutlined, CopyOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

const SHOWN_MILLISECONDS = 2_000;

interface SnippetProps {
  label: string;
  code: string;
  /** The text around it has said the label already. */
  bare?: boolean;
}

export function Snippet({ label, code, bare = false }: SnippetProps) {
  const { t } = useTranslation(["kit", "common"]);
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
    <figure className={bare ? "ht-snippet ht-snippet-bare" : "ht-snippet"}>
      <figcaption>
        {bare ? null : <span>{label}</span>}
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
        {outcome === "copied" ? t("common:copied") : outcome === "failed" ? t("copyField.failed") : ""}
      </span>
    </figure>
  );
}
