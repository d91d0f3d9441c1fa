import { useParams } from 'react-router';
import { getWebhookEndpoint } from '#webhooks/contract.ts';
import { useRead, type ResponseOf } from '../../../call.ts';
import { everyMs } from '../../../every-ms.ts';
import { words } from '../../../catalogue/webhooks.ts';
import { Columns } from '../../../ui/columns.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { Fact, Facts, Section } from '../../../ui/section.tsx';
import { Moment, RelativeTime } from '../../../ui/times.tsx';
import { Allowed } from '../allowed.tsx';
import styles from '../settings.module.css';
import { Deliveries } from './deliveries.tsx';
import { EndpointActions } from './endpoint-actions.tsx';
import { EndpointState } from './endpoint-state.tsx';

type WebhookEndpoint = ResponseOf<typeof getWebhookEndpoint>;

/** One endpoint: how it stands, what can be done with it, and what it was told. */
export function Component() {
  return (
    <Allowed to="connect">
      <Webhook />
    </Allowed>
  );
}

function Webhook() {
  const { endpointId = '' } = useParams();
  const { data, error, refetch } = useRead(
    getWebhookEndpoint,
    { params: { id: endpointId } },
    { refetchInterval: everyMs.watched },
  );
  if (data === undefined)
    return error == null ? <div aria-busy /> : <Problem error={error} again={() => void refetch()} />;
  return (
    <>
      <div className={styles.head}>
        <h2 className={styles.address}>{data.url}</h2>
        <EndpointActions endpoint={data} />
      </div>
      <Columns side={<Standing endpoint={data} />}>
        <Deliveries endpoint={data} />
      </Columns>
    </>
  );
}

function Standing({ endpoint }: { endpoint: WebhookEndpoint }) {
  const { state, disabledFor, types, lastSuccessAt, lastFailureAt, openDeliveries, description } = endpoint;
  return (
    <Section title={words.facts}>
      {disabledFor !== null && <p className={styles.hint}>{words.disabledFor[disabledFor]}</p>}
      <Facts>
        <Fact name={words.state}>
          <EndpointState state={state} />
        </Fact>
        {description !== '' && <Fact name={words.description}>{description}</Fact>}
        <Fact name={words.tells}>
          {types.length === 0
            ? words.everything
            : types.map((type) => words.typeNames[type] ?? type).join(' · ')}
        </Fact>
        <Fact name={words.lastSuccess}>
          {lastSuccessAt === null ? words.never : <RelativeTime at={lastSuccessAt} />}
        </Fact>
        <Fact name={words.lastFailure}>
          {lastFailureAt === null ? words.never : <RelativeTime at={lastFailureAt} />}
        </Fact>
        <Fact name={words.waiting}>{words.waitingCount(openDeliveries)}</Fact>
        {endpoint.previousSecretUntil !== null && (
          <Fact name={words.oldSecretUntil}>
            <Moment at={endpoint.previousSecretUntil} />
          </Fact>
        )}
        <Fact name={words.made}>
          <Moment at={endpoint.createdAt} />
        </Fact>
      </Facts>
    </Section>
  );
}
