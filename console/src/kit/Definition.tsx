/** The question mark beside a number: what it means, how it is counted, and the page of the docs that says it in full. */
import { QuestionCircleOutlined } from "@ant-design/icons";
import { Popover } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

export interface DefinitionText {
  text: string;
  /** Such as "DAU ÷ MAU". */
  formula?: string;
  href?: string;
}

export function Definition({ label, definition }: { label: string; definition: DefinitionText }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover
      trigger={["hover", "focus"]}
      open={isOpen}
      onOpenChange={setOpen}
      content={
        <div className="ht-definition">
          <p>{definition.text}</p>
          {definition.formula ? <code>{definition.formula}</code> : null}
          {definition.href ? (
            <a href={definition.href} target="_blank" rel="noreferrer">
              {t("learnMore")}
              <span className="ht-visually-hidden"> ({t("opensInNewTab")})</span>
            </a>
          ) : null}
        </div>
      }
    >
      {/* A click opens it too, and never closes what the focus that came with it has opened. */}
      <button type="button" className="ht-icon-button" aria-label={label} onClick={() => { setOpen(true); }}>
        <QuestionCircleOutlined />
      </button>
    </Popover>
  );
}
