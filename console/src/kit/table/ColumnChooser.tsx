/** The button at the head of a table that shows and hides its columns. */
import { SettingOutlined } from "@ant-design/icons";
import { Button, Checkbox, Popover } from "antd";
import { useTranslation } from "react-i18next";

import type { useColumns } from "./columns";

interface Column {
  key: string;
  title: string;
  fixed?: boolean;
}

interface ColumnChooserProps<C extends Column> {
  columns: readonly C[];
  chooser: ReturnType<typeof useColumns<C>>;
}

export function ColumnChooser<C extends Column>({ columns, chooser }: ColumnChooserProps<C>) {
  const { t } = useTranslation(["kit", "common"]);
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      content={
        <fieldset className="ht-columns">
          <legend>{t("table.chooseColumns")}</legend>
          {columns.map((column) => (
            <Checkbox
              key={column.key}
              checked={chooser.isShown(column)}
              disabled={column.fixed === true}
              onChange={() => {
                chooser.toggle(column);
              }}
            >
              {column.title}
            </Checkbox>
          ))}
          <Button type="link" size="small" disabled={!chooser.changed} onClick={chooser.reset}>
            {t("table.resetColumns")}
          </Button>
        </fieldset>
      }
    >
      <Button type="text" icon={<SettingOutlined aria-hidden />}>
        {t("table.columns")}
      </Button>
    </Popover>
  );
}
