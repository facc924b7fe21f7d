/** antd's Select, whose open list has the name of its field. (antd leaves the list without one.) */
import { Select as Bare, type SelectProps } from "antd";
import type { BaseOptionType, DefaultOptionType } from "antd/es/select";
import { useLayoutEffect, useRef, type ReactNode } from "react";

const LIST = "_list";

/** The name stands on the field, in its label or as aria-label; the list's id begins with the field's. A list that scrolls can be focused. */
function nameList(place: HTMLElement | null): void {
  const list = place?.querySelector(`[role=listbox][id$=${LIST}]`);
  const field = list && document.getElementById(list.id.slice(0, -LIST.length));
  const name = field?.getAttribute("aria-label") ?? (field instanceof HTMLInputElement ? field.labels?.[0]?.textContent : null);
  if (name) list?.setAttribute("aria-label", name);
  list?.closest(".ant-select-dropdown-list-holder")?.setAttribute("tabindex", "0");
}

export function NamedList({ children }: { children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  // After every change of the options: an empty list is another element than a full one.
  useLayoutEffect(() => {
    nameList(place.current);
  });
  return <div ref={place}>{children}</div>;
}

export function Select<Value = unknown, Option extends BaseOptionType | DefaultOptionType = DefaultOptionType>(props: SelectProps<Value, Option>) {
  return <Bare<Value, Option> {...props} popupRender={(list) => <NamedList>{list}</NamedList>} />;
}
