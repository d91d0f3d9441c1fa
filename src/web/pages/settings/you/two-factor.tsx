import { Button, PasswordInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { disableTwoFactor } from '#people/contract.ts';
import { send } from '../../../call.ts';
import { t } from '../../../catalogue/index.ts';
import { DialogForm } from '../../../forms/dialog-form.tsx';
import { useHere } from '../../../session.ts';
import { Section } from '../../../ui/section.tsx';
import { toast } from '../../../ui/toast.ts';
import styles from '../settings.module.css';
import { BeginTwoFactor } from './begin-two-factor.tsx';
import { useSessionAgain } from './use-session-again.ts';

/** A code of an app beside the password: on, or off. */
export function TwoFactor() {
  const { person } = useHere();
  const [isOpen, dialog] = useDisclosure(false);
  const again = useSessionAgain();
  const done = (said: string) => {
    toast(said);
    void again();
  };
  return (
    <Section title={t.settings.twoFactor}>
      <p className={styles.hint}>{person.hasTwoFactor ? t.settings.twoFactorOn : t.settings.twoFactorOff}</p>
      <Button onClick={dialog.open}>{person.hasTwoFactor ? t.settings.disable : t.settings.begin}</Button>
      {person.hasTwoFactor ? (
        <DialogForm
          title={t.settings.disableTitle}
          isOpen={isOpen}
          close={dialog.close}
          initial={{ password: '' }}
          action={t.settings.disable}
          submit={(body) => send(disableTwoFactor, { body })}
          onDone={() => done(t.settings.isOff)}
          renderFields={(form) => (
            <PasswordInput
              {...form.text('password')}
              label={t.settings.currentPassword}
              autoComplete="current-password"
              data-autofocus
            />
          )}
        />
      ) : (
        <BeginTwoFactor isOpen={isOpen} close={dialog.close} onDone={() => done(t.settings.isOn)} />
      )}
    </Section>
  );
}
