import { number, plural } from '../format.ts';

const people = (count: number) => plural(count, { one: '# fan', other: '# fans' });

interface Range {
  min: number;
  max: number;
}

/** `10 to 12 credits for texts`; empty where there are none. */
function credits({ min, max }: Range, forms: { one: string; other: string }): string {
  if (max === 0) return '';
  return min === max ? plural(max, forms) : `${number(min)} to ${plural(max, forms)}`;
}

/** What would become of today’s fans; loaded with its dialog, not with the first screen. */
export const forecast = {
  starts: (starts: number, fans: number) =>
    starts === fans
      ? `If every fan of today did it now, all ${number(fans)} would start it.`
      : `If every fan of today did it now, ${number(starts)} of ${number(fans)} would start it.`,
  free: 'That costs nothing.',
  cost: ([least = '', most = '']: readonly string[], sms: Range, email: Range) =>
    `About ${least === most ? most : `${least} to ${most}`}: ${[
      credits(sms, { one: '# credit for texts', other: '# credits for texts' }),
      credits(email, { one: '# credit for e-mails', other: '# credits for e-mails' }),
    ]
      .filter((one) => one !== '')
      .join(', ')}.`,
  notStarting: {
    no_number: (fans: number) => `${people(fans)} without a number`,
    no_email: (fans: number) => `${people(fans)} without an e-mail address`,
    no_instagram: (fans: number) => `${people(fans)} not known from Instagram`,
    no_nextsave: (fans: number) => `${people(fans)} without NextSave`,
    been_through: (fans: number) => `${people(fans)} who went through it before`,
  },
  fans: (fans: number, outcome: string, reason: string | null) =>
    `${number(fans)} ${outcome.toLowerCase()}${reason === null ? '' : `: ${reason}`}`,
  how: 'An estimate of now: who links a service on the way, and what fans do at the same time, is not in it.',
};
