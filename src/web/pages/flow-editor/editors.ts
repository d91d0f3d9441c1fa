import type { ComponentType } from 'react';
import type { TriggerId } from '#triggers/index.ts';
import type { Draft } from './draft.ts';
import { EventEditor } from './event-editor.tsx';
import { beginKeyword, KeywordEditor } from './keyword-editor.tsx';
import { beginInstagram, CommentEditor, MessageEditor } from './instagram-editor.tsx';
import type { FindProblems } from './problem-finder.ts';
import type { FlowFacts, Subjects } from './subjects.ts';

export interface TriggerEditorProps {
  flowId: string;
  draft: Draft;
  subjects: Subjects;
  find: FindProblems;
  setConfig: (config: Record<string, unknown>) => void;
}

export interface TriggerEditor {
  Form: ComponentType<TriggerEditorProps>;
  /** What a new flow with this trigger begins with. */
  begin: (facts: FlowFacts) => Record<string, unknown>;
}

/** Drawn from the trigger's schema, as steps are. */
const drawn: TriggerEditor = { Form: EventEditor, begin: () => ({}) };

/** One a trigger; does not compile when one is missing. Steps are drawn from their schemas. */
export const triggerEditors: Record<TriggerId, TriggerEditor> = {
  keyword: { Form: KeywordEditor, begin: beginKeyword },
  'sms-sign-up': drawn,
  'email-sign-up': drawn,
  presave: drawn,
  follow: drawn,
  'library-add': drawn,
  nextsave: drawn,
  'new-release': drawn,
  'instagram-dm': { Form: MessageEditor, begin: beginInstagram },
  'instagram-comment': { Form: CommentEditor, begin: beginInstagram },
};
