import type { z } from 'zod';

/**
 * A door of the HTTP API, described once: it is served, called and printed as OpenAPI from the same
 * object. Browser-safe.
 */
export interface Endpoint<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
> {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below `apiPrefix`, parameters in braces: `/flows/{id}`. */
  path: string;
  /** One line, for people who read the documentation. */
  summary: string;
  /** What a key must be allowed to do; null: no key may, only a person who signed in. */
  scope: Scope | null;
  /** What a person's role must allow. */
  permission: Permission;
  /** Open to everybody: for what comes before a sign-in. Its route is a `publicRoute`. */
  isPublic?: boolean;
  /**
   * Addresses in the answer are the artist's own or those of the people who work for her, so that
   * every role may read them. Others are masked for who lacks `see-addresses` (R89).
   */
  showsAddresses?: boolean;
  params?: Params;
  query?: Query;
  body?: Body;
  /** Absent: 204 without a body, or the stream that `streams` names. */
  response?: Response;
  /** Of a success; 200, or 204 without a response. */
  status?: number;
  /** Other statuses with the same body, with the words for when. */
  otherStatuses?: Readonly<Record<number, string>>;
  /** A file instead of a JSON body: at most so many bytes, of one of these media types. */
  upload?: { maxBytes: number; types: readonly string[] };
  /** Server-sent events instead of one answer. */
  streams?: boolean;
}

/** What an API key may be allowed; `consent:write` is never given without being asked for (R96). */
export const scopes = ['read', 'write', 'events:write', 'consent:write'] as const;
export type Scope = (typeof scopes)[number];

/** What a role may allow a person; which role allows what is data: `accounts/roles.ts`. */
export const permissions = [
  /** Everybody's: what is one's own. */
  'self',
  'see',
  'see-addresses',
  'edit',
  'activate',
  'send',
  'export',
  'connect',
  'settings',
  'keys',
  'members',
  'projects',
  'audit',
  'erase',
  'owners',
  'plan',
  'erase-account',
] as const;
export type Permission = (typeof permissions)[number];

export const apiPrefix = '/api/v1';

/** Keeps the exact types of the schemas. */
export function endpoint<
  Params extends z.ZodType = z.ZodType<Record<string, never>>,
  Query extends z.ZodType = z.ZodType<Record<string, never>>,
  Body extends z.ZodType = z.ZodType<undefined>,
  Response extends z.ZodType = z.ZodType<undefined>,
>(shape: Endpoint<Params, Query, Body, Response>): Endpoint<Params, Query, Body, Response> {
  return shape;
}

export type ParamsOf<E> = E extends Endpoint<infer P> ? z.output<P> : never;
export type QueryOf<E> = E extends Endpoint<z.ZodType, infer Q> ? z.output<Q> : never;
export type BodyOf<E> = E extends Endpoint<z.ZodType, z.ZodType, infer B> ? z.output<B> : never;
/** What a handler returns: the response before its schema has stripped what must not leave. */
export type AnswerOf<E> = E extends Endpoint<z.ZodType, z.ZodType, z.ZodType, infer R> ? z.input<R> : never;
export type ResponseOf<E> =
  E extends Endpoint<z.ZodType, z.ZodType, z.ZodType, infer R> ? z.output<R> : never;

/** The input of `call`: each half is asked for only where the endpoint has it. */
export interface CallInput<E> {
  params?: E extends Endpoint<infer P> ? z.input<P> : never;
  query?: E extends Endpoint<z.ZodType, infer Q> ? z.input<Q> : never;
  body?: E extends Endpoint<z.ZodType, z.ZodType, infer B> ? z.input<B> : never;
  /** Where the endpoint takes a file. */
  upload?: Blob;
}

export interface CallOptions {
  /** '' in a browser: the page's own host. */
  baseUrl?: string;
  headers?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

/** An RFC 9457 problem document, as every refusal of the API is. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: string;
  detail: string;
  errors?: { path: string; code: string; message: string }[];
  conflict?: { flowId: string; flowName: string; scope: string };
  rule?: string;
}

/** The API refused; `problem` says why, in words for people and in codes for programs. */
export class CallError extends Error {
  override name = 'CallError';
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.detail);
    this.problem = problem;
  }
}

/**
 * Calls an endpoint and checks its answer against the schema. Throws `CallError` when the API
 * refused, and what `fetch` throws when it could not be reached.
 */
export async function call<E extends Endpoint>(
  door: E,
  input: CallInput<E> = {},
  options: CallOptions = {},
): Promise<ResponseOf<E>> {
  const { baseUrl = '', headers = {}, signal, fetch: send = fetch } = options;
  const hasBody = input.body !== undefined;
  const response = await send(baseUrl + pathOf(door, input.params, input.query), {
    method: door.method,
    headers: { ...headers, ...(hasBody ? { 'content-type': 'application/json' } : {}) },
    ...(hasBody ? { body: JSON.stringify(input.body) } : {}),
    ...(input.upload === undefined ? {} : { body: input.upload }),
    ...(signal === undefined ? {} : { signal }),
  });
  if (!response.ok) throw new CallError(await readProblem(response));
  // As: the schema of this very endpoint has made it, and 204 stands for undefined.
  if (door.response === undefined || response.status === 204) return undefined as ResponseOf<E>;
  return door.response.parse(await response.json()) as ResponseOf<E>;
}

/** The endpoint's path with its parameters filled in, and the query behind it. */
export function pathOf(door: Endpoint, params: unknown, query?: unknown): string {
  const path = door.path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(valueOf(params, name))),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value !== undefined && value !== null) search.set(name, String(value));
  }
  return apiPrefix + path + (search.size === 0 ? '' : `?${search.toString()}`);
}

function valueOf(params: unknown, name: string): unknown {
  const value: unknown =
    typeof params === 'object' && params !== null ? Reflect.get(params, name) : undefined;
  if (value === undefined) throw new Error(`the path needs “${name}”`);
  return value;
}

/** What a refusal says; of a proxy, that it answered. */
export async function readProblem(response: Response): Promise<Problem> {
  const text = await response.text();
  try {
    return JSON.parse(text) as Problem; // the API answers with nothing else; a proxy may
  } catch {
    const detail = `The server answered ${response.status}.`;
    return { type: 'about:blank', title: 'Error', status: response.status, code: 'unavailable', detail };
  }
}
