import { Button } from '@mantine/core';
import { useState } from 'react';
import { useParams } from 'react-router';
import {
  disableConnection,
  enableConnection,
  getConnection,
  getConnectionLoad,
  listConnections,
  testConnection,
  updateConnection,
} from '#connections/contract.ts';
import { connectors } from '#connectors/index.ts';
import type { ConnectorDefinition } from '#connectors/connector.ts';
import { getFlowFacts } from '#flows/editor/contract.ts';
import { listEmailSenders } from '#messages/email/contract.ts';
import { useAction, useRead, type ResponseOf } from '../../call.ts';
import { everyMs } from '../../every-ms.ts';
import { t } from '../../catalogue/index.ts';
import { useMay } from '../../may.ts';
import { serviceLabel } from '../../service-label.ts';
import { Columns } from '../../ui/columns.tsx';
import { useConfirm } from '../../ui/confirm.tsx';
import { CopyField } from '../../ui/copy-field.tsx';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';
import { Fact, Facts, Section } from '../../ui/section.tsx';
import { RelativeTime } from '../../ui/times.tsx';
import { toast, toastProblem } from '../../ui/toast.ts';
import { Account } from './account.tsx';
import { ConnectionForm, type ConnectionInput } from './connection-form.tsx';
import { ConnectionState } from './connection-state.tsx';
import { EmailSender } from './email-sender.tsx';
import { Load, type ConnectionLoad } from './load.tsx';
import { Loans } from './loans.tsx';
import { OptInWords } from './opt-in-words.tsx';

type Connection = ResponseOf<typeof getConnection>;

const words = t.connections;
const definitions: readonly ConnectorDefinition[] = connectors;

/** One connection: whether it works, where its provider calls, and, of an address, whether mails arrive. */
export function Component() {
  const { connectionId = '' } = useParams();
  const input = { params: { id: connectionId } };
  const { data, error, refetch } = useRead(getConnection, input, { refetchInterval: everyMs.listed });
  const load = useRead(getConnectionLoad, input, { refetchInterval: everyMs.listed });
  // Both at once, so that nothing moves; what is left out is only how busy it is.
  if (data === undefined || load.isPending) {
    return (
      <Page title={words.title}>
        {error != null && <Problem error={error} again={() => void refetch()} />}
      </Page>
    );
  }
  const isEmail = data.senders.some(({ kind }) => kind === 'email');
  return (
    <Page
      title={data.label}
      of={words.title}
      beside={<ConnectionState state={data.state} />}
      hint={serviceLabel(data.connector)}
      actions={<Switch connection={data} />}
    >
      <Columns side={<Health connection={data} load={load.data} />}>
        {data.canSignIn && data.state !== 'disabled' && <Account connection={data} />}
        {isEmail && data.state !== 'disabled' && <EmailSender connectionId={data.id} />}
        {data.webhookUrl !== null && (
          <Section title={words.webhook}>
            <CopyField label={words.webhook} value={data.webhookUrl} hint={words.webhookHint} />
          </Section>
        )}
        {data.takesOptInWords && data.state !== 'disabled' && <OptInWords connectionId={data.id} />}
        {data.state !== 'disabled' && <Loans connectionId={data.id} />}
        <Edit connection={data} />
      </Columns>
    </Page>
  );
}

function Health({ connection, load }: { connection: Connection; load: ConnectionLoad | undefined }) {
  const { senders, lastSuccessAt, lastWebhookAt, webhookUrl, lastError, secretsSet } = connection;
  return (
    <Section title={words.health} action={<TestButton connection={connection} />}>
      <Facts>
        {senders.length > 0 && (
          <Fact name={words.senders}>{senders.map(({ value }) => value).join(', ')}</Fact>
        )}
        <Fact name={words.lastSuccess}>
          {lastSuccessAt === null ? words.never : <RelativeTime at={lastSuccessAt} />}
        </Fact>
        {webhookUrl !== null && (
          <Fact name={words.lastWebhook}>
            {lastWebhookAt === null ? words.never : <RelativeTime at={lastWebhookAt} />}
          </Fact>
        )}
        <Fact name={words.lastError}>{lastError ?? words.noError}</Fact>
        {connection.state !== 'disabled' && load !== undefined && <Load load={load} />}
        <Fact name={words.secrets}>{secretsSet.length === 0 ? words.noSecrets : secretsSet.join(', ')}</Fact>
      </Facts>
    </Section>
  );
}

/** One harmless question to the provider, and its answer. */
function TestButton({ connection: { id, canBeTested, state } }: { connection: Connection }) {
  const test = useAction(testConnection, { changes: [getConnection, listConnections] });
  const may = useMay('connect');
  if (!may || !canBeTested || state === 'disabled') return null;
  const ask = async () => {
    const { trouble } = await test.mutateAsync({ params: { id } });
    toast(trouble === null ? words.testWorks : words.testTrouble(trouble));
  };
  return (
    <Button size="compact-sm" loading={test.isPending} onClick={() => void ask().catch(toastProblem)}>
      {words.test}
    </Button>
  );
}

/** What was entered, without its secrets; to be changed by who may. */
function Edit({ connection: { id, connector, label, settings, secretsSet } }: { connection: Connection }) {
  const [isOpen, setOpen] = useState(false);
  const update = useAction(updateConnection, {
    changes: [getConnection, listConnections, listEmailSenders, getFlowFacts],
  });
  const definition = definitions.find((one) => one.id === connector);
  const may = useMay('connect');
  if (!may || definition === undefined) return null;
  if (!isOpen) {
    return (
      <Section title={words.settings}>
        <Button onClick={() => setOpen(true)}>{words.edit}</Button>
      </Section>
    );
  }
  const submit = async (body: ConnectionInput) => {
    await update.mutateAsync({ params: { id }, body });
    toast(words.changed);
    setOpen(false);
  };
  return (
    <Section title={words.settings}>
      <ConnectionForm
        definition={definition}
        initial={{ label, settings }}
        kept={secretsSet}
        action={words.form.save}
        submit={submit}
        cancel={() => setOpen(false)}
      />
    </Section>
  );
}

function Switch({ connection: { id, label, state } }: { connection: Connection }) {
  const changes = [getConnection, listConnections, listEmailSenders];
  const disable = useAction(disableConnection, { changes });
  const enable = useAction(enableConnection, { changes });
  const confirm = useConfirm();
  const may = useMay('connect');
  if (!may) return null;
  const off = async () => {
    const isDone = await confirm({
      title: words.disableTitle(label),
      text: words.disableText,
      action: words.disable,
      run: () => disable.mutateAsync({ params: { id } }),
    });
    if (isDone) toast(words.disabled(label));
  };
  const on = () =>
    enable.mutateAsync({ params: { id } }).then(() => toast(words.enabled(label)), toastProblem);
  return state === 'disabled' ? (
    <Button loading={enable.isPending} onClick={() => void on()}>
      {words.enable}
    </Button>
  ) : (
    <Button onClick={() => void off()}>{words.disable}</Button>
  );
}
