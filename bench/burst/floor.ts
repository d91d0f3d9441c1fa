/**
 * Child process: what the same texts cost at the very least. A bare server checks the same signature
 * and makes the same four calls with the same client, and keeps nothing.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isTwilioSignature } from '#connectors/twilio/signature.ts';
import { createHttp, type Http } from '#lib/http.ts';

interface Setup {
  sms: string;
  music: string;
  accountSid: string;
  authToken: string;
  number: string;
  album: string;
  artist: string;
  /** Access token by phone. */
  tokens: Map<string, string>;
}

const http = createHttp({ connections: 256 });
let setup: Setup | undefined;
let publicUrl = '';

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { headers, url = '/' } = request;
    const signature = String(headers['x-twilio-signature']);
    void take(Buffer.concat(chunks), url, headers['content-type'], signature).then(
      (status) => response.writeHead(status, { 'content-type': 'text/xml' }).end('<Response/>'),
      () => response.writeHead(500).end(),
    );
  });
});

async function take(
  rawBody: Buffer,
  path: string,
  contentType: string | undefined,
  signature: string,
): Promise<number> {
  if (setup === undefined) return 503;
  const { authToken } = setup;
  if (!isTwilioSignature({ authToken, signature, url: publicUrl + path, contentType, rawBody })) return 403;
  await fourCalls(http, setup, new URLSearchParams(rawBody.toString()).get('From') ?? '');
  return 200;
}

async function fourCalls(call: Http, to: Setup, phone: string) {
  const headers = { authorization: `Bearer ${to.tokens.get(phone) ?? ''}` };
  const uri = (kind: string, id: string) => encodeURIComponent(`spotify:${kind}:${id}`);
  await call({ method: 'PUT', url: `${to.music}/v1/me/library?uris=${uri('album', to.album)}`, headers });
  await call({ method: 'PUT', url: `${to.music}/v1/me/library?uris=${uri('artist', to.artist)}`, headers });
  await call({
    method: 'GET',
    url: `${to.music}/v1/me/library/contains?uris=${uri('artist', to.artist)}`,
    headers,
  });
  const text = { To: phone, From: to.number, Body: 'Luna Vale: done! Nightglass is in your library now.' };
  await call({
    method: 'POST',
    url: `${to.sms}/2010-04-01/Accounts/${to.accountSid}/Messages.json`,
    headers: {
      authorization: `Basic ${Buffer.from(`${to.accountSid}:${to.authToken}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams(text).toString(),
  });
}

process.on('message', (message: { id: number; question: Setup }) => {
  setup = message.question;
  process.send?.({ id: message.id, value: true });
});
server.listen(0, '127.0.0.1', () => {
  // An address object: it listens on a port.
  publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  process.send?.({ id: 0, value: { url: publicUrl } });
});
process.on('SIGTERM', () => process.exit(0));
