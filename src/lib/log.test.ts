import { expect, test } from 'vitest';
import { createLog, maskPhone } from './log.ts';

function write(act: (log: ReturnType<typeof createLog>) => void): {
  line: string;
  fields: Record<string, unknown>;
} {
  const lines: string[] = [];
  act(createLog({ level: 'debug' }, { write: (line) => void lines.push(line) }));
  expect(lines).toHaveLength(1);
  return { line: lines[0] ?? '', fields: JSON.parse(lines[0] ?? '') };
}

test('a line has a level by name and a time in UTC', () => {
  const { fields } = write((log) => log.info({ runId: 'r1', count: 3 }, 'hello'));
  expect(fields).toEqual({
    level: 'info',
    time: expect.stringMatching(/^\d{4}-.*Z$/),
    runId: 'r1',
    count: 3,
    msg: 'hello',
  });
});

test.each([
  'authorization',
  'Authorization',
  'access_token',
  'refreshToken',
  'clientSecret',
  'password',
  'api_key',
  'cookie',
])('%s is hidden at any depth', (name) => {
  const { line } = write((log) =>
    log.info({ request: { headers: [{ [name]: 'hunter2' }] }, [name]: 'hunter2' }, 'call'),
  );
  expect(line).not.toContain('hunter2');
  expect(line).toContain('[hidden]');
});

test('phone numbers keep their last two digits, in fields and in texts', () => {
  const { line, fields } = write((log) =>
    log.info({ from: '+16195550123', fan: { phone: '+4915112345678' } }, 'text from +1 619 555-0123'),
  );
  expect(fields['from']).toBe('+•••••••••23');
  expect(fields['fan']).toEqual({ phone: '+•••••••••••78' });
  expect(fields['msg']).toBe('text from +•••••••••23');
  expect(line).not.toMatch(/0123|345678/);
});

test('numbers that are no phone numbers stay', () => {
  const { fields } = write((log) =>
    log.info(
      { from: 3, number: 12, at: '2026-11-23T03:00:00.000Z', id: '0193a5f2-7c1e-7b00-8000-000000000001' },
      'x',
    ),
  );
  expect(fields).toMatchObject({
    from: 3,
    number: 12,
    at: '2026-11-23T03:00:00.000Z',
    id: '0193a5f2-7c1e-7b00-8000-000000000001',
  });
});

test('an error keeps class, stack and cause, and loses its secrets', () => {
  const cause = Object.assign(new TypeError('refused for +16195550123'), { code: 'E1', token: 'hunter2' });
  const { line, fields } = write((log) => log.error({ err: new Error('send failed', { cause }) }, 'bug'));
  expect(fields['err']).toMatchObject({
    type: 'Error',
    message: 'send failed',
    cause: { type: 'TypeError', code: 'E1' },
  });
  expect(line).toContain('log.test.ts');
  expect(line).not.toMatch(/hunter2|6195550123/);
});

test('what is bound to a child logger is redacted too', () => {
  const { line } = write((log) => log.child({ token: 'hunter2', phone: '+16195550123' }).info('x'));
  expect(line).not.toMatch(/hunter2|6195550123/);
});

test('maskPhone leaves two digits and the plus', () => {
  expect(maskPhone('+16195550100')).toBe('+•••••••••00');
  expect(maskPhone('12345')).toBe('•••45');
  expect(maskPhone('7')).toBe('•');
});
