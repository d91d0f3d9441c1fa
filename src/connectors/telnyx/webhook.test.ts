import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import type { WebhookItem, WebhookRequest } from '../connector.ts';
import { createHttp } from '#lib/http.ts';
import { signTelnyx } from './signature.ts';
import { createTelnyxWebhookReader } from './webhook.ts';

const at = new Date('2026-11-23T12:00:00Z');
const pair = generateKeyPairSync('ed25519');
const privateKey = createPrivateKey(pair.privateKey.export({ format: 'pem', type: 'pkcs8' }));
const { x = '' } = pair.publicKey.export({ format: 'jwk' });
const settings = {
  apiKey: 'KEY0123456789',
  publicKey: Buffer.from(x, 'base64url').toString('base64'),
  numbers: [{ number: '+16195550100', type: '10dlc' }],
};
const reader = createTelnyxWebhookReader({ settings, http: createHttp(), now: () => at });

function requestOf(body: unknown, url = 'https://a.example/webhooks/telnyx/1'): WebhookRequest {
  const text = JSON.stringify(body);
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const headers: Record<string, string> = {
    'telnyx-timestamp': timestamp,
    'telnyx-signature-ed25519': signTelnyx(privateKey, timestamp, text),
  };
  return { method: 'POST', url, header: (name) => headers[name], rawBody: Buffer.from(text) };
}

function parse(type: string, payload: Record<string, unknown>): WebhookItem[] {
  return reader.parse(requestOf({ data: { event_type: type, id: 'event-1', payload } }));
}

const inbound = {
  id: 'text-1',
  direction: 'inbound',
  from: { phone_number: '+12125550123', carrier: 'T-Mobile USA', line_type: 'Wireless' },
  to: [{ phone_number: '+16195550100', status: 'webhook_delivered' }],
  text: 'Présave 🎵',
  media: [{ url: 'https://a.example/1.jpg' }],
  received_at: '2026-11-23T11:59:58.500+00:00',
  autoresponse_type: null,
  new_field: 1,
};

test('reads a text with what the provider says about it', () => {
  expect(parse('message.received', { ...inbound, autoresponse_type: 'STOP' })).toEqual([
    {
      kind: 'text',
      text: {
        providerId: 'text-1',
        from: '+12125550123',
        to: '+16195550100',
        body: 'Présave 🎵',
        mediaCount: 1,
        receivedAt: new Date('2026-11-23T11:59:58.500Z'),
        optOut: 'stop',
        zip: null,
      },
    },
  ]);
  const bare = { id: 'text-1', from: inbound.from, to: inbound.to };
  expect(parse('message.received', bare)).toMatchObject([
    { text: { body: '', mediaCount: 0, optOut: null, receivedAt: at } },
  ]);
});

test.each([
  ['START', 'start'],
  ['HELP', 'help'],
  ['TOUR', null],
  ['constructor', null],
])('autoresponse_type %s is %s', (type, optOut) => {
  expect(parse('message.received', { ...inbound, autoresponse_type: type })).toMatchObject([
    { text: { optOut } },
  ]);
});

test.each([
  ['message.sent', 'sent', 'sent'],
  ['message.finalized', 'delivered', 'delivered'],
  ['message.finalized', 'delivery_unconfirmed', 'sent'],
  ['message.finalized', 'delivery_failed', 'undelivered'],
  ['message.finalized', 'expired', 'undelivered'],
  ['message.finalized', 'sending_failed', 'failed'],
])('%s with %s is %s', (type, status, expected) => {
  const payload = { id: 'text-1', to: [{ phone_number: '+12125550123', status }], errors: [] };
  expect(parse(type, payload)).toEqual([
    { kind: 'delivery', providerId: 'text-1', status: expected, reason: null, isOptOut: false, at },
  ]);
});

test('a failure carries its reason, an opt-out at the provider its mark', () => {
  const failed = (error: object) =>
    parse('message.finalized', { id: 'text-1', to: [{ status: 'delivery_failed' }], errors: [error] });
  expect(failed({ code: '40002', title: 'Blocked as spam' })).toMatchObject([
    { reason: expect.stringMatching(/^Telnyx error 40002: /), isOptOut: false },
  ]);
  expect(failed({ code: '40300', title: 'Blocked due to STOP message' })).toMatchObject([
    { reason: expect.stringContaining('40300'), isOptOut: true },
  ]);
});

test.each<[type: string, payload: Record<string, unknown>]>([
  ['message.received', {}],
  ['message.received', { ...inbound, from: { phone_number: 'RCS_AGENT' } }],
  ['message.received', { ...inbound, to: [] }],
  ['message.received', { ...inbound, direction: 'outbound' }],
  ['message.finalized', { id: 'text-1', to: [{ status: 'invented' }] }],
  ['message.finalized', { id: 'text-1', to: [{ status: 'constructor' }] }],
  ['message.finalized', { id: 'text-1' }],
  ['call.initiated', { ...inbound }],
])('an unknown shape gives nothing (%s, %#)', (type, payload) => {
  expect(parse(type, payload)).toEqual([]);
});

test('R74 a signed report is for the address it was sent to, under whatever name the proxy has', () => {
  const url = 'https://a.example/webhooks/telnyx/1?project=1&intent=1';
  const body = { data: { event_type: 'message.sent', payload: {} }, meta: { attempt: 1, delivered_to: url } };
  const verify = (called: string) => reader.verify(requestOf(body, called));
  expect(verify(url)).toBe(true);
  expect(verify(url.replace('https://a.example', 'http://127.0.0.1:3000'))).toBe(true);
  expect(verify(url.replace('intent=1', 'intent=2'))).toBe(false);
  expect(verify('no url')).toBe(false);
  expect(reader.verify(requestOf({ data: body.data }))).toBe(true);
});
