import type { GoLiveTask } from '../connector.ts';

/** As of November 2026. */
export const goLive: readonly GoLiveTask[] = [
  {
    id: 'domain',
    title: 'The domain says who may send for it',
    text: 'SPF and DKIM for the domain of your sender, and DMARC with at least p=none. Segue looks all three up and shows what it found on the connection’s page.',
    decidedBy: 'You, or whoever runs the domain',
    wait: 'Minutes to a day, as names travel',
    cost: 'Nothing',
  },
  {
    id: 'letters',
    title: 'Where letters reach you',
    text: 'The law wants a postal address in every mail to fans: Settings → Project.',
    decidedBy: 'You',
    wait: 'At once',
    cost: 'Nothing',
  },
];
