import { Modal } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect } from 'react';
import { getMe } from '#people/contract.ts';
import { send } from '../call.ts';
import { t } from '../catalogue/index.ts';
import { noteSignedIn, useTie } from '../connection-state.ts';
import type { Session } from '../session.ts';
import { later } from '../ui/later.tsx';

const loadForm = async () => (await import('../pages/sign-in-form.tsx')).SignInForm;
const SignInForm = later(loadForm);

/** Over the page whose session ended: signing in again goes on with what was typed there. */
export function SessionEnded() {
  const { isSignedOut } = useTie();
  const client = useQueryClient();
  const known = client.getQueryData<Session | null>(['session']);
  const goOn = useCallback(() => {
    noteSignedIn();
    void client.invalidateQueries();
  }, [client]);
  useSignedInElsewhere(isSignedOut, goOn);
  useEffect(() => {
    // Not with the first screen, and not only when needed: a newer Segue may have no such file by then.
    const timer = setTimeout(() => void loadForm(), 3_000);
    return () => clearTimeout(timer);
  }, []);
  return (
    <Modal
      opened={isSignedOut}
      onClose={() => undefined}
      withCloseButton={false}
      closeOnEscape={false}
      closeOnClickOutside={false}
      title={t.signIn.endedTitle}
    >
      <p>{t.signIn.ended}</p>
      <SignInForm onDone={goOn} email={known?.person.email ?? null} />
    </Modal>
  );
}

/** Whoever opened a link or signed in in another tab finds this one going on when they come back to it. */
function useSignedInElsewhere(isSignedOut: boolean, goOn: () => void): void {
  useEffect(() => {
    if (!isSignedOut) return undefined;
    // Still signed out, or no connection: the dialog stays.
    const look = () => void send(getMe).then(goOn, () => undefined);
    window.addEventListener('focus', look);
    return () => window.removeEventListener('focus', look);
  }, [isSignedOut, goOn]);
}
