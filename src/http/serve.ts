import type { Context, Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { StatusCode } from 'hono/utils/http-status';
import { cleanText } from '#lib/clean-text.ts';
import { apiPrefix, type Endpoint } from '#lib/endpoint.ts';
import { UserError } from '#lib/errors.ts';
import {
  Answer,
  type ApiRequest,
  type Caller,
  type PublicRequest,
  type Route,
  type StreamEvent,
} from '#lib/route.ts';
import { maskAddresses } from './mask-addresses.ts';
import { readFile, readJson } from './read-body.ts';
import { validate } from './validate.ts';

export interface Doorman {
  /** Finds out who calls; throws 401. Null: nobody in particular, at a door that is open to all. */
  identify: (context: Context, endpoint: Endpoint) => Promise<Caller | null>;
  /** Network address of who asks. */
  addressOf: (context: Context) => string | null;
}

/**
 * Mounts one endpoint. Order of checks: 401, 403 scope or role, 404 path, 413 and 400 body, 422 fields.
 * What leaves has passed the response schema, so that no stray column can.
 */
export function serve(app: Hono, { endpoint, handle }: Route, doorman: Doorman): void {
  const path = apiPrefix + endpoint.path.replaceAll(/\{(\w+)\}/g, ':$1');
  app.on(endpoint.method, path, async (context) => {
    const caller = await doorman.identify(context, endpoint);
    if (caller !== null) requirePermission(endpoint, caller);
    const request = await readRequest(context, endpoint, doorman);
    // Nobody would read the stream, and it would be kept for nobody.
    if (endpoint.streams === true && context.req.method === 'HEAD') return context.body(null, 200);
    // As: without a caller only where the endpoint is public, whose route asks for none.
    const answer = await handle({ ...request, caller, projectId: caller?.projectId } as ApiRequest<Endpoint>);
    const mayRead =
      caller === null || endpoint.showsAddresses === true || caller.permissions.has('see-addresses');
    context.header('cache-control', 'no-store');
    if (endpoint.streams === true && isStream(answer)) return sendStream(context, answer, mayRead);
    return send(context, endpoint, answer, mayRead);
  });
}

/** The one place where a key's scopes and a person's role are looked at (R89). */
function requirePermission({ scope, permission }: Endpoint, caller: Caller): void {
  if (caller.kind === 'key') {
    if (scope === null) throw new UserError(403, 'forbidden', 'No API key can do this: sign in.');
    if (!caller.scopes.has(scope))
      throw new UserError(403, 'forbidden', `This key lacks the scope “${scope}”.`);
  }
  if (!caller.permissions.has(permission)) {
    const message = 'Your role does not allow this. An owner or manager of the account can change it.';
    throw new UserError(403, 'forbidden', message, { rule: 'R89' });
  }
}

async function readRequest(
  context: Context,
  endpoint: Endpoint,
  doorman: Doorman,
): Promise<PublicRequest<Endpoint>> {
  return {
    params: readParams(context, endpoint),
    query: readQuery(context, endpoint),
    body: await readBody(context, endpoint),
    upload: await readUpload(context, endpoint),
    headers: context.req.raw.headers,
    address: doorman.addressOf(context),
    signal: context.req.raw.signal,
  };
}

/** What cannot be an id is the id of nothing. */
function readParams(context: Context, endpoint: Endpoint): unknown {
  if (endpoint.params === undefined) return {};
  const parsed = endpoint.params.safeParse(context.req.param());
  if (!parsed.success) throw new UserError(404, 'not_found', 'There is nothing here.');
  return parsed.data;
}

function readQuery(context: Context, endpoint: Endpoint): unknown {
  const given = Object.entries(context.req.query()).map(([name, value]) => [
    cleanText(name),
    cleanText(value),
  ]);
  const query: unknown = Object.fromEntries(given);
  if (endpoint.query !== undefined) return validate(endpoint.query, query);
  const [unknown] = given;
  if (unknown === undefined) return {};
  const path = unknown[0] ?? '';
  throw new UserError(422, 'invalid', `There is no parameter “${path}” here.`, {
    errors: [{ path, code: 'unknown_field', message: 'There is no such parameter.' }],
  });
}

async function readBody(context: Context, endpoint: Endpoint): Promise<unknown> {
  if (endpoint.body === undefined) return undefined;
  return validate(endpoint.body, (await readJson(context.req.raw)) ?? {});
}

async function readUpload(context: Context, { upload }: Endpoint): Promise<Buffer> {
  return upload === undefined ? Buffer.alloc(0) : readFile(context.req.raw, upload.maxBytes);
}

function send(context: Context, endpoint: Endpoint, answer: unknown, mayRead: boolean): Response {
  const given = answer instanceof Answer ? answer : new Answer(null, answer);
  for (const cookie of given.cookies) context.header('set-cookie', cookie, { append: true });
  if (endpoint.response === undefined) return context.body(null, 204);
  const body: unknown = endpoint.response.parse(given.body);
  context.header('content-type', 'application/json');
  context.status((given.status ?? endpoint.status ?? 200) as StatusCode); // As: contracts name statuses
  return context.body(JSON.stringify(mayRead ? body : maskAddresses(body)));
}

function isStream(answer: unknown): answer is AsyncIterable<StreamEvent> {
  return typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer;
}

function sendStream(context: Context, events: AsyncIterable<StreamEvent>, mayRead: boolean): Response {
  // Proxies that gather answers would keep a live page waiting.
  context.header('x-accel-buffering', 'no');
  return streamSSE(context, async (stream) => {
    const iterator = events[Symbol.asyncIterator]();
    // A page that was closed must not be looked after until its next event.
    stream.onAbort(() => void iterator.return?.());
    for (;;) {
      const next = await iterator.next();
      if (next.done === true || stream.aborted) break;
      const { event, data } = next.value;
      await stream.writeSSE({ event, data: JSON.stringify(mayRead ? data : maskAddresses(data)) });
    }
    await iterator.return?.();
  });
}
