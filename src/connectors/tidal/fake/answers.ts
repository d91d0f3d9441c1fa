import { mediaType } from '../client.ts';

/** JSON:API. */
export function document(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': mediaType, ...headers } });
}

export function problem(
  status: number,
  code: string,
  detail: string,
  headers: Record<string, string> = {},
): Response {
  return document({ errors: [{ id: '1', status: String(status), code, detail }] }, status, headers);
}
