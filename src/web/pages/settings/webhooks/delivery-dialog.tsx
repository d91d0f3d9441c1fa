import { Button, Group, Modal } from '@mantine/core';
import {
  getWebhookDelivery,
  getWebhookEndpoint,
  listWebhookDeliveries,
  redeliverWebhook,
  type WebhookAttempt,
} from '#webhooks/contract.ts';
import { useAction, useRead, type ItemOf } from '../../../call.ts';
import { t } from '../../../catalogue/index.ts';
import { words } from '../../../catalogue/webhooks.ts';
import { CopyField } from '../../../ui/copy-field.tsx';
import { Loading } from '../../../ui/loading.tsx';
import { OutcomeSign } from '../../../ui/outcome-sign.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { Moment } from '../../../ui/times.tsx';
import { toast, toastProblem } from '../../../ui/toast.ts';
import styles from '../settings.module.css';

type Delivery = ItemOf<typeof listWebhookDeliveries>;

/** One delivery: what is sent, every attempt with its answer, and the way to send it again. */
export function DeliveryDialog({
  endpointId,
  delivery,
  mayRepeat,
  close,
}: {
  endpointId: string;
  delivery: Delivery | null;
  mayRepeat: boolean;
  close: () => void;
}) {
  const title = delivery === null ? '' : (words.typeNames[delivery.type] ?? delivery.type);
  return (
    <Modal
      opened={delivery !== null}
      onClose={close}
      title={title}
      size="lg"
      closeButtonProps={{ 'aria-label': t.shell.close }}
    >
      {delivery !== null && <Body endpointId={endpointId} eventId={delivery.id} mayRepeat={mayRepeat} />}
    </Modal>
  );
}

function Body(props: { endpointId: string; eventId: string; mayRepeat: boolean }) {
  const { endpointId, eventId, mayRepeat } = props;
  const params = { id: endpointId, eventId };
  const { data, error, refetch } = useRead(getWebhookDelivery, { params }, { refetchInterval: 3_000 });
  const again = useAction(redeliverWebhook, {
    changes: [getWebhookDelivery, listWebhookDeliveries, getWebhookEndpoint],
  });
  if (data === undefined)
    return error == null ? <Loading /> : <Problem error={error} again={() => void refetch()} />;
  const send = () => again.mutateAsync({ params }).then(() => toast(words.redelivered), toastProblem);
  return (
    <>
      <CopyField label={words.id} value={data.id} />
      <h3 className={styles.part}>{words.attempts}</h3>
      {data.attempts.length === 0 && <p className={styles.hint}>{words.notTried}</p>}
      <ul className={styles.attempts}>
        {data.attempts.toReversed().map((attempt) => (
          <Attempt key={attempt.at} attempt={attempt} />
        ))}
      </ul>
      <h3 className={styles.part}>{words.body}</h3>
      {data.body === null ? (
        <p className={styles.hint}>{words.noBody}</p>
      ) : (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls can be reached by keyboard
        <section className={styles.body} tabIndex={0} aria-label={words.body}>
          <pre>{pretty(data.body)}</pre>
        </section>
      )}
      {mayRepeat && (
        <Group justify="flex-end" mt="lg">
          <Button loading={again.isPending} onClick={() => void send()}>
            {words.redeliver}
          </Button>
        </Group>
      )}
    </>
  );
}

function Attempt({ attempt: { at, status, error, ms, answer } }: { attempt: WebhookAttempt }) {
  const isTaken = status !== null && status >= 200 && status < 300;
  return (
    <li>
      <OutcomeSign status={isTaken ? 'done' : 'failed'} isBare size={16} />
      <span>
        <strong>{status ?? words.noAnswer}</strong> · <Moment at={new Date(at).toISOString()} seconds /> ·{' '}
        {words.attemptOf(ms)}
        {error !== null && <span className={styles.below}>{error}</span>}
        {answer !== '' && <code className={styles.below}>{answer}</code>}
      </span>
    </li>
  );
}

function pretty(body: string): string {
  return JSON.stringify(JSON.parse(body), null, 2);
}
