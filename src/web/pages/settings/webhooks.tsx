import { useDisclosure } from '@mantine/hooks';
import { listWebhookEndpoints } from '#webhooks/contract.ts';
import { useReadPages, type ItemOf } from '../../call.ts';
import { everyMs } from '../../every-ms.ts';
import { words } from '../../catalogue/webhooks.ts';
import { paths } from '../../paths.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { List, type Column } from '../../ui/list.tsx';
import { NextButton } from '../../ui/next-button.tsx';
import { RelativeTime } from '../../ui/times.tsx';
import { Allowed } from './allowed.tsx';
import styles from './settings.module.css';
import { EndpointDialog } from './webhooks/endpoint-dialog.tsx';
import { EndpointState } from './webhooks/endpoint-state.tsx';

type WebhookEndpoint = ItemOf<typeof listWebhookEndpoints>;

/** Systems of the artist's own that are told what happens. */
export function Component() {
  return (
    <Allowed to="connect">
      <Webhooks />
    </Allowed>
  );
}

function Webhooks() {
  const pages = useReadPages(listWebhookEndpoints, {}, { refetchInterval: everyMs.listed });
  const [isOpen, dialog] = useDisclosure(false);
  const addOne = <NextButton onClick={dialog.open}>{words.add}</NextButton>;
  return (
    <>
      <div className={styles.head}>
        <p className={styles.hint}>
          {words.hint} <a href="https://www.standardwebhooks.com">{words.howToCheck}</a>
        </p>
        {pages.items?.length !== 0 && addOne}
      </div>
      <List
        label={words.title}
        pages={pages}
        keyOf={({ id }) => id}
        to={({ id }) => paths.settings(`webhooks/${id}`)}
        expected={2}
        empty={
          <EmptyState title={words.none} text={words.noneHint}>
            {addOne}
          </EmptyState>
        }
        columns={columns}
      />
      <EndpointDialog isOpen={isOpen} close={dialog.close} endpoint={null} />
    </>
  );
}

const columns: readonly Column<WebhookEndpoint>[] = [
  {
    label: words.url,
    width: '46%',
    render: ({ url, description }) => (
      <>
        <span className={styles.address}>{url}</span>
        {description !== '' && <span className={styles.below}>{description}</span>}
      </>
    ),
  },
  {
    label: words.tells,
    isSecondary: true,
    render: ({ types }) => (types.length === 0 ? words.everything : words.someCount(types.length)),
  },
  {
    label: words.lastSuccess,
    isSecondary: true,
    render: ({ lastSuccessAt }) =>
      lastSuccessAt === null ? words.never : <RelativeTime at={lastSuccessAt} />,
  },
  { label: words.state, render: ({ state }) => <EndpointState state={state} /> },
];
