import type { GoLiveTask } from '../connector.ts';

/** As of November 2026. */
export const goLive: readonly GoLiveTask[] = [
  {
    id: 'domain',
    title: 'A verified domain',
    text: 'DKIM and Return-Path records for the domain of your sender, and DMARC beside them.',
    decidedBy: 'You',
    wait: 'Minutes to a day',
    cost: 'Nothing',
    url: 'https://account.postmarkapp.com/signature_domains',
  },
  {
    id: 'approval',
    title: 'The account is approved',
    text: 'A new account only reaches its own domain. Ask for approval and say how fans opt in. Mails to many belong in a broadcast stream: name it in the connection.',
    decidedBy: 'Postmark',
    wait: 'About a working day',
    cost: 'From $15 a month for 10,000 mails',
    copies: ['use-case', 'opt-in'],
  },
];
