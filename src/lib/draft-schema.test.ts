import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { draftOf } from './draft-schema.ts';

const schema = z.strictObject({
  releaseId: z.uuid(),
  body: z.string().trim().min(1).max(10),
  count: z.number().int().min(1),
  words: z.array(z.string()).max(2),
  mode: z.enum(['a', 'b']).default('a'),
  link: z.url({ error: 'A link begins with https://.' }).optional(),
  nested: z.strictObject({ name: z.string().min(1), per: z.number() }).optional(),
});
const draft = draftOf(schema);
const messages = (value: unknown) => draft.safeParse(value).error?.issues.map(({ message }) => message);

describe('a draft', () => {
  test('may lack what is still to be filled in, and keeps the defaults', () => {
    expect(draft.parse({ words: [] })).toEqual({ words: [], mode: 'a' });
    expect(draft.parse({ words: [], releaseId: '', body: '', nested: { name: '' } })).toEqual({
      words: [],
      mode: 'a',
      releaseId: '',
      body: '',
      nested: { name: '' },
    });
  });

  test('refuses what is wrong, with the words of the field itself', () => {
    expect(messages({ words: [], link: 'x' })).toEqual(['A link begins with https://.']);
    expect(messages({ words: [], body: 'x'.repeat(11) })?.[0]).toMatch(/Too big/);
    expect(messages({ words: [], releaseId: 'x' })?.[0]).toMatch(/UUID/i);
    for (const bad of [
      { words: 1 },
      { words: [], colour: 'red' },
      { words: [], nested: { x: 1 } },
      { words: [], count: 'x' },
    ])
      expect(draft.safeParse(bad).success).toBe(false);
  });
});
