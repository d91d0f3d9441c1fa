import { ActionIcon, Button, TextInput, VisuallyHidden } from '@mantine/core';
import { IconArrowUp } from '@tabler/icons-react';
import { useState } from 'react';
import { t } from '../catalogue/index.ts';
import { wordsOf } from '../ui/problem.tsx';
import styles from './dock.module.css';

interface SayFieldProps {
  label: string;
  /** Words that are said with one tap. */
  hints?: readonly string[];
  /** Rejects with what went wrong: what was typed is then still there. */
  say: (text: string) => Promise<void>;
}

/** One line that a fan says. */
export function SayField({ label, hints = [], say }: SayFieldProps) {
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const send = async (what: string) => {
    if (what.trim() === '' || isBusy) return;
    setBusy(true);
    setProblem(null);
    try {
      await say(what);
      if (what === text) setText('');
    } catch (error) {
      setProblem(wordsOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void send(text);
      }}
    >
      {hints.length > 0 && (
        <fieldset className={styles.words}>
          <VisuallyHidden component="legend">{t.sandbox.words}</VisuallyHidden>
          {hints.map((hint) => (
            <Button
              key={hint}
              size="compact-xs"
              radius="xl"
              disabled={isBusy}
              onClick={() => void send(hint)}
            >
              {hint}
            </Button>
          ))}
        </fieldset>
      )}
      <TextInput
        aria-label={label}
        placeholder={label}
        autoComplete="off"
        radius="xl"
        maxLength={2_000}
        value={text}
        error={problem}
        onChange={(event) => setText(event.currentTarget.value)}
        rightSection={
          <ActionIcon
            type="submit"
            radius="xl"
            variant="filled"
            color="ink"
            size="sm"
            loading={isBusy}
            aria-label={t.sandbox.send}
          >
            <IconArrowUp size={16} />
          </ActionIcon>
        }
      />
    </form>
  );
}
