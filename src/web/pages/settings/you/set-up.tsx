import { PasswordInput, Stack, TextInput } from '@mantine/core';
import { setUpMe } from '#people/contract.ts';
import { send } from '../../../call.ts';
import { t } from '../../../catalogue/index.ts';
import { useHere } from '../../../session.ts';
import { NextButton } from '../../../ui/next-button.tsx';
import { Problem } from '../../../ui/problem.tsx';
import { Section } from '../../../ui/section.tsx';
import { toast } from '../../../ui/toast.ts';
import { useForm } from '../../../ui/use-form.ts';
import styles from '../settings.module.css';
import { useSessionAgain } from './use-session-again.ts';

/** For who came by a link and can come back by nothing yet. */
export function SetUp() {
  const { person } = useHere();
  const again = useSessionAgain();
  const form = useForm({
    initial: { name: person.name, email: '', password: '' },
    submit: (body) => send(setUpMe, { body }),
    onDone: () => {
      toast(t.settings.setUpDone);
      void again();
    },
  });
  return (
    <Section title={t.settings.setUpTitle}>
      <p className={styles.hint}>{t.settings.setUpHint}</p>
      <form onSubmit={form.onSubmit} noValidate>
        <Stack gap="sm">
          <TextInput {...form.text('name')} label={t.signIn.name} autoComplete="name" maxLength={120} />
          <TextInput {...form.text('email')} label={t.signIn.email} type="email" autoComplete="username" />
          <PasswordInput
            {...form.text('password')}
            label={t.signIn.newPassword}
            description={t.signIn.passwordHint}
            autoComplete="new-password"
          />
          {form.problem !== null && <Problem error={form.problem} />}
          <div>
            <NextButton type="submit" loading={form.isBusy}>
              {t.settings.setUp}
            </NextButton>
          </div>
        </Stack>
      </form>
    </Section>
  );
}
