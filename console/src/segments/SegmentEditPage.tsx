/** A new segment, or the change of one: the condition at the left, what it comes to at the right. */
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { App, Button, Input, Skeleton } from "antd";
import { useEffect, useId, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import { ApiProblem } from "../api/problem";
import { useCommunity } from "../app/CommunitySwitcher";
import { useSession, useWorkspacePath } from "../app/session";
import { usePageName } from "../app/usePageName";
import { formatDateTime } from "../format/dates";
import { useLanguage } from "../i18n/useLanguage";
import { ErrorState } from "../kit/ErrorState";
import { Leaving } from "../kit/Leaving";
import { PageHeader } from "../kit/PageHeader";
import { Select } from "../kit/Select";
import { plainText } from "../kit/safeText";
import { dropDraft, keepDraft, readDraft, sameDraft, type Draft, type StoredDraft } from "./draft";
import { ConditionEditor } from "./editor/ConditionEditor";
import type { Vocabulary } from "./editor/language";
import { typeOrText } from "./editor/leaf";
import { missingIn, type Problem } from "./editor/problems";
import { usePreview, useComingAndGoing } from "./preview";
import { PreviewPanel } from "./PreviewPanel";
import { useChangeSegment, useCreateSegment, useSegment, useValueSource, useVocabulary, type Segment } from "./queries";
import "../members/members.css";
import "./segments.css";

const NAME_LENGTH_MAX = 60;
const DESCRIPTION_LENGTH_MAX = 300;
const WORKSPACE = "";

const draftOf = (segment: Segment): Draft => ({
  name: segment.name,
  description: segment.description,
  community: segment.community?.id ?? null,
  condition: segment.condition ?? { kind: "all", of: [] },
});

interface EditorPageProps {
  segment: Segment | null;
  vocabulary: Vocabulary;
}

function Editing({ segment, vocabulary }: EditorPageProps) {
  const { t } = useTranslation(["segments", "common"]);
  const language = useLanguage();
  const { message } = App.useApp();
  const navigate = useNavigate();
  const { communities, workspace } = useSession();
  const { workspace_id } = useWorkspacePath();
  const chosen = useCommunity();
  const id = segment?.id ?? null;
  const ids = { name: useId(), description: useId(), community: useId() };
  const [start] = useState<Draft>(() => (segment ? draftOf(segment) : { name: "", description: "", community: chosen?.id ?? null, condition: { kind: "all", of: [{ kind: "unset" }] } }));
  const [found] = useState<StoredDraft | null>(() => readDraft(workspace_id, id));
  const [restored, setRestored] = useState(found !== null && !sameDraft(found, start));
  const [draft, setDraft] = useState<Draft>(restored && found ? { name: found.name, description: found.description, community: found.community, condition: found.condition } : start);
  const [said, setSaid] = useState<readonly Problem[]>([]);
  const [attention, setAttention] = useState(0);
  const [nameError, setNameError] = useState<string | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const saved = useRef(false);
  const nameField = useRef<HTMLInputElement>(null);
  const create = useCreateSegment();
  const change = useChangeSegment();
  const values = useValueSource();
  const isDirty = !sameDraft(draft, start);
  const version = segment?.version ?? 0;
  // What the changes rest on: the version a draft began from, so that nobody's change in between is overwritten unseen.
  const [basis, setBasis] = useState(restored && found ? found.version : version);

  useEffect(() => {
    if (saved.current) return;
    if (isDirty) keepDraft(workspace_id, id, { ...draft, at: new Date().toISOString(), version: basis });
    else dropDraft(workspace_id, id);
  }, [draft, isDirty, workspace_id, id, basis]);

  const typeOf = useMemo(() => {
    const types = new Map(vocabulary.attributes.map(({ key, type }) => [key, type]));
    return (key: string) => typeOrText(types.get(key));
  }, [vocabulary]);
  const preview = usePreview(draft.condition, draft.community, id, typeOf);
  const daysChanged = segment !== null && draft.community !== start.community;
  const conditionChanged = segment !== null && JSON.stringify(draft.condition) !== JSON.stringify(start.condition);
  const moves = useComingAndGoing(preview.asked, id, (conditionChanged || daysChanged) && preview.unfinished === 0 && preview.answer?.is_exact === true);
  // What the server says of the condition as it is now stands beside what it said at the last attempt to save.
  const problems = useMemo(() => [...said, ...preview.refused.filter(({ field }) => !said.some((one) => one.field === field))], [said, preview.refused]);
  const zone = communities.find((one) => one.id === draft.community)?.time_zone ?? workspace.time_zone;

  const edit = (next: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...next }));
    if (next.condition) setSaid([]);
    if (next.name !== undefined) setNameError(null);
  };

  function refuse(found: readonly Problem[]) {
    setSaid(found);
    setAttention((before) => before + 1);
  }

  async function submit() {
    setFailure(null);
    if (draft.name.trim() === "") {
      setNameError(t("edit.nameNeeded"));
      nameField.current?.focus();
      return;
    }
    const missing = missingIn(draft.condition, typeOf);
    if (missing.length > 0) {
      refuse(missing.map(({ field, lack }) => ({ field, message: t(`editor.missing.${lack}`) })));
      return;
    }
    try {
      const body = { name: draft.name.trim(), description: draft.description.trim(), condition: draft.condition, community_id: draft.community };
      const made = segment
        ? await change.mutateAsync({ params: { path: { workspace_id, segment_id: segment.id } }, body: { ...body, version: basis } })
        : await create.mutateAsync({ params: { path: { workspace_id } }, body: { ...body, member_ids: [] } });
      saved.current = true;
      dropDraft(workspace_id, id);
      void message.success(t("edit.saved"));
      await navigate({ to: "/members/segments/$segmentId", params: { segmentId: made.id } });
    } catch (error) {
      if (!(error instanceof ApiProblem)) throw error;
      if (error.code === "condition_refused") refuse(error.errors);
      else if (error.code === "segment_changed") {
        setFailure(error);
        setBasis(typeof error.params.version === "number" ? error.params.version : basis); // said once; saving again means it
      }
      else if (error.code === "segment_name_taken") {
        setNameError(error.detail);
        nameField.current?.focus();
      } else setFailure(error);
    }
  }

  return (
    <div className="ht-page">
      <PageHeader
        back={segment ? <Link to="/members/segments/$segmentId" params={{ segmentId: segment.id }}>{plainText(segment.name)}</Link> : <Link to="/members/segments">{t("title")}</Link>}
        title={t(segment ? "edit.title" : "edit.newTitle")}
      />
      {restored && found ? (
        <div className="ht-notice" role="status">
          <p>{t(found.version === version ? "edit.restored" : "edit.restoredOlder", { at: formatDateTime(found.at, workspace.time_zone, language) })}</p>
          <p>
            <Button
              size="small"
              onClick={() => {
                setDraft(start);
                setBasis(version);
                setRestored(false);
                setSaid([]);
              }}
            >
              {t("edit.dropDraft")}
            </Button>
          </p>
        </div>
      ) : null}
      <div className="ht-edit">
        <div className="ht-stack">
          <section className="ht-card ht-edit-names" aria-label={t("edit.names")}>
            <div>
              <label htmlFor={ids.name} className="ht-field-label">{t("edit.name")}</label>
              <Input
                id={ids.name}
                ref={(field) => {
                  nameField.current = field?.input ?? null;
                }}
                value={draft.name}
                maxLength={NAME_LENGTH_MAX}
                placeholder={t("edit.nameHint")}
                {...(nameError ? { status: "error" as const, "aria-invalid": true, "aria-describedby": `${ids.name}-error` } : {})}
                onChange={(event) => { edit({ name: event.target.value }); }}
              />
              {nameError ? <p id={`${ids.name}-error`} className="ht-field-error">{nameError}</p> : null}
            </div>
            <div>
              <label htmlFor={ids.community} className="ht-field-label">{t("edit.days")}</label>
              <Select
                id={ids.community}
                className="ht-wide"
                value={draft.community ?? WORKSPACE}
                options={[{ value: WORKSPACE, label: t("edit.workspaceDays", { zone: workspace.time_zone }) }, ...communities.map((one) => ({ value: one.id, label: `${plainText(one.name)} · ${one.time_zone}` }))]}
                onChange={(next) => { edit({ community: next === WORKSPACE ? null : next }); }}
                {...(daysChanged ? { "aria-describedby": `${ids.community}-note` } : {})}
              />
              {daysChanged ? <p id={`${ids.community}-note`} className="ht-secondary">{t("edit.daysChanged")}</p> : null}
            </div>
            <div className="ht-edit-description">
              <label htmlFor={ids.description} className="ht-field-label">{t("edit.description")}</label>
              <Input.TextArea id={ids.description} autoSize={{ minRows: 1, maxRows: 4 }} maxLength={DESCRIPTION_LENGTH_MAX} value={draft.description} onChange={(event) => { edit({ description: event.target.value }); }} />
            </div>
          </section>
          <section className="ht-card" aria-labelledby="segment-condition">
            <h2 id="segment-condition">{t("edit.condition")}</h2>
            <ConditionEditor value={draft.condition} onChange={(condition) => { edit({ condition }); }} vocabulary={vocabulary} problems={problems} attention={attention} values={values} zone={zone} />
          </section>
        </div>
        <PreviewPanel preview={preview} moves={moves}>
          {failure === null ? null : <ErrorState error={failure} compact />}
          <Button type="primary" block loading={create.isPending || change.isPending} onClick={() => void submit()}>
            {t("edit.save")}
          </Button>
        </PreviewPanel>
      </div>
      <Leaving isDirty={isDirty} saved={saved} onDrop={() => { saved.current = true; dropDraft(workspace_id, id); }} />
    </div>
  );
}

