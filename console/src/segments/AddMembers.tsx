/** Adding members to a static segment: names or identities are pasted, who they mean is shown, then they are added. */
import { useQuery } from "@tanstack/react-query";
import { App, Button, Checkbox, Input, Modal } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";

import { api } from "../api/client";
import { useWorkspacePath } from "../app/session";
import { formatCount } from "../format/numbers";
import { ErrorState } from "../kit/ErrorState";
import { SafeText } from "../kit/SafeText";
import { MemberLink } from "../members/MemberName";
import { MEMBERS } from "../members/queries";
import { LINES_MAX, linesOf, meant, type Found } from "./names";
import { useAddMembers, type Segment } from "./queries";

const AT_ONCE = 4;
const CANDIDATES_MAX = 10;

/** A few searches at a time. */
async function findAll(workspace_id: string, lines: readonly string[], signal: AbortSignal): Promise<Found[]> {
  const found: Found[] = [];
  for (let start = 0; start < lines.length; start += AT_ONCE) {
    const some = await Promise.all(
      lines.slice(start, start + AT_ONCE).map(async (line): Promise<Found> => {
        const { data } = await api.GET(MEMBERS, { params: { path: { workspace_id }, query: { q: line.slice(0, 100), limit: CANDIDATES_MAX } }, signal });
        return { line, members: meant(line, data?.items ?? []) };
      }),
    );
    found.push(...some);
  }
  return found;
}

function FoundList({ found, isOut, onToggle }: { found: readonly Found[]; isOut: (id: string) => boolean; onToggle: (id: string) => void }) {
  const { t } = useTranslation(["segments", "common"]);
  return (
    <ul className="ht-found" aria-label={t("static.found")}>
      {found.map(({ line, members }) => (
        <li key={line}>
          <SafeText text={line} clip />
          {members.length === 0 ? (
            <span className="ht-field-error">{t("static.nobody")}</span>
          ) : (
            <span className="ht-found-who">
              {members.map((member) => (
                <Checkbox key={member.id} checked={!isOut(member.id)} onChange={() => { onToggle(member.id); }}>
                  <MemberLink member={member} />
                </Checkbox>
              ))}
              {members.length > 1 ? <span className="ht-secondary">{t("static.several", { count: members.length })}</span> : null}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

export function AddMembers({ segment, onClose }: { segment: Segment; onClose: () => void }) {
  const { t } = useTranslation(["segments", "common"]);
  const { message } = App.useApp();
  const { workspace_id } = useWorkspacePath();
  const id = useId();
  const [text, setText] = useState("");
  const [asked, setAsked] = useState<string[] | null>(null);
  const [out, setOut] = useState<ReadonlySet<string>>(new Set());
  const add = useAddMembers(segment.id);
  const search = useQuery({
    queryKey: ["static-members", workspace_id, asked],
    queryFn: ({ signal }) => findAll(workspace_id, asked ?? [], signal),
    enabled: asked !== null,
  });
  const lines = linesOf(text);
  const found = asked === null ? undefined : search.data;
  const ids = [...new Set((found ?? []).flatMap(({ members }) => members.map((member) => member.id)))].filter((one) => !out.has(one));
  const lost = (found ?? []).filter(({ members }) => members.length === 0).length;

  async function submit() {
    await add.mutateAsync(ids);
    void message.success(t("static.added", { count: ids.length, shown: formatCount(ids.length) }));
    onClose();
  }

  return (
    <Modal
      open
      title={t("static.add")}
      onCancel={onClose}
      width={600}
      footer={
        found ? (
          <>
            <Button onClick={() => { setAsked(null); }}>{t("static.again")}</Button>
            <Button type="primary" disabled={ids.length === 0} loading={add.isPending} onClick={() => void submit().catch(() => undefined)}>
              {t("static.submit", { count: ids.length, shown: formatCount(ids.length) })}
            </Button>
          </>
        ) : (
          <>
            <Button onClick={onClose}>{t("common:cancel")}</Button>
            <Button type="primary" disabled={lines.length === 0 || lines.length > LINES_MAX} loading={asked !== null && search.isFetching} onClick={() => { setOut(new Set()); setAsked(lines); }}>
              {t("static.find")}
            </Button>
          </>
        )
      }
    >
      {found ? (
        <div className="ht-stack">
          <p role="status">{t("static.summary", { members: formatCount(ids.length), lost: formatCount(lost) })}</p>
          <FoundList found={found} isOut={(one) => out.has(one)} onToggle={(one) => { setOut(new Set(out.has(one) ? [...out].filter((other) => other !== one) : [...out, one])); }} />
          {add.error ? <ErrorState error={add.error} compact /> : null}
        </div>
      ) : (
        <>
          <label htmlFor={id} className="ht-field-label">{t("static.paste")}</label>
          <Input.TextArea id={id} autoFocus rows={8} value={text} aria-describedby={`${id}-count`} onChange={(event) => { setText(event.target.value); }} />
          <p id={`${id}-count`} className={lines.length > LINES_MAX ? "ht-field-error" : "ht-secondary"}>
            {t("static.lines", { count: lines.length, shown: formatCount(lines.length), most: formatCount(LINES_MAX) })}
          </p>
          {search.error && asked !== null ? <ErrorState error={search.error} onRetry={() => void search.refetch()} compact /> : null}
        </>
      )}
    </Modal>
  );
}
