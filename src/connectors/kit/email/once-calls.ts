import type { z } from 'zod';
import { systemClock } from '#lib/clock.ts';
import { type ConnectorError, GiveUp, NeedsReconnect, RetryLater, Unsure } from '#lib/errors.ts';
import { type Http, HttpFailure, type HttpRequest, type HttpResponse } from '#lib/http.ts';
import type { CallOptions } from '../../connector.ts';

/** A provider's refusal in its own words. */
export interface Refusal {
  status: number;
  /** The body, where it is JSON. */
  body: unknown;
  header: (name: string) => string | undefined;
}

export interface OnceApiOptions {
  http: Http;
  /** Begins every reason. */
  label: string;
  /** What is handed over; default `mail`. */
  noun?: string;
  /** What a refusal means; undefined: these are not the provider's own words. */
  toError: (refusal: Refusal) => ConnectorError | undefined;
}

/** A longer wait than this is not believed: somebody has to look. */
const longestWaitMs = 24 * 3_600_000;

/**
 * Makes a call whose repeat could reach a person twice: what may have been carried out is `Unsure`,
 * and only what the provider itself refused, or what never left, is known not to have happened.
 */
export function createOnceApi({ http, label, noun = 'mail', toError }: OnceApiOptions) {
  return async function call<T>(
    request: HttpRequest,
    { signal, mayLeave }: Omit<CallOptions, 'key'>,
    shape: z.ZodType<T>,
  ): Promise<T> {
    const response = await send({ ...request, signal, mayLeave });
    if (response.status < 200 || response.status > 299) throw refused(response);
    const answer = shape.safeParse(parseJson(response.text));
    if (answer.success) return answer.data;
    throw new Unsure(`${label} took the ${noun} but its answer is unreadable.`);
  };

  async function send(request: HttpRequest): Promise<HttpResponse> {
    try {
      return await http(request);
    } catch (error) {
      if (!(error instanceof HttpFailure)) throw error;
      if (!error.mayHaveArrived)
        throw new RetryLater(`${label} could not be reached.`, undefined, { cause: error });
      throw new Unsure(`${label} did not answer in full, so the ${noun} may or may not be on its way.`, {
        cause: error,
      });
    }
  }

  function refused(response: HttpResponse): ConnectorError {
    const { status } = response;
    const body = parseJson(response.text);
    const header = (name: string) => response.header(name);
    const own = toError({ status, body, header });
    if (own !== undefined) return own;
    if (status === 429) return laneWait(`${label}: too many requests.`, { header }, 1_000);
    if (status >= 500 || status === 408) return new Unsure(`${label} is having trouble (HTTP ${status}).`);
    if (status === 401) return new NeedsReconnect(`${label} does not accept the key.`);
    return new GiveUp(
      `${label}’s address answered HTTP ${status} in words of somebody else; check the base URL.`,
    );
  }
}

/** A 429: everything on the lane waits as long as asked, or `usualMs` where nothing was said. */
export function laneWait(reason: string, { header }: Pick<Refusal, 'header'>, usualMs: number): RetryLater {
  const asked = readWaitMs(header('retry-after')) ?? readWaitMs(header('ratelimit-reset'));
  const at = new Date(systemClock.now().getTime() + Math.min(asked ?? usualMs, longestWaitMs));
  return new RetryLater(reason, at, { isLaneWide: true });
}

function readWaitMs(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === '') return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds) && seconds >= 0) return Math.max(seconds, 1) * 1_000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(date - systemClock.now().getTime(), 1_000);
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
