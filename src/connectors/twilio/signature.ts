import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Twilio's webhook signature (twilio.com/docs/usage/security, and the official SDK 6.2): base64 of
 * HMAC-SHA1, with the account's auth token, over the URL as called followed by each form field's
 * name and value. The URL is taken as it was called: parsing it may change escapes or case.
 */
export function signTwilioForm(authToken: string, url: string, fields: URLSearchParams): string {
  let text = url;
  // `sort` without a comparison orders by code unit, as Twilio does.
  for (const key of [...new Set(fields.keys())].sort()) {
    for (const value of [...new Set(fields.getAll(key))].sort()) text += key + value;
  }
  return createHmac('sha1', authToken).update(text, 'utf8').digest('base64');
}

/** True when `signature` fits the URL and body; constant time in the signature; never throws. */
export function isTwilioSignature(input: {
  authToken: string;
  signature: string | undefined;
  url: string;
  contentType: string | undefined;
  rawBody: Buffer;
}): boolean {
  const { authToken, signature, url, contentType, rawBody } = input;
  // An empty key would let anybody compute the signature.
  if (signature === undefined || authToken === '') return false;
  const fields = signedFields(url, contentType, rawBody);
  if (fields === undefined) return false;
  return urlsWithAndWithoutPort(url)
    .map((candidate) => isSame(signTwilioForm(authToken, candidate, fields), signature))
    .includes(true);
}

/** What the signature covers beside the URL; undefined when the body is not covered at all. */
function signedFields(
  url: string,
  contentType: string | undefined,
  rawBody: Buffer,
): URLSearchParams | undefined {
  const bodyHash = /[?&]bodySHA256=([^&#]*)/.exec(url)?.[1];
  if (bodyHash !== undefined) {
    const actual = createHash('sha256').update(rawBody).digest('hex');
    return isSame(actual, bodyHash.toLowerCase()) ? new URLSearchParams() : undefined;
  }
  const isForm = contentType?.split(';')[0]?.trim().toLowerCase() === 'application/x-www-form-urlencoded';
  if (isForm) return new URLSearchParams(rawBody.toString('utf8'));
  return rawBody.length === 0 ? new URLSearchParams() : undefined;
}

/** Twilio sometimes signs with the default port written out, and proxies drop or add it. */
function urlsWithAndWithoutPort(url: string): string[] {
  const parts = /^(https?):\/\/([^/?#]*)(.*)$/is.exec(url);
  const [, scheme = '', authority = '', rest = ''] = parts ?? [];
  if (parts === null) return [url];
  const port = scheme.toLowerCase() === 'https' ? ':443' : ':80';
  if (authority.endsWith(port)) return [url, `${scheme}://${authority.slice(0, -port.length)}${rest}`];
  // A bracketed IPv6 address holds colons that are no port.
  const hasPort = /:\d+$/.test(authority.replace(/^.*\]/, ''));
  return hasPort ? [url] : [url, `${scheme}://${authority}${port}${rest}`];
}

function isSame(expected: string, actual: string): boolean {
  const a = Buffer.from(expected);
  const b = Buffer.from(actual);
  return a.length === b.length && timingSafeEqual(a, b);
}
