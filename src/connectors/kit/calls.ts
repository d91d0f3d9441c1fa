import type { z } from 'zod';
import type { Access } from '../connector.ts';
import type { ConnectorError } from '#lib/errors.ts';
import type { Http, HttpRequest, HttpResponse } from '#lib/http.ts';
import { parseJson, sendRepeatable, unreadable } from './answers.ts';

export interface ApiCall {
  method: HttpRequest['method'];
  /** Path and query below the base URL. */
  path: string;
  /** Two or three words for the reason shown, such as `save`. */
  what: string;
  /** Sent as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
}

export interface ApiOptions {
  http: Http;
  /** Begins every reason. */
  label: string;
  baseUrl: string;
  /** Of a call in this token's name. */
  headers: (token: string) => Record<string, string> | Promise<Record<string, string>>;
  /** Of a body. */
  contentType?: string;
  /** An answer that is not a success → what to throw; `secrets` never appear in it. */
  toError: (response: HttpResponse, what: string, secrets: readonly string[]) => ConnectorError;
  /** The token was refused, another one may do. Default: 401. */
  isTokenRefused?: (response: HttpResponse) => boolean;
}

export interface Api {
  /** A 2xx answer; throws a connector error for everything but the statuses named in `hand`. */
  call(access: Access, call: ApiCall, hand?: readonly number[]): Promise<HttpResponse>;
  /** As `call`, with a JSON body of the given shape. */
  read<T>(access: Access, call: ApiCall, shape: z.ZodType<T>): Promise<T>;
}

/**
 * Calls in somebody's name, all of them harmless to repeat. A refused token is renewed once and the
 * call made once more. A second refusal of a token just given is the provider's trouble and not the
 * end of the authorisation: that is known from `renew`, which then throws `NeedsReconnect`.
 */
export function createApi(options: ApiOptions): Api {
  const { http, label, baseUrl, toError, contentType = 'application/json' } = options;
  const isRefused = options.isTokenRefused ?? (({ status }: HttpResponse) => status === 401);

  async function call(access: Access, request: ApiCall, hand: readonly number[] = []): Promise<HttpResponse> {
    let token = await access.token();
    let response = await send(request, token);
    if (isRefused(response)) {
      token = await access.renew();
      response = await send(request, token);
    }
    if (isReadable(response) || hand.includes(response.status)) return response;
    throw toError(response, request.what, [token]);
  }

  async function send({ method, path, what, body, headers, signal }: ApiCall, token: string) {
    const own = await options.headers(token);
    return sendRepeatable(http, label, what, {
      method,
      url: `${baseUrl}${path}`,
      headers: {
        ...own,
        ...headers,
        ...(body === undefined ? {} : { 'content-type': contentType }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal,
    });
  }

  return {
    call,
    async read(access, request, shape) {
      const response = await call(access, request);
      const parsed = shape.safeParse(parseJson(response.text));
      if (parsed.success) return parsed.data;
      throw unreadable(label, request.what, response.status);
    },
  };
}

/** Empty or JSON. A page in HTML comes from somebody else. */
export function isReadable(response: HttpResponse): boolean {
  if (response.status < 200 || response.status > 299) return false;
  return response.text === '' || parseJson(response.text) !== undefined;
}

/** For calls in the app's own name: a token that is asked for when it is needed. */
export function appAccess(token: () => Promise<string>, forget: () => void): Access {
  return {
    token,
    renew() {
      forget();
      return token();
    },
  };
}
