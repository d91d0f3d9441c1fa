import type { GoLiveTask } from '../connector.ts';

/** As of November 2026. */
export const goLive: readonly GoLiveTask[] = [
  {
    id: 'account',
    title: 'A professional account',
    text: 'Switch the artist’s account to Creator or Business, and allow access to messages under Settings → Messages and story replies.',
    decidedBy: 'You',
    wait: 'Minutes',
    cost: 'Nothing',
  },
  {
    id: 'app',
    title: 'A Meta app with Instagram',
    text: 'Add the product Instagram with business login, the redirect address below, the webhook address of the connection’s page for messages and comments, and the addresses for deauthorising and for deleting data that are shown beside it. Then publish the app: an app that is not published gets no webhooks.',
    decidedBy: 'You',
    wait: 'An hour',
    cost: 'Nothing',
    url: 'https://developers.facebook.com/apps',
    copies: ['redirect-uri', 'privacy-url', 'terms-url'],
  },
  {
    id: 'review',
    title: 'App review',
    text: 'Standard access is enough for accounts that you own or manage and that have a role in the app. For others, and for comments of fans, ask for advanced access to messages and comments, with a video of your flow.',
    decidedBy: 'Meta',
    wait: 'Days to some weeks; company verification before it',
    cost: 'Nothing',
    copies: ['use-case'],
  },
];
