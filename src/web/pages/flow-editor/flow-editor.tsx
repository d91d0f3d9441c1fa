import { Skeleton } from '@mantine/core';
import { useParams } from 'react-router';
import { getFlow } from '#flows/contract.ts';
import { useRead } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { Problem } from '../../ui/problem.tsx';
import { Editor } from './editor.tsx';
import styles from './editor.module.css';

/** The tab where a flow is drawn. */
export function Component() {
  const { flowId = '' } = useParams();
  const flow = useRead(getFlow, { params: { id: flowId } });
  if (flow.data !== undefined) return <Editor key={flowId} flow={flow.data} />;
  if (flow.isError) return <Problem error={flow.error} again={() => void flow.refetch()} />;
  return (
    <div className={styles.loading} aria-busy aria-label={t.editor.loading}>
      {Array.from({ length: 4 }, (_, index) => (
        <Skeleton key={index} height="4.5rem" radius="md" />
      ))}
    </div>
  );
}
