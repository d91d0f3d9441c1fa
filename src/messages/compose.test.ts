import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { composeSystemText, composeText } from './compose.ts';
import { countParts } from './parts.ts';

const textOf = (more: Partial<Parameters<typeof composeText>[0]>) =>
  composeText({ programme: 'Luna Vale', body: 'hello', ...more }).text;

describe('R124 the programme name', () => {
  test.each([
    ['tap here', 'Luna Vale: tap here'],
    ['Luna Vale: tap here', 'Luna Vale: tap here'],
    ['LUNA VALE:tap here', 'Luna Vale: tap here'],
    ['Luna Vale here! Tap', 'Luna Vale here! Tap'],
    ['Luna Valentine plays', 'Luna Vale: Luna Valentine plays'],
    ['  hi  ', 'Luna Vale: hi'],
    ['It’s out…', "Luna Vale: It's out..."],
    ['a\0b\u0007c\r\nd', 'Luna Vale: abc\nd'],
  ])('%j becomes %j', (body, text) => {
    expect(textOf({ body })).toBe(text);
  });

  test('without a programme the body stands alone', () => {
    expect(textOf({ programme: ' ' })).toBe('hello');
  });
});

describe('R39 R94 R124 what the system adds', () => {
  test('S1 the confirmation of an opt-in rides in the text, in one part', () => {
    const composed = composeText({
      programme: 'Luna Vale',
      body: 'tap to pre-save Nightglass https://l.example/s/abc1234',
      joined: { perMonth: 5 },
      isOptOutDue: true,
    });
    expect(composed).toMatchObject({ parts: 1, encoding: 'GSM-7' });
    expect(composed.text).toBe(
      'Luna Vale: tap to pre-save Nightglass https://l.example/s/abc1234 You joined: max 5 msgs/mo. Msg&data rates may apply. HELP for help, STOP to end',
    );
  });

  test('the disclosures cannot be edited away', () => {
    const text = textOf({ body: 'Reply STOP to end', joined: { perMonth: 2 } });
    expect(text).toContain('You joined: max 2 msgs/mo. Msg&data rates may apply. HELP for help, STOP to end');
  });

  test.each([
    ['hello', true, 'Luna Vale: hello STOP to end'],
    ['hello', false, 'Luna Vale: hello'],
    ['hello. Reply STOP to unsubscribe', true, 'Luna Vale: hello. Reply STOP to unsubscribe'],
    ['hello, stop to quit', true, 'Luna Vale: hello, stop to quit'],
    ["Don't STOP dancing", true, "Luna Vale: Don't STOP dancing STOP to end"],
  ])('opt-out wording when due: %j %s', (body, isOptOutDue, text) => {
    expect(textOf({ body, isOptOutDue })).toBe(text);
  });

  test('S8 an answer held over night says why it comes now', () => {
    expect(textOf({ body: 'tap here', isFromLastNight: true })).toBe(
      'Luna Vale: You texted last night. tap here',
    );
    expect(textOf({ body: 'Luna Vale: tap here', isFromLastNight: true })).toBe(
      'Luna Vale: You texted last night. tap here',
    );
  });

  test('S9 in German, and with what a country wants in every text', () => {
    expect(textOf({ language: 'de-DE', isOptOutDue: true, mustCarry: '1 Main St' })).toBe(
      'Luna Vale: hello 1 Main St Ende: STOP',
    );
    expect(textOf({ language: 'xx', isOptOutDue: true })).toBe('Luna Vale: hello STOP to end');
  });
});

test('R124 every text begins with the name, once, and is counted as it stands', () => {
  const bodies = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 200 }),
    fc.string({ maxLength: 60 }).map((rest) => `Luna Vale: ${rest}`),
  );
  fc.assert(
    fc.property(
      bodies,
      fc.boolean(),
      fc.boolean(),
      fc.option(fc.integer({ min: 1, max: 30 })),
      (body, isOptOutDue, isFromLastNight, perMonth) => {
        const composed = composeText({
          programme: 'Luna Vale',
          body,
          isOptOutDue,
          isFromLastNight,
          joined: perMonth === null ? null : { perMonth },
        });
        expect(composed.text.toLowerCase()).toMatch(/^luna vale/);
        const { pieces, ...counted } = composed;
        expect(counted).toEqual({ text: composed.text, ...countParts(composed.text) });
        expect(pieces.map(({ text }) => text).join('')).toBe(composed.text);
        expect(composed.text.isWellFormed() && !composed.text.includes('\0')).toBe(true);
        expect(composed.text.toUpperCase().includes('STOP') || (!isOptOutDue && perMonth === null)).toBe(
          true,
        );
      },
    ),
    { numRuns: 1000 },
  );
});

test('says which words are the artist’s and which the system added', () => {
  const { pieces } = composeText({ programme: 'Luna Vale', body: '“hello” – you', joined: { perMonth: 5 } });
  expect(pieces).toEqual([
    { by: 'system', text: 'Luna Vale: ' },
    { by: 'artist', text: '"hello" - you' },
    { by: 'system', text: expect.stringMatching(/^ You joined: max 5 msgs.*STOP to end$/) },
  ]);
});

test('of several wordings the fullest in the fewest parts is taken', () => {
  expect(composeSystemText('N', ['a'.repeat(170), 'b'.repeat(100), 'c']).text).toBe(`N: ${'b'.repeat(100)}`);
  expect(composeSystemText('N', ['a'.repeat(170), 'b'.repeat(165)]).text).toBe(`N: ${'a'.repeat(170)}`);
  expect(() => composeSystemText('N', [])).toThrow('wording');
});
