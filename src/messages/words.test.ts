import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { complianceWords } from '#lib/compliance-words.ts';
import { isAutoReply, isReaction } from './automatic-texts.ts';
import { readComplianceWord } from './words.ts';

const kindOf = (text: string) => readComplianceWord(text).kind;

describe('R18 R40 R41 stop', () => {
  test.each([
    'STOP',
    'stop',
    ' Stop!! ',
    '"STOP"',
    '“Stop.”',
    's t o p',
    'S.T.O.P.',
    'S-T-O-P',
    'ＳＴＯＰ',
    'STOP PLEASE',
    'please stop',
    'stop pls thanks',
    'Please, unsubscribe!',
    'thank you, stop, thank you',
    'stop stop stop',
    'STOP 🛑',
    'stop\u200b',
    'STOP\n\n',
    'stop all',
    'STOPALL',
    'stop-all',
    'opt out',
    'Opt-Out',
    'OPTOUT',
    'opt me out please',
    'unsubscribe me',
    'end',
    'End.',
    'QUIT',
    'revoke',
    'cancel',
    'un subscribe',
    'REMOVE',
    'remove me',
    'stop please stop',
    'unsubscribe, opt out',
    'help STOP',
    'ARRET',
    'arrêt',
    'Arrêter svp',
    'désabonner',
    "STOP s'il vous plaît",
    'TD',
    'parar',
    'BAJA',
    'darme de baja por favor',
    'cancelar',
    'sair',
    'Stopp!',
    'abmelden bitte',
    'Bitte abmelden, danke',
    'widerruf',
    'annulla',
    'cancellami per favore',
    'afmelden aub',
    '停止',
    '停止してください',
    'ストップ',
    '配信停止お願いします',
    'やめて',
  ])('%j stops', (text) => {
    expect(kindOf(text)).toBe('stop');
  });

  test.each([
    "can't stop listening",
    "don't stop the show",
    "don't stop",
    'Dont stop!',
    'stop it',
    'the end',
    'non-stop',
    'nonstop',
    'bus stop',
    'when does the show end?',
    'please stop texting me',
    'I quit my job',
    'unstoppable',
    'cancel culture',
    'stoplight',
    'is it the end of the tour',
    'stopping',
    'I need help',
    'help me',
    'yes I stop',
    'yes ma’am',
    'start now',
    'info please about the tour',
    '',
    '   ',
    '!!!',
    '👍',
    'please',
    'PRESAVE',
    'stop the '.repeat(30),
    'Liked “Reply STOP to end”',
    'por favor',
    'stop?no',
  ])('R41 %j is no command', (text) => {
    expect(readComplianceWord(text)).toEqual({ kind: null, word: null });
  });
});

describe('R18 R42 R43 the others', () => {
  test.each([
    ['START', 'start', 'start'],
    ['un-stop', 'start', 'unstop'],
    ['Start please', 'start', 'start'],
    ['HELP', 'help', 'help'],
    ['help!!! please', 'help', 'help'],
    ['Info', 'help', 'info'],
    ['Hilfe bitte', 'help', 'hilfe'],
    ['información', 'help', 'informacion'],
    ['ヘルプ', 'help', 'ヘルプ'],
    ['YES', 'yes', 'yes'],
    ['yes please', 'yes', 'yes'],
    ['Y', 'yes', 'y'],
    ['Sí', 'yes', 'si'],
    ['ja', 'yes', 'ja'],
    ['はい', 'yes', 'はい'],
    ['Opt-Out', 'stop', 'optout'],
    ['start stop', 'stop', 'stop'],
    ['yes start', 'start', 'start'],
  ])('%j is %s %s', (text, kind, word) => {
    expect(readComplianceWord(text)).toEqual({ kind, word });
  });
});

test('R41 every word of the tables is understood in any case, spacing, punctuation and with politeness', () => {
  const stops = Object.values(complianceWords.stop).flat();
  const dress = fc.constantFrom('', ' ', '!', '... ', ' please ', ' thanks ', '"', ' 🙏 ', '\n', ' pls, ');
  fc.assert(
    fc.property(
      fc.constantFrom(...stops),
      fc.boolean(),
      fc.boolean(),
      dress,
      dress,
      (word, isUpper, isSpaced, before, after) => {
        const spelled = isSpaced ? Array.from(word).join(' ') : word;
        const text = `${before}${isUpper ? spelled.toUpperCase() : spelled}${after}`;
        expect(kindOf(text)).toBe('stop');
      },
    ),
    { numRuns: 2000 },
  );
});

test('R41 a sentence with one foreign word in it is no command', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('stop', 'quit', 'help', 'start'),
      fc.constantFrom('the', 'listening', 'never', 'song'),
      fc.boolean(),
      (word, other, isFirst) => {
        expect(kindOf(isFirst ? `${word} ${other}` : `${other} ${word}`)).toBeNull();
      },
    ),
    { numRuns: 200 },
  );
});

test('no text makes it throw', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      const { kind, word } = readComplianceWord(text);
      expect(kind === null).toBe(word === null);
    }),
    { numRuns: 2000 },
  );
});

describe('R107 texts that a phone wrote', () => {
  test.each([
    'Liked “PRESAVE now”',
    'Loved an image',
    'Laughed at “ha”',
    'Emphasized "Tour dates"',
    'Questioned “x”',
    'Disliked a video',
    'Liked 2 images',
    'Removed a heart from “hello”',
    'Reacted 🔥 to “new song”',
    'Reacted 🔥 to an image',
    '👍 to “Luna Vale: done!”',
    '\u200a❤️\u200a to “x”\u200a',
    'A aimé « Bonjour »',
    'Le gustó “hola”',
    'Liked “line one\nline two”',
  ])('reaction: %j', (text) => {
    expect(isReaction(text)).toBe(true);
  });

  test.each([
    'I liked “Nightglass”',
    'Loved it',
    'liked the show',
    'PRESAVE',
    '',
    '👍',
    'Loved the image on your poster',
    'go to “the shop”',
  ])('no reaction: %j', (text) => {
    expect(isReaction(text)).toBe(false);
  });

  test.each([
    "I'm driving with Driving Focus turned on. I'll see your message when I get where I'm going.",
    'I’m currently driving',
    'Auto-reply: back on Monday',
    '[Auto Response] away',
    'I am out of office until May',
    "Sorry, I can't talk right now.",
    'I’m not receiving notifications. If this is urgent, reply “urgent”',
    'Automatische Antwort: bin weg',
  ])('auto-reply: %j', (text) => {
    expect(isAutoReply(text)).toBe(true);
  });

  test.each([
    "I'm driving to the show tonight? who is in",
    'auto',
    'tour reply',
    '',
    'can you talk right now?',
    'office',
  ])('no auto-reply: %j', (text) => {
    expect(isAutoReply(text)).toBe(false);
  });
});