function Waiting({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useTranslation(["segments", "common"]);
  return (
    <div className="ht-page">
      {error ? (
        <ErrorState error={error} onRetry={onRetry} />
      ) : (
        <div className="ht-edit" role="status" aria-label={t("common:loading")}>
          <div className="ht-card"><Skeleton active paragraph={{ rows: 10 }} /></div>
          <div className="ht-card"><Skeleton active paragraph={{ rows: 6 }} /></div>
        </div>
      )}
    </div>
  );
}

export function NewSegmentPage() {
  const vocabulary = useVocabulary();
  if (vocabulary.data) return <Editing segment={null} vocabulary={vocabulary.data} />;
  return <Waiting error={vocabulary.error} onRetry={() => void vocabulary.refetch()} />;
}

export function SegmentEditPage() {
  const { segmentId } = useParams({ from: "/_in/members/segments/$segmentId/edit" });
  const vocabulary = useVocabulary();
  const segment = useSegment(segmentId);
  usePageName(segment.data?.name);
  if (vocabulary.data && segment.data) return <Editing key={segment.data.id} segment={segment.data} vocabulary={vocabulary.data} />;
  return (
    <Waiting
      error={vocabulary.error ?? segment.error}
      onRetry={() => {
        void vocabulary.refetch();
        void segment.refetch();
      }}
    />
  );
}
