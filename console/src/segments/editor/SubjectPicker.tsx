/** What a row is about: one list of everything, in sections; searched by either language, key or pinyin initials, the best fit comes first. */
import {
  IdcardOutlined,
  MessageOutlined,
  PieChartOutlined,
  SafetyCertificateOutlined,
  StarOutlined,
  TagOutlined,
  TeamOutlined,
  ThunderboltOutlined,
} from "@ant-design/icons";
import type { DefaultOptionType } from "antd/es/select";
import { useState, type ComponentType } from "react";
import { useTranslation } from "react-i18next";

import { plainText } from "../../kit/safeText";
import { Select } from "../../kit/Select";
import { useEditing } from "./context";
import type { Leaf } from "./language";
import { readSubject, subjectOf, subjectText, withSubject, type SubjectKind } from "./leaf";
import { Part } from "./Part";
import { ranked } from "./search";

export const SUBJECT_ICONS: Record<SubjectKind, ComponentType<{ "aria-hidden"?: boolean }>> = {
  attribute: IdcardOutlined,
  event: ThunderboltOutlined,
  tag: TagOutlined,
  segment: PieChartOutlined,
  community: TeamOutlined,
  group: MessageOutlined,
  score: StarOutlined,
  consent: SafetyCertificateOutlined,
};

/** The part of each kind of row that names its subject, as the server says it. */
const PARTS: Record<Leaf["kind"], string> = {
  event: "event",
  sequence: "first/event",
  attribute: "key",
  score: "score",
  tag: "tag",
  segment: "segment",
  community: "community",
  group: "group",
  consent: "purpose",
  unset: "kind",
};

interface Choice {
  value: string;
  title: string;
  label: string;
  search: string;
  /** Said where the list has no sections: among what was found. */
  kind?: SubjectKind;
}

interface SubjectPickerProps {
  leaf: Leaf;
  onChange: (leaf: Leaf) => void;
  /** The row was just added: the list is open at once. */
  opens: boolean;
}

function Found({ choice: { kind, label } }: { choice: Choice }) {
  const { t } = useTranslation(["segments", "common"]);
  if (kind === undefined) return label;
  const Icon = SUBJECT_ICONS[kind];
  return (
    <>
      <span className="ht-ce-kind" title={t(`editor.section.${kind}`)}><Icon aria-hidden /></span> {label}
    </>
  );
}

export function SubjectPicker({ leaf, onChange, opens }: SubjectPickerProps) {
  const { t } = useTranslation(["segments", "common"]);
  const { words, disabled } = useEditing();
  const [openedAtFirst] = useState(opens);
  const [typed, setTyped] = useState("");
  const subject = subjectOf(leaf);
  const kind = subject?.kind;
  const Icon = kind ? SUBJECT_ICONS[kind] : null;
  const known = subject === null || words.subjectName(subject.kind, subject.key) !== undefined;
  const sections = words.sections.map((section) => ({
    kind: section.kind,
    label: t(`editor.section.${section.kind}`),
    title: t(`editor.section.${section.kind}`),
    options: section.options.map(({ value, label, search }): Choice => ({ value, title: label, label, search })),
  }));
  const found: Choice[] | null = typed.trim() === "" ? null : ranked(sections, typed).map(({ option, section }): Choice => ({ ...option, kind: section.kind }));
  const value = subject ? subjectText(subject) : null;
  const missing = subject && !known ? [{ label: t("editor.gone"), title: t("editor.gone"), options: [{ value: subjectText(subject), title: plainText(subject.key), label: plainText(subject.key), search: subject.key }] }] : [];
  const options: DefaultOptionType[] = found ?? [...missing, ...sections];
  return (
    <Part at={PARTS[leaf.kind]} label={kind ? t(`editor.section.${kind}`) : t("editor.subject")} className="ht-ce-subject">
      {(control) => (
        <Select
          {...control}
          className={known ? "ht-wide" : "ht-wide ht-ce-gone"}
          disabled={disabled}
          defaultOpen={openedAtFirst}
          placeholder={t("editor.subjectHint")}
          value={value}
          options={options}
          optionRender={({ data }) => <Found choice={data as unknown as Choice} />}
          {...(Icon && kind ? { prefix: <span className="ht-ce-kind" title={t(`editor.section.${kind}`)}><Icon aria-hidden /></span> } : {})}
          popupMatchSelectWidth={320}
          listHeight={360}
          notFoundContent={t("editor.subjectNone")}
          showSearch={{ onSearch: setTyped, filterOption: false }}
          onChange={(next: string | null) => {
            setTyped("");
            const chosen = next === null ? null : readSubject(next);
            if (chosen) onChange(withSubject(leaf, chosen, words.attributeType));
          }}
        />
      )}
    </Part>
  );
}
