import { expect, test } from 'vitest';
import { z } from 'zod';
import { UserError } from '#lib/errors.ts';
import { validate } from './validate.ts';

const schema = z.strictObject({
  name: z.string().trim().min(1).max(5),
  cap: z.number().int().min(1).max(100),
  email: z.email(),
  scopes: z.array(z.string()).min(1),
  zone: z.string().min(3, { error: 'A time zone such as Europe/Berlin.' }),
});

function refusalsOf(value: unknown): Record<string, string> {
  try {
    validate(schema, value);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return Object.fromEntries((error.details.errors ?? []).map(({ path, message }) => [path, message]));
  }
  return {};
}

test('what a person typed wrong is said in words, a field at a time', () => {
  expect(refusalsOf({ name: ' ', cap: 0, email: 'mara', scopes: [], zone: 'x' })).toEqual({
    name: 'This is needed.',
    cap: 'At least 1.',
    email: 'An e-mail address such as name@example.com.',
    scopes: 'Choose at least one.',
    zone: 'A time zone such as Europe/Berlin.',
  });
  expect(
    refusalsOf({ name: 'too long', cap: 101, email: 'm@example.com', scopes: ['a'], zone: 'UTC' }),
  ).toEqual({ name: 'At most 5 characters.', cap: 'At most 100.' });
});

test('what is missing or unknown is named', () => {
  expect(refusalsOf({ name: 'Nova', cap: 5, scopes: ['a'], zone: 'UTC', colour: 'red' })).toEqual({
    email: 'This field is missing.',
    colour: 'There is no such field.',
  });
});
