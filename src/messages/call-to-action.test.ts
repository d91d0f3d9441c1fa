import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type CallToAction,
  callToActionProblems,
  callToActionText,
  webConsentText,
} from './call-to-action.ts';
import { textVersion } from './text-version.ts';

const input: CallToAction = {
  programme: 'Luna Vale',
  legalSender: 'Luna Vale Music LLC',
  perMonth: 5,
  termsUrl: 'https://texts.example.com/t/luna-vale',
  privacyUrl: 'https://texts.example.com/privacy/luna-vale',
  keyword: 'PRESAVE',
  number: '+1 512 555 0100',
  actions: ['pre-save Nightglass', 'follow Luna Vale'],
  where: 'poster',
  link: 'https://pictures.example.com/poster.png',
};

const disclosures = [
  'recurring automated marketing texts',
  'Luna Vale Music LLC',
  'at most 5 texts a month',
  'Consent is not a condition of purchase',
  'Msg & data rates may apply',
  'HELP',
  'STOP',
  input.termsUrl,
  input.privacyUrl,
];

describe('R95 the text beside the keyword', () => {
  test('is complete', () => {
    expect(callToActionText(input)).toBe(
      'Text PRESAVE to +1 512 555 0100 to pre-save Nightglass and follow Luna Vale. By texting PRESAVE you agree to get recurring automated marketing texts from Luna Vale (sent by Luna Vale Music LLC) at the number you text from, at most 5 texts a month. Consent is not a condition of purchase. Msg & data rates may apply. Reply HELP for help, STOP to end. Terms: https://texts.example.com/t/luna-vale Privacy: https://texts.example.com/privacy/luna-vale',
    );
  });

  test.each(disclosures)('says %s, as does the web form', (words) => {
    expect(callToActionText(input)).toContain(words);
    expect(webConsentText(input, 'typed')).toContain(words);
    expect(webConsentText(input, 'proven')).toContain(words);
  });

  test('R94 R37 the web form says which number is meant', () => {
    expect(webConsentText(input, 'typed')).toContain('at the number I entered');
    expect(webConsentText(input, 'proven')).toContain('at the number I texted from');
  });

  test('R115 carries the age line of the pack; one text is singular; actions may be none', () => {
    const text = callToActionText({
      ...input,
      ageLine: 'You must be 16 or older.',
      perMonth: 1,
      actions: [],
    });
    expect(text).toContain('You must be 16 or older.');
    expect(text).toContain('at most 1 text a month');
    expect(text).toMatch(/^Text PRESAVE to \+1 512 555 0100\. By/);
  });
});

describe('R95 what is missing', () => {
  test('a complete one has no problems', () => {
    expect(callToActionProblems(input)).toEqual([]);
  });

  test.each([
    ['programme', { programme: ' ' }, 'required'],
    ['legalSender', { legalSender: '' }, 'required'],
    ['keyword', { keyword: '' }, 'required'],
    ['number', { number: '' }, 'required'],
    ['perMonth', { perMonth: 0 }, 'out_of_range'],
    ['perMonth', { perMonth: 2.5 }, 'out_of_range'],
    ['termsUrl', { termsUrl: '' }, 'required'],
    ['privacyUrl', { privacyUrl: 'javascript:alert(1)' }, 'not_a_link'],
    ['link', { link: 'poster.png' }, 'not_a_link'],
  ])('%s', (path, change, code) => {
    expect(callToActionProblems({ ...input, ...change })).toEqual([
      expect.objectContaining({ severity: 'error', path, code }),
    ]);
  });

  test('an empty one names everything once', () => {
    const paths = callToActionProblems({}).map((problem) => problem.path);
    expect(paths).toEqual([
      'programme',
      'legalSender',
      'keyword',
      'number',
      'perMonth',
      'termsUrl',
      'privacyUrl',
      'link',
      'where',
    ]);
  });
});

describe('R38 R95 the version of a text', () => {
  test('is the beginning of its SHA-256 in base32', () => {
    expect(textVersion('abc')).toBe('xj4bnp4pahh6uqkb');
    expect(textVersion('')).toMatch(/^[a-z2-7]{16}$/);
  });

  test('holds 80 bits of the digest, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const bits = Array.from(createHash('sha256').update(text).digest().subarray(0, 10), (byte) =>
          byte.toString(2).padStart(8, '0'),
        ).join('');
        const read = Array.from(textVersion(text), (char) =>
          'abcdefghijklmnopqrstuvwxyz234567'.indexOf(char).toString(2).padStart(5, '0'),
        ).join('');
        expect(read).toBe(bits);
      }),
      { numRuns: 1000 },
    );
  });

  test('changes with any change of what was shown', () => {
    const versions = [
      input,
      { ...input, perMonth: 6 },
      { ...input, keyword: 'SAVE' },
      { ...input, legalSender: 'Other' },
    ].map((each) => textVersion(callToActionText(each)));
    expect(new Set(versions).size).toBe(4);
  });
});
