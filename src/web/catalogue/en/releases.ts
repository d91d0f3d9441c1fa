import { listOf, number, plural, zoneName } from '../format.ts';

const kinds = { album: 'Album', track: 'Track', playlist: 'Playlist' };
const aKind = { album: 'an album', track: 'a track', playlist: 'a playlist', artist: 'an artist' };

/** In its largest unit, rounded up: nobody is promised too little. */
function duration(seconds: number): string {
  if (seconds < 60) return plural(Math.ceil(seconds), { one: '# second', other: '# seconds' });
  if (seconds < 5_400) return plural(Math.ceil(seconds / 60), { one: '# minute', other: '# minutes' });
  return plural(Math.ceil(seconds / 3_600), { one: '# hour', other: '# hours' });
}

export const releases = {
  title: 'Releases',
  one: 'Release',
  hint: 'What fans pre-save and add to their libraries.',
  search: 'Search by title or artist',
  column: 'Release',
  kinds,
  add: 'New release',
  addNamed: (title: string) => `Add the release “${title}”`,
  edit: 'Edit release',
  create: 'Add the release',
  saved: 'Saved.',
  name: 'Title',
  artist: 'Artist',
  kind: 'Kind',
  date: 'Release date',
  time: 'Time',
  mode: 'When it is out',
  global: (zone: string) => `Everywhere at once, at this time in ${zoneName(zone)}`,
  local: 'At this time wherever each fan is',
  links: 'Links to the services',
  linksHint: {
    album: 'Paste the link of the album at each service. Saves need it by release day.',
    track: 'Paste the link of the track at each service. Saves need it by release day.',
    playlist: 'Paste the link of the playlist at each service.',
    artist: 'Paste the link of the artist’s page at each service. Follows need it.',
  },
  link: (at: number) => `Link ${at}`,
  addLink: 'Another link',
  removeLink: (at: number) => `Remove link ${at}`,
  linkNames: (service: string, kind: keyof typeof aKind) => `Names ${aKind[kind]} on ${service}.`,
  linkNamesOther: (service: string, kind: keyof typeof aKind) =>
    `Names ${aKind[kind]} on ${service}: another link is needed here.`,
  linkUnknown: 'Not a link of a service known here.',
  upc: 'UPC',
  upcHint: 'If you have it: the 8 to 14 digits of the bar code.',
  countdown: 'Countdown page',
  countdownHint: 'Your own pre-save page at a service; fans go there where our app may not serve them.',
  outOn: (date: string) => `out on ${date}`,
  outSince: (date: string) => `out since ${date}`,
  cancelled: 'called off',
  empty: 'No releases yet',
  emptyWhy: 'Add what comes out next: fans can pre-save it from the day you announce it.',
  when: 'When',
  onServices: 'On the services',
  noLink: 'No link to a service yet. Saves wait until there is one.',
  noUpc: 'No UPC given',
  localClock: 'wherever each fan is',
  atYours: (zone: string) => `where you are (${zoneName(zone)})`,
  atTheirs: (zone: string) => `for the artist (${zoneName(zone)})`,
  left: ({ days, hours, minutes }: { days: number; hours: number; minutes: number }) =>
    days > 0
      ? listOf([
          plural(days, { one: '# day', other: '# days' }),
          plural(hours, { one: '# hour', other: '# hours' }),
        ])
      : listOf([
          plural(hours, { one: '# hour', other: '# hours' }),
          plural(minutes, { one: '# minute', other: '# minutes' }),
        ]),
  until: 'until it is out',
  out: 'It is out',
  saves: 'Saves',
  noSaves: 'No saves yet',
  noSavesWhy: 'They come from flows with the step “Pre-save”, and from the pages that their texts lead to.',
  saveStates: {
    scheduled: 'waiting for release day',
    verified: 'saved',
    accepted: 'taken, not visible yet',
    already: 'were there already',
    reminder_set: 'to be reminded',
    reminded: 'reminded',
    handed_over: 'sent to the countdown page',
    failed: 'failed',
    undone: 'taken back by the fan',
    cancelled: 'called off',
  },
  day: {
    title: 'Release day',
    open: 'Release day',
    nobody: 'Nobody waits for it yet',
    progress: 'Progress',
    shareDone: (share: number) => `${share} % done`,
    doneOf: (done: number, all: number) => `${number(done)} of ${number(all)} saved`,
    begins: 'Begins',
    willTake: (seconds: number) =>
      seconds < 1 ? '' : `As fast as the services allow, it takes ${duration(seconds)}.`,
    nothingInLine: 'Nothing is in line.',
    lineLeft: (count: number, seconds: number) =>
      `${plural(count, { one: '# save is', other: '# saves are' })} in line: ${duration(seconds)} left, as fast as the services allow.`,
    byService: 'By service',
    waitsTurn: 'waiting for their turn',
    waitsMidnight: 'waiting for midnight where the fan is',
    waitsLink: 'waiting for the fan to renew the link',
    waitsWork: 'waiting for the release to show up there',
    lastMinute: (count: number) => `${number(count)} in the last minute`,
    atMost: (perSecond: number) => `at most ${number(Math.round(perSecond * 10) / 10)} a second`,
    noApp: 'no app of yours serves it now',
    failures: 'What failed',
    retry: 'Try again',
    retried: (count: number) =>
      plural(count, { one: '# save is tried again.', other: '# saves are tried again.' }),
  },
  noService: 'No service linked',
  reminders: 'Reminders',
  cover: 'Artwork',
  coverHint: 'JPEG, PNG, WebP, AVIF, GIF or TIFF; at least 300 × 300 pixels, at most 20 MB.',
  choose: 'Upload artwork',
  replace: 'Replace artwork',
  remove: 'Remove artwork',
  coverSet: 'The artwork is set.',
  coverRemoved: 'The artwork was removed.',
  removeTitle: 'Remove the artwork?',
  removeWhy: 'Pages and messages then show none. The picture is not kept.',
  tooLarge: 'This file is larger than 20 MB. A cover of 3,000 × 3,000 pixels is far below that.',
  cancel: 'Call off',
  cancelTitle: (title: string) => `Call off “${title}”?`,
  cancelWhy: 'Saves that wait for it end, and flows that pre-save it skip that step. This cannot be undone.',
  cancelDone: (title: string) => `“${title}” was called off.`,
  details: 'Details',
  flows: 'Used by flows',
};
