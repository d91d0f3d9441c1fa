/** Answers that fakes give alike. */

const jsonHeaders = { 'content-type': 'application/json; charset=utf-8' };

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers: { ...jsonHeaders, ...headers } });
}

export function empty(status = 200): Response {
  return new Response(null, { status });
}

/** Token endpoint: RFC 6749, section 5.2. */
export function tokenError(error: string, description: string, status = 400): Response {
  return json({ error, error_description: description }, status);
}

export function html(body: string, status = 200): Response {
  return new Response(body, { status, headers: { 'content-type': 'text/html; charset=utf-8' } });
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

export function randomToken(prefix: string): string {
  return prefix + Buffer.from(crypto.getRandomValues(new Uint8Array(24))).toString('base64url');
}
