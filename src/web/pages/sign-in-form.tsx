import { Button, Checkbox, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { signIn, signInWithCode } from '#people/contract.ts';
import { send } from '../call.ts';
import { t } from '../catalogue/index.ts';
import { NextButton } from '../ui/next-button.tsx';
import { Problem } from '../ui/problem.tsx';
import { useForm } from '../ui/use-form.ts';

/** E-mail and password, then a code where the person has a second factor. `onDone`: the cookie is there. */
export function SignInForm({ onDone, email }: { onDone: () => void; email?: string | null }) {
  const [needsCode, setNeedsCode] = useState(false);
  if (needsCode) return <CodeForm onDone={onDone} back={() => setNeedsCode(false)} />;
  return (
    <PasswordForm
      email={email ?? ''}
      onDone={({ state }) => (state === 'code_needed' ? setNeedsCode(true) : onDone())}
    />
  );
}

function PasswordForm({
  email,
  onDone,
}: {
  email: string;
  onDone: (answer: { state: 'signed_in' | 'code_needed' }) => void;
}) {
  const form = useForm({
    initial: { email, password: '' },
    submit: (body) => send(signIn, { body }),
    onDone,
  });
  return (
    <form onSubmit={form.onSubmit} noValidate>
      <Stack gap="sm">
        <TextInput
          {...form.text('email')}
          label={t.signIn.email}
          type="email"
          autoComplete="username"
          required
          withAsterisk={false}
          data-autofocus={email === '' || undefined}
        />
        <PasswordInput
          {...form.text('password')}
          label={t.signIn.password}
          autoComplete="current-password"
          required
          withAsterisk={false}
          data-autofocus={email !== '' || undefined}
        />
        {form.problem !== null && <Problem error={form.problem} />}
        <NextButton type="submit" loading={form.isBusy}>
          {t.signIn.submit}
        </NextButton>
      </Stack>
    </form>
  );
}

function CodeForm({ onDone, back }: { onDone: () => void; back: () => void }) {
  const [kind, setKind] = useState<'app' | 'recovery'>('app');
  const form = useForm({
    initial: { code: '', trustDevice: false },
    submit: (values) => send(signInWithCode, { body: { ...values, kind } }),
    onDone,
  });
  const isApp = kind === 'app';
  return (
    <form onSubmit={form.onSubmit} noValidate>
      <Stack gap="sm">
        <TextInput
          {...form.text('code')}
          key={kind}
          label={isApp ? t.signIn.code : t.signIn.recoveryCode}
          description={isApp ? t.signIn.codeHint : t.signIn.recoveryHint}
          inputMode={isApp ? 'numeric' : 'text'}
          autoComplete={isApp ? 'one-time-code' : 'off'}
          // The step was asked for by the person: the field is what they look for.
          ref={(field) => field?.focus()}
        />
        {isApp && (
          <Checkbox
            label={t.signIn.trust}
            checked={form.values.trustDevice}
            onChange={(event) => form.set('trustDevice', event.currentTarget.checked)}
          />
        )}
        {form.problem !== null && <Problem error={form.problem} />}
        <NextButton type="submit" loading={form.isBusy}>
          {t.signIn.goOn}
        </NextButton>
        <Button variant="subtle" onClick={() => setKind(isApp ? 'recovery' : 'app')}>
          {isApp ? t.signIn.withRecovery : t.signIn.withApp}
        </Button>
        <Button variant="subtle" onClick={back}>
          {t.signIn.back}
        </Button>
      </Stack>
    </form>
  );
}
