import type { GoLiveTask } from '../connector.ts';

/** As of November 2026. */
export const goLive: readonly GoLiveTask[] = [
  {
    id: 'identity',
    title: 'A verified domain',
    text: 'Make an identity for the domain of your sender, with DKIM; put the three CNAME records into its DNS, and DMARC beside them.',
    decidedBy: 'You',
    wait: 'Minutes to three days',
    cost: 'Nothing',
    url: 'https://console.aws.amazon.com/ses/home#/identities',
  },
  {
    id: 'production',
    title: 'Out of the sandbox',
    text: 'A new account only reaches addresses that were verified. Ask for production access and say how fans opt in and how bounces and complaints are handled: Segue takes both over SNS and sends to such an address no more.',
    decidedBy: 'Amazon',
    wait: 'About a day',
    cost: '$0.10 for a thousand mails',
    url: 'https://console.aws.amazon.com/ses/home#/get-set-up',
    copies: ['use-case', 'opt-in', 'privacy-url'],
  },
  {
    id: 'reports',
    title: 'Bounces and complaints come here',
    text: 'An SNS topic for both, with the webhook address of the connection’s page as HTTPS subscription.',
    decidedBy: 'You',
    wait: 'Minutes',
    cost: 'Nothing',
  },
];
