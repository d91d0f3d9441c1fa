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
};
