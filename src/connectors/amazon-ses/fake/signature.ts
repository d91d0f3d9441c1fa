import { createHash, createHmac } from 'node:crypto';

interface SignedCall {
  method: string;
  path: string;
  headers: Headers;
  body: string;
}

interface Account {
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
}

const toleranceMs = 5 * 60_000;

/** Checks a Signature Version 4 as SES does, from the published steps and not with the client's library. */
export function isSignedRequest(
  call: SignedCall,
  account: Account,
  now: Date,
):
  | 'ok'
  | 'UnrecognizedClientException'
  | 'InvalidSignatureException'
  | 'MissingAuthenticationTokenException' {
  const pattern =
    /^AWS4-HMAC-SHA256 Credential=([^/,]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, ?SignedHeaders=([a-z0-9;-]+), ?Signature=([0-9a-f]{64})$/;
  const match = pattern.exec(call.headers.get('authorization') ?? '');
  if (match === null) return 'MissingAuthenticationTokenException';
  const [, keyId = '', day = '', region = '', service = '', signedHeaders = '', signature = ''] = match;
  if (keyId !== account.accessKeyId) return 'UnrecognizedClientException';
  const date = call.headers.get('x-amz-date') ?? '';
  const names = signedHeaders.split(';');
  const isComplete = names.includes('host') && names.includes('x-amz-date');
  if (
    !isComplete ||
    region !== account.region ||
    service !== 'ses' ||
    !date.startsWith(day) ||
    !isNear(date, now)
  )
    return 'InvalidSignatureException';
  const host = `email.${region}.amazonaws.com`;
  const canonical = [
    call.method,
    call.path,
    '',
    ...names.map((name) => `${name}:${name === 'host' ? host : (call.headers.get(name) ?? '').trim()}`),
    '',
    signedHeaders,
    call.headers.get('x-amz-content-sha256') ?? sha256(call.body),
  ].join('\n');
  const scope = `${day}/${region}/${service}/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n');
  const key = [day, region, service, 'aws4_request'].reduce<Buffer | string>(
    (secret, part) => createHmac('sha256', secret).update(part).digest(),
    `AWS4${account.secretAccessKey}`,
  );
  const expected = createHmac('sha256', key).update(text).digest('hex');
  const isBody = (call.headers.get('x-amz-content-sha256') ?? sha256(call.body)) === sha256(call.body);
  return expected === signature && isBody ? 'ok' : 'InvalidSignatureException';
}

function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}

/** `20261125T203000Z`. */
function isNear(date: string, now: Date): boolean {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(date);
  if (parts === null) return false;
  const [, year, month, dayOfMonth, hours, minutes, seconds] = parts;
  const at = Date.parse(`${year}-${month}-${dayOfMonth}T${hours}:${minutes}:${seconds}Z`);
  return Math.abs(at - now.getTime()) <= toleranceMs;
}
