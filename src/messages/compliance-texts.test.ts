import { describe, expect, test } from 'vitest';
import {
  codeText,
  helpAnswer,
  keywordAnswer,
  optInRequest,
  startConfirmation,
  stopConfirmation,
} from './compliance-texts.ts';
import { textsIn } from './text-catalogue.ts';
import { readComplianceWord } from './words.ts';

const languages = ['en', 'de', 'es'];
const names = ['Luna Vale', 'The Long Forgotten Orchestra', 'X'];
const page = 'https://texts.example.com/s/0123456789';
const contact = 'https://texts.example.com/t/luna-vale';

describe.each(languages)('in %s', (language) => {
  test.each(names)(
    'R40 R42 R43 R97 R107 every text of %s is one GSM-7 part with the name first',
    (programme) => {
      const speaker = { programme, language };
      const texts = [
        stopConfirmation(speaker),
        stopConfirmation({ ...speaker, isSharedSender: true }),
        helpAnswer({ ...speaker, contact, perMonth: 30 }),
        helpAnswer({ ...speaker, contact, perMonth: null }),
        helpAnswer({ ...speaker, contact, perMonth: 30, page }),
        codeText({ ...speaker, code: '123456', minutes: 10 }),
        startConfirmation({ ...speaker, perMonth: 30 }),
        optInRequest({ ...speaker, perMonth: 30 }),
        keywordAnswer({ ...speaker, keywords: ['presave', 'tour', 'merch'] }),
      ];
      for (const text of texts) {
        expect(text).toMatchObject({ parts: 1, encoding: 'GSM-7' });
        expect(text?.text.startsWith(`${programme}: `)).toBe(true);
      }
    },
  );

  test('R43 HELP names the contact and STOP', () => {
    const { text } = helpAnswer({ programme: 'Luna Vale', language, contact, perMonth: 5 });
    expect(text).toContain(contact);
    expect(text).toContain('STOP');
  });

  test('R120 HELP leads to her own page where it fits', () => {
    const help = (programme: string) => helpAnswer({ programme, language, contact, perMonth: 5, page }).text;
    expect(help('Luna Vale')).toContain(page);
    expect(help('The Long Forgotten Orchestra of the Northern Lowlands and Isles')).not.toContain(page);
  });

  test('R97 the word a request asks for completes it', () => {
    const { text } = optInRequest({ programme: 'Luna Vale', language, perMonth: 5 });
    const asked = /(?:reply|antworte|responde) (\p{Lu}+)/u.exec(text)?.[1] ?? '';
    expect(readComplianceWord(asked).kind).toBe('yes');
    expect(text).toContain('5');
  });

  test('R39 R124 the riding words are GSM-7 and say STOP', () => {
    const texts = textsIn(language);
    for (const words of [texts.joined(5), texts.optOut]) expect(words).toContain('STOP');
    expect([texts.joined(5), texts.optOut, texts.lastNight].join('')).toMatch(/^[\x20-\x7eäöüÄÖÜßñé]+$/u);
  });
});

test('R40 the confirmation of an opt-out sells nothing', () => {
  expect(stopConfirmation({ programme: 'Luna Vale' }).text).toBe(
    "Luna Vale: you're unsubscribed and will get no more texts from us. Text START to come back.",
  );
  expect(stopConfirmation({ programme: 'Luna Vale', isSharedSender: true }).text).toContain(
    'anyone on this number',
  );
});

test('R107 as many keywords as fit are named, and none is no answer', () => {
  expect(keywordAnswer({ programme: 'Luna Vale', keywords: ['presave', 'tour'] })?.text).toBe(
    'Luna Vale: sorry, I can only read keywords here. Try PRESAVE, TOUR. HELP for help, STOP to end',
  );
  const many = keywordAnswer({
    programme: 'Luna Vale',
    keywords: Array.from({ length: 50 }, (_, i) => `keyword${i}`),
  });
  expect(many).toMatchObject({ parts: 1 });
  expect(many?.text).toContain('KEYWORD3');
  expect(keywordAnswer({ programme: 'Luna Vale', keywords: [] })).toBeNull();
});

test('a long name costs the optional words, not what the law wants', () => {
  const { text, parts } = helpAnswer({
    programme: 'The Long Forgotten Orchestra of the Northern Lowlands',
    contact,
    perMonth: 5,
  });
  expect(parts).toBe(1);
  expect(text).toContain(contact);
  expect(text).toContain('STOP to end');
});
