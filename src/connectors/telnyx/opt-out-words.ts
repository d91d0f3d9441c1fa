/**
 * The words that a messaging profile handles by itself: the whole text, in any case. REVOKE, OPTOUT
 * and INFO are not among them: those Segue answers.
 */
const kinds = new Map<string, 'stop' | 'start' | 'help'>([
  ...['STOP', 'STOPALL', 'STOP ALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT'].map(
    (word) => [word, 'stop'] as const,
  ),
  ...['START', 'UNSTOP'].map((word) => [word, 'start'] as const),
  ['HELP', 'help'],
]);

export function readOptOutWord(body: string): 'stop' | 'start' | 'help' | null {
  return kinds.get(body.trim().toUpperCase()) ?? null;
}
