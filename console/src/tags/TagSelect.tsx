/** Choosing tags by name; each option shows its colour. */
import { useTranslation } from "react-i18next";

import { Select } from "../kit/Select";
import { plainText } from "../kit/safeText";
import { TagChip } from "./TagChip";
import { useTags, type Tag } from "./queries";

interface TagSelectProps {
  id?: string;
  label: string;
  /** Those that cannot be chosen are left out. */
  fits?: (tag: Tag) => boolean;
  autoFocus?: boolean;
}

interface OneTagProps extends TagSelectProps {
  value?: string | null;
  onChange?: (id: string) => void;
  disabled?: boolean;
  status?: "error";
  "aria-invalid"?: boolean;
  "aria-describedby"?: string;
}

function useOptions(fits: ((tag: Tag) => boolean) | undefined) {
  const { data, isPending } = useTags();
  const tags = (data?.items ?? []).filter((tag) => fits?.(tag) ?? true);
  return { isPending, options: tags.map((tag) => ({ value: tag.id, label: plainText(tag.name), tag })) };
}

export function TagSelect({ id, label, fits, autoFocus = false, value, onChange, ...state }: OneTagProps) {
  const { t } = useTranslation(["tags", "common"]);
  const { isPending, options } = useOptions(fits);
  return (
    <Select
      {...(id ? { id } : {})}
      className="ht-wide"
      aria-label={label}
      placeholder={t("choose")}
      autoFocus={autoFocus}
      loading={isPending}
      showSearch={{ optionFilterProp: "label" }}
      notFoundContent={t("noneFits")}
      value={value ?? null}
      {...state}
      options={options}
      optionRender={({ data }) => <TagChip tag={data.tag} />}
      onChange={(next: string | null) => {
        if (next !== null) onChange?.(next);
      }}
    />
  );
}

export function TagsSelect({ id, label, fits, autoFocus = false, value, onChange }: TagSelectProps & { value?: string[]; onChange?: (ids: string[]) => void }) {
  const { t } = useTranslation(["tags", "common"]);
  const { isPending, options } = useOptions(fits);
  return (
    <Select
      {...(id ? { id } : {})}
      className="ht-wide"
      mode="multiple"
      aria-label={label}
      placeholder={t("chooseSeveral")}
      autoFocus={autoFocus}
      loading={isPending}
      showSearch={{ optionFilterProp: "label" }}
      notFoundContent={t("noneFits")}
      value={value ?? []}
      options={options}
      optionRender={({ data }) => <TagChip tag={data.tag} />}
      onChange={(next: string[]) => onChange?.(next)}
    />
  );
}
