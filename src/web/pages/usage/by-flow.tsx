import { number } from '../../catalogue/format.ts';
import { words } from '../../catalogue/usage.ts';
import { paths } from '../../paths.ts';
import { List, type Column } from '../../ui/list.tsx';
import { Money } from '../../ui/money.tsx';
import { Link } from 'react-router';
import type { Details } from './usage.tsx';

type Flow = Details['flows'][number];

/** The dearest first; a flow that was deleted keeps what it cost. */
export function ByFlow({ flows, currency }: { flows: readonly Flow[]; currency: string }) {
  const columns: readonly Column<Flow>[] = [
    { label: words.flow, render: (flow) => <Name flow={flow} /> },
    { label: words.texts, align: 'right', render: ({ sms }) => number(sms) },
    { label: words.emails, align: 'right', isSecondary: true, render: ({ email }) => number(email) },
    {
      label: words.cost,
      align: 'right',
      render: ({ micros }) => <Money micros={micros} currency={currency} />,
    },
  ];
  return (
    <List
      label={words.byFlow}
      pages={{ items: flows, error: null, isPending: false, refetch: () => undefined }}
      columns={columns}
      keyOf={({ flowId }) => flowId}
      empty={<p>{words.nothing}</p>}
    />
  );
}

function Name({ flow: { flowId, name, isDeleted } }: { flow: Flow }) {
  if (isDeleted) return <>{`${name} (${words.deleted})`}</>;
  return <Link to={paths.flow(flowId)}>{name}</Link>;
}
