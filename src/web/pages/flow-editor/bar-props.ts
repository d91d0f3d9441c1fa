import { getFlow, listFlows } from '#flows/contract.ts';
import type { Card } from './card.ts';
import type { Draft } from './draft.ts';
import type { DraftKeeper, Kept } from './draft-keeper.ts';
import type { Subjects } from './subjects.ts';

export interface BarProps {
  keeper: DraftKeeper;
  kept: Kept;
  /** False: the browser could not keep the edits. */
  isKept: boolean;
  subjects: Subjects;
  change: (edit: (draft: Draft) => Draft) => void;
  openAt: (card: Card | null) => void;
  /** Opens the choice between two versions again. */
  decide: () => void;
}

/** Endpoints whose answers change when a flow starts, stops or is restored. */
export const flowDoors = [getFlow, listFlows];
