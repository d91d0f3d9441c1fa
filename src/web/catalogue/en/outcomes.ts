import type { reasons } from '#runs/contract.ts';

type Reasons = typeof reasons;
/** One sentence for each reason, and what can be done about it where anything can. */
type Words = { [Status in keyof Reasons]: Record<Reasons[Status][number], readonly [string, string?]> };

/** For every reason there is; a missing one does not compile. */
const words: Words = {
  done: {
    scheduled: ['It is set, and is saved by itself on release day.'],
    already: ['It was there already.'],
    accepted: ['The service took it; it may be visible only later.'],
    verified: ['The service was asked, and shows it.'],
    reminder_set: ['The fan gets a reminder on release day. This is no pre-save.'],
    reminded: ['The fan was reminded. This is no pre-save.'],
    handed_over: ['The fan went on to the service’s own countdown page. This is no pre-save.'],
  },
  skipped: {
    no_sender: ['No number or address to send from was ready.', 'Connect one, or choose one in the step.'],
    no_address: ['The fan has no number or address for it.'],
    no_consent: [
      'The fan has not agreed to these messages.',
      'The page behind the first link offers the box.',
    ],
    opted_out: ['The fan stopped texts with STOP.', 'Only the fan can start them again, with START.'],
    country_off: ['The country of this number is not switched on.', 'Switch it on under Connect.'],
    no_route: ['None of your numbers reaches this country.', 'Connect a number that does.'],
    provider_block: ['The carrier delivers nothing to this fan until START is texted.'],
    same_cause: ['Another message went out for the same action, so this one did not.'],
    cap: ['The fan had as many messages this month as were promised.'],
    budget: ['The budget for messages was used up.', 'Raise it under Usage.'],
    stale: ['It waited so long that it would have come too late.'],
    unsubscribed: ['The fan unsubscribed.'],
    bounced: ['Mails to this address came back.', 'Ask the fan for another address.'],
    sender_not_ready: ['The address it comes from is not set up.', 'Finish it under Connect.'],
    not_connected: ['The fan linked no service in time.'],
    needs_ok: ['The fan has not allowed this yet.'],
    grant_dead: ['The fan’s link to the service ran out and was not renewed in time.'],
    unsupported: ['This service has no such action.'],
    cancelled: ['It was called off.'],
    stopped: ['A step before it failed, and the flow stops then.'],
    release_cancelled: ['The release was called off.'],
    flow_deleted: ['The flow was deleted.'],
    erased: ['The fan’s data were erased.'],
  },
  held: {
    quiet_hours: ['It is too early or too late where the fan is.'],
    lane: ['Many are ahead of it; the provider takes only so many at a time.'],
    flow_paused: ['The flow is paused.', 'It goes on when you start the flow again.'],
    opt_out_doubt: ['A text of this fan may mean STOP.', 'Decide in the inbox.'],
    sending_stopped: ['All sending is stopped.', 'Allow it again in the settings.'],
    bug: ['Something in Segue went wrong; it is tried again.', 'The operator finds it in the log.'],
  },
  deferred: {
    not_connected: ['It happens as soon as the fan links a service.'],
    needs_ok: ['It happens as soon as the fan allows it, with one tap.'],
    grant_dead: ['The fan’s link ran out; it happens when it is renewed.'],
    provider_block: ['It is sent if the fan texts START.'],
    same_promise: ['An earlier run already promised the same; both end together.'],
  },
  failed: {
    refused: ['The provider refused.'],
    undeliverable: ['It cannot be delivered to this address.'],
    gave_up: ['The provider could not be reached in time.'],
    bug: ['Something in Segue went wrong.', 'The operator finds it in the log.'],
  },
  unknown: {
    maybe_done: ['It may or may not have happened. It was not tried twice.'],
  },
};

const short: { [Status in keyof Reasons]: Record<Reasons[Status][number], string> } = {
  done: {
    scheduled: 'set for release day',
    already: 'was there already',
    accepted: 'taken, not visible yet',
    verified: 'checked',
    reminder_set: 'reminder set',
    reminded: 'reminded',
    handed_over: 'countdown page',
  },
  skipped: {
    no_sender: 'no sender',
    no_address: 'no address',
    no_consent: 'has not agreed',
    opted_out: 'stopped',
    country_off: 'country not switched on',
    no_route: 'no number reaches the country',
    provider_block: 'blocked by the carrier',
    same_cause: 'another message went out',
    cap: 'monthly promise reached',
    budget: 'budget used up',
    stale: 'too late',
    unsubscribed: 'unsubscribed',
    bounced: 'mails come back',
    sender_not_ready: 'sender not set up',
    not_connected: 'no service linked',
    needs_ok: 'not allowed',
    grant_dead: 'link ran out',
    unsupported: 'service cannot',
    cancelled: 'called off',
    stopped: 'after a failed step',
    release_cancelled: 'release called off',
    flow_deleted: 'flow deleted',
    erased: 'fan erased',
  },
  held: {
    quiet_hours: 'quiet hours',
    lane: 'queue of the provider',
    flow_paused: 'flow paused',
    opt_out_doubt: 'may have said STOP',
    sending_stopped: 'sending stopped',
    bug: 'error in Segue',
  },
  deferred: {
    not_connected: 'until a service is linked',
    needs_ok: 'until allowed',
    grant_dead: 'until the link is renewed',
    provider_block: 'until START',
    same_promise: 'promised before',
  },
  failed: {
    refused: 'refused',
    undeliverable: 'undeliverable',
    gave_up: 'provider not reached',
    bug: 'error in Segue',
  },
  unknown: { maybe_done: 'not certain' },
};

export const outcomes = {
  counts: 'Outcomes',
  /** The word beside the sign. */
  words: {
    pending: 'Not yet',
    running: 'Under way',
    done: 'Done',
    skipped: 'Skipped',
    held: 'Held',
    deferred: 'Promised',
    failed: 'Failed',
    unknown: 'Not certain',
  },
  reasons: words as Record<string, Record<string, readonly [string, string?]>>,
  short: short as Record<string, Record<string, string>>,
  /** Where there is no reason, and the word alone does not say it. */
  plain: {
    pending: 'Its turn has not come yet.',
    running: 'It is being done.',
    held: 'It waits.',
    deferred: 'It happens later.',
    unknown: 'It may or may not have happened. It was not tried twice.',
  } as Record<string, string>,
};
