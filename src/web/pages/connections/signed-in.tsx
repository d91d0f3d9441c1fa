import { Skeleton } from '@mantine/core';
import { useEffect } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { finishAccountSignIn, getConnection, listConnections } from '#connections/contract.ts';
import { getFlowFacts } from '#flows/editor/contract.ts';
import { useAction } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { paths } from '../../paths.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { NextButton } from '../../ui/next-button.tsx';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';
import { toast } from '../../ui/toast.ts';

const words = t.connections.signIn;
/** A state is good once: a page that is drawn twice hands it in once. */
const handedIn = new Set<string>();

/** Back from the provider's page: hands in what it gave, and goes to the connection. */
export function Component() {
  const [query] = useSearchParams();
  const navigate = useNavigate();
  const state = query.get('state') ?? '';
  const code = query.get('code');
  const finish = useAction(finishAccountSignIn, { changes: [getConnection, listConnections, getFlowFacts] });
  const { mutateAsync } = finish;
  useEffect(() => {
    if (code === null || handedIn.has(state)) return;
    handedIn.add(state);
    mutateAsync({ body: { state, code } }).then(
      ({ id, label }) => {
        toast(words.done(label));
        return navigate(paths.connection(id), { replace: true });
      },
      // It stands on the page.
      () => undefined,
    );
  }, [state, code, mutateAsync, navigate]);
  const back = (
    <NextButton component={Link} to={paths.connections()}>
      {words.back}
    </NextButton>
  );
  return (
    <Page title={words.title} of={t.connections.title}>
      {code === null && (
        <EmptyState title={words.declined} text={words.declinedText}>
          {back}
        </EmptyState>
      )}
      {finish.error !== null && (
        <>
          <Problem error={finish.error} />
          {back}
        </>
      )}
      {code !== null && finish.error === null && <Skeleton height="3.5rem" maw="34rem" aria-busy />}
    </Page>
  );
}
