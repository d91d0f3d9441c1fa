import type { z } from 'zod';
import { GiveUp } from '#lib/errors.ts';
import type { HttpRequest } from '#lib/http.ts';
import type { ClientOptions } from '../connector.ts';
import { parseJson, sendRepeatable, unreadable } from '../kit/answers.ts';
import { classifyInstagram } from './errors.ts';

export const graphUrl = 'https://graph.instagram.com';
export const graphVersion = 'v25.0';

/** Calls that do no harm when they are repeated: signing in, renewing, looking. */
export function createReader({ http, baseUrl }: Pick<ClientOptions, 'http' | 'baseUrl'>) {
  return {
    /** One of Instagram's hosts, or the one that stands in for all of them. */
    at: (host: string) => (baseUrl ?? host).replace(/\/+$/, ''),
    async read<T>(what: string, request: HttpRequest, shape: z.ZodType<T>): Promise<T> {
      const response = await sendRepeatable(http, 'Instagram', what, request);
      const body = parseJson(response.text);
      if (response.status >= 200 && response.status < 300) {
        const answer = shape.safeParse(body);
        if (answer.success) return answer.data;
        throw unreadable('Instagram', what, response.status);
      }
      const header = (name: string) => response.header(name);
      const own = classifyInstagram({ status: response.status, body, header });
      if (own !== undefined) throw own;
      // The page of codes answers in a form of its own: a code is spent, or the app's secret is wrong.
      if (response.status >= 400 && response.status < 500)
        throw new GiveUp(`Instagram refused the ${what}; check the app's ID and secret.`);
      throw unreadable('Instagram', what, response.status);
    },
  };
}
