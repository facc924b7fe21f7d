/** A journey: drawn, published, watched, tried. Every change is kept as it is made. */
import { ReactFlowProvider } from "@xyflow/react";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { App, Segmented, Skeleton, Tag } from "antd";
import { useCallback, useEffect, useReducer, useRef, useState, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";

import { ApiProblem } from "../../api/problem";
import { useMay, useWorkspacePath } from "../../app/session";
import { usePageName } from "../../app/usePageName";
import { ErrorState } from "../../kit/ErrorState";
import { SafeText } from "../../kit/SafeText";
import { ConflictDialog } from "./dialogs";
import { move } from "./edits";
import { beginning, drafted, type Operation } from "./drafting";
import { DrawView } from "./DrawView";
import { parseJourneySearch, VIEWS, type JourneySearch, type View } from "./filters";
import { drawingOf, type Drawing } from "./graph";
import { JourneyActions } from "./JourneyActions";
import { arranged } from "./layout";
import { keeper, localDraft, sameDrawing, startOf } from "./keeping";
import { NumbersView } from "./NumbersView";
import { PublishDialog } from "./PublishDialog";
import { askJourney, putDraft, useJourney, useJourneysChanged, type Journey, type Problem } from "./queries";
import { StateTag } from "./StateTag";
import { TrialView } from "./TrialView";
import { VersionsView } from "./VersionsView";
import { useLexicon } from "./words";
import "../../members/members.css";
import "../shared/shared.css";
import "./journeys.css";

interface Answer {
  problems: Problem[];
}

/** The draft in this browser and on the server, and what became of the last save. */
function useKept(journey: Journey) {
  const { workspace_id } = useWorkspacePath();
  const [{ start, kept }] = useState(() => {
    const local = localDraft(workspace_id, journey.id);
    const begun = startOf(journey.draft, journey.draft_revision, local);
    // A preset knows nothing of how large nodes are drawn.
    const isNew = local === null && journey.preset !== "" && journey.draft_revision === 1 && journey.published_number === null;
    const drawing = isNew ? move(begun.drawing, arranged(begun.drawing)) : begun.drawing;
    const put = async (graph: Parameters<typeof putDraft>[2], revision: number) => {
      try {
        return { kept: await putDraft(workspace_id, journey.id, graph, revision) };
      } catch (error) {
        if (!(error instanceof ApiProblem) || error.code !== "journey_changed") throw error;
        const { by, revision: theirs } = error.params;
        return { changed: { by: typeof by === "string" ? by : "", revision: typeof theirs === "number" ? theirs : revision } };
      }
    };
    return { start: { ...begun, drawing, isNew }, kept: keeper<Answer>({ workspace_id, journey_id: journey.id, revision: begun.restored && local ? local.revision : journey.draft_revision, put }) };
  });
  const keeping = useSyncExternalStore(kept.subscribe, kept.snapshot);
  return { start, kept, keeping, workspace_id };
}

function Workbench({ journey }: { journey: Journey }) {
  const { t } = useTranslation(["journeys", "common"]);
  const { message } = App.useApp();
  const navigate = useNavigate({ from: "/automation/journeys/$journeyId" });
  const search = parseJourneySearch(useSearch({ from: "/_in/automation/journeys/$journeyId" }));
  const mayManage = useMay("automations.manage");
  const changed = useJourneysChanged();
  const { start, kept, keeping, workspace_id } = useKept(journey);
  const [draft, dispatch] = useReducer(drafted, start.drawing, beginning);
  const lexicon = useLexicon(draft.drawing);
  const [publishing, setPublishing] = useState(false);
  const [theirs, setTheirs] = useState<{ drawing: Drawing; revision: number } | null>(null);
  const view = search.view ?? "draw";
  const onSearch = useCallback((next: JourneySearch) => {
    void navigate({ search: (previous) => ({ ...(previous.workspace ? { workspace: previous.workspace } : {}), ...(previous.community ? { community: previous.community } : {}), ...next }), replace: true });
  }, [navigate]);

  // What the browser had and the server had not is saved at once.
  const told = useRef(start.restored || (start.isNew && mayManage) ? null : start.drawing);
  useEffect(() => {
    if (told.current === draft.drawing) return;
    told.current = draft.drawing;
    kept.changed(draft.drawing);
  }, [draft.drawing, kept]);
  useEffect(() => () => void kept.flush(), [kept]);
  useEffect(() => {
    if (start.restored) void message.info(t("keep.restored"));
  }, [start, message, t]);

  const problems = keeping.answer?.problems ?? journey.problems;
  const hasChanges = journey.published_number === null || journey.has_unpublished_changes || keeping.state.kind !== "saved" || keeping.revision !== journey.draft_revision;

  const conflict = keeping.state.kind === "conflict" ? keeping.state : null;
  const contested = conflict?.revision;
  useEffect(() => {
    if (contested === undefined) return;
    askJourney(workspace_id, journey.id).then(
      (latest) => { setTheirs({ drawing: drawingOf(latest.draft), revision: latest.draft_revision }); },
      (error: unknown) => void message.error(error instanceof ApiProblem ? error.detail : t("action.failed")),
    );
  }, [contested, workspace_id, journey.id, message, t]);

  const replace = (drawing: Drawing) => { dispatch({ kind: "replace", drawing, now: Date.now() }); };
  const settle = (mine: boolean) => {
    if (!theirs) return;
    const drawn = draft.drawing;
    replace(theirs.drawing);
    if (mine) replace(drawn);
    else told.current = theirs.drawing;
    kept.rest(theirs.revision, mine ? drawn : null);
    if (mine) told.current = drawn;
    setTheirs(null);
    void message.info(t(mine ? "conflict.keptMine" : "conflict.keptTheirs"));
  };

  const save = useCallback(async (): Promise<number | null> => {
    await kept.flush();
    const { state, revision } = kept.snapshot();
    return state.kind === "saved" ? revision : null;
  }, [kept]);

  const show = (next: View) => { onSearch(next === "draw" ? {} : { view: next }); };
  const run = dispatch as (operation: Operation) => void;
  return (
    <div className="ht-jpage">
      <header className="ht-jh">
        <div className="ht-jh-name">
          <Link to="/automation/journeys">{t("title")}</Link>
          <span aria-hidden>/</span>
          <h1><SafeText text={journey.name} clip /></h1>
          <StateTag state={journey.state} />
          {journey.published_number !== null && hasChanges ? <Tag variant="outlined">{t("list.changed")}</Tag> : null}
        </div>
        <Segmented<View> className="ht-jh-views" aria-label={t("views.label")} value={view} options={VIEWS.map((value) => ({ value, label: t(`views.${value}`) }))} onChange={show} />
        <div className="ht-jh-actions"><JourneyActions journey={journey} hasChanges={hasChanges} onPublish={() => { setPublishing(true); }} /></div>
      </header>
      <ReactFlowProvider key={view}>
        {view === "draw" ? (
          <DrawView draft={draft} dispatch={run} lexicon={lexicon} problems={problems} state={keeping.state} onRetry={() => void kept.flush()} mayChange={mayManage} />
        ) : view === "numbers" ? (
          <NumbersView journey={journey} lexicon={lexicon} search={search} onSearch={onSearch} />
        ) : view === "trial" ? (
          <TrialView journey={journey} drawing={draft.drawing} lexicon={lexicon} onSave={save} />
        ) : (
          <VersionsView
            journey={journey}
            lexicon={lexicon}
            version={search.version === undefined ? null : Number(search.version)}
            onVersion={(version) => { onSearch({ view: "versions", version: String(version) }); }}
            onTake={
              mayManage
                ? (drawing) => {
                    if (sameDrawing(drawing, draft.drawing)) void message.info(t("versions.same"));
                    else {
                      replace(drawing);
                      void message.info(t("versions.taken"));
                    }
                    show("draw");
                  }
                : null
            }
          />
        )}
      </ReactFlowProvider>
      {publishing ? (
        <PublishDialog
          journey={journey}
          drawing={draft.drawing}
          lexicon={lexicon}
          onSave={save}
          onProblem={(problem) => {
            setPublishing(false);
            show("draw");
            dispatch({ kind: "choose", ids: problem.node === "" ? [] : [problem.node] });
          }}
          onClose={() => {
            setPublishing(false);
            void changed();
          }}
        />
      ) : null}
      {conflict ? <ConflictDialog by={conflict.by} mine={draft.drawing} theirs={theirs?.drawing ?? null} onTheirs={() => { settle(false); }} onMine={() => { settle(true); }} /> : null}
    </div>
  );
}

export function JourneyPage() {
  const { t } = useTranslation(["journeys", "common"]);
  const { journeyId } = useParams({ from: "/_in/automation/journeys/$journeyId" });
  const { data, error, refetch } = useJourney(journeyId);
  usePageName(data?.name);
  if (data) return <Workbench key={data.id} journey={data} />;
  return (
    <div className="ht-page">
      {error ? <ErrorState error={error} onRetry={() => void refetch()} /> : <div className="ht-card" role="status" aria-label={t("common:loading")}><Skeleton active paragraph={{ rows: 12 }} /></div>}
    </div>
  );
}
