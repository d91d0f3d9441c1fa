import { Button } from '@mantine/core';
import { beginAccountSignIn, type getConnection } from '#connections/contract.ts';
import { useAction, type ResponseOf } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { useMay } from '../../may.ts';
import { serviceLabel } from '../../service-label.ts';
import { NextButton } from '../../ui/next-button.tsx';
import { useNow } from '../../ui/now.ts';
import { Section } from '../../ui/section.tsx';
import { dateOf } from '../../ui/time.ts';
import { toastProblem } from '../../ui/toast.ts';
import styles from './connections.module.css';

const words = t.connections.signIn;

/** Whose account it is, how long what it gave is good, and the way to sign in, the first time or again. */
export function Account({ connection }: { connection: ResponseOf<typeof getConnection> }) {
  const { id, connector, senders, state, credential } = connection;
  const begin = useAction(beginAccountSignIn);
  const may = useMay('connect');
  const now = useNow();
  const account = senders.find(({ kind }) => kind === 'account')?.value;
  const go = () =>
    begin.mutateAsync({ params: { id } }).then(({ url }) => window.location.assign(url), toastProblem);
  const isDue = account === undefined || state === 'needs_reconnect' || credential?.isEnding === true;
  return (
    <Section title={words.account}>
      <p className={credential?.isEnding === true ? styles.warning : styles.quiet}>
        {account === undefined ? words.nobody : words.signedIn(account)}{' '}
        {credential !== null &&
          (credential.isEnding ? words.ending : words.until)(dateOf(credential.endsAt, now))}
      </p>
      {may && isDue && (
        <NextButton loading={begin.isPending} onClick={() => void go()}>
          {words.begin(serviceLabel(connector))}
        </NextButton>
      )}
      {may && !isDue && (
        <Button loading={begin.isPending} onClick={() => void go()}>
          {words.again}
        </Button>
      )}
    </Section>
  );
}
