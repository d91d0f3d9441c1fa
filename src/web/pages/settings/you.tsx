import { Button } from '@mantine/core';
import { endOtherSessions } from '#people/contract.ts';
import { useAction } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { useHere } from '../../session.ts';
import { Problem } from '../../ui/problem.tsx';
import { Section } from '../../ui/section.tsx';
import { toast } from '../../ui/toast.ts';
import styles from './settings.module.css';
import { Details } from './you/details.tsx';
import { Password } from './you/password.tsx';
import { SetUp } from './you/set-up.tsx';
import { TwoFactor } from './you/two-factor.tsx';

/** A person's own: how they are called, and how they come in. */
export function Component() {
  const { person } = useHere();
  return (
    <div className={styles.form}>
      {person.isSetUp ? (
        <>
          <Details />
          <Password />
          <TwoFactor />
        </>
      ) : (
        <SetUp />
      )}
      <OtherSessions />
    </div>
  );
}

function OtherSessions() {
  const end = useAction(endOtherSessions);
  return (
    <Section title={t.settings.otherSessions}>
      <p className={styles.hint}>{t.settings.otherSessionsHint}</p>
      <Button
        loading={end.isPending}
        onClick={() => end.mutate({}, { onSuccess: () => toast(t.settings.otherSessionsEnded) })}
      >
        {t.settings.endOtherSessions}
      </Button>
      {end.error !== null && <Problem error={end.error} />}
    </Section>
  );
}
