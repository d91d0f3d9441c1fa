import type { Context, Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { cleanText } from '#lib/clean-text.ts';
import { apiPrefix, type Endpoint } from '#lib/endpoint.ts';
import { UserError } from '#lib/errors.ts';
import { Answer, type ApiRequest, type Caller, type Route, type StreamEvent } from '#lib/route.ts';
import { readJson } from './read-body.ts';
import { validate } from './validate.ts';

/** Finds out who calls; throws 401. */
export type Identify = (context: Context) => Promise<Caller>;

/**
 * Mounts one endpoint. Order of checks: 401, 403 scope, 404 path, 413 and 400 body, 422 fields. What
 * leaves has passed the response schema, so that no stray column can.
 */
export function serve(app: Hono, { endpoint, handle }: Route, identify: Identify): void {
  const path = apiPrefix + endpoint.path.replaceAll(/\{(\w+)\}/g, ':$1');
  app.on(endpoint.method, path, async (context) => {
    const caller = await identify(context);
    if (!caller.scopes.has(endpoint.scope)) {
      throw new UserError(403, 'forbidden', `This key lacks the scope “${endpoint.scope}”.`);
    }
    const request = await readRequest(context, endpoint, caller);
    // Nobody would read the stream, and it would be kept for nobody.
    if (endpoint.streams === true && context.req.method === 'HEAD') return context.body(null, 200);
    const answer = await handle(request);
    context.header('cache-control', 'no-store');
    if (endpoint.streams === true && isStream(answer)) return sendStream(context, answer);
    return send(context, endpoint, answer);
  });
}

async function readRequest(
  context: Context,
  endpoint: Endpoint,
  caller: Caller,
): Promise<ApiRequest<Endpoint>> {
  return {
    params: readParams(context, endpoint),
    query: readQuery(context, endpoint),
    body: await readBody(context, endpoint),
    caller,
    projectId: caller.projectId,
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

function send(context: Context, endpoint: Endpoint, answer: unknown): Response {
  const status = answer instanceof Answer ? answer.status : (endpoint.status ?? 200);
  if (endpoint.response === undefined) return context.body(null, 204);
  const body: unknown = answer instanceof Answer ? answer.body : answer;
  return new Response(JSON.stringify(endpoint.response.parse(body)), {
    status,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
  });
}

function isStream(answer: unknown): answer is AsyncIterable<StreamEvent> {
  return typeof answer === 'object' && answer !== null && Symbol.asyncIterator in answer;
}

function sendStream(context: Context, events: AsyncIterable<StreamEvent>): Response {
  // Proxies that gather answers would keep a live page waiting.
  context.header('x-accel-buffering', 'no');
  return streamSSE(context, async (stream) => {
    const iterator = events[Symbol.asyncIterator]();
    // A page that was closed must not be looked after until its next event.
    stream.onAbort(() => void iterator.return?.());
    for (;;) {
      const next = await iterator.next();
      if (next.done === true || stream.aborted) break;
      await stream.writeSSE({ event: next.value.event, data: JSON.stringify(next.value.data) });
    }
    await iterator.return?.();
  });
}
