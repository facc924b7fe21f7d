/** Choosing a time zone by its name; the offset of today stands beside it. */
import { useState } from "react";

import { formatZone } from "../format/dates";
import { Select } from "./Select";

interface TimeZoneSelectProps {
  value?: string;
  onChange?: (zone: string) => void;
  id?: string;
  disabled?: boolean;
  "aria-label"?: string;
}

/** The zone of this browser, as a first guess. */
export const browserZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || "Asia/Shanghai";

const labels = new Map<string, string>();

function label(zone: string): string {
  const known = labels.get(zone);
  if (known !== undefined) return known;
  let text = zone;
  try {
    text = formatZone(new Date(), zone);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // a zone that this browser does not know keeps its bare name
  }
  labels.set(zone, text);
  return text;
}

export function TimeZoneSelect({ value, onChange, ...rest }: TimeZoneSelectProps) {
  const [opened, setOpened] = useState(false);
  // Four hundred offsets are worked out only when somebody looks.
  const zones = opened ? [...new Set([value ?? "UTC", "Asia/Shanghai", ...Intl.supportedValuesOf("timeZone"), "UTC"])] : [value ?? "UTC"];
  return (
    <Select
      {...rest}
      {...(value === undefined ? {} : { value })}
      {...(onChange ? { onChange } : {})}
      showSearch={{ optionFilterProp: "label" }}
      onOpenChange={(open) => {
        if (open) setOpened(true);
      }}
      options={zones.map((zone) => ({ value: zone, label: label(zone) }))}
    />
  );
}
