import { describe, expect, test } from 'vitest';
import { Overloaded } from '#engine/batcher.ts';
import { UserError } from '#lib/errors.ts';
import { createLog } from '#lib/log.ts';
import { toProblem } from './problem.ts';
import { startApi } from './testing.ts';

function logged() {
  const lines: string[] = [];
  return { lines, log: createLog({ level: 'info' }, { write: (line: string) => void lines.push(line) }) };
}

describe('a refusal', () => {
  test('says what it is in every field of the problem document', () => {
    const { log } = logged();
    const error = new UserError(409, 'flow_conflict', 'Taken.', {
      conflict: { flowId: 'f', flowName: 'F', scope: 's' },
      rule: 'R14',
      errors: [{ path: 'p', code: 'c', message: 'm' }],
    });
    const { status, headers, body } = toProblem(error, 'https://segue.example', log);
    expect(status).toBe(409);
    expect(headers['content-type']).toBe('application/problem+json');
    expect(body).toEqual({
      type: 'https://segue.example/api/docs#flow_conflict',
      title: 'Another flow stands in the way',
      status: 409,
      code: 'flow_conflict',
      detail: 'Taken.',
      errors: [{ path: 'p', code: 'c', message: 'm' }],
      conflict: { flowId: 'f', flowName: 'F', scope: 's' },
      rule: 'R14',
    });
  });

  test('that is a bug is 500 without a word of it, and logged with its stack', () => {
    const { log, lines } = logged();
    const { status, body } = toProblem(new Error('secret inside'), '', log);
    expect([status, body.code]).toEqual([500, 'internal']);
    expect(JSON.stringify(body)).not.toContain('secret');
    expect(lines.join('')).toMatch(/secret inside.*problem\.test/);
  });

  test('with a status that asks to come back says when', () => {
    const { log } = logged();
    const limited = new UserError(429, 'rate_limited', 'Slow.', { retryAfterSeconds: 2.2 });
    expect(toProblem(limited, '', log).headers['retry-after']).toBe('3');
    const lost = Object.assign(new Error('gone'), { code: '57P01' });
    expect(toProblem(lost, '', log)).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
  });

  test('because too much is waiting is 503 with Retry-After: 1, at the door', async () => {
    const api = await startApi({ accept: () => Promise.reject(new Overloaded('full')) });
    const { post } = await api.addProject();
    const { status, headers, body } = await post('/events', {
      type: 'sms.keyword',
      fan: { phone: '+16195550100' },
      subject: { keyword: 'x' },
      idempotencyKey: '1',
    });
    expect([status, headers.get('retry-after'), body['code']]).toEqual([503, '1', 'unavailable']);
  });
});
