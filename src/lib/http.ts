import type { LookupFunction } from 'node:net';
import { Agent, DecoratorHandler, type Dispatcher, errors } from 'undici';

/**
 * The one way out to providers. It never follows a redirect (a provider that redirects is
 * misconfigured, and following could reach a private address), reads at most `maxBytes`, and says
 * of every failure whether the request may have reached the other side.
 */
export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH';
  url: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** From the first byte out to the last byte in; default 10 s, the longest a once-call may take. */
  timeoutMs?: number;
  signal?: AbortSignal | undefined;
  /**
   * Asked when the first byte is about to be written, after any wait for a connection: false throws a
   * failure that certainly never arrived. A process that was paused meanwhile may not act any more.
   */
  mayLeave?: (() => boolean) | undefined;
}

export interface HttpResponse {
  status: number;
  header(name: string): string | undefined;
  text: string;
}

export type Http = (request: HttpRequest) => Promise<HttpResponse>;

/** No complete answer came. `mayHaveArrived` is false only when the request certainly never left. */
export class HttpFailure extends Error {
  override name = 'HttpFailure';
  readonly mayHaveArrived: boolean;

  constructor(message: string, mayHaveArrived: boolean, options?: { cause?: unknown }) {
    super(message, options);
    this.mayHaveArrived = mayHaveArrived;
  }
}

const neverSentCodes = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_DESTROYED',
  'SEGUE_TOO_LATE',
  'SEGUE_PRIVATE_ADDRESS',
]);

export interface HttpOptions {
  /** Connections per origin. */
  connections?: number;
  maxBytes?: number;
  defaultTimeoutMs?: number;
  /** Finds the address of a name; absent: the system does. */
  lookup?: LookupFunction;
}

/** Carried through the dispatcher beside the options it knows. */
interface GuardedOptions extends Dispatcher.DispatchOptions {
  mayLeave?: (() => boolean) | undefined;
}

/** Looks once more at whether a call may leave, where its first byte is written. */
const guard: Dispatcher.DispatcherComposeInterceptor = (dispatch) => (options, handler) => {
  const { mayLeave }: GuardedOptions = options;
  if (mayLeave === undefined) return dispatch(options, handler);
  const guarded: Dispatcher.DispatchHandler = new DecoratorHandler(handler);
  const start = guarded.onRequestStart?.bind(guarded);
  guarded.onRequestStart = (controller, context) => {
    if (!mayLeave()) controller.abort(new TooLate('this process may not act any more'));
    start?.(controller, context);
  };
  return dispatch(options, guarded);
};

class TooLate extends Error {
  override name = 'TooLate';
  readonly code = 'SEGUE_TOO_LATE';
}

/** One pool of connections for the life of a process; `close` waits for calls under way. */
export function createHttp(options: HttpOptions = {}): Http & { close(): Promise<void> } {
  const { connections = 64, maxBytes = 8 * 1024 * 1024, defaultTimeoutMs = 10_000, lookup } = options;
  const pool = new Agent({
    connections,
    connect: { timeout: 5_000, ...(lookup === undefined ? {} : { lookup }) },
    keepAliveTimeout: 4_000,
    maxResponseSize: maxBytes,
  });

  const agent = pool.compose(guard);
  const http: Http = async (request) => {
    const timeoutMs = request.timeoutMs ?? defaultTimeoutMs;
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    const onAbort = () => abort.abort(request.signal?.reason);
    if (request.signal?.aborted) onAbort();
    request.signal?.addEventListener('abort', onAbort, { once: true });
    try {
      const url = new URL(request.url);
      const response = await agent.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method: request.method,
        headers: request.headers ?? {},
        body: request.body ?? null,
        signal: abort.signal,
        ...(request.mayLeave === undefined ? {} : { mayLeave: request.mayLeave }),
      });
      const text = await response.body.text();
      return {
        status: response.statusCode,
        text,
        header(name) {
          const value = response.headers[name.toLowerCase()];
          return Array.isArray(value) ? value[0] : value;
        },
      };
    } catch (error) {
      throw toFailure(error, request);
    } finally {
      clearTimeout(timer);
      request.signal?.removeEventListener('abort', onAbort);
    }
  };

  return Object.assign(http, { close: () => pool.close() });
}

function toFailure(error: unknown, request: HttpRequest): HttpFailure {
  const code = errorCode(error);
  // The host alone: a URL may carry ids, and some providers put tokens into query strings.
  const host = URL.canParse(request.url) ? new URL(request.url).host : 'the provider';
  const what = error instanceof errors.UndiciError || error instanceof Error ? error.message : String(error);
  return new HttpFailure(`${request.method} ${host}: ${what}`, !neverSentCodes.has(code ?? ''), {
    cause: error,
  });
}

function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'cause' in error ? errorCode(error.cause) : undefined;
}
