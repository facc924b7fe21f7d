/** A value to take away: an id, a link, a key. Works without the clipboard API, which plain http does not have. */
import { CheckOutlined, CopyOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { useEffect, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

const SHOWN_MILLISECONDS = 2_000;

interface CopyFieldProps {
  label: string;
  value: string;
  /** Label and value on one line of text, for ids below an error. */
  inline?: boolean;
}

async function copy(field: HTMLInputElement, value: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(value);
    return true;
  } catch (error) {
    // No permission (DOMException), or no clipboard outside a secure context (TypeError): select, so that Ctrl+C works.
    if (!(error instanceof DOMException || error instanceof TypeError)) throw error;
    field.focus();
    field.select();
    return false;
  }
}

export function CopyField({ label, value, inline = false }: CopyFieldProps) {
  const { t } = useTranslation(["kit", "common"]);
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const [outcome, setOutcome] = useState<"copied" | "failed" | null>(null);

  useEffect(() => {
    if (outcome !== "copied") return;
    const timer = window.setTimeout(() => {
      setOutcome(null);
    }, SHOWN_MILLISECONDS);
    return () => {
      window.clearTimeout(timer);
    };
  }, [outcome]);

  return (
    <div className={inline ? "ht-copy ht-copy-inline" : "ht-copy"}>
      <label htmlFor={id}>{label}</label>
      <div className="ht-copy-row">
        <input
          id={id}
          ref={field}
          value={value}
          readOnly
          size={inline ? Math.min(value.length, 40) : undefined}
          spellCheck={false}
          onFocus={(event) => {
            event.target.select();
          }}
        />
        <Button
          type="text"
          size={inline ? "small" : "middle"}
          aria-label={`${t("common:copy")} ${label}`}
          icon={outcome === "copied" ? <CheckOutlined /> : <CopyOutlined />}
          onClick={async () => {
            if (field.current) setOutcome((await copy(field.current, value)) ? "copied" : "failed");
          }}
        />
      </div>
      <span role="status" className={outcome === "failed" ? "ht-secondary" : "ht-visually-hidden"}>
        {outcome === "copied" ? t("common:copied") : outcome === "failed" ? t("copyField.failed") : ""}
      </span>
    </div>
  );
}
