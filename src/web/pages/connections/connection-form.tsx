import { Button, Group, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ConnectorDefinition } from '#connectors/connector.ts';
import { CallError } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { NextButton } from '../../ui/next-button.tsx';
import { Problem } from '../../ui/problem.tsx';
import styles from './connections.module.css';
import { SettingsFields, type Settings } from './settings-fields.tsx';

export interface ConnectionInput {
  label: string;
  settings: Record<string, unknown>;
}

interface ConnectionFormProps {
  definition: ConnectorDefinition;
  initial: { label: string; settings: Settings };
  kept: readonly string[];
  /** The word on the button. */
  action: string;
  submit: (input: ConnectionInput) => Promise<unknown>;
  cancel: () => void;
}

/** A name, and what the provider asks for. A refusal stands at its field; what was typed stays. */
export function ConnectionForm({ definition, initial, kept, action, submit, cancel }: ConnectionFormProps) {
  const [label, setLabel] = useState(initial.label);
  const [settings, setSettings] = useState(initial.settings);
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const [problem, setProblem] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);

  async function save() {
    setBusy(true);
    setErrors({});
    setProblem(null);
    try {
      await submit({ label, settings: { ...settings } });
    } catch (error) {
      const found = errorsOf(error);
      setErrors(found);
      if (Object.keys(found).length === 0) setProblem(error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <form
      className={styles.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy) void save();
      }}
    >
      <TextInput
        label={t.connections.form.label}
        description={t.connections.form.labelHint}
        value={label}
        error={errors['label']}
        required
        onChange={(event) => setLabel(event.currentTarget.value)}
      />
      <SettingsFields
        schema={definition.settings}
        value={settings}
        set={setSettings}
        errors={errors}
        kept={kept}
      />
      {problem !== null && <Problem error={problem} />}
      <Group gap="sm">
        <NextButton type="submit" loading={isBusy}>
          {action}
        </NextButton>
        <Button onClick={cancel}>{t.shell.cancel}</Button>
      </Group>
    </form>
  );
}

/** By field: the API names settings as `settings.numbers.0.number`. */
function errorsOf(error: unknown): Record<string, string> {
  const list = error instanceof CallError ? (error.problem.errors ?? []) : [];
  return Object.fromEntries(
    list.map(({ path, message }) => [path.replace(/^settings\./, ''), message]).toReversed(),
  ) as Record<string, string>; // As: pairs of texts.
}
