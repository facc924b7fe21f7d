/** The drawer of what is chosen: a node, a comment, several, or the journey as a whole. */
import { CloseOutlined, DeleteOutlined, ExpandAltOutlined, ShrinkOutlined } from "@ant-design/icons";
import { Button, Input } from "antd";
import { useEffect, useRef, type ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Labelled } from "../shared/Labelled";
import { NO_ERRORS, type Errors } from "../shared/errors";
import type { Problem } from "./queries";
import type { Change } from "./drafting";
import { nodeOf } from "./edits";
import { EntryForm } from "./forms/EntryForm";
import { ActionNodeForm, GoalForm, GoToForm, LimitForm } from "./forms/FlowForms";
import type { StepFormProps } from "./forms/form";
import { BranchForm, EventBranchForm, SplitForm } from "./forms/TurnForms";
import { WaitDateForm, WaitEventForm, WaitForm, WaitTimeForm } from "./forms/WaitForms";
import { WholeForm } from "./forms/WholeForm";
import { NAME_LENGTH_MAX, NOTE_LENGTH_MAX, portsOf, type Comment, type Drawing, type JourneyNode } from "./graph";
import { StepIcon } from "./icons";
import { portName, titleOf, type Lexicon } from "./words";

const COMMENT_LENGTH_MAX = 2_000;

function KindForm(props: StepFormProps<JourneyNode>) {
  const { node } = props;
  switch (node.kind) {
    case "entry":
      return <EntryForm {...props} node={node} />;
    case "wait":
      return <WaitForm {...props} node={node} />;
    case "wait_time":
      return <WaitTimeForm {...props} node={node} />;
    case "wait_date":
      return <WaitDateForm {...props} node={node} />;
    case "wait_event":
      return <WaitEventForm {...props} node={node} />;
    case "branch":
      return <BranchForm {...props} node={node} />;
    case "event_branch":
      return <EventBranchForm {...props} node={node} />;
    case "split":
      return <SplitForm {...props} node={node} />;
    case "action":
      return <ActionNodeForm {...props} node={node} />;
    case "limit":
      return <LimitForm {...props} node={node} />;
    case "go_to":
      return <GoToForm {...props} node={node} />;
    case "goal":
      return <GoalForm {...props} node={node} />;
    default:
      return null;
  }
}

/** Those of a node; of the whole where it is "". */
const errorsFor = (problems: readonly Problem[], node: string, language: "zh" | "en"): Errors => {
  const own = problems.filter((one) => one.node === node);
  return own.length === 0 ? NO_ERRORS : own.map((one) => ({ field: one.field, message: one[language] }));
};

interface StepPanelProps {
  drawing: Drawing;
  chosen: readonly string[];
  problems: readonly Problem[];
  lexicon: Lexicon;
  run: (change: Change) => void;
  disabled: boolean;
  /** A new number sends the focus into the form: to the first thing that is wrong, else to the first field. */
  attention: number;
  isWide: boolean;
  onWide: ((wide: boolean) => void) | null;
  /** null: it stays while nothing is chosen. */
  onClose: (() => void) | null;
  /** Said below the form where it cannot be changed. */
  children?: ReactNode;
}

interface HeadProps extends Pick<StepPanelProps, "isWide" | "onWide" | "onClose"> {
  title: ReactNode;
  onRemove?: (() => void) | undefined;
}

function Head({ title, isWide, onWide, onClose, onRemove }: HeadProps) {
  const { t } = useTranslation(["journeys", "common"]);
  return (
    <header className="ht-jd-head">
      <h2>{title}</h2>
      {onRemove ? <Button type="text" danger icon={<DeleteOutlined />} aria-label={t("panel.remove")} onClick={onRemove} /> : null}
      {onWide ? <Button type="text" icon={isWide ? <ShrinkOutlined /> : <ExpandAltOutlined />} aria-label={t(isWide ? "panel.narrow" : "panel.wide")} onClick={() => { onWide(!isWide); }} /> : null}
      {onClose ? <Button type="text" icon={<CloseOutlined />} aria-label={t("panel.close")} onClick={onClose} /> : null}
    </header>
  );
}

const FOCUSABLE = "input:not([type=hidden]):not(:disabled), textarea:not(:disabled), button:not(:disabled), select";

/** Where something is wrong, else where there is something to fill in. */
function firstField(form: HTMLElement): HTMLElement | null {
  const wrong = form.querySelector<HTMLElement>("[aria-invalid=true]") ?? form.querySelector<HTMLElement>("[data-field-error]")?.querySelector<HTMLElement>(FOCUSABLE);
  return wrong ?? form.querySelector<HTMLElement>(`.ht-jd-kind :is(${FOCUSABLE})`) ?? form.querySelector<HTMLElement>(FOCUSABLE);
}

