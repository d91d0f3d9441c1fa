import { Button, Group, Modal, Stack, TextInput, type TextInputProps } from '@mantine/core';
import type { ReactNode } from 'react';
import { t } from '../catalogue/index.ts';
import { NextButton } from '../ui/next-button.tsx';
import { Problem } from '../ui/problem.tsx';
import { useForm } from '../ui/use-form.ts';

export type Form<Values extends object> = ReturnType<typeof useForm<Values>> & {
  /** A text field with its words. */
  input: (name: keyof Values & string, props: TextInputProps & { 'data-autofocus'?: boolean }) => ReactNode;
};

interface FormProps<Values extends object, Answer> {
  initial: Values;
  /** The word on the button: what it does. */
  action: string;
  submit: (values: Values) => Promise<Answer>;
  onDone: (answer: Answer) => void;
  fieldOf?: (path: string) => keyof Values | null;
  renderFields: (form: Form<Values>) => ReactNode;
}

interface DialogProps<Values extends object, Answer> extends FormProps<Values, Answer> {
  title: string;
  isOpen: boolean;
  close: () => void;
}

/** A short form in a dialog. A refusal is shown in it; what was typed stays until it is done or cancelled. */
export function DialogForm<Values extends object, Answer>({
  title,
  isOpen,
  close,
  ...form
}: DialogProps<Values, Answer>) {
  return (
    <Modal opened={isOpen} onClose={close} title={title} closeButtonProps={{ 'aria-label': t.shell.close }}>
      {isOpen && <FormBody {...form} cancel={close} />}
    </Modal>
  );
}

/** The fields one below the other, what was refused, and the buttons. */
export function FormBody<Values extends object, Answer>({
  initial,
  action,
  submit,
  onDone,
  fieldOf,
  renderFields,
  cancel,
}: FormProps<Values, Answer> & { cancel?: () => void }) {
  const form = useForm<Values, Answer>({
    initial,
    submit,
    onDone: (answer) => {
      onDone(answer);
      cancel?.();
    },
    ...(fieldOf === undefined ? {} : { fieldOf }),
  });
  const input: Form<Values>['input'] = (name, props) => <TextInput {...form.text(name)} {...props} />;
  return (
    <form
      noValidate
      onSubmit={(event) => {
        // A form in a dialog of another form is sent alone.
        event.stopPropagation();
        form.onSubmit(event);
      }}
    >
      <Stack gap="md">
        {renderFields({ ...form, input })}
        {form.problem != null && <Problem error={form.problem} />}
        <Group justify="flex-end" gap="sm">
          {cancel !== undefined && <Button onClick={cancel}>{t.shell.cancel}</Button>}
          <NextButton type="submit" loading={form.isBusy}>
            {action}
          </NextButton>
        </Group>
      </Stack>
    </form>
  );
}
