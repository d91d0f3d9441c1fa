import { useState } from 'react';
import { createSegment, getSegment, listSegments } from '#fans/contract.ts';
import { useAction, useRead, type ResponseOf } from '../call.ts';
import { t } from '../catalogue/index.ts';
import { useMay } from '../may.ts';
import { wordsOf } from '../ui/problem.tsx';
import { DialogForm } from './dialog-form.tsx';
import { Picker, type PickerProps } from './picker.tsx';
import { usePicking } from './picking.ts';

type Segment = ResponseOf<typeof getSegment>;

/** A segment, by name; one that is missing is made at once. `canCreate`: not in a filter. */
export function SegmentPicker({ canCreate = true, ...props }: PickerProps & { canCreate?: boolean }) {
  const picking = usePicking();
  const found = useRead(listSegments, { query: picking.query }, picking.reading);
  const chosen = useRead(
    getSegment,
    { params: { id: props.value ?? '' } },
    { enabled: props.value !== null },
  );
  const [refusal, setRefusal] = useState<unknown>(null);
  const [isNaming, setNaming] = useState(false);
  const add = useAction(createSegment, { changes: [listSegments] });
  const may = useMay('edit');
  const make = async (name: string) => {
    setRefusal(null);
    try {
      props.onChange((await add.mutateAsync({ body: { name } })).id);
    } catch (error) {
      setRefusal(error);
    }
  };
  const create = {
    label: (name: string) => (name === '' ? t.segments.add : t.segments.addNamed(name)),
    run: (name: string) => {
      if (name === '') setNaming(true);
      else void make(name);
    },
  };
  return (
    <>
      <Picker
        {...props}
        error={props.error ?? (refusal === null ? undefined : wordsOf(refusal))}
        picking={picking}
        found={found}
        chosen={chosen}
        nameOf={(segment) => segment.name}
        renderOption={(segment) => (
          <>
            {segment.name} <span style={{ color: 'var(--soft)' }}>{t.segments.size(segment.size)}</span>
          </>
        )}
        create={canCreate && may ? create : undefined}
      />
      <SegmentDialog
        isOpen={isNaming}
        close={() => setNaming(false)}
        onDone={({ id }) => props.onChange(id)}
      />
    </>
  );
}

/** Names a new segment. */
export function SegmentDialog({
  isOpen,
  close,
  onDone,
}: {
  isOpen: boolean;
  close: () => void;
  onDone: (segment: Segment) => void;
}) {
  const add = useAction(createSegment, { changes: [listSegments] });
  return (
    <DialogForm
      title={t.segments.add}
      isOpen={isOpen}
      close={close}
      initial={{ name: '' }}
      action={t.segments.create}
      submit={({ name }) => add.mutateAsync({ body: { name } })}
      onDone={onDone}
      renderFields={(form) =>
        form.input('name', { label: t.segments.name, maxLength: 120, required: true, 'data-autofocus': true })
      }
    />
  );
}
