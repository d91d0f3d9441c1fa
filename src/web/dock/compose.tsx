import { ActionIcon, Button, TextInput, VisuallyHidden } from '@mantine/core';
import { IconArrowUp } from '@tabler/icons-react';
import { useState } from 'react';
import { t } from '../catalogue/index.ts';
import { useMay } from '../may.ts';
import { wordsOf } from '../ui/problem.tsx';
import styles from './dock.module.css';
import type { Texting } from './use-texts.ts';

/** Words that every number answers. */
const commonWords = ['STOP', 'START', 'HELP'];

interface ComposeProps {
  from: string;
  to: string;
  keyword: string | null;
  texts: Texting;
}

/** What the fan types. The keyword of the flow stands there already, not sent. */
export function Compose({ from, to, keyword, texts }: ComposeProps) {
  const may = useMay('edit');
  const [body, setBody] = useState(keyword?.toLowerCase() ?? '');
  const [problem, setProblem] = useState<string | null>(null);
  const isLeaving = texts.leaving !== null;
  const words = keyword === null ? commonWords : [keyword, ...commonWords];

  const send = async (text: string) => {
    if (text.trim() === '' || isLeaving) return;
    setProblem(null);
    try {
      if (text === body) setBody('');
      await texts.send(to, text);
    } catch (error) {
      setProblem(wordsOf(error));
      // Nothing typed is lost.
      setBody((now) => (now === '' ? text : now));
    }
  };

  if (!may) return <p className={styles.quiet}>{t.sandbox.viewer}</p>;
  return (
    <form
      className={styles.compose}
      onSubmit={(event) => {
        event.preventDefault();
        void send(body);
      }}
    >
      <fieldset className={styles.words}>
        <VisuallyHidden component="legend">{t.sandbox.words}</VisuallyHidden>
        {words.map((word) => (
          <Button
            key={word}
            size="compact-xs"
            radius="xl"
            disabled={isLeaving}
            onClick={() => void send(word)}
          >
            {word}
          </Button>
        ))}
      </fieldset>
      <TextInput
        aria-label={t.sandbox.compose}
        name={`text from ${from}`}
        autoComplete="off"
        radius="xl"
        maxLength={1_600}
        value={body}
        error={problem}
        onChange={(event) => setBody(event.currentTarget.value)}
        rightSection={
          <ActionIcon
            type="submit"
            radius="xl"
            variant="filled"
            color="ink"
            size="sm"
            loading={isLeaving}
            aria-label={t.sandbox.send}
          >
            <IconArrowUp size={16} />
          </ActionIcon>
        }
      />
    </form>
  );
}
