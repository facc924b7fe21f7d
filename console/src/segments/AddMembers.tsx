/** Adding members to a static segment: names or identities are pasted, who they mean is shown, then they are added. */
import { App, Button, Checkbox, Input, Modal } from "antd";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";

import type { components } from "../api/schema.gen";
import { useWorkspacePath } from "../app/session";
import { formatCount } from "../format/numbers";
import { ErrorState } from "../kit/ErrorState";
import { SafeText } from "../kit/SafeText";
import { MemberLink } from "../members/MemberName";
import { LINES_MAX, linesOf } from "./names";
import { useLookUp, usePutIn, type Segment } from "./queries";

type Found = components["schemas"]["LookedUp"];

const SHOWN_MAX = 200;

interface FoundListProps {
  found: readonly Found[];
  isChosen: (id: string) => boolean;
  onToggle: (id: string) => void;
}

function FoundList({ found, isChosen, onToggle }: FoundListProps) {
  const { t } = useTranslation(["segments", "common"]);
  // What needs a look comes first: lines that name nobody, then those that name several.
  const order = found.toSorted((one, other) => rank(one) - rank(other));
  return (
    <>
      <ul className="ht-found" aria-label={t("static.found")}>
        {order.slice(0, SHOWN_MAX).map(({ line, members }) => (
          <li key={line}>
            <SafeText text={line} clip />
            {members.length === 0 ? (
              <span className="ht-field-error">{t("static.nobody")}</span>
            ) : (
              <span className="ht-found-who">
                {members.map((member) => (
                  <Checkbox
                    key={member.id}
                    checked={isChosen(member.id)}
                    onChange={() => {
                      onToggle(member.id);
                    }}
                  >
                    <MemberLink member={member} />
                  </Checkbox>
                ))}
                {members.length > 1 ? <span className="ht-secondary">{t("static.several", { count: members.length })}</span> : null}
              </span>
            )}
          </li>
        ))}
      </ul>
      {order.length > SHOWN_MAX ? <p className="ht-secondary">{t("static.more", { count: order.length - SHOWN_MAX, shown: formatCount(order.length - SHOWN_MAX) })}</p> : null}
    </>
  );
}

const rank = ({ members }: Found) => (members.length === 0 ? 0 : members.length > 1 ? 1 : 2);

/** A line that names one member means them; of several, somebody has to say who. */
const meant = (found: readonly Found[]): Set<string> => new Set(found.flatMap(({ members }) => (members.length === 1 ? members.map(({ id }) => id) : [])));

export function AddMembers({ segment, onClose }: { segment: Segment; onClose: () => void }) {
  const { t } = useTranslation(["segments", "common"]);
  const { message } = App.useApp();
  const path = useWorkspacePath();
  const id = useId();
  const [text, setText] = useState("");
  const [found, setFound] = useState<readonly Found[] | null>(null);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const search = useLookUp();
  const put = usePutIn();
  const lines = linesOf(text);
  const lost = (found ?? []).filter(({ members }) => members.length === 0).length;

  async function find() {
    const { items } = await search.mutateAsync({ params: { path }, body: { lines } });
    setChosen(meant(items));
    setFound(items);
  }

  async function submit() {
    const { members } = await put.mutateAsync({ params: { path: { ...path, segment_id: segment.id } }, body: { member_ids: [...chosen] } });
    void message.success(t("static.added", { count: members, shown: formatCount(members) }));
    onClose();
  }

  const toggle = (member: string) => {
    const next = new Set(chosen);
    if (!next.delete(member)) next.add(member);
    setChosen(next);
  };
  // What went wrong is shown from the mutation itself.
  const quietly = (work: Promise<void>) => void work.catch(() => undefined);

  return (
    <Modal
      open
      title={t("static.add")}
      onCancel={onClose}
      width={600}
      footer={
        found ? (
          <>
            <Button
              onClick={() => {
                setFound(null);
              }}
            >
              {t("static.again")}
            </Button>
            <Button
              type="primary"
              disabled={chosen.size === 0}
              loading={put.isPending}
              onClick={() => {
                quietly(submit());
              }}
            >
              {t("static.submit", { count: chosen.size, shown: formatCount(chosen.size) })}
            </Button>
          </>
        ) : (
          <>
            <Button onClick={onClose}>{t("common:cancel")}</Button>
            <Button
              type="primary"
              disabled={lines.length === 0 || lines.length > LINES_MAX}
              loading={search.isPending}
              onClick={() => {
                quietly(find());
              }}
            >
              {t("static.find")}
            </Button>
          </>
        )
      }
    >
      {found ? (
        <div className="ht-stack">
          <p role="status">{t("static.summary", { members: formatCount(chosen.size), lost: formatCount(lost) })}</p>
          <FoundList found={found} isChosen={(member) => chosen.has(member)} onToggle={toggle} />
          {put.error ? <ErrorState error={put.error} compact /> : null}
        </div>
      ) : (
        <>
          <label htmlFor={id} className="ht-field-label">
            {t("static.paste")}
          </label>
          <Input.TextArea
            id={id}
            autoFocus
            rows={8}
            value={text}
            aria-describedby={`${id}-count`}
            onChange={(event) => {
              setText(event.target.value);
            }}
          />
          <p id={`${id}-count`} className={lines.length > LINES_MAX ? "ht-field-error" : "ht-secondary"}>
            {t("static.lines", { count: lines.length, shown: formatCount(lines.length), most: formatCount(LINES_MAX) })}
          </p>
          {search.error ? <ErrorState error={search.error} compact /> : null}
        </>
      )}
    </Modal>
  );
}
