import type { GoLiveTask } from '../connector.ts';

/** As of November 2026. */
export const goLive: readonly GoLiveTask[] = [
  {
    id: 'account',
    title: 'A verified account with money',
    text: 'A new account texts only a few numbers until its level 1 and 2 verifications are done. Add a balance, and switch on auto recharge: an empty account refuses every text (error 20100).',
    decidedBy: 'Telnyx',
    wait: 'Minutes to two days',
    cost: 'What you text: about $0.004 a part in the United States, carrier fees on top',
    url: 'https://portal.telnyx.com',
  },
  {
    id: 'number',
    title: 'A number in a messaging profile',
    text: 'In the United States: a local number in a registered 10DLC campaign, or a toll-free number that was verified. Elsewhere: a number of the fans’ own country. Each number belongs to a messaging profile, which holds the webhook and the opt-outs.',
    decidedBy: 'You',
    wait: 'Minutes to buy, weeks to register',
    cost: 'About $1.10 a month',
    url: 'https://portal.telnyx.com/#/numbers/my-numbers',
  },
  {
    id: 'registration',
    title: 'The campaign is registered',
    text: 'Brand and campaign for 10DLC, or the toll-free verification. Carriers want to see how fans opt in, what they get, and both pages below. Until it is approved they refuse every text (errors 40010 and 40329).',
    decidedBy: 'The carriers, through Telnyx',
    wait: 'A few days to three weeks',
    cost: '10DLC: about $4.50 to $46 once for the brand, $15 once and $1.50 to $10 a month for the campaign; toll-free: nothing',
    url: 'https://portal.telnyx.com/#/messaging-10dlc/brands',
    copies: [
      'use-case',
      'opt-in',
      'sample-messages',
      'terms-url',
      'privacy-url',
      'stop-answer',
      'help-answer',
    ],
  },
  {
    id: 'countries',
    title: 'Your fans’ countries are switched on',
    text: 'Messaging → the profile → Outbound: allowed destinations. Only the countries that you text: every other one is a way for somebody to run up your bill (error 40309 until then). A daily spend limit stands on the same page.',
    decidedBy: 'You',
    wait: 'At once',
    cost: 'Nothing',
  },
  {
    id: 'opt-in-words',
    title: 'Keywords lift a block',
    text: 'On the connection’s page press “Enter the keywords there”, or add them by hand to the words of START in the profile’s advanced opt-in and opt-out, so that a fan who once texted STOP can come back with a keyword alone. At most twenty; not for toll-free numbers.',
    decidedBy: 'You',
    wait: 'At once',
    cost: 'Nothing',
    copies: ['keywords'],
  },
];
