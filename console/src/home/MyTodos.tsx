/** How many to-dos are mine, and how many of them are late. */
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { formatCount } from "../format/numbers";
import { useTodoCounts } from "../todos/queries";

export function MyTodos() {
  const { t } = useTranslation(["home", "common"]);
  const { mine = 0, mine_late = 0 } = useTodoCounts().data ?? {};
  if (mine === 0) return null;
  return (
    <Link to="/communities/todos" search={{ show: "mine" }}>
      {t(mine_late > 0 ? "todos.late" : "todos.mine", { mine: formatCount(mine), late: formatCount(mine_late) })}
    </Link>
  );
}
