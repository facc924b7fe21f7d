/** A bulk edit in words: what it does, and to whom. */
import { useTranslation } from "react-i18next";

import { useLanguage } from "../i18n/useLanguage";
import { Phrase, slot } from "../kit/Phrase";
import { SafeText } from "../kit/SafeText";
import { attributeName, attributeText } from "../members/attributeValue";
import { useAttributes } from "../members/queries";
import type { Edit } from "./queries";

export function EditWhat({ edit }: { edit: Edit }) {
  const { t } = useTranslation(["tags", "members", "common"]);
  const language = useLanguage();
  const { data } = useAttributes();
  const { add_tags, remove_tags, set, clear } = edit.change;
  const kindOf = (key: string) => data?.items.find((one) => one.key === key);
  const nameOf = (key: string) => {
    const kind = kindOf(key);
    return kind ? attributeName(kind, language) : key;
  };
  const textOf = (key: string, value: unknown) => attributeText(kindOf(key)?.type ?? "text", value, language, (yes) => t(yes ? "members:yes" : "members:no"));
  const named = (tags: typeof add_tags) => <SafeText text={tags.map(({ name }) => name).join(t("separator"))} />;
  return (
    <span className="ht-edit-what">
      {add_tags.length > 0 ? <span><Phrase text={t("edit.added", { tags: slot(0) })} parts={[<span key="tags">{named(add_tags)}</span>]} /></span> : null}
      {remove_tags.length > 0 ? <span><Phrase text={t("edit.removed", { tags: slot(0) })} parts={[<span key="tags">{named(remove_tags)}</span>]} /></span> : null}
      {Object.entries(set).map(([key, value]) => (
        <span key={key}>
          <Phrase text={t("edit.set", { name: slot(0), value: slot(1) })} parts={[<SafeText key="name" text={nameOf(key)} />, <SafeText key="value" text={textOf(key, value)} />]} />
        </span>
      ))}
      {clear.length > 0 ? <span><Phrase text={t("edit.cleared", { names: slot(0) })} parts={[<SafeText key="names" text={clear.map(nameOf).join(t("separator"))} />]} /></span> : null}
    </span>
  );
}

export function EditWhom({ edit }: { edit: Edit }) {
  const { t } = useTranslation(["tags", "common"]);
  const { kind, segment } = edit.members;
  if (kind !== "segment") return t(`edit.whom.${kind}`);
  return <Phrase text={t("edit.whom.segment", { name: slot(0) })} parts={[segment?.name ? <SafeText key="name" text={segment.name} /> : t("edit.gone")]} />;
}
