/** A failure in full: what happened, what is safe, what to do, a retry, and the request id to quote. */
import { Button } from "antd";
import { useTranslation } from "react-i18next";

import { ApiProblem, NETWORK } from "../api/problem";
import { CopyField } from "./CopyField";

type Kind = "unknown" | "network" | "forbidden" | "notFound" | "conflict" | "tooMany" | "server" | "storage" | "invalid";

export function errorKind(error: unknown): Kind {
  if (!(error instanceof ApiProblem)) return "unknown";
  if (error.code === NETWORK) return "network";
  switch (error.status) {
    case 403:
      return "forbidden";
    case 404:
    case 410:
      return "notFound";
    case 409:
    case 412:
      return "conflict";
    case 429:
      return "tooMany";
    case 507:
      return "storage";
    default:
      return error.status >= 500 ? "server" : "invalid";
  }
}

interface ErrorStateProps {
  error: unknown;
  onRetry?: (() => void) | undefined;
  retrying?: boolean;
  /** Inside a card or table, where a large block would jump. */
  compact?: boolean;
}

export function ErrorState({ error, onRetry, retrying = false, compact = false }: ErrorStateProps) {
  const { t } = useTranslation(["errors", "common"]);
  const kind = errorKind(error);
  const problem = error instanceof ApiProblem ? error : null;
  return (
    <div className={compact ? "ht-error ht-error-compact" : "ht-error"} role="alert">
      <h2>{problem?.title || t(`${kind}.title`)}</h2>
      <p>{problem?.detail || t(`${kind}.detail`)}</p>
      {problem && problem.errors.length > 0 ? (
        <ul>
          {problem.errors.map((item) => (
            <li key={`${item.field} ${item.message}`}>
              {item.field ? <code>{item.field}</code> : null} {item.message}
            </li>
          ))}
        </ul>
      ) : null}
      <p className="ht-secondary">{t(`${kind}.safe`)}</p>
      <p className="ht-secondary">{t(`${kind}.action`)}</p>
      <div className="ht-error-foot">
        {onRetry ? (
          <Button type="primary" onClick={onRetry} loading={retrying}>
            {t("common:retry")}
          </Button>
        ) : null}
        {problem?.request_id ? <CopyField label={t("requestId")} value={problem.request_id} inline /> : null}
      </div>
    </div>
  );
}
