/** The files were refused because nobody can tell how their text is written: the person says it, and they go again. */
import { Button } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import { Select } from "../kit/Select";
import { encodingOptions } from "./encodings";
import { Field } from "./Field";

interface AskEncodingProps {
  /** The one that was tried; empty: none. */
  tried: string;
  onChoose: (encoding: string) => void;
}

export function AskEncoding({ tried, onChoose }: AskEncodingProps) {
  const { t } = useTranslation(["imports", "common"]);
  const [encoding, setEncoding] = useState<string | null>(tried || null);
  return (
    <form
      className="ht-card ht-import-encoding"
      onSubmit={(event) => {
        event.preventDefault();
        if (encoding !== null) onChoose(encoding);
      }}
    >
      <Field label={t("reading.encoding")} hint={t("reading.encodingAsk")}>
        {(id, label) => (
          <Select id={id} aria-label={label} className="ht-import-wide" placeholder={t("place.choose")} value={encoding} options={encodingOptions} onChange={setEncoding} />
        )}
      </Field>
      <Button type="primary" htmlType="submit" disabled={encoding === null}>
        {t("reading.encodingSend")}
      </Button>
    </form>
  );
}
