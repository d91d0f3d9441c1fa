import type { AnswerOf, BodyOf, Endpoint, ParamsOf, Permission, QueryOf, Scope } from './endpoint.ts';

/** Who calls, as far as the door has found out: one project, and what is allowed in it. */
export interface Caller {
  projectId: string;
  accountId: string;
  kind: 'key' | 'session';
  /** Of the key or the person. */
  id: string;
  /** For the audit log: `key:…` or `person:…`. */
  actor: string;
  scopes: ReadonlySet<Scope>;
  /** All of them for a key, which its scopes alone bound. */
  permissions: ReadonlySet<Permission>;
}

/** A request of somebody who need not have signed in. */
export interface PublicRequest<E> {
  params: ParamsOf<E>;
  query: QueryOf<E>;
  body: BodyOf<E>;
  /** The file, where the endpoint takes one; otherwise empty. */
  upload: Buffer;
  headers: Headers;
  /** Network address of who asks; null in a test. */
  address: string | null;
  signal: AbortSignal;
}

export interface ApiRequest<E> extends PublicRequest<E> {
  caller: Caller;
  projectId: string;
}

/** A success with another status than the endpoint's usual one (null), or with cookies. */
export class Answer<T> {
  readonly status: number | null;
  readonly body: T;
  /** As `Set-Cookie` carries them. */
  readonly cookies: readonly string[];

  constructor(status: number | null, body: T, cookies: readonly string[] = []) {
    this.status = status;
    this.body = body;
    this.cookies = cookies;
  }
}

/** One event of a stream: its name, and JSON. */
export interface StreamEvent {
  event: string;
  data: unknown;
}

type Answering<E> = Promise<AnswerOf<E> | Answer<AnswerOf<E>> | AsyncIterable<StreamEvent>>;
export type Handler<E> = (request: ApiRequest<E>) => Answering<E>;

/** An endpoint with what it does; `http/` mounts it. */
export interface Route {
  endpoint: Endpoint;
  handle: Handler<Endpoint>;
}

export function route<E extends Endpoint>(endpoint: E, handle: Handler<E>): Route {
  // `http/` only ever calls it with what this endpoint's own schemas made.
  return { endpoint, handle };
}

/** As `route`, for an endpoint that is open to everybody (`isPublic`): its request has no caller. */
export function publicRoute<E extends Endpoint>(
  endpoint: E,
  handle: (request: PublicRequest<E>) => Answering<E>,
): Route {
  if (endpoint.isPublic !== true) throw new Error(`${endpoint.path} is not open to everybody`);
  // As: called with what this endpoint's own schemas made; a handler that wants less takes what has more.
  return { endpoint, handle: handle as Handler<Endpoint> };
}
