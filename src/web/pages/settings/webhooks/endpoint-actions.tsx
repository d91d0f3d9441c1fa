import { Button, Group, Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import {
  deleteWebhookEndpoint,
  getWebhookEndpoint,
  listWebhookDeliveries,
  listWebhookEndpoints,
  rotateWebhookSecret,
  testWebhookEndpoint,
  updateWebhookEndpoint,
} from '#webhooks/contract.ts';
import { useAction, type ResponseOf } from '../../../call.ts';
import { t } from '../../../catalogue/index.ts';
import { words } from '../../../catalogue/webhooks.ts';
import { paths } from '../../../paths.ts';
import { useConfirm } from '../../../ui/confirm.tsx';
import { toast, toastProblem } from '../../../ui/toast.ts';
import { ShownOnce } from '../shown-once.tsx';
import { EndpointDialog } from './endpoint-dialog.tsx';

type WebhookEndpoint = ResponseOf<typeof getWebhookEndpoint>;

const changes = [getWebhookEndpoint, listWebhookEndpoints, listWebhookDeliveries];

/** Test, edit, another secret, off and on, delete. */
export function EndpointActions({ endpoint }: { endpoint: WebhookEndpoint }) {
  const [isEditing, editing] = useDisclosure(false);
  const test = useAction(testWebhookEndpoint, { changes });
  const params = { id: endpoint.id };
  return (
    <Group gap="xs">
      {endpoint.state === 'active' && (
        <Button
          loading={test.isPending}
          onClick={() => void test.mutateAsync({ params }).then(() => toast(words.tested), toastProblem)}
        >
          {words.test}
        </Button>
      )}
      <Button onClick={editing.open}>{words.edit}</Button>
      <Rotate id={endpoint.id} />
      <Switch endpoint={endpoint} />
      <Delete id={endpoint.id} />
      <EndpointDialog isOpen={isEditing} close={editing.close} endpoint={endpoint} />
    </Group>
  );
}

function Rotate({ id }: { id: string }) {
  const [secret, setSecret] = useState<string | null>(null);
  const rotate = useAction(rotateWebhookSecret, { changes });
  const confirm = useConfirm();
  const ask = () =>
    confirm({
      title: words.rotateTitle,
      text: words.rotateText,
      action: words.rotate,
      run: async () => setSecret((await rotate.mutateAsync({ params: { id }, body: {} })).secret),
    });
  const close = () => setSecret(null);
  return (
    <>
      <Button onClick={() => void ask()}>{words.rotate}</Button>
      <Modal
        opened={secret !== null}
        onClose={close}
        title={words.rotateDone}
        closeOnClickOutside={false}
        closeButtonProps={{ 'aria-label': t.shell.close }}
      >
        <ShownOnce label={words.secret} value={secret ?? ''} hint={words.secretReady} close={close} />
      </Modal>
    </>
  );
}

function Switch({ endpoint: { id, state } }: { endpoint: WebhookEndpoint }) {
  const update = useAction(updateWebhookEndpoint, { changes });
  const confirm = useConfirm();
  const set = (isActive: boolean) => update.mutateAsync({ params: { id }, body: { isActive } });
  const off = async () => {
    const question = { title: words.offTitle, text: words.offText, action: words.switchOff };
    if (await confirm({ ...question, run: () => set(false) })) toast(words.isOff);
  };
  const on = () => set(true).then(() => toast(words.isOn), toastProblem);
  return state === 'active' ? (
    <Button onClick={() => void off()}>{words.switchOff}</Button>
  ) : (
    <Button loading={update.isPending} onClick={() => void on()}>
      {words.switchOn}
    </Button>
  );
}

function Delete({ id }: { id: string }) {
  const remove = useAction(deleteWebhookEndpoint, { changes: [listWebhookEndpoints] });
  const confirm = useConfirm();
  const go = useNavigate();
  const ask = async () => {
    const isDone = await confirm({
      title: words.removeTitle,
      text: words.removeText,
      action: words.remove,
      isDestructive: true,
      run: () => remove.mutateAsync({ params: { id } }),
    });
    if (!isDone) return;
    toast(words.removed);
    void go(paths.settings('webhooks'));
  };
  return <Button onClick={() => void ask()}>{words.remove}</Button>;
}
