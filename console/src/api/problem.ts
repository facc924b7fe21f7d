/** What the API says when it refuses (RFC 9457 problem details), as one typed error. */
export interface FieldError {
  /** The field of the input, such as `name`. */
  field: string;
  message: string;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  code: string;
  params: Record<string, unknown>;
  request_id: string | null;
  errors: FieldError[];
}

/** Codes that only the console gives: the server did not answer, or answered with something else than a problem. */
export const NETWORK = "network";
export const UNREADABLE = "unreadable_answer";

export class ApiProblem extends Error implements Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: string;
  readonly params: Record<string, unknown>;
  readonly request_id: string | null;
  readonly errors: FieldError[];

  constructor(problem: Problem, options?: ErrorOptions) {
    super(`${problem.status} ${problem.code}: ${problem.detail || problem.title}`, options);
    this.name = "ApiProblem";
    this.type = problem.type;
    this.title = problem.title;
    this.status = problem.status;
    this.detail = problem.detail;
    this.code = problem.code;
    this.params = problem.params;
    this.request_id = problem.request_id;
    this.errors = problem.errors;
  }

  /** Worth trying again without a change: the network failed, or the server was busy or restarting. */
  get temporary(): boolean {
    return this.status === 0 || this.status === 429 || this.status === 502 || this.status === 503 || this.status === 504;
  }

  /** The message for one field of a form, if the server gave one. */
  fieldMessage(field: string): string | undefined {
    return this.errors.find((error) => error.field === field || error.field.endsWith(`.${field}`))?.message;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const text = (value: unknown): string => (typeof value === "string" ? value : "");

function fieldErrors(value: unknown): FieldError[] {
  if (!Array.isArray(value)) return [];
  return value.filter(isRecord).map((error) => ({
    field: text(error.field),
    message: text(error.message),
  }));
}

/** Reads the body once; an answer that is no problem document still becomes an ApiProblem with its status. */
export async function problemFrom(response: Response): Promise<ApiProblem> {
  const request_id = response.headers.get("X-Request-ID");
  let body: unknown;
  try {
    body = JSON.parse(await response.text());
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
  }
  const fields = isRecord(body) ? body : {};
  return new ApiProblem({
    type: text(fields.type) || "about:blank",
    title: text(fields.title) || response.statusText,
    status: response.status,
    detail: text(fields.detail),
    code: text(fields.code) || UNREADABLE,
    params: isRecord(fields.params) ? fields.params : {},
    request_id: text(fields.request_id) || request_id,
    errors: fieldErrors(fields.errors),
  });
}

export function networkProblem(cause: unknown): ApiProblem {
  return new ApiProblem(
    { type: "about:blank", title: "", status: 0, detail: "", code: NETWORK, params: {}, request_id: null, errors: [] },
    { cause },
  );
}