export function StepPanel(props: StepPanelProps) {
  const { drawing, chosen, problems, lexicon, run, disabled, attention, children, ...frame } = props;
  const { t } = useTranslation(["journeys", "common"]);
  const body = useRef<HTMLDivElement>(null);
  const [only] = chosen;
  const node = chosen.length === 1 && only !== undefined ? nodeOf(drawing, only) : undefined;
  const comment = chosen.length === 1 ? drawing.comments.find(({ id }) => id === only) : undefined;

  const heeded = useRef(attention);
  useEffect(() => {
    if (heeded.current === attention || !body.current) return;
    heeded.current = attention;
    const target = firstField(body.current);
    target?.focus();
    target?.scrollIntoView({ block: "nearest" });
  });

  if (node) {
    const errors = errorsFor(problems, node.id, lexicon.language);
    const ports = portsOf(node);
    const unplaced = errors.filter(({ field }) => field === "" || ports.includes(field));
    const put = (next: JourneyNode, field?: string) => { run({ kind: "put", node: next, ...(field === undefined ? {} : { field }) }); };
    return (
      <div className="ht-jd" ref={body} key={node.id}>
        <Head {...frame} title={<><StepIcon kind={node.kind} action={node.kind === "action" ? lexicon.actions.find(({ name }) => name === node.action) : undefined} /> {node.kind === "action" ? titleOf({ ...node, name: "" }, lexicon) : t(`kind.${node.kind}`)}</>} onRemove={disabled ? undefined : () => { run({ kind: "remove", ids: [node.id] }); }} />
        <div className="ht-jd-body">
          <p className="ht-secondary">{t(`about.${node.kind}`)}</p>
          {unplaced.length > 0 ? <ul className="ht-jf-general">{unplaced.map(({ field, message }) => <li key={`${field} ${message}`} className="ht-field-error">{field === "" ? message : t("panel.atPort", { port: portName(node, field, lexicon), message })}</li>)}</ul> : null}
          <div className="ht-jd-kind">
            <KindForm node={node} put={put} errors={errors} attention={attention} disabled={disabled} drawing={drawing} lexicon={lexicon} />
          </div>
          <Labelled label={t("panel.name")} error={errors.find(({ field }) => field === "name")?.message}>
            {(control) => <Input {...control} maxLength={NAME_LENGTH_MAX} disabled={disabled} placeholder={titleOf({ ...node, name: "" }, lexicon)} value={node.name ?? ""} onChange={(event) => { put({ ...node, name: event.target.value }, "name"); }} />}
          </Labelled>
          <Labelled label={t("panel.note")} hint={t("panel.noteHint")}>
            {({ status, ...control }) => <Input.TextArea {...control} {...(status ? { status } : {})} autoSize={{ minRows: 2, maxRows: 6 }} maxLength={NOTE_LENGTH_MAX} disabled={disabled} value={node.note ?? ""} onChange={(event) => { put({ ...node, note: event.target.value }, "note"); }} />}
          </Labelled>
          {children}
        </div>
      </div>
    );
  }
  if (comment) {
    const put = (next: Comment, field?: string) => { run({ kind: "put_comment", comment: next, ...(field === undefined ? {} : { field }) }); };
    return (
      <div className="ht-jd" ref={body} key={comment.id}>
        <Head {...frame} title={t("comment.one")} onRemove={disabled ? undefined : () => { run({ kind: "remove", ids: [comment.id] }); }} />
        <div className="ht-jd-body">
          <Labelled label={t("comment.text")}>
            {({ status, ...control }) => <Input.TextArea {...control} {...(status ? { status } : {})} autoSize={{ minRows: 4, maxRows: 12 }} maxLength={COMMENT_LENGTH_MAX} disabled={disabled} value={comment.text ?? ""} onChange={(event) => { put({ ...comment, text: event.target.value }, "text"); }} />}
          </Labelled>
        </div>
      </div>
    );
  }
  if (chosen.length > 1)
    return (
      <div className="ht-jd" ref={body}>
        <Head {...frame} title={t("panel.several", { count: chosen.length })} onRemove={disabled ? undefined : () => { run({ kind: "remove", ids: chosen }); }} />
        <div className="ht-jd-body"><p className="ht-secondary">{t("panel.severalHint")}</p></div>
      </div>
    );
  return (
    <div className="ht-jd" ref={body}>
      <Head {...frame} title={t("whole.title")} />
      <div className="ht-jd-body">
        <WholeForm
          drawing={drawing}
          lexicon={lexicon}
          errors={errorsFor(problems, "", lexicon.language)}
          attention={attention}
          disabled={disabled}
          onRules={(rules, field) => { run({ kind: "rules", rules, ...(field === undefined ? {} : { field }) }); }}
          onCommunity={(community) => { run({ kind: "community", community }); }}
        />
      </div>
    </div>
  );
}
