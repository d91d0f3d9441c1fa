import type { GoLiveTask } from '../connector.ts';

/** As of November 2026. */
export const goLive: readonly GoLiveTask[] = [
  {
    id: 'key',
    title: 'A MusicKit key',
    text: 'A membership in the Apple Developer Program, a media identifier, and a private key with MusicKit switched on. The key can be downloaded once.',
    decidedBy: 'You; Apple checks who you are',
    wait: 'One to three days for a new membership',
    cost: '$99 a year',
    url: 'https://developer.apple.com/account/resources/authkeys/list',
  },
];
