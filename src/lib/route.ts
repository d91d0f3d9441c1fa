import type { AnswerOf, BodyOf, Endpoint, ParamsOf, QueryOf, Scope } from './endpoint.ts';

/** Who calls, as far as the door has found out: one project, and what is allowed in it. */
export interface Caller {
  projectId: string;
  accountId: string;
  kind: 'key' | 'session';
  /** Of the key or the account that signed in. */
  id: string;
  /** For the audit log: `key:…` or `session:…`. */
  actor: string;
  scopes: ReadonlySet<Scope>;
}

export interface ApiRequest<E> {
  params: ParamsOf<E>;
  query: QueryOf<E>;
  body: BodyOf<E>;
  caller: Caller;
  projectId: string;
  signal: AbortSignal;
}

/** A success with another status than the endpoint's usual one. */
export class Answer<T> {
  readonly status: number;
  readonly body: T;

  constructor(status: number, body: T) {
    this.status = status;
    this.body = body;
  }
}

/** One event of a stream: its name, and JSON. */
export interface StreamEvent {
  event: string;
  data: unknown;
}

export type Handler<E> = (
  request: ApiRequest<E>,
) => Promise<AnswerOf<E> | Answer<AnswerOf<E>> | AsyncIterable<StreamEvent>>;

/** An endpoint with what it does; `http/` mounts it. */
export interface Route {
  endpoint: Endpoint;
  handle: Handler<Endpoint>;
}

export function route<E extends Endpoint>(endpoint: E, handle: Handler<E>): Route {
  // As: `http/` only ever calls it with what this endpoint's own schemas made.
  return { endpoint, handle: handle as Handler<Endpoint> };
}
