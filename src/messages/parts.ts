import { SegmentedMessage } from 'sms-segments-calculator';

export interface PartCount {
  /** Text parts a carrier charges; 0 for an empty text. */
  parts: number;
  encoding: 'GSM-7' | 'UCS-2';
  /** What a reader would count: one emoji is one character. */
  characters: number;
  /** What fills a part: septets in GSM-7 (`€` and `[` take two), UTF-16 units in UCS-2. */
  units: number;
}

/** The GSM 03.38 basic table; each character is one septet. */
const basicGsm = /^[\n\r @£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ!"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà]*$/u;

const singleGsm = 160;
const joinedGsm = 153;

/**
 * Text parts of a text as it is sent (R80, R82). Almost every text is basic GSM, where counting is
 * a division; the rest goes through the calculator, which knows where emoji and two-septet
 * characters may not be split (67 emoji: 3 parts). Does not change the text: see `smartEncode`.
 */
export function countParts(text: string): PartCount {
  if (text === '') return { parts: 0, encoding: 'GSM-7', characters: 0, units: 0 };
  if (basicGsm.test(text)) {
    const units = text.length;
    return {
      parts: units <= singleGsm ? 1 : Math.ceil(units / joinedGsm),
      encoding: 'GSM-7',
      characters: units,
      units,
    };
  }
  const message = new SegmentedMessage(text);
  const isGsm = message.encodingName === 'GSM-7';
  return {
    parts: message.segmentsCount,
    encoding: message.encodingName,
    characters: message.graphemes.length,
    units: isGsm ? message.numberOfCharacters : text.length,
  };
}

/** Typographic signs that turn a whole text into UCS-2, and what a keyboard has for them. */
const plainSigns: ReadonlyMap<string, string> = new Map([
  ...spread('\u2018\u2019\u201a\u201b\u2032\u02bc\u02b9\u00b4`', "'"),
  ...spread('\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb', '"'),
  ...spread('\u2039', '<'),
  ...spread('\u203a', '>'),
  ...spread('\u2010\u2011\u2012\u2013\u2014\u2015\u2212', '-'),
  ...spread(
    '\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t',
    ' ',
  ),
  ...spread('\u200b\u2060\ufeff\u00ad', ''),
  ...spread('\u2022\u00b7', '*'),
  ['\u2026', '...'],
]);

const anyPlainSign = new RegExp(`[${[...plainSigns.keys()].join('')}]`, 'gu');

/**
 * Curly quotes, dashes, ellipsis and odd spaces written plainly, if that makes the whole text GSM-7;
 * a text that needs UCS-2 anyway stays as it was written. Never makes more parts.
 */
export function smartEncode(text: string): string {
  if (basicGsm.test(text)) return text;
  const plain = writePlainly(text);
  if (plain === text) return text;
  const after = countParts(plain);
  if (after.encoding === 'UCS-2') return text;
  return after.parts <= countParts(text).parts ? plain : text;
}

/** What makes a text longer than it would be without, and how many parts it would have then. */
export interface Lighter {
  emoji: number;
  /** Letters and signs of other alphabets, each once. */
  letters: string[];
  parts: number;
}

/** Null: it is plain, or leaving anything out would not make it shorter by a part (R82). */
export function lighterOf(text: string): Lighter | null {
  const { encoding, parts } = countParts(text);
  if (encoding === 'GSM-7') return null;
  const signs = Array.from(graphemes.segment(text), ({ segment }) => segment);
  const isDear = (sign: string) => countParts(writePlainly(sign)).encoding === 'UCS-2';
  const dear = signs.filter(isDear);
  const plain = signs.filter((sign) => !isDear(sign)).join('');
  const without = countParts(smartEncode(plain.replaceAll(/ {2,}/g, ' ').trim()));
  if (without.parts === 0 || without.parts >= parts) return null;
  const isEmoji = (sign: string) => /\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(sign);
  return {
    emoji: dear.filter(isEmoji).length,
    letters: [...new Set(dear.filter((sign) => !isEmoji(sign)))],
    parts: without.parts,
  };
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Every typographic sign as a keyboard has it, whatever it is good for. */
export function writePlainly(text: string): string {
  return text.normalize('NFC').replace(anyPlainSign, (sign) => plainSigns.get(sign) ?? sign);
}

function spread(signs: string, plain: string): [string, string][] {
  return Array.from(signs, (sign) => [sign, plain]);
}
