import { Button, CopyButton, NumberInput, Select, TextInput } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { stepDefinition, triggerDefinition } from '#flows/definition.ts';
import { callToActionText, type CallToActionPlace } from '#messages/call-to-action.ts';
import { t } from '../../catalogue/index.ts';
import type { Draft } from './draft.ts';
import styles from './form.module.css';
import type { FindProblems } from './problem-finder.ts';
import type { Subjects } from './subjects.ts';

interface CallToActionFieldsProps {
  value: Record<string, unknown>;
  draft: Draft;
  subjects: Subjects;
  find: FindProblems;
  onChange: (value: Record<string, unknown>) => void;
}

const places: readonly CallToActionPlace[] = ['page', 'post', 'poster', 'stage'];

/** The published words beside the keyword, written from what is filled in here (R95). */
export function CallToActionFields({ value, draft, subjects, find, onChange }: CallToActionFieldsProps) {
  const words = t.editor.keywords;
  const text = (name: string) => textOf(value[name]);
  const set = (name: string) => (next: unknown) => onChange({ ...value, [name]: next });
  const where = places.find((place) => place === value['where']) ?? 'page';
  return (
    <div className={styles.inset}>
      <h3>{words.words}</h3>
      <p className={styles.hint}>{words.wordsHint}</p>
      <TextInput
        label={words.programme}
        required
        maxLength={60}
        value={text('programme')}
        error={find('programme').error}
        onChange={(event) => set('programme')(event.currentTarget.value)}
      />
      <NumberInput
        label={words.perMonth}
        required
        min={1}
        max={100}
        clampBehavior="strict"
        value={typeof value['perMonth'] === 'number' ? value['perMonth'] : ''}
        error={find('perMonth').error}
        onChange={(next) => set('perMonth')(next === '' ? undefined : Number(next))}
      />
      <Select
        label={words.where}
        data={places.map((place) => ({ value: place, label: words.places[place] }))}
        value={where}
        allowDeselect={false}
        error={find('where').error}
        onChange={set('where')}
      />
      <TextInput
        label={words.link}
        required
        type="url"
        placeholder="https://"
        maxLength={500}
        value={text('link')}
        error={find('link').error}
        onChange={(event) => set('link')(event.currentTarget.value)}
      />
      {subjects.facts !== undefined && <Published text={publishedWords(value, where, draft, subjects)} />}
    </div>
  );
}

function Published({ text }: { text: string }) {
  return (
    <div>
      <p className={styles.words}>{text}</p>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button
            size="compact-sm"
            mt="xs"
            leftSection={copied ? <IconCheck size={15} aria-hidden /> : <IconCopy size={15} aria-hidden />}
            onClick={copy}
          >
            {copied ? t.editor.keywords.copied : t.editor.keywords.copyWords}
          </Button>
        )}
      </CopyButton>
    </div>
  );
}

function publishedWords(
  value: Record<string, unknown>,
  where: CallToActionPlace,
  { trigger, steps }: Draft,
  { facts, nameOf }: Subjects,
): string {
  const [connection] = triggerDefinition(trigger).references(trigger.config as never);
  const [keyword] = Array.isArray(trigger.config['keywords']) ? trigger.config['keywords'] : [];
  const actions = steps.flatMap(({ step, config }) => {
    const definition = stepDefinition(step);
    if (definition.group !== 'streaming' || definition.isByBoxOnly) return [];
    const summary = definition.summary(config as never, nameOf);
    return [summary.charAt(0).toLowerCase() + summary.slice(1)];
  });
  return callToActionText({
    programme: textOf(value['programme']),
    legalSender: facts?.legalSender ?? '',
    perMonth: typeof value['perMonth'] === 'number' ? value['perMonth'] : 1,
    termsUrl: facts?.termsUrl ?? '',
    privacyUrl: facts?.privacyUrl ?? '',
    keyword: typeof keyword === 'string' ? keyword : '…',
    number: connection === undefined ? '…' : nameOf(connection),
    ageLine: facts?.senders.find(({ connectionId }) => connectionId === connection?.id)?.ageLine ?? null,
    actions,
    where,
    link: textOf(value['link']),
  });
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
