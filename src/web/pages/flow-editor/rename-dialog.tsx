import { t } from '../../catalogue/index.ts';
import { DialogForm } from '../../forms/dialog-form.tsx';
import type { BarProps } from './bar-props.ts';

/** The flow's name, which only people of the project read. */
export function RenameDialog({
  kept,
  change,
  close,
  isOpen,
}: BarProps & { close: () => void; isOpen: boolean }) {
  return (
    <DialogForm
      title={t.editor.renameTitle}
      isOpen={isOpen}
      close={close}
      initial={{ name: kept.draft.name }}
      action={t.shell.save}
      submit={({ name }) => Promise.resolve(name.trim())}
      onDone={(name) => {
        if (name !== '') change((now) => (now.name === name ? now : { ...now, name }));
      }}
      renderFields={(form) =>
        form.input('name', { label: t.editor.name, required: true, maxLength: 120, 'data-autofocus': true })
      }
    />
  );
}
