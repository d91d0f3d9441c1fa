import { Button, PasswordInput, Stack } from '@mantine/core';
import { changePassword } from '#people/contract.ts';
import { send } from '../../../call.ts';
import { t } from '../../../catalogue/index.ts';
import { useHere } from '../../../session.ts';
import { Problem } from '../../../ui/problem.tsx';
import { Section } from '../../../ui/section.tsx';
import { toast } from '../../../ui/toast.ts';
import { useForm } from '../../../ui/use-form.ts';
import styles from '../settings.module.css';
import { useSessionAgain } from './use-session-again.ts';

/** The password; who came by a link a moment ago need not know the old one. */
export function Password() {
  const { person } = useHere();
  const again = useSessionAgain();
  const form = useForm({
    initial: { currentPassword: '', newPassword: '' },
    submit: ({ currentPassword, newPassword }) =>
      send(changePassword, {
        body: person.mayResetPassword ? { newPassword } : { currentPassword, newPassword },
      }),
    onDone: () => {
      form.reset();
      toast(t.settings.passwordChanged);
      void again();
    },
  });
  return (
    <Section title={t.settings.password}>
      {person.mayResetPassword && <p className={styles.hint}>{t.settings.resetHint}</p>}
      <form onSubmit={form.onSubmit} noValidate>
        <Stack gap="sm">
          {/* For who keeps passwords: whose this is. */}
          <input type="hidden" name="username" autoComplete="username" value={person.email ?? ''} readOnly />
          {!person.mayResetPassword && (
            <PasswordInput
              {...form.text('currentPassword')}
              label={t.settings.oldPassword}
              autoComplete="current-password"
            />
          )}
          <PasswordInput
            {...form.text('newPassword')}
            label={t.signIn.newPassword}
            description={t.signIn.passwordHint}
            autoComplete="new-password"
          />
          {form.problem !== null && <Problem error={form.problem} />}
          <div>
            <Button type="submit" loading={form.isBusy} disabled={form.values.newPassword === ''}>
              {t.settings.changePassword}
            </Button>
          </div>
        </Stack>
      </form>
    </Section>
  );
}
