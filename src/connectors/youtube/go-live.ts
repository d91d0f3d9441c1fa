import type { GoLiveTask } from '../connector.ts';

/** As of November 2026. */
export const goLive: readonly GoLiveTask[] = [
  {
    id: 'app',
    title: 'A Google Cloud project',
    text: 'With the YouTube Data API switched on, an OAuth consent screen, and a web client with the redirect address below.',
    decidedBy: 'You',
    wait: 'An hour',
    cost: 'Nothing',
    url: 'https://console.cloud.google.com/apis/credentials',
    copies: ['redirect-uri'],
  },
  {
    id: 'verification',
    title: 'Google verifies the app',
    text: 'Subscribing for a fan is a sensitive scope. Until it is verified at most a hundred people can allow it, behind a warning.',
    decidedBy: 'Google',
    wait: 'Days to several weeks',
    cost: 'Nothing',
    url: 'https://console.cloud.google.com/auth/verification',
    copies: ['use-case', 'privacy-url', 'terms-url'],
  },
  {
    id: 'quota',
    title: 'More than 200 subscriptions a day',
    text: 'The daily 10,000 units are enough for about 200. Ask for more before a large release.',
    decidedBy: 'Google',
    wait: 'Weeks',
    cost: 'Nothing',
  },
];
