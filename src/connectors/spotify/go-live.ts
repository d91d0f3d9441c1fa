import type { GoLiveTask } from '../connector.ts';

/** As of November 2026. */
export const goLive: readonly GoLiveTask[] = [
  {
    id: 'app',
    title: 'An app of your own',
    text: 'Make it in the developer dashboard with a Premium account. Such an app is in development mode: it serves five listeners whom you name there, and everybody else gets what Segue offers instead (a reminder, the way to the release, a calendar entry).',
    decidedBy: 'You',
    wait: 'Minutes',
    cost: 'Spotify Premium of the owner',
    url: 'https://developer.spotify.com/dashboard',
    copies: ['redirect-uri'],
  },
  {
    id: 'extended',
    title: 'Extended quota',
    text: 'Lets the app serve every listener. Only registered companies with a launched service of at least 250,000 monthly active users may ask. Without it choose development mode in the connection: Segue then counts hand-overs and reminders apart from pre-saves.',
    decidedBy: 'Spotify',
    wait: 'About six weeks',
    cost: 'Nothing',
    copies: ['use-case', 'privacy-url', 'terms-url'],
  },
];
