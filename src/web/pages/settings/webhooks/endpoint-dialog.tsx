import { Checkbox, Modal, Radio, Stack } from '@mantine/core';
import { useState } from 'react';
import {
  createWebhookEndpoint,
  getWebhookEndpoint,
  listWebhookEndpoints,
  updateWebhookEndpoint,
  webhookTypes,
  type WebhookType,
} from '#webhooks/contract.ts';
import { useAction, type ResponseOf } from '../../../call.ts';
import { t } from '../../../catalogue/index.ts';
import { words } from '../../../catalogue/webhooks.ts';
import { FormBody, type Form } from '../../../forms/dialog-form.tsx';
import { toast } from '../../../ui/toast.ts';
import { ShownOnce } from '../shown-once.tsx';

type WebhookEndpoint = ResponseOf<typeof getWebhookEndpoint>;

interface Values {
  url: string;
  description: string;
  isEverything: boolean;
  types: WebhookType[];
}

/** A new endpoint, then its secret once; or one that is there, changed. */
export function EndpointDialog({
  isOpen,
  close,
  endpoint,
}: {
  isOpen: boolean;
  close: () => void;
  endpoint: WebhookEndpoint | null;
}) {
  return (
    <Modal
      opened={isOpen}
      onClose={close}
      title={endpoint === null ? words.add : words.edit}
      // The secret is shown only once.
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': t.shell.close }}
    >
      {isOpen && <Body close={close} endpoint={endpoint} />}
    </Modal>
  );
}

function Body({ close, endpoint }: { close: () => void; endpoint: WebhookEndpoint | null }) {
  const [secret, setSecret] = useState<string | null>(null);
  const changes = [listWebhookEndpoints, getWebhookEndpoint];
  const create = useAction(createWebhookEndpoint, { changes });
  const update = useAction(updateWebhookEndpoint, { changes });
  const types = webhookTypes.filter((type) => endpoint?.types.includes(type) === true);
  const initial: Values = {
    url: endpoint?.url ?? '',
    description: endpoint?.description ?? '',
    isEverything: types.length === 0,
    types,
  };
  if (secret !== null)
    return <ShownOnce label={words.secret} value={secret} hint={words.secretReady} close={close} />;
  const submit = async ({ isEverything, ...values }: Values) => {
    const body = { ...values, types: isEverything ? [] : values.types };
    if (endpoint === null) return (await create.mutateAsync({ body })).secret;
    await update.mutateAsync({ params: { id: endpoint.id }, body });
    return null;
  };
  return (
    <FormBody
      initial={initial}
      action={endpoint === null ? words.make : words.save}
      submit={submit}
      onDone={(made) => {
        setSecret(made);
        if (made !== null) return;
        toast(words.changed);
        close();
      }}
      renderFields={(form) => <Fields form={form} />}
    />
  );
}

function Fields({ form }: { form: Form<Values> }) {
  const { isEverything, types } = form.values;
  return (
    <>
      {form.input('url', {
        label: words.url,
        description: words.urlHint,
        placeholder: 'https://',
        required: true,
        inputMode: 'url',
        autoComplete: 'off',
        'data-autofocus': true,
      })}
      {form.input('description', { label: words.description, maxLength: 200 })}
      <Radio.Group
        label={words.types}
        value={isEverything ? 'all' : 'some'}
        onChange={(value) => form.set('isEverything', value === 'all')}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="all" label={words.allTypes} />
          <Radio value="some" label={words.someTypes} />
        </Stack>
      </Radio.Group>
      {!isEverything && (
        <Checkbox.Group
          aria-label={words.someTypes}
          value={types}
          onChange={(value) => form.set('types', value)}
          error={form.errors.types}
        >
          <Stack gap="xs">
            {webhookTypes.map((type) => (
              <Checkbox key={type} value={type} label={words.typeNames[type]} description={type} />
            ))}
          </Stack>
        </Checkbox.Group>
      )}
    </>
  );
}
