import type { Moment } from '#fans/contract.ts';
import { phoneNumber } from '../../catalogue/format.ts';
import { t } from '../../catalogue/index.ts';
import { serviceLabel } from '../../service-label.ts';

const words = t.fans.moments;

export type MomentOf<Kind extends Moment['kind']> = Extract<Moment, { kind: Kind }>;
type Told = Exclude<Moment, MomentOf<'event' | 'run' | 'message' | 'inbox' | 'linked' | 'segment'>>;

/** Moments that one sentence tells. */
export function momentSentence(moment: Told): string {
  switch (moment.kind) {
    case 'consent':
      return words.agreed(moment.channel, moment.method);
    case 'consent_ended':
      return words.agreementEnded(moment.channel, moment.word);
    case 'opt_out':
      return words.optedOut(moment.channel, moment.word);
    case 'opted_back_in':
      return words.optedBackIn(moment.channel);
    case 'block':
      return words.blocked(phoneNumber(moment.sender));
    case 'allowed':
      return words.allowed[moment.purpose](moment.about ?? words.something);
    case 'save':
      return saveWords(moment);
    case 'followed': {
      const say = moment.isUndone ? words.unfollowed : words.followed;
      return say(moment.about ?? words.something, serviceLabel(moment.service));
    }
  }
}

function saveWords({ state, about, service }: MomentOf<'save'>): string {
  const title = about ?? words.something;
  const say = words.saves[state];
  return say === undefined ? `${title}: ${state}` : say(title, service === '' ? '' : serviceLabel(service));
}

/** What she did, where there are no words of hers to show. */
export function eventWords({ type, subject, about }: MomentOf<'event'>): string {
  const name = about ?? words.something;
  const reading = textOf(subject['reading'] ?? subject['decision']);
  switch (type) {
    case 'sms.keyword':
      return words.textedWord(textOf(subject['keyword']));
    case 'sms.received':
      return words.readings[reading] ?? words.wrote;
    case 'sms.opted_in':
      return words.optedIn('sms');
    case 'email.opted_in':
      return words.optedIn('email');
    case 'release.presaved':
      return words.presaved(name);
    case 'release.saved':
      return words.savedIt(name);
    case 'artist.followed':
      return words.follows(name);
    case 'nextsave.opted_in':
      return words.nextSave(name);
    case 'instagram.message':
    case 'instagram.comment':
      return words.onInstagram[type](textOf(subject['text']));
    default:
      return words.events[type] ?? words.other(type);
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
