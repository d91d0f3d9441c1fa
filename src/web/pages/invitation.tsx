import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'react-router';
import { acceptInvitation, getMe, lookAtInvitation } from '#people/contract.ts';
import { send } from '../call.ts';
import { t } from '../catalogue/index.ts';
import { outside } from '../paths.ts';
import type { Visitor } from '../session.ts';
import { NextButton } from '../ui/next-button.tsx';
import { Problem } from '../ui/problem.tsx';
import { useForm } from '../ui/use-form.ts';
import { Doorway } from './doorway.tsx';
import { SignInForm } from './sign-in-form.tsx';

/** Behind an invitation link, whose secret stands behind the # where no server sees it. */
export function Invitation({ visitor }: { visitor: Visitor }) {
  const token = useLocation().hash.slice(1);
  const client = useQueryClient();
  const [isKnown, setKnown] = useState(false);
  const invitation = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => send(lookAtInvitation, { body: { token } }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (invitation.isPending) return null;
  if (invitation.isError)
    return (
      <Doorway title={t.signIn.lookFailed}>
        <Problem error={invitation.error} />
      </Doorway>
    );
  const { accountName, role, invitedBy } = invitation.data;
  const hint =
    invitedBy === null
      ? t.signIn.invitedAs(t.settings.roles[role], t.settings.roleHints[role])
      : t.signIn.invitedBy(invitedBy, t.settings.roles[role], t.settings.roleHints[role]);
  return (
    <Doorway title={t.signIn.invited(accountName)} hint={hint}>
      {visitor === null && isKnown ? (
        <SignInForm onDone={() => void client.invalidateQueries({ queryKey: ['session'] })} />
      ) : (
        <JoinForm key={token} token={token} visitor={visitor} />
      )}
      {visitor === null && (
        <Button variant="subtle" mt="sm" onClick={() => setKnown(!isKnown)}>
          {isKnown ? t.signIn.isNew : t.signIn.isKnown}
        </Button>
      )}
    </Doorway>
  );
}

function JoinForm({ token, visitor }: { token: string; visitor: Visitor }) {
  const isNew = visitor === null;
  const form = useForm({
    initial: { name: '', email: '', password: '' },
    submit: async (person) => {
      await send(acceptInvitation, { body: { token, ...(isNew && { person }) } });
      return startOf(visitor);
    },
    onDone: (start) => window.location.assign(start),
    fieldOf: (path) => {
      const name = path.replace(/^person\./, '');
      return name === 'name' || name === 'email' || name === 'password' ? name : null;
    },
  });
  return (
    <form onSubmit={form.onSubmit} noValidate>
      <Stack gap="sm">
        {isNew && (
          <>
            <TextInput {...form.text('name')} label={t.signIn.name} autoComplete="name" maxLength={120} />
            <TextInput {...form.text('email')} label={t.signIn.email} type="email" autoComplete="username" />
            <PasswordInput
              {...form.text('password')}
              label={t.signIn.newPassword}
              description={t.signIn.passwordHint}
              autoComplete="new-password"
            />
          </>
        )}
        {typeof visitor === 'object' && visitor !== null && <p>{t.signIn.joinAs(visitor.person.name)}</p>}
        {form.problem !== null && <Problem error={form.problem} />}
        <NextButton type="submit" loading={form.isBusy}>
          {t.signIn.join}
        </NextButton>
      </Stack>
    </form>
  );
}

/** A project that was not there before: of the account just joined. */
async function startOf(visitor: Visitor): Promise<string> {
  const before = typeof visitor === 'object' && visitor !== null ? visitor.projects : [];
  // Joined is joined: where to begin is only a convenience.
  const after = await send(getMe).catch(() => null);
  const project = after?.projects.find(({ id }) => !before.some((one) => one.id === id));
  return project === undefined ? outside.start() : outside.project(project.slug);
}
