import type { GoLiveTask } from '../connector.ts';

/** As of November 2026. */
export const goLive: readonly GoLiveTask[] = [
  {
    id: 'account',
    title: 'A paid account',
    text: 'A trial account texts only numbers that were verified in it. Add a card, and a spending limit with it.',
    decidedBy: 'You',
    wait: 'Minutes',
    cost: 'What you text: about $0.0083 a part in the United States, carrier fees on top',
    url: 'https://console.twilio.com',
  },
  {
    id: 'number',
    title: 'A number that may text',
    text: 'In the United States: a local number in a registered 10DLC campaign, or a toll-free number that was verified. Elsewhere: a number of the fans’ own country, or a name where that country allows it.',
    decidedBy: 'You',
    wait: 'Minutes to buy, weeks to register',
    cost: 'About $1.15 a month for a local number, $2.15 toll-free',
  },
  {
    id: 'registration',
    title: 'The campaign is registered',
    text: 'Brand and campaign for 10DLC, or the toll-free verification. Carriers want to see how fans opt in, what they get, and both pages below. Until it is approved they refuse every text (error 30034).',
    decidedBy: 'The carriers, through Twilio',
    wait: 'A few days to three weeks',
    cost: '10DLC: about $4.50 to $46 once for the brand, $15 once and $1.50 to $10 a month for the campaign; toll-free: nothing',
    url: 'https://console.twilio.com/us1/develop/sms/regulatory-compliance',
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
    text: 'Messaging → Settings → Geo permissions. Only the countries that you text: every other one is a way for somebody to run up your bill (error 21408 until then).',
    decidedBy: 'You',
    wait: 'At once',
    cost: 'Nothing',
  },
  {
    id: 'opt-in-words',
    title: 'Keywords lift a block',
    text: 'In a Messaging Service switch on Advanced Opt-Out and add your keywords to its opt-in words, so that a fan who once texted STOP can come back with a keyword alone.',
    decidedBy: 'You',
    wait: 'At once',
    cost: 'Nothing',
    copies: ['keywords'],
  },
];
