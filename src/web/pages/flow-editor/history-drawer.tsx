import { Button, Drawer } from '@mantine/core';
import { useState } from 'react';
import {
  getFlowDifference,
  listFlowVersions,
  restoreFlowVersion,
  type FlowVersionView,
} from '#flows/history/contract.ts';
import { useAction, useRead, useReadPages } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { Problem } from '../../ui/problem.tsx';
import { Moment } from '../../ui/times.tsx';
import { toast } from '../../ui/toast.ts';
import { Changes } from './changes.tsx';
import styles from './dialogs.module.css';
import { flowDoors, type BarProps } from './bar-props.ts';

type HistoryProps = BarProps & { close: () => void; isReadOnly: boolean };

/** Versions with who and when, what each would change, and the way back to it. */
export function HistoryDrawer({ isOpen, ...props }: HistoryProps & { isOpen: boolean }) {
  return (
    <Drawer
      opened={isOpen}
      onClose={props.close}
      position="right"
      title={t.editor.historyTitle}
      closeButtonProps={{ 'aria-label': t.shell.close }}
    >
      <Versions {...props} />
    </Drawer>
  );
}

function Versions(props: HistoryProps) {
  const pages = useReadPages(listFlowVersions, { params: { id: props.kept.flow.id }, query: { limit: 20 } });
  const { items } = pages;
  if (items === undefined) {
    if (pages.isError) return <Problem error={pages.error} again={() => void pages.refetch()} />;
    return <p aria-busy>{t.shell.loading}</p>;
  }
  if (items.length === 0) return <p>{t.editor.historyEmpty}</p>;
  return (
    <>
      <ol className={styles.versions} aria-label={t.editor.historyTitle}>
        {items.map((version) => (
          <Version key={version.version} {...props} version={version} />
        ))}
      </ol>
      {pages.hasNextPage && (
        <Button fullWidth loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          {t.shell.more}
        </Button>
      )}
    </>
  );
}

function Version({
  version: one,
  kept,
  isReadOnly,
  keeper,
  close,
}: HistoryProps & { version: FlowVersionView }) {
  const [isCompared, setCompared] = useState(false);
  const { flow } = kept;
  const restore = useAction(restoreFlowVersion, {
    changes: [...flowDoors, listFlowVersions, getFlowDifference],
  });
  const isNewest = one.version === flow.version;
  const run = async () => {
    const params = { id: flow.id, version: one.version };
    keeper.adopt(await restore.mutateAsync({ params, body: { version: flow.version } }));
    toast(t.editor.restoredVersion(one.version));
    close();
  };
  return (
    <li>
      <div className={styles.version}>
        <b>{t.editor.version(one.version)}</b>
        <span>
          {isNewest && one.state !== 'active'
            ? t.editor.versionStates.draft
            : t.editor.versionStates[one.state]}
        </span>
        <span>
          <Moment at={one.savedAt} /> {t.editor.by(one.savedBy.name, one.savedBy.kind)}
        </span>
      </div>
      {!isNewest && (
        <>
          <div className={styles.version}>
            <Button size="compact-sm" aria-expanded={isCompared} onClick={() => setCompared(!isCompared)}>
              {t.editor.compare}
            </Button>
            {!isReadOnly && (
              <Button
                size="compact-sm"
                loading={restore.isPending}
                aria-label={t.editor.restoreNamed(one.version)}
                onClick={() => {
                  // A refusal stands in `restore.error`.
                  run().catch(() => undefined);
                }}
              >
                {t.editor.restore}
              </Button>
            )}
          </div>
          {isCompared && <Compared flowId={flow.id} from={flow.version} to={one.version} />}
          {restore.error !== null && <Problem error={restore.error} />}
        </>
      )}
    </li>
  );
}

function Compared({ flowId, from, to }: { flowId: string; from: number; to: number }) {
  const difference = useRead(getFlowDifference, { params: { id: flowId }, query: { from, to } });
  if (difference.isError) return <Problem error={difference.error} again={() => void difference.refetch()} />;
  if (difference.data === undefined) return <p aria-busy>{t.shell.loading}</p>;
  return (
    <div>
      <p className={styles.soft}>{t.editor.differenceToNow}</p>
      <Changes changes={difference.data.changes} />
      <p className={styles.soft}>{t.editor.restoreHint}</p>
    </div>
  );
}
