import type { FlowIndex } from '#flows/flow-index.ts';
import type { SocialMatch } from '#flows/social-matching.ts';
import { foldedWords } from '#lib/fold-text.ts';
import { asksForPerson } from '#lib/human-words.ts';
import { mayMeanOptOut } from '../opt-out-sentences.ts';
import { readComplianceWord } from '../words.ts';
import type { ReceivedMessage } from './entries.ts';

/** What a message means, before anything is known about who sent it. */
export type MessageReading =
  | { kind: 'stop' | 'start' | 'human' }
  /** It asks that texts or mails end, not messages here (R41, R73). */
  | { kind: 'elsewhere'; isAboutMails: boolean }
  | { kind: 'match'; match: SocialMatch }
  | { kind: 'unmatched' };

const texts = /\b(text|texts|texting|sms|mensajes de texto)\b/u;
const mails = /\b(e ?mails?|emailing|mails?|newsletters?|correos?)\b/u;
/** What the sentences about texts do not hold; "can't stop emailing" is none. */
const endsMails =
  /(?<!\b(?:cant|cannot|dont|never) )\b(stop|quit|no more|unsubscribe me from|keine|no mas) (the |your |these |all |any )?(e ?mails?|emailing|mails?|newsletters?|correos?)\b/u;

/** STOP and HUMAN come before any flow (R18, R73, R116). */
export function readMessage(message: ReceivedMessage, index: FlowIndex): MessageReading {
  const { text, connectionId } = message;
  // A picture says nothing that a flow could answer (R107).
  if (text.trim() === '') return { kind: 'unmatched' };
  const words = foldedWords(text);
  const { kind } = readComplianceWord(text);
  if (kind === 'stop' || kind === 'start') return { kind };
  if (asksForPerson(text)) return { kind: 'human' };
  const isAboutMails = mails.test(words.join(' '));
  if (mayMeanOptOut(text) || endsMails.test(words.join(' ')))
    return isAboutMails || texts.test(words.join(' '))
      ? { kind: 'elsewhere', isAboutMails }
      : { kind: 'stop' };
  const match = index.social('instagram-dm')(text, { connectionId, mediaId: null });
  return match === null ? { kind: 'unmatched' } : { kind: 'match', match };
}
