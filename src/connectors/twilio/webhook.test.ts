import { expect, test } from 'vitest';
import type { WebhookItem } from '../connector.ts';
import { createHttp } from '#lib/http.ts';
import { settings } from './testing.ts';
import { createTwilioWebhookReader } from './webhook.ts';

const at = new Date('2026-11-23T12:00:00Z');
const http = createHttp();
const reader = createTwilioWebhookReader({ settings, http, now: () => at });

function parse(fields: Record<string, string>): WebhookItem[] {
  const rawBody = Buffer.from(new URLSearchParams(fields).toString());
  return reader.parse({ method: 'POST', url: 'https://a.example/', header: () => undefined, rawBody });
}

const inbound = {
  MessageSid: 'SM1',
  SmsStatus: 'received',
  From: '+12125550123',
  To: '+16195550100',
  Body: 'Présave 🎵',
};

test('reads a text with what the provider says about it', () => {
  expect(parse({ ...inbound, NumMedia: '2', FromZip: '10001', OptOutType: 'STOP', New: 'field' })).toEqual([
    {
      kind: 'text',
      text: {
        providerId: 'SM1',
        from: '+12125550123',
        to: '+16195550100',
        body: 'Présave 🎵',
        mediaCount: 2,
        receivedAt: at,
        optOut: 'stop',
        zip: '10001',
      },
    },
  ]);
  expect(parse({ ...inbound, Body: '', FromZip: '' })).toMatchObject([
    { text: { body: '', mediaCount: 0, optOut: null, zip: null } },
  ]);
});

test.each([
  ['START', 'start'],
  ['HELP', 'help'],
  ['OTHER', null],
])('OptOutType %s is %s', (type, optOut) => {
  expect(parse({ ...inbound, OptOutType: type })).toMatchObject([{ text: { optOut } }]);
});

test.each([
  ['accepted', 'queued'],
  ['sending', 'queued'],
  ['sent', 'sent'],
  ['delivered', 'delivered'],
  ['undelivered', 'undelivered'],
  ['canceled', 'failed'],
])('status %s is %s', (status, expected) => {
  const fields = { MessageSid: 'SM1', MessageStatus: status };
  expect(parse(fields)).toEqual([
    { kind: 'delivery', providerId: 'SM1', status: expected, reason: null, isOptOut: false, at },
  ]);
});

test('a failure carries its reason, an opt-out at the provider its mark', () => {
  const failed = { MessageSid: 'SM1', MessageStatus: 'undelivered' };
  expect(parse({ ...failed, ErrorCode: '30007' })).toMatchObject([
    { reason: expect.stringMatching(/^Twilio error 30007: /), isOptOut: false },
  ]);
  expect(parse({ ...failed, ErrorCode: '21610' })).toMatchObject([
    { reason: expect.stringContaining('21610'), isOptOut: true },
  ]);
});

test.each<Record<string, string>>([
  {},
  { MessageSid: 'SM1', MessageStatus: 'invented' },
  { MessageSid: 'SM1', MessageStatus: 'constructor' },
  { MessageStatus: 'sent' },
  { ...inbound, From: 'whatsapp:+12125550123' },
  { MessageSid: 'SM1', From: '+12125550123', To: '+16195550100' },
])('an unknown shape gives nothing (%#)', (fields) => {
  expect(parse(fields)).toEqual([]);
});
