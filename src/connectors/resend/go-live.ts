import type { GoLiveTask } from '../connector.ts';

/** As of November 2026. */
export const goLive: readonly GoLiveTask[] = [
  {
    id: 'domain',
    title: 'A verified domain',
    text: 'The records that Resend shows for the domain of your sender, and DMARC beside them.',
    decidedBy: 'You',
    wait: 'Minutes to a day',
    cost: 'Free for 3,000 mails a month, then from $20',
    url: 'https://resend.com/domains',
  },
  {
    id: 'reports',
    title: 'Reports come here',
    text: 'A webhook with the address of the connection’s page, for bounced, complained and delivered; its secret goes into the connection.',
    decidedBy: 'You',
    wait: 'Minutes',
    cost: 'Nothing',
  },
];
