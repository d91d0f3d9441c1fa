import type { StepPolicy } from './step.ts';

/**
 * What will become of a step, for whom, as far as it can be said before a run (domain 4.5). The
 * sentences are the screen's: here are their keys and values. Pure and browser-safe.
 */
export interface Expectation {
  key: ExpectationKey;
  outcome: 'done' | 'held' | 'deferred' | 'skipped';
  values: ExpectationValues;
}

export interface ExpectationValues {
  /** Of the release, artist or segment. */
  name?: string;
  /** Services, as people call them. */
  services?: readonly string[];
  /** When it is over at the latest, or when the release is out. */
  at?: string;
  hours?: number;
  days?: number;
  count?: number;
  number?: string;
  /** Minutes after local midnight. */
  from?: number;
  to?: number;
  /** Whether waiting ends in a reminder for those who agreed to texts. */
  isReminded?: boolean;
}

export const expectationKeys = [
  'not_chosen',
  'release_cancelled',
  'presave_linked',
  'presave_out',
  'presave_renew',
  'library_linked',
  'library_at_release',
  'follow_linked',
  'nextsave_box',
  'nextsave_given',
  'nextsave_skip',
  'streaming_no_app',
  'streaming_testers',
  'streaming_countdown',
  'streaming_not_linked_until_release',
  'streaming_not_linked_hours',
  'streaming_not_linked_skip',
  'streaming_needs_ok',
  'streaming_link_ended',
  'streaming_missing_on',
  'streaming_unsupported',
  'already',
  'segment_all',
  'text_empty',
  'text_no_sender',
  'text_reply',
  'text_consent',
  'text_agreed',
  'text_no_consent',
  'text_quiet',
  'text_cap',
  'text_blocked',
  'text_opted_out',
  'text_other_country',
  'email_empty',
  'email_no_sender',
  'email_sender_not_ready',
  'email_agreed',
  'email_no_consent',
  'email_no_address',
  'email_unsubscribed',
  'email_bounced',
  'dm_empty',
  'dm_message',
  'dm_comment',
  'dm_none',
  'dm_reply_used',
  'dm_window',
  'dm_fallback',
  'dm_opted_out',
  'dm_person',
  'dm_no_address',
  'dm_disconnected',
] as const;

export type ExpectationKey = (typeof expectationKeys)[number];

/** What a step may know of its project and of the flow it stands in. */
export interface StepFacts {
  now: string;
  release: ReleaseFacts | null;
  artist: { name: string; services: readonly string[] } | null;
  segment: { name: string } | null;
  /** Streaming apps of the project, one each service. */
  services: readonly ServiceFacts[];
  /** The number that this step would send from; null: none is ready. */
  sender: { value: string } | null;
  /** The address that this step would send mails from; null: there is none. */
  emailSender: { value: string; isReady: boolean } | null;
  /** The Instagram account that this step would write from; null: none is connected. */
  account: { value: string } | null;
  /** What of Instagram starts the flow. */
  fromInstagram: 'message' | 'comment' | 'none';
  /** What the trigger says about texting the fan: one answer, an opt-in, or nothing. */
  permission: 'reply' | 'consent' | 'none';
  /** Whether a step before this one sends a text too. */
  isLaterText: boolean;
  /** When most fans may be texted, minutes after their midnight. */
  openHours: { from: number; to: number };
  /** Texts to one fan in a month. */
  monthlyCap: number;
}

export interface ReleaseFacts {
  title: string;
  releaseAt: string;
  isCancelled: boolean;
  /** Ids of the services it has a link on. */
  services: readonly string[];
  hasCountdown: boolean;
}

export interface ServiceFacts {
  id: string;
  label: string;
  canSave: boolean;
  canFollow: boolean;
  /** Serves only people named beforehand (R63). */
  isForTesters: boolean;
  /** How long a fan's link lasts; null: until it is taken back. */
  linkDays: number | null;
}

/** R98 and others: hours that a step waits where the artist says nothing. */
export const streamingDays = 30;

/** The same for every streaming step: which services, who waits, and until when. */
export function streamingExpectations(
  facts: StepFacts,
  policy: StepPolicy,
  step: {
    can: 'canSave' | 'canFollow';
    /** Services on which the work or artist is known. */
    known: readonly string[];
    /** A pre-save's wait ends with the release; others in thirty days. */
    releaseAt: string | null;
    hasCountdown?: boolean;
    linked: Expectation;
  },
): Expectation[] {
  const able = facts.services.filter((service) => service[step.can]);
  if (able.length === 0) return [expect('streaming_no_app', 'deferred')];
  const open = able.filter(({ id }) => step.known.includes(id));
  const services = labels(open);
  const missing = labels(able.filter(({ id }) => !step.known.includes(id)));
  const unable = labels(facts.services.filter((service) => !service[step.can]));
  const testers = labels(open.filter(({ isForTesters }) => isForTesters));
  return [
    ...(services.length === 0 ? [] : [withServices(step.linked, services)]),
    ...(services.length === 0 ? [] : [notLinked(policy, step, services)]),
    ...(services.length === 0 || policy.onUnmet === 'skip'
      ? []
      : [expect('streaming_needs_ok', 'deferred', { services })]),
    ...(services.length === 0 || policy.onUnmet === 'skip'
      ? []
      : [expect('streaming_link_ended', 'deferred', { services })]),
    ...(testers.length === 0 ? [] : [forTesters(step, testers)]),
    ...(missing.length === 0 ? [] : [expect('streaming_missing_on', 'skipped', { services: missing })]),
    ...(unable.length === 0 ? [] : [expect('streaming_unsupported', 'skipped', { services: unable })]),
    ...(services.length === 0 ? [] : [expect('already', 'done')]),
  ];
}

function notLinked(
  policy: StepPolicy,
  { releaseAt }: { releaseAt: string | null },
  services: readonly string[],
): Expectation {
  if (policy.onUnmet === 'skip') return expect('streaming_not_linked_skip', 'skipped', { services });
  const isReminded = releaseAt !== null;
  if (policy.deadlineHours !== null) {
    const hours = policy.deadlineHours;
    return expect('streaming_not_linked_hours', 'deferred', { services, hours, isReminded });
  }
  if (releaseAt !== null) {
    return expect('streaming_not_linked_until_release', 'deferred', { services, at: releaseAt, isReminded });
  }
  return expect('streaming_not_linked_hours', 'deferred', {
    services,
    hours: streamingDays * 24,
    isReminded,
  });
}

/** R63: the artist's own page first, then a reminder. */
function forTesters({ hasCountdown }: { hasCountdown?: boolean }, services: readonly string[]): Expectation {
  return hasCountdown === true
    ? expect('streaming_countdown', 'done', { services })
    : expect('streaming_testers', 'deferred', { services });
}

function labels(services: readonly ServiceFacts[]): string[] {
  return [...new Set(services.map(({ label }) => label))];
}

function withServices(one: Expectation, services: readonly string[]): Expectation {
  return { ...one, values: { ...one.values, services } };
}

export function expect(
  key: ExpectationKey,
  outcome: Expectation['outcome'],
  values: ExpectationValues = {},
): Expectation {
  return { key, outcome, values };
}
