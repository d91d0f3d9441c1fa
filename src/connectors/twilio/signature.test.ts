import { createHash, createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { isTwilioSignature, signTwilioForm } from './signature.ts';

const authToken = '12345';
const form = 'application/x-www-form-urlencoded';
const documented = {
  CallSid: 'CA1234567890ABCDE',
  Caller: '+14158675309',
  Digits: '1234',
  From: '+14158675309',
  To: '+18005551212',
};

function hmac(text: string): string {
  return createHmac('sha1', authToken).update(text).digest('base64');
}

function check(
  url: string,
  body: string,
  signature: string | undefined,
  contentType: string | undefined = form,
) {
  return isTwilioSignature({ authToken, signature, url, contentType, rawBody: Buffer.from(body) });
}

describe('Twilio signature', () => {
  test.each([
    [documented, 'RSOYDt4T1cUTdK1PDd93/VVr8B8='],
    [{ ...documented, Caller: '+12349013030', From: '+12349013030' }, '0/KCTR6DLpKmkAf8muzZqo1nDgQ='],
  ])('gives the value of both published examples', (fields, signature) => {
    const url = 'https://mycompany.com/myapp.php?foo=1&bar=2';
    expect(signTwilioForm(authToken, url, new URLSearchParams(fields))).toBe(signature);
    expect(check(url, new URLSearchParams(fields).toString(), signature)).toBe(true);
  });

  test('orders names by code unit and repeated values de-duplicated and sorted', () => {
    const url = 'https://a.example/x';
    const body = 'b=2&a=z&B=1&a=y&a=z&ab=3';
    expect(check(url, body, hmac(`${url}B1ayazab3b2`))).toBe(true);
    expect(check(url, body, hmac(`${url}B1azayazab3b2`))).toBe(false);
  });

  test('takes the URL as it was called, not as it would be written again', () => {
    const url = 'https://A.example/x%7Ey?q=a b&c=%2f';
    expect(check(url, '', hmac(url))).toBe(true);
    expect(check(url, '', hmac(new URL(url).toString()))).toBe(false);
  });

  test.each([
    ['https://a.example/x?y=1', 'https://a.example:443/x?y=1'],
    ['http://a.example/x', 'http://a.example:80/x'],
    ['https://[::1]/x', 'https://[::1]:443/x'],
  ])('accepts %s with and without the default port', (without, withPort) => {
    expect(check(without, 'a=1', hmac(`${withPort}a1`))).toBe(true);
    expect(check(withPort, 'a=1', hmac(`${without}a1`))).toBe(true);
  });

  test('does not take another port for the default one', () => {
    expect(check('http://a.example:3000/x', '', hmac('http://a.example/x'))).toBe(false);
    expect(check('http://a.example/x', '', hmac('http://a.example:443/x'))).toBe(false);
  });

  test('a JSON body counts only through its hash in the signed URL', () => {
    const body = '{"CallSid":"CA1234567890ABCDE","Caller":"+12349013030"}';
    const hash = createHash('sha256').update(body).digest('hex');
    const url = `https://example.com/myapp?bodySHA256=${hash}`;
    expect(check(url, body, hmac(url), 'application/json')).toBe(true);
    expect(check(url, `${body} `, hmac(url), 'application/json')).toBe(false);
    // Without the hash the body would not be covered by anything.
    const bare = 'https://example.com/myapp';
    expect(check(bare, body, hmac(bare), 'application/json')).toBe(false);
  });

  test('refuses a missing, short or foreign signature and an empty token', () => {
    const url = 'https://a.example/x';
    expect(check(url, 'a=1', undefined)).toBe(false);
    expect(check(url, 'a=1', '')).toBe(false);
    expect(check(url, 'a=1', hmac(`${url}a2`))).toBe(false);
    expect(check('not a url', 'a=1', 'x')).toBe(false);
    const signature = createHmac('sha1', '').update(`${url}a1`).digest('base64');
    expect(
      isTwilioSignature({ authToken: '', signature, url, contentType: form, rawBody: Buffer.from('a=1') }),
    ).toBe(false);
  });
});
