import { ActionIcon, Checkbox, CopyButton, Stack, Textarea, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { getGoLive, setGoLiveTask } from '#go-live/contract.ts';
import { useAction, type ResponseOf } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { goLiveWords } from '../../catalogue/go-live.ts';
import { useMay } from '../../may.ts';
import { Problem } from '../../ui/problem.tsx';
import styles from './go-live.module.css';

export type Task = ResponseOf<typeof getGoLive>['channels'][number]['connectors'][number]['tasks'][number];

/** One step at a provider: nobody but a person knows whether it is done. */
export function TaskItem({ task, connector }: { task: Task; connector: string }) {
  const set = useAction(setGoLiveTask, { changes: [getGoLive] });
  const may = useMay('connect');
  // Ticked at once; what is refused is said, and the tick goes back.
  const isDone = set.isPending ? set.variables.body?.isDone === true : task.doneAt !== null;
  return (
    <li className={styles.task}>
      <Checkbox
        label={task.title}
        checked={isDone}
        disabled={!may}
        onChange={(event) =>
          set.mutate({ params: { connector, task: task.id }, body: { isDone: event.currentTarget.checked } })
        }
      />
      {set.isError && <Problem error={set.error} />}
      <div className={styles.body}>
        <p>{task.text}</p>
        <dl className={styles.facts}>
          <Fact name={goLiveWords.decides}>{task.decidedBy}</Fact>
          <Fact name={goLiveWords.wait}>{task.wait}</Fact>
          <Fact name={goLiveWords.cost}>{task.cost}</Fact>
          {task.url !== null && (
            <Fact name={goLiveWords.site}>
              <a href={task.url} target="_blank" rel="noreferrer">
                {new URL(task.url).hostname}
              </a>
            </Fact>
          )}
        </dl>
        {task.copies.length > 0 && <Copies copies={task.copies} />}
      </div>
    </li>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** What forms of the provider ask for, to be taken along. */
function Copies({ copies }: { copies: Task['copies'] }) {
  return (
    <details className={styles.copies}>
      <summary>{goLiveWords.copies}</summary>
      <Stack gap="sm" mt="sm">
        {copies.map(({ id, value }) => (
          <CopyText key={id} label={goLiveWords.copy[id] ?? id} value={value} />
        ))}
      </Stack>
    </details>
  );
}

function CopyText({ label, value }: { label: string; value: string }) {
  if (value === '') {
    return (
      <div>
        <span>{label}</span>
        <p className={styles.value}>{goLiveWords.noCopy}</p>
      </div>
    );
  }
  return (
    <Textarea
      label={label}
      value={value}
      readOnly
      autosize
      maxRows={8}
      onFocus={(event) => event.currentTarget.select()}
      rightSection={
        <CopyButton value={value}>
          {({ copied, copy }) => (
            <Tooltip label={copied ? t.shell.copied : t.shell.copy}>
              <ActionIcon onClick={copy} aria-label={copied ? t.shell.copied : `${t.shell.copy}: ${label}`}>
                {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
              </ActionIcon>
            </Tooltip>
          )}
        </CopyButton>
      }
    />
  );
}
