import type { ItemView } from '#engine/contract.ts';
import { textAt } from '#lib/json.ts';

/** What began a run: the event itself, and the fan's own action at the start of the chain (R109). */
export function eventOf(view: ItemView): { id: string; at: Date } {
  const event = rawEvent(view);
  return event === undefined ? { id: view.id, at: view.now } : { id: event.id, at: new Date(event.at) };
}

export function rootEventOf(view: ItemView): string {
  return view.data['rootEventId'] === undefined ? eventOf(view).id : textAt(view.data, 'rootEventId');
}

/** A run that another run's step started. */
export function isCaused({ data }: ItemView): boolean {
  return Array.isArray(data['chain']) && data['chain'].length > 1;
}

/** A run that began with a new release, which nobody asked for at that moment. */
export function isOfNews(view: ItemView): boolean {
  return rawEvent(view)?.type === 'release.detected';
}

function rawEvent({ data }: ItemView) {
  return data['event'] as { id: string; at: string; type: string } | undefined; // the engine's own
}
