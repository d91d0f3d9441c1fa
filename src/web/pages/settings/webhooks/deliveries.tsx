import { Button, Group, Select } from '@mantine/core';
import { useState } from 'react';
import {
  getWebhookEndpoint,
  listWebhookDeliveries,
  redeliverFailed,
  type WebhookDeliveryView,
} from '#webhooks/contract.ts';
import { useAction, useReadPages, type ItemOf, type ResponseOf } from '../../../call.ts';
import { everyMs } from '../../../every-ms.ts';
import { words } from '../../../catalogue/webhooks.ts';
import { List, type Column } from '../../../ui/list.tsx';
import { OutcomeSign, type OutcomeStatus } from '../../../ui/outcome-sign.tsx';
import { Section } from '../../../ui/section.tsx';
import { RelativeTime } from '../../../ui/times.tsx';
import { toast, toastProblem } from '../../../ui/toast.ts';
import styles from '../settings.module.css';
import { DeliveryDialog } from './delivery-dialog.tsx';

type Delivery = ItemOf<typeof listWebhookDeliveries>;
type State = WebhookDeliveryView['state'];

const states = ['', 'open', 'delivered', 'failed', 'cancelled'] as const;
const signs: Record<State, OutcomeStatus> = {
  open: 'held',
  delivered: 'done',
  failed: 'failed',
  cancelled: 'skipped',
};

/** What an endpoint was told, how it answered, and the way to say it again. */
export function Deliveries({ endpoint: { id, state } }: { endpoint: ResponseOf<typeof getWebhookEndpoint> }) {
  const [shown, setShown] = useState<(typeof states)[number]>('');
  const [opened, setOpened] = useState<Delivery | null>(null);
  const query = shown === '' ? {} : { state: shown };
  const pages = useReadPages(
    listWebhookDeliveries,
    { params: { id }, query },
    { refetchInterval: everyMs.watched },
  );
  return (
    <Section title={words.deliveries} action={state === 'active' ? <AllAgain id={id} /> : null}>
      <Select
        label={words.show}
        data={states.map((value) => ({ value, label: words.states[value] ?? value }))}
        value={shown}
        allowDeselect={false}
        onChange={(value) => setShown(states.find((one) => one === value) ?? '')}
        w="12rem"
        mb="md"
      />
      <List
        label={words.deliveries}
        pages={pages}
        keyOf={(delivery) => delivery.id}
        empty={<p className={styles.hint}>{shown === '' ? words.noDeliveries : words.noMatch}</p>}
        columns={columnsFor(setOpened)}
      />
      <DeliveryDialog
        endpointId={id}
        delivery={opened}
        mayRepeat={state === 'active'}
        close={() => setOpened(null)}
      />
    </Section>
  );
}

function AllAgain({ id }: { id: string }) {
  const again = useAction(redeliverFailed, { changes: [listWebhookDeliveries, getWebhookEndpoint] });
  const send = () =>
    again
      .mutateAsync({ params: { id }, body: {} })
      .then(({ count }) => toast(words.redeliveredCount(count)), toastProblem);
  return (
    <Button size="compact-sm" loading={again.isPending} onClick={() => void send()}>
      {words.redeliverFailed}
    </Button>
  );
}

const columnsFor = (open: (delivery: Delivery) => void): readonly Column<Delivery>[] => [
  {
    label: words.event,
    render: (delivery) => {
      const name = words.typeNames[delivery.type] ?? delivery.type;
      return (
        <Button
          variant="transparent"
          size="compact-sm"
          px={0}
          aria-label={words.details(name)}
          onClick={() => open(delivery)}
        >
          {name}
        </Button>
      );
    },
  },
  { label: words.at, isSecondary: true, render: ({ createdAt }) => <RelativeTime at={createdAt} /> },
  {
    label: words.state,
    render: ({ state, nextAt, attempts }) => (
      <Group gap="xs" wrap="nowrap">
        <OutcomeSign status={signs[state]} isBare size={16} />
        <span>
          {words.states[state]}
          {nextAt !== null && attempts.length > 0 && (
            <span className={styles.below}>
              {words.nextTry} <RelativeTime at={nextAt} />
            </span>
          )}
        </span>
      </Group>
    ),
  },
  { label: words.attempts, align: 'right', isSecondary: true, render: ({ attempts }) => attempts.length },
];
