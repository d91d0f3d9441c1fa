import type { GoLiveTask } from '../connector.ts';

/** As of November 2026. */
export const goLive: readonly GoLiveTask[] = [
  {
    id: 'app',
    title: 'An app of your own',
    text: 'Artist Pro subscribers register one app a person by themselves.',
    decidedBy: 'You',
    wait: 'Minutes',
    cost: 'SoundCloud Artist Pro',
    url: 'https://soundcloud.com/you/apps',
    copies: ['redirect-uri'],
  },
];
