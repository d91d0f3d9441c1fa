import { Radio, Select, TagsInput } from '@mantine/core';
import { useState } from 'react';
import { triggers } from '#triggers/index.ts';
import { t } from '../../catalogue/index.ts';
import { CallToActionFields } from './call-to-action-fields.tsx';
import { Conflicts } from './conflicts.tsx';
import type { TriggerEditorProps } from './editors.ts';
import styles from './form.module.css';
import { SenderField } from './sender-field.tsx';
import type { FlowFacts } from './subjects.ts';

interface KeywordDraft {
  keywords: string[];
  match: 'first' | 'exact' | 'contains';
  mode: 'reply' | 'consent';
  connectionId?: string;
  callToAction?: Record<string, unknown>;
}

const matches = ['first', 'exact', 'contains'] as const;
const modes = ['reply', 'consent'] as const;

/** Words that start the flow: which, how they are read, on which number, and what texting them means. */
export function KeywordEditor(props: TriggerEditorProps) {
  const { draft, subjects, find, setConfig, flowId } = props;
  // As: the API took it through this trigger's schema.
  const config = draft.trigger.config as unknown as KeywordDraft;
  const [typed, setTyped] = useState('');
  const set = (change: Partial<KeywordDraft>) => setConfig({ ...config, ...change });
  const words = t.editor.keywords;
  const word = config.keywords[0]?.trim() ?? words.placeholder;
  const senders = subjects.facts?.senders;
  return (
    <>
      <div className={styles.field}>
        <TagsInput
          label={words.label}
          description={words.hint}
          placeholder={config.keywords.length === 0 ? words.placeholder : ''}
          required
          value={config.keywords}
          searchValue={typed}
          onSearchChange={setTyped}
          onChange={(keywords) => set({ keywords: keywords.map((one) => one.trim()).slice(0, 20) })}
          error={keywordError(config, typed) ?? find('keywords').error}
          acceptValueOnBlur
          maxTags={20}
          maxLength={200}
        />
        <Conflicts flowId={flowId} trigger={{ trigger: 'keyword', config: wordsTaken(config, typed) }} />
        <p className={styles.hint}>{words.reserved}</p>
      </div>
      <div className={styles.field}>
        <Select
          label={words.match}
          data={matches.map((value) => ({ value, label: words.matches[value] }))}
          value={config.match}
          allowDeselect={false}
          onChange={(value) => set({ match: matches.find((one) => one === value) ?? 'first' })}
        />
        <p className={styles.hint}>{words.examples[config.match](word)}</p>
      </div>
      <div className={styles.field}>
        <SenderField
          label={words.number}
          description={words.numberHint}
          placeholder={words.noNumbers}
          error={find('connectionId').error}
          value={config.connectionId ?? null}
          senders={senders}
          onChange={(connectionId) => {
            const { connectionId: _, ...others } = config;
            setConfig(connectionId === null ? { ...others } : { ...others, connectionId });
          }}
        />
        {find('connectionId').hints.map((hint) => (
          <p key={hint} className={styles.hint} data-severity="warning">
            {hint}
          </p>
        ))}
      </div>
      <Mode {...props} config={config} />
    </>
  );
}

/** On the number that fans know already, where there is only one that could be meant. */
export function beginKeyword({ senders }: FlowFacts): Record<string, unknown> {
  const [ready] = senders.filter(({ isReady }) => isReady);
  const sender = ready === undefined ? {} : { connectionId: ready.connectionId };
  return { keywords: [], match: 'first', mode: 'reply', ...sender };
}

/** What is asked for while it is typed; the published words take nothing from other flows. */
function wordsTaken(config: KeywordDraft, typed: string) {
  return {
    ...config,
    callToAction: undefined,
    keywords: [...config.keywords, typed].filter((one) => one.trim() !== ''),
  };
}

/** R17, R19: said while it is typed, not after it was saved. */
function keywordError(config: KeywordDraft, typed: string): string | undefined {
  const keywords = [...config.keywords, typed].filter((one) => one.trim() !== '');
  const parsed = triggers.keyword.config.safeParse({ keywords });
  if (!parsed.success || keywords.length === 0) return undefined;
  const problems = triggers.keyword.problems(parsed.data, { connection: null });
  return problems.find(({ path }) => path.startsWith('keywords'))?.message;
}

/** R94: one answer, or also a sign-up, with the words that make it one (R95). */
function Mode(props: TriggerEditorProps & { config: KeywordDraft }) {
  const { config, setConfig, subjects, find } = props;
  const [put, setPut] = useState<KeywordDraft['callToAction']>();
  const words = t.editor.keywords;
  const choose = (mode: string) => {
    const { callToAction, ...others } = config;
    if (mode === 'reply') {
      setPut(callToAction);
      setConfig({ ...others, mode: 'reply' });
    } else {
      const fresh = { programme: subjects.facts?.programme ?? '', perMonth: 4, where: 'page', link: '' };
      setConfig({ ...others, mode: 'consent', callToAction: callToAction ?? put ?? fresh });
    }
  };
  return (
    <div className={styles.field}>
      <Radio.Group label={words.mode} value={config.mode} onChange={choose}>
        {modes.map((mode) => (
          <Radio
            key={mode}
            value={mode}
            label={words.modes[mode]}
            description={words.modeHints[mode]}
            mt="xs"
          />
        ))}
      </Radio.Group>
      {config.mode === 'consent' && (
        <CallToActionFields
          value={config.callToAction ?? {}}
          draft={props.draft}
          subjects={subjects}
          find={(name) => find(`callToAction.${name}`)}
          onChange={(callToAction) => setConfig({ ...config, callToAction })}
        />
      )}
    </div>
  );
}
