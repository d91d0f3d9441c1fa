import type { GoLiveTask } from '../connector.ts';

/** As of November 2026. */
export const goLive: readonly GoLiveTask[] = [
  {
    id: 'app',
    title: 'An app in the developer portal',
    text: 'With the redirect address below and the scopes that the connection’s page names. New apps begin in development mode; ask for production access from the app’s page.',
    decidedBy: 'You; TIDAL for production access',
    wait: 'Minutes; production access takes days',
    cost: 'Nothing',
    url: 'https://developer.tidal.com/dashboard',
    copies: ['redirect-uri', 'use-case'],
  },
];
