import { useRef } from 'react';
import { createProject, type ProjectView } from '#accounts/contract.ts';
import { demoRemoved } from '#sandbox/contract.ts';
import { send } from '../call.ts';
import { t } from '../catalogue/index.ts';
import { DialogForm } from '../forms/dialog-form.tsx';
import { outside } from '../paths.ts';
import { askSandbox } from './sandbox-call.ts';

/**
 * An own project instead of the demo. Where the second half fails, the project is there and the demo too;
 * trying again makes no second one.
 */
export function StartForReal({ isOpen, close }: { isOpen: boolean; close: () => void }) {
  const made = useRef<ProjectView>(null);
  const submit = async ({ name }: { name: string }) => {
    const { timeZone: zone } = new Intl.DateTimeFormat().resolvedOptions();
    made.current ??= await send(createProject, { body: { name, isLive: false, zone } });
    await askSandbox(demoRemoved, '/demo/remove', { body: {} });
    return made.current;
  };
  return (
    <DialogForm
      title={t.sandbox.startForReal}
      isOpen={isOpen}
      close={close}
      initial={{ name: '' }}
      action={t.sandbox.startForRealDo}
      submit={submit}
      // With a full load: nothing of the demo is left over.
      onDone={({ slug }) => window.location.assign(outside.project(slug))}
      renderFields={(form) => (
        <>
          <p>{t.sandbox.startForRealText}</p>
          {form.input('name', {
            label: t.sandbox.startForRealName,
            required: true,
            maxLength: 120,
            'data-autofocus': true,
          })}
        </>
      )}
    />
  );
}
