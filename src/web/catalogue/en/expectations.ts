import type { ExpectationKey, ExpectationValues } from '#steps/expectations.ts';
import { listOf, plural } from '../format.ts';

type Words = (values: Ready) => string;

/** Values with dates and times in words. */
export interface Ready extends Omit<ExpectationValues, 'at' | 'from' | 'to'> {
  at?: string;
  from?: string;
  to?: string;
}

const services = ({ services: names = [] }: Ready) => listOf(names);
const anyOf = ({ services: names = [] }: Ready) =>
  new Intl.ListFormat('en', { type: 'disjunction' }).format(names);

function span(hours = 0): string {
  if (hours % 24 === 0 && hours >= 48) return plural(hours / 24, { one: '# day', other: '# days' });
  return plural(hours, { one: '# hour', other: '# hours' });
}

const thenReminded =
  'After that, fans who agreed to texts get a reminder on the day; for the others it is skipped.';

/** Who, what will happen, why: one sentence or two each (domain 4.5). */
export const expectations: Record<ExpectationKey, Words> = {
  not_chosen: () => 'Nothing is chosen yet, so the flow cannot start.',
  release_cancelled: ({ name }) => `${name} was cancelled, so this is skipped for everyone.`,
  presave_linked: (v) =>
    `Fans who linked ${anyOf(v)}: ${v.name} is pre-saved at once, and lands in their library on ${v.at}.`,
  presave_out: (v) =>
    `Fans who linked ${anyOf(v)}: ${v.name} is out, so it is added to their library at once.`,
  presave_renew: (v) =>
    `A link to ${services(v)} ends before the release. Fans are asked once to renew it, in the month before it matters.`,
  library_linked: (v) => `Fans who linked ${anyOf(v)}: ${v.name} is added to their library at once.`,
  library_at_release: (v) => `Fans who linked ${anyOf(v)}: ${v.name} is added to their library on ${v.at}.`,
  follow_linked: (v) => `Fans who linked ${anyOf(v)}: they follow ${v.name} at once.`,
  nextsave_box: (v) =>
    `Waits until the fan links ${anyOf(v)} and ticks the box for new releases of ${v.name} on their page, for ${span(v.hours)} at most. Nobody but the fan can say yes to this.`,
  nextsave_given: (v) => `Fans who ticked the box before: new releases of ${v.name} are saved already.`,
  nextsave_skip: (v) =>
    `Fans who have not ticked the box for new releases of ${v.name}: skipped at once, as you set it.`,
  streaming_no_app: () =>
    'No streaming service is connected, so no fan can link one and this waits for everyone. Connect a service first.',
  streaming_testers: (v) =>
    `${services(v)} lets this app serve only the people you named. Everyone else is offered a reminder, which is not counted as a pre-save.`,
  streaming_countdown: (v) =>
    `${services(v)} lets this app serve only the people you named. Everyone else is sent to your own pre-save page.`,
  streaming_not_linked_until_release: (v) =>
    `Fans who have not linked ${anyOf(v)}: waits until they do, at the latest until the release on ${v.at}. ${thenReminded}`,
  streaming_not_linked_hours: (v) =>
    `Fans who have not linked ${anyOf(v)}: waits until they do, for ${span(v.hours)} at most. ${
      v.isReminded === true ? thenReminded : 'After that it is skipped.'
    }`,
  streaming_not_linked_skip: (v) => `Fans who have not linked ${anyOf(v)}: skipped at once, as you set it.`,
  streaming_needs_ok: (v) =>
    `Fans who linked ${anyOf(v)} for something else: waits for one tap that allows this too.`,
  streaming_link_ended: (v) => `Fans whose link to ${anyOf(v)} ran out: waits until they link it again.`,
  streaming_missing_on: (v) =>
    `There is no link for ${services(v)} yet, so it is skipped there. Add the link to fix that.`,
  streaming_unsupported: (v) => `${services(v)} has no such action, so it is skipped there.`,
  already: () => 'Fans for whom it was done before: nothing happens twice.',
  segment_all: ({ name }) => `Every fan: added to “${name}” at once.`,
  text_empty: () => 'There is no text yet, so the flow cannot start.',
  text_no_sender: () =>
    'There is no number to send from, so this is skipped for everyone. Connect a number first.',
  text_reply: () => 'Every fan: goes out at once, at any hour, as the one answer to their own text.',
  text_consent: () =>
    'Every fan: goes out at once, at any hour, as the answer to their own text. The first time it carries the sign-up words.',
  text_agreed: () => 'Fans who agreed to texts: goes out at once.',
  text_no_consent: () => 'Fans who have not agreed to texts: skipped.',
  text_quiet: ({ from, to }) =>
    `When it is before ${from} or after ${to} where the fan lives: waits for the morning. Some places are stricter.`,
  text_cap: ({ count = 0 }) =>
    `Fans who got ${plural(count, { one: '# text', other: '# texts' })} within a month: skipped. That is the most they were promised.`,
  text_blocked: ({ number, hours }) =>
    hours === undefined
      ? 'Fans whose carrier blocks your texts: skipped.'
      : `Fans whose carrier blocks your texts: waits ${span(hours)} for them to text START to ${number}, then it is skipped.`,
  text_opted_out: () => 'Fans who texted STOP: always skipped.',
  email_empty: () => 'There is no subject or no text yet, so the flow cannot start.',
  email_no_sender: () =>
    'There is no address to send from, so this is skipped for everyone. Connect e-mail first.',
  email_sender_not_ready: ({ name }) =>
    `${name} is not ready to send, so this is skipped for everyone. Its connection says what is missing; so does the postal address in the settings.`,
  email_agreed: ({ name }) => `Fans who agreed to mails: goes out at once, from ${name}.`,
  email_no_consent: () => 'Fans who have not agreed to mails: skipped.',
  email_no_address: () => 'Fans whose e-mail address is not known: skipped.',
  email_unsubscribed: () => 'Fans who unsubscribed, or called a mail spam: always skipped.',
  email_bounced: () => 'Fans whose address does not exist any more: skipped.',
  dm_empty: () => 'There is no message yet, so the flow cannot start.',
  dm_message: ({ name }) => `Every fan who started it: goes out at once, from ${name}.`,
  dm_comment: ({ name }) =>
    `Every fan who started it: goes out at once, from ${name}, as the one private reply to the comment. A second message needs an answer of the fan first.`,
  dm_none: ({ name }) => `Fans who wrote to ${name} in the last 24 hours: goes out at once.`,
  dm_reply_used: () => 'Comments that were answered privately before: skipped. There is one reply a comment.',
  dm_window: () =>
    'Fans whose last message is older than 24 hours: skipped. Instagram lets nobody write to them.',
  dm_fallback: () =>
    'Fans whose last message is older than 24 hours: get it as a text instead, if they agreed to texts.',
  dm_opted_out: () => 'Fans who wrote STOP on Instagram: always skipped.',
  dm_person: () => 'Fans whom a person answered within a day, or who wrote HUMAN: skipped.',
  dm_no_address: () => 'Fans who never wrote to you on Instagram: skipped.',
  dm_disconnected: ({ hours }) =>
    hours === undefined
      ? 'While no Instagram account is connected: skipped.'
      : `While no Instagram account is connected: waits ${span(hours)} for one, then it is skipped.`,
  text_other_country: () => 'Fans in countries that are not switched on: skipped.',
};
