/** antd's AutoComplete, whose open list has the name of its field, as that of Select.tsx. */
import { AutoComplete as Bare, type AutoCompleteProps } from "antd";

import { NamedList } from "./Select";

export function AutoComplete(props: AutoCompleteProps<string>) {
  return <Bare<string> {...props} popupRender={(list) => <NamedList>{list}</NamedList>} />;
}
