import { Button, CopyButton, Modal, PasswordInput } from '@mantine/core';
import { useState } from 'react';
import { beginTwoFactor, confirmTwoFactor } from '#people/contract.ts';
import { send, type ResponseOf } from '../../../call.ts';
import { t } from '../../../catalogue/index.ts';
import { FormBody } from '../../../forms/dialog-form.tsx';
import { CopyField } from '../../../ui/copy-field.tsx';
import styles from '../settings.module.css';

type Begun = ResponseOf<typeof beginTwoFactor>;
interface Props {
  close: () => void;
  onDone: () => void;
}

/** The password, then what the app scans, then its first code: only that switches the second factor on. */
export function BeginTwoFactor({ isOpen, ...props }: Props & { isOpen: boolean }) {
  return (
    <Modal
      opened={isOpen}
      onClose={props.close}
      title={t.settings.twoFactor}
      // The recovery codes are shown only once.
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': t.shell.close }}
    >
      {isOpen && <Steps {...props} />}
    </Modal>
  );
}

function Steps({ close, onDone }: Props) {
  const [begun, setBegun] = useState<Begun | null>(null);
  if (begun !== null) return <Scan begun={begun} close={close} onDone={onDone} />;
  return (
    <FormBody
      initial={{ password: '' }}
      action={t.settings.beginNext}
      submit={(body) => send(beginTwoFactor, { body })}
      onDone={setBegun}
      renderFields={(form) => (
        <PasswordInput
          {...form.text('password')}
          label={t.settings.currentPassword}
          autoComplete="current-password"
          data-autofocus
        />
      )}
    />
  );
}

function Scan({ begun, close, onDone }: Props & { begun: Begun }) {
  return (
    <>
      <p className={styles.hint}>{t.settings.scan}</p>
      <img
        className={styles.qr}
        src={`data:image/svg+xml;utf8,${encodeURIComponent(begun.qrCode)}`}
        alt={t.settings.qrCode}
      />
      <CopyField label={t.settings.secret} value={new URL(begun.uri).searchParams.get('secret') ?? ''} />
      <h3>{t.settings.recoveryCodes}</h3>
      <p className={styles.hint}>{t.settings.recoveryHint}</p>
      <ul className={styles.codes}>
        {begun.recoveryCodes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <CopyButton value={begun.recoveryCodes.join('\n')}>
        {({ copied, copy }) => (
          <Button size="compact-sm" my="md" onClick={copy}>
            {copied ? t.shell.copied : t.settings.copyCodes}
          </Button>
        )}
      </CopyButton>
      <FormBody
        initial={{ code: '' }}
        action={t.settings.confirm}
        submit={(body) => send(confirmTwoFactor, { body })}
        onDone={onDone}
        cancel={close}
        renderFields={(form) =>
          form.input('code', { label: t.settings.code, inputMode: 'numeric', autoComplete: 'one-time-code' })
        }
      />
    </>
  );
}
