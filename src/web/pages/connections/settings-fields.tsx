import {
  Button,
  NumberInput,
  PasswordInput,
  Select,
  Switch,
  TagsInput,
  Textarea,
  TextInput,
} from '@mantine/core';
import type { ReactNode } from 'react';
import { z } from 'zod';
import { t } from '../../catalogue/index.ts';
import styles from './connections.module.css';

export type Settings = Readonly<Record<string, unknown>>;

interface FieldsProps {
  /** An object's; what it says about its fields is in their `meta`. */
  schema: z.ZodType;
  value: Settings;
  set: (value: Settings) => void;
  /** By path within the settings: `numbers.0.number`. */
  errors: Readonly<Record<string, string>>;
  /** Secrets that are kept already: left empty they stay. */
  kept: readonly string[];
  /** Before the names of these fields in `errors`. */
  at?: string;
}

/** A form drawn from a connector's settings, whoever the provider is. */
export function SettingsFields({ schema, value, set, at = '', ...rest }: FieldsProps) {
  const shape = schema instanceof z.ZodObject ? schema.shape : {};
  // As: every schema of ours is a classic one.
  const shown = Object.entries(shape).filter(([, field]) => metaOf(field as z.ZodType).isFilledIn !== true);
  return shown.map(([name, field]) => (
    <OneField
      key={name}
      {...rest}
      name={name}
      path={at + name}
      // As: every schema of ours is a classic one.
      schema={field as z.ZodType}
      value={value[name]}
      set={(next) => set({ ...value, [name]: next })}
    />
  ));
}

interface FieldProps extends Omit<FieldsProps, 'value' | 'set' | 'at'> {
  name: string;
  path: string;
  value: unknown;
  set: (value: unknown) => void;
}

function OneField(props: FieldProps): ReactNode {
  const { name, path, schema, value, set, errors, kept } = props;
  const { inner, isOptional } = unwrap(schema);
  const meta = metaOf(schema);
  const common = {
    label: meta.title ?? name,
    description: meta.description,
    error: errors[path],
    required: !isOptional,
  };
  if (inner instanceof z.ZodArray) return <ArrayField {...props} inner={inner} common={common} />;
  if (inner instanceof z.ZodEnum) {
    const data = inner.options.map(String);
    return <Select {...common} data={data} value={textOf(value)} allowDeselect={isOptional} onChange={set} />;
  }
  if (inner instanceof z.ZodNumber) {
    return (
      <NumberInput
        {...common}
        value={typeof value === 'number' ? value : ''}
        onChange={(next) => set(next === '' ? undefined : Number(next))}
      />
    );
  }
  if (inner instanceof z.ZodBoolean) {
    return (
      <Switch {...common} checked={value === true} onChange={(event) => set(event.currentTarget.checked)} />
    );
  }
  const text = {
    ...common,
    value: textOf(value) ?? '',
    onChange: (event: { currentTarget: { value: string } }) => set(event.currentTarget.value || undefined),
    // A password of this provider is none of the browser's.
    autoComplete: 'off',
  };
  if (meta.format !== 'password') return <TextInput {...text} />;
  const isKept = kept.includes(name);
  const secret = { ...text, required: common.required && !isKept };
  const hint = isKept ? { placeholder: t.connections.form.keptSecret } : {};
  if (meta.lines === undefined) return <PasswordInput {...secret} {...hint} />;
  return <Textarea {...secret} {...hint} rows={meta.lines} spellCheck={false} />;
}

interface ArrayProps extends FieldProps {
  inner: z.ZodArray;
  common: { label: string; description: string | undefined; error: string | undefined; required: boolean };
}

/** Words of their own, or groups of fields. */
function ArrayField({ inner, common, path, value, set, errors }: ArrayProps): ReactNode {
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  // As: see above.
  const element = inner.element as z.ZodType;
  if (!(element instanceof z.ZodObject)) {
    const below = Object.entries(errors).find(([name]) => name.startsWith(`${path}.`))?.[1];
    return (
      <TagsInput
        {...common}
        error={common.error ?? below}
        value={list.map(String)}
        onChange={set}
        clearable
      />
    );
  }
  return (
    <fieldset className={styles.group}>
      <legend>{common.label}</legend>
      {common.error !== undefined && <p className={styles.warning}>{common.error}</p>}
      {list.map((item, index) => (
        <div key={index} className={styles.item}>
          <SettingsFields
            schema={element}
            // As: what these very fields put there.
            value={item as Settings}
            set={(next) => set(list.with(index, next))}
            errors={errors}
            kept={[]}
            at={`${path}.${index}.`}
          />
          <Button size="compact-sm" onClick={() => set(list.toSpliced(index, 1))}>
            {t.connections.form.remove}
          </Button>
        </div>
      ))}
      <Button size="compact-sm" onClick={() => set([...list, beginOf(element)])}>
        {t.connections.form.add}
      </Button>
    </fieldset>
  );
}

/** What a form begins with: the defaults; of a list of things that must not be empty, one. */
export function beginOf(schema: z.ZodType): Settings {
  const shape = schema instanceof z.ZodObject ? schema.shape : {};
  // As: every schema of ours is a classic one.
  const entries = Object.entries(shape).map(([name, field]) => [name, firstOf(field as z.ZodType)] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function firstOf(schema: z.ZodType): unknown {
  if (schema instanceof z.ZodDefault) return schema.parse(undefined);
  if (schema instanceof z.ZodOptional) return undefined;
  if (schema instanceof z.ZodEnum) return schema.options[0];
  // As: see above.
  return schema instanceof z.ZodArray ? [beginOf(schema.element as z.ZodType)] : undefined;
}

function unwrap(schema: z.ZodType): { inner: z.ZodType; isOptional: boolean } {
  const isOptional = schema instanceof z.ZodOptional || schema instanceof z.ZodDefault;
  // As: see above.
  return isOptional
    ? { inner: unwrap(schema.unwrap() as z.ZodType).inner, isOptional }
    : { inner: schema, isOptional };
}

interface Meta {
  title?: string;
  description?: string;
  format?: string;
  /** By Segue itself: kept, and not asked for. */
  isFilledIn?: boolean;
  /** Of a text that has several: how many are shown. */
  lines?: number;
}

function metaOf(schema: z.ZodType): Meta {
  return schema.meta() ?? {};
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
