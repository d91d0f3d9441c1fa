/**
 * The words that Twilio handles by itself on long codes: the whole text, in any case, with nothing
 * around it ("STOP PLEASE" is not among them). Twilio's help pages; REVOKE and OPTOUT since 2025.
 */
const words = {
  stop: ['STOP', 'UNSUBSCRIBE', 'END', 'QUIT', 'STOPALL', 'REVOKE', 'OPTOUT', 'CANCEL'],
  start: ['START', 'YES', 'UNSTOP'],
  help: ['HELP', 'INFO'],
} as const;

const kinds = new Map<string, 'stop' | 'start' | 'help'>([
  ...words.stop.map((word) => [word, 'stop'] as const),
  ...words.start.map((word) => [word, 'start'] as const),
  ...words.help.map((word) => [word, 'help'] as const),
]);

export function readOptOutWord(body: string): 'stop' | 'start' | 'help' | null {
  return kinds.get(body.trim().toUpperCase()) ?? null;
}
