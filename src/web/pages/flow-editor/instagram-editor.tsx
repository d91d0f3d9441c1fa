import { Select, Switch, TagsInput } from '@mantine/core';
import { useState } from 'react';
import { triggers } from '#triggers/index.ts';
import { t } from '../../catalogue/index.ts';
import { Conflicts } from './conflicts.tsx';
import type { TriggerEditorProps } from './editors.ts';
import styles from './form.module.css';
import { PostField } from './post-field.tsx';
import { SenderField } from './sender-field.tsx';
import type { FlowFacts } from './subjects.ts';

interface InstagramDraft {
  on: 'keyword' | 'any';
  keywords: string[];
  match: 'first' | 'exact' | 'contains';
  connectionId?: string;
  mediaId?: string;
  onlyFirst?: boolean;
}

type Kind = 'instagram-dm' | 'instagram-comment';

export function MessageEditor(props: TriggerEditorProps) {
  return <InstagramEditor {...props} kind="instagram-dm" />;
}

export function CommentEditor(props: TriggerEditorProps) {
  return <InstagramEditor {...props} kind="instagram-comment" />;
}

/** Every account of the project is listened to, so a flow names one only where it is chosen. */
export function beginInstagram(_facts: FlowFacts): Record<string, unknown> {
  return { on: 'keyword', keywords: [], match: 'first' };
}

/** What a fan has to write, where, and to which account. */
function InstagramEditor(props: TriggerEditorProps & { kind: Kind }) {
  const { draft, subjects, find, setConfig, flowId, kind } = props;
  // As: the API took it through this trigger's schema.
  const config = draft.trigger.config as unknown as InstagramDraft;
  const [typed, setTyped] = useState('');
  const keywords = [...config.keywords, typed].filter((one) => one.trim() !== '');
  const { fields } = triggers[kind];
  const words = t.editor.instagram;
  const set = (change: Partial<InstagramDraft>) => setConfig({ ...config, ...change });
  return (
    <>
      <div className={styles.field}>
        <Select
          label={fields.on?.label}
          data={choices(fields.on?.choices)}
          value={config.on}
          allowDeselect={false}
          onChange={(value) => set({ on: value === 'any' ? 'any' : 'keyword' })}
        />
        {config.on === 'any' && <p className={styles.hint}>{words.any}</p>}
      </div>
      {config.on === 'keyword' && (
        <div className={styles.field}>
          <TagsInput
            label={fields.keywords?.label}
            description={words.keywordsHint}
            required
            value={config.keywords}
            searchValue={typed}
            onSearchChange={setTyped}
            onChange={(next) => set({ keywords: next.map((one) => one.trim()).slice(0, 20) })}
            error={keywordError(kind, keywords) ?? find('keywords').error}
            acceptValueOnBlur
            maxTags={20}
            maxLength={200}
          />
        </div>
      )}
      <Conflicts flowId={flowId} trigger={{ trigger: kind, config: { ...config, keywords } }} />
      {config.on === 'keyword' && (
        <div className={styles.field}>
          <Select
            label={fields.match?.label}
            data={choices(fields.match?.choices)}
            value={config.match}
            allowDeselect={false}
            onChange={(value) => {
              const match = (['first', 'exact', 'contains'] as const).find((one) => one === value);
              set({ match: match ?? 'first' });
            }}
          />
        </div>
      )}
      {kind === 'instagram-comment' && <Where {...props} config={config} />}
      <div className={styles.field}>
        <SenderField
          label={fields.connectionId?.label ?? ''}
          description={words.accountHint}
          placeholder={words.anyAccount}
          none={{ words: words.noAccounts, connect: words.connect }}
          error={find('connectionId').error}
          value={config.connectionId ?? null}
          senders={subjects.facts?.accounts}
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
    </>
  );
}

/** Below which posts, and how often a fan counts. */
function Where({ find, setConfig, config, subjects }: TriggerEditorProps & { config: InstagramDraft }) {
  const { fields } = triggers['instagram-comment'];
  return (
    <>
      <div className={styles.field}>
        <PostField
          label={fields.mediaId?.label ?? ''}
          connectionId={config.connectionId ?? subjects.facts?.accounts[0]?.connectionId}
          error={find('mediaId').error}
          value={config.mediaId}
          onChange={(mediaId) => {
            const { mediaId: _, ...others } = config;
            setConfig(mediaId === undefined ? { ...others } : { ...others, mediaId });
          }}
        />
      </div>
      <div className={styles.field}>
        <Switch
          label={fields.onlyFirst?.label}
          description={fields.onlyFirst?.help}
          checked={config.onlyFirst === true}
          onChange={(event) => setConfig({ ...config, onlyFirst: event.currentTarget.checked })}
        />
      </div>
    </>
  );
}

function choices(known: Readonly<Record<string, string>> | undefined) {
  return Object.entries(known ?? {}).map(([value, label]) => ({ value, label }));
}

/** R17, R19: said while it is typed, not after it was saved. */
function keywordError(kind: Kind, keywords: readonly string[]): string | undefined {
  if (keywords.length === 0) return undefined;
  const parsed = triggers['instagram-dm'].config.safeParse({ keywords });
  if (!parsed.success) return undefined;
  const problems = triggers[kind].problems({ ...parsed.data, onlyFirst: false }, { connection: null });
  return problems.find(({ path }) => path.startsWith('keywords'))?.message;
}
