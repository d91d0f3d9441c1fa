import { UnstyledButton } from '@mantine/core';
import { useNavigate } from 'react-router';
import { createConnection, listConnections } from '#connections/contract.ts';
import { connectors } from '#connectors/index.ts';
import type { ConnectorDefinition } from '#connectors/connector.ts';
import { getFlowFacts } from '#flows/editor/contract.ts';
import { listEmailSenders } from '#messages/email/contract.ts';
import { useAction } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { paths } from '../../paths.ts';
import { useHere } from '../../session.ts';
import { Columns } from '../../ui/columns.tsx';
import { Page } from '../../ui/page.tsx';
import { Section } from '../../ui/section.tsx';
import { toast } from '../../ui/toast.ts';
import { useUrlState } from '../../ui/use-url-state.ts';
import { ConnectionForm, type ConnectionInput } from './connection-form.tsx';
import styles from './connections.module.css';
import { SetUpHelp } from './set-up-help.tsx';
import { useBegin } from './use-begin.ts';

const words = t.connections.form;
const definitions: readonly ConnectorDefinition[] = connectors;
const kinds = ['sms', 'email', 'streaming', 'social'] as const;

/** First whose service it is, then what that provider asks for, with its own help beside. */
export function Component() {
  const [provider, setProvider] = useUrlState('provider');
  const definition = definitions.find(({ id }) => id === provider);
  return definition === undefined ? (
    <Choose choose={setProvider} />
  ) : (
    <Enter definition={definition} back={() => setProvider('')} />
  );
}

function Choose({ choose }: { choose: (id: string) => void }) {
  return (
    <Page title={words.title} hint={words.choose}>
      {kinds.map((kind) => {
        const found = definitions.filter((one) => one.kind === kind);
        return (
          found.length > 0 && (
            <Section key={kind} title={words.kinds[kind]}>
              <ul className={styles.providers}>
                {found.map(({ id, label }) => (
                  <li key={id}>
                    <UnstyledButton className={styles.provider} onClick={() => choose(id)}>
                      {label}
                    </UnstyledButton>
                  </li>
                ))}
              </ul>
            </Section>
          )
        );
      })}
    </Page>
  );
}

function Enter({ definition, back }: { definition: ConnectorDefinition; back: () => void }) {
  const { project } = useHere();
  const begin = useBegin(definition);
  const navigate = useNavigate();
  const create = useAction(createConnection, { changes: [listConnections, listEmailSenders, getFlowFacts] });
  const submit = async (input: ConnectionInput) => {
    const made = await create.mutateAsync({ body: { connector: definition.id, ...input } });
    toast(words.created(made.label));
    await navigate(paths.connection(made.id));
  };
  return (
    <Page
      title={words.connect(definition.label)}
      hint={project.isLive ? words.live : words.test}
      of={t.connections.title}
    >
      <Columns side={<SetUpHelp connector={definition.id} />}>
        {begin === undefined ? null : (
          <ConnectionForm
            definition={definition}
            initial={{ label: definition.label, settings: begin }}
            kept={[]}
            action={words.create}
            submit={submit}
            cancel={back}
          />
        )}
      </Columns>
    </Page>
  );
}
