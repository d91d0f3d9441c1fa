import { NumberInput, Select, Switch, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { z } from 'zod';
import type { Field } from '#lib/field.ts';
import type { Fields } from '#lib/field.ts';
import { t } from '../../catalogue/index.ts';
import { ArtistPicker } from '../../forms/artist-picker.tsx';
import { ReleasePicker } from '../../forms/release-picker.tsx';
import { SegmentPicker } from '../../forms/segment-picker.tsx';
import type { Draft } from './draft.ts';
import styles from './form.module.css';
import { MessageField } from './message-field.tsx';
import type { FindProblems } from './problem-finder.ts';
import { SenderField } from './sender-field.tsx';
import type { Subjects } from './subjects.ts';

export interface SchemaFieldsProps {
  definition: { config: z.ZodType; fields: Fields; uses?: 'sms' | 'email' | null; group?: string };
  config: Readonly<Record<string, unknown>>;
  draft: Draft;
  /** Of the step, from 0. */
  index: number;
  subjects: Subjects;
  find: FindProblems;
  setConfig: (config: Record<string, unknown>) => void;
}

/** A form drawn from a config's schema; the description beside it says what the schema cannot. */
export function SchemaFields(props: SchemaFieldsProps) {
  const { definition, config, find, setConfig } = props;
  const shape = definition.config instanceof z.ZodObject ? definition.config.shape : {};
  return Object.entries(definition.fields).map(([name, field]) => {
    const { error, hints } = find(name);
    const set = (value: unknown) => setConfig({ ...config, [name]: value });
    // As: every schema of ours is a classic one.
    const schema = (shape as Record<string, z.ZodType>)[name];
    return (
      <div key={name} className={styles.field}>
        <OneField {...props} field={field} schema={schema} value={config[name]} error={error} set={set} />
        {hints.map((hint) => (
          <p key={hint} className={styles.hint} data-severity="warning">
            {hint}
          </p>
        ))}
      </div>
    );
  });
}

interface OneFieldProps extends SchemaFieldsProps {
  field: Field;
  schema: z.ZodType | undefined;
  value: unknown;
  error: string | undefined;
  set: (value: unknown) => void;
}

function OneField(props: OneFieldProps): ReactNode {
  const { definition, field, value, error, set } = props;
  const picker = {
    label: field.label,
    description: field.help,
    error,
    value: typeof value === 'string' && value !== '' ? value : null,
    onChange: (id: string | null) => set(id ?? ''),
    isRequired: field.missing !== undefined,
  };
  switch (field.kind) {
    case 'release':
      return <ReleasePicker {...picker} />;
    case 'artist':
      return <ArtistPicker {...picker} />;
    case 'segment':
      return <SegmentPicker {...picker} />;
    case 'connection':
      return <SenderField {...picker} onChange={(id) => set(id ?? undefined)} {...sendersOf(props)} />;
    case 'message':
      return <MessageField {...props} maxBytes={definition.group === 'social' ? 1_000 : undefined} />;
    case undefined:
      return <PlainField {...props} />;
  }
}

/** Of a mail: the project's addresses; on Instagram its accounts; of everything else its numbers. */
function sendersOf({ definition, subjects: { facts } }: OneFieldProps) {
  if (definition.group === 'social') {
    const { noAccounts: none, connect } = t.editor.instagram;
    return {
      senders: facts?.accounts,
      placeholder: t.editor.senderAnyAccount,
      none: { words: none, connect },
    };
  }
  if (definition.uses !== 'email') return { senders: facts?.senders };
  return {
    senders: facts?.emailSenders,
    placeholder: t.editor.senderAnyEmail,
    none: { words: t.editor.noAddresses, connect: t.editor.connectEmail },
  };
}

/** What the schema alone shows: text, a number, one of several, yes or no. */
function PlainField({ field, schema, value, error, set }: OneFieldProps): ReactNode {
  const inner = schema instanceof z.ZodOptional || schema instanceof z.ZodDefault ? schema.unwrap() : schema;
  const common = {
    label: field.label,
    description: field.help,
    error,
    required: field.missing !== undefined,
  };
  if (inner instanceof z.ZodEnum) {
    const data = inner.options.map((option) => ({
      value: String(option),
      label: field.choices?.[String(option)] ?? String(option),
    }));
    return (
      <Select
        {...common}
        data={data}
        value={typeof value === 'string' ? value : defaultOf(schema)}
        allowDeselect={!(schema instanceof z.ZodDefault)}
        onChange={(next) => set(next ?? undefined)}
      />
    );
  }
  if (inner instanceof z.ZodNumber) {
    return <NumberInput {...common} value={Number(value ?? 0)} onChange={(next) => set(Number(next))} />;
  }
  if (inner instanceof z.ZodBoolean) {
    return (
      <Switch {...common} checked={value === true} onChange={(event) => set(event.currentTarget.checked)} />
    );
  }
  const text = typeof value === 'string' ? value : '';
  return (
    <TextInput
      {...common}
      value={text}
      placeholder={t.editor.required}
      onChange={(event) => set(event.currentTarget.value)}
    />
  );
}

/** What counts where nothing is chosen. */
function defaultOf(schema: z.ZodType | undefined): string | null {
  return schema instanceof z.ZodDefault ? String(schema.parse(undefined)) : null;
}
