import type { Access } from '../connector.ts';
import type { z } from 'zod';
import { RetryLater } from '#lib/errors.ts';
import { HttpFailure } from '#lib/http.ts';
import type { Http, HttpRequest, HttpResponse } from '#lib/http.ts';
import { parseJson, toApiError } from './errors.ts';

export interface ApiCall {
  method: 'GET' | 'PUT' | 'DELETE';
  /** Path and query under `/v1`. */
  path: string;
  /** Two or three words for the reason shown, such as `save`. */
  what: string;
  signal?: AbortSignal | undefined;
}

export interface Api {
  /** A 2xx answer; throws a connector error for everything but the statuses named in `hand`. */
  call(access: Access, call: ApiCall, hand?: readonly number[]): Promise<HttpResponse>;
  /** As `call`, with a JSON body of the given shape. */
  read<T>(access: Access, call: ApiCall, shape: z.ZodType<T>): Promise<T>;
}

/**
 * Calls in the fan's name. A refused token is renewed once and the call made once more. A second
 * 401 on a token just given is Spotify's trouble and not the end of the authorisation: that is
 * known from the token endpoint alone, which `renew` asks (and which then throws `NeedsReconnect`).
 */
export function createApi(http: Http, baseUrl: string): Api {
  async function call(access: Access, request: ApiCall, hand: readonly number[] = []): Promise<HttpResponse> {
    let token = await access.token();
    let response = await send(request, token);
    if (response.status === 401) {
      token = await access.renew();
      response = await send(request, token);
    }
    if (isReadable(response) || hand.includes(response.status)) return response;
    throw toApiError(response, request.what, [token]);
  }

  function send(request: ApiCall, token: string): Promise<HttpResponse> {
    return sendRepeatable(http, request.what, {
      method: request.method,
      url: `${baseUrl}${request.path}`,
      headers: { authorization: `Bearer ${token}` },
      signal: request.signal,
    });
  }

  return {
    call,
    async read(access, request, shape) {
      const response = await call(access, request);
      const parsed = shape.safeParse(parseJson(response.text));
      if (parsed.success) return parsed.data;
      throw new RetryLater(`Spotify: ${request.what}: ${response.status}, an answer that cannot be read`);
    },
  };
}

/** No answer at all: `RetryLater` whether it arrived or not, as repeating does no harm. */
export async function sendRepeatable(http: Http, what: string, request: HttpRequest): Promise<HttpResponse> {
  try {
    return await http(request);
  } catch (error) {
    if (!(error instanceof HttpFailure)) throw error;
    const how = error.mayHaveArrived ? 'no complete answer' : 'not reachable';
    throw new RetryLater(`Spotify: ${what}: ${how}`, undefined, { cause: error });
  }
}

/** A success as Spotify gives it: empty or JSON. A page in HTML comes from somebody else. */
function isReadable(response: HttpResponse): boolean {
  if (response.status < 200 || response.status > 299) return false;
  return response.text === '' || parseJson(response.text) !== undefined;
}
