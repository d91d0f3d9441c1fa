import { stepDefinition, triggerDefinition } from '#flows/definition.ts';
import type { Draft } from './draft.ts';
import type { Subjects } from './subjects.ts';

/** A card of the line: the trigger, or a step by its place from 1. */
export type Card = 'trigger' | number;

/** What it does, in one line: `Pre-save “Midnight Ferry”`. */
export function titleOf(draft: Draft, card: Card, { nameOf }: Pick<Subjects, 'nameOf'>): string {
  if (card === 'trigger')
    return triggerDefinition(draft.trigger).summary(draft.trigger.config as never, nameOf);
  const step = draft.steps[card - 1];
  return step === undefined ? '' : stepDefinition(step.step).summary(step.config as never, nameOf);
}

/** A form of its own for each card, wherever the card stands. */
export function keyOfCard(draft: Draft, card: Card): string {
  return card === 'trigger' ? 'trigger' : (draft.steps[card - 1]?.key ?? '');
}

/** `steps.2.config.body` → 3: where a problem is put right. */
export function cardAt(path: string): Card {
  const place = /^steps\.(\d+)/.exec(path)?.[1];
  return place === undefined ? 'trigger' : Number(place) + 1;
}

/** The card that `?card=` names; null: none, as on a phone before one is chosen. */
export function openCard(place: string, { steps }: Draft, isPhone: boolean): Card | null {
  if (place === 'trigger') return 'trigger';
  const position = Number(place);
  if (place !== '' && Number.isInteger(position) && position >= 1 && position <= steps.length)
    return position;
  return isPhone ? null : 'trigger';
}
