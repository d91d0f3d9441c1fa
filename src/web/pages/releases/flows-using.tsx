import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { listFlows } from '#flows/contract.ts';
import { keyOf, send, type ItemOf } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { paths } from '../../paths.ts';
import { Section } from '../../ui/section.tsx';
import styles from './releases.module.css';

type Flow = ItemOf<typeof listFlows>;

/** The flows whose steps name a release or an artist by its id; nothing where there are none. */
export function FlowsUsing({ id }: { id: string }) {
  const { data } = useQuery({
    queryKey: [...keyOf(listFlows), 'using', id],
    queryFn: ({ signal }) => findFlowsUsing(id, signal),
  });
  if (data === undefined || data.length === 0) return null;
  return (
    <Section title={t.releases.flows}>
      <ul className={styles.flows}>
        {data.map((flow) => (
          <li key={flow.id}>
            <Link to={paths.flow(flow.id)}>{flow.name}</Link>
            <span className={styles.soft}>{t.editor.states[flow.state]}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

async function findFlowsUsing(id: string, signal: AbortSignal): Promise<Flow[]> {
  const found: Flow[] = [];
  let cursor: string | null = null;
  do {
    const query: { limit: number; cursor?: string } =
      cursor === null ? { limit: 200 } : { limit: 200, cursor };
    const page: { items: Flow[]; nextCursor: string | null } = await send(listFlows, { query }, signal);
    // An id stands for one thing in the world, wherever in a step it is written.
    found.push(...page.items.filter(({ steps }) => JSON.stringify(steps).includes(id)));
    cursor = page.nextCursor;
  } while (cursor !== null);
  return found;
}
