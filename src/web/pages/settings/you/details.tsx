import { Button, Group, PasswordInput, Stack, TextInput } from '@mantine/core';
import { updateMe } from '#people/contract.ts';
import { send } from '../../../call.ts';
import { t } from '../../../catalogue/index.ts';
import { useHere } from '../../../session.ts';
import { Problem } from '../../../ui/problem.tsx';
import { Section } from '../../../ui/section.tsx';
import { toast } from '../../../ui/toast.ts';
import { useForm } from '../../../ui/use-form.ts';
import { useSessionAgain } from './use-session-again.ts';

/** Name and e-mail; another e-mail takes the password, which is asked for only then. */
export function Details() {
  const { person } = useHere();
  const again = useSessionAgain();
  const email = person.email ?? '';
  const form = useForm({
    initial: { name: person.name, email, currentPassword: '' },
    submit: ({ currentPassword, ...body }) =>
      send(updateMe, { body: currentPassword === '' ? body : { ...body, currentPassword } }),
    onDone: () => {
      form.reset({ ...form.values, currentPassword: '' });
      toast(t.settings.saved);
      void again();
    },
  });
  return (
    <Section title={t.settings.yourDetails}>
      <form onSubmit={form.onSubmit} noValidate>
        <Stack gap="sm">
          <TextInput {...form.text('name')} label={t.signIn.name} autoComplete="name" maxLength={120} />
          <TextInput {...form.text('email')} label={t.signIn.email} type="email" autoComplete="username" />
          {form.values.email.trim().toLowerCase() !== email && (
            <PasswordInput
              {...form.text('currentPassword')}
              label={t.settings.currentPassword}
              description={t.settings.currentPasswordHint}
              autoComplete="current-password"
            />
          )}
          {form.problem !== null && <Problem error={form.problem} />}
          <Group>
            <Button type="submit" loading={form.isBusy} disabled={!form.isChanged}>
              {t.settings.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}
