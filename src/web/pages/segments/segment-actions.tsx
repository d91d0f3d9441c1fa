import { Button } from '@mantine/core';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { deleteSegment, getSegment, listSegments, renameSegment } from '#fans/contract.ts';
import { CallError, useAction, type ResponseOf } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { DialogForm } from '../../forms/dialog-form.tsx';
import { paths } from '../../paths.ts';
import { useConfirm } from '../../ui/confirm.tsx';
import { toast } from '../../ui/toast.ts';

type Segment = ResponseOf<typeof getSegment>;

/** Its fans on a list of their own, another name, and its end. */
export function SegmentActions({ segment }: { segment: Segment }) {
  const [isRenaming, setRenaming] = useState(false);
  const rename = useAction(renameSegment, { changes: [getSegment, listSegments] });
  return (
    <>
      <Button component={Link} to={paths.fans({ segment: segment.id })}>
        {t.segments.findIn}
      </Button>
      <Button onClick={() => setRenaming(true)}>{t.segments.rename}</Button>
      <RemoveButton segment={segment} />
      <DialogForm
        title={t.segments.renameTitle}
        isOpen={isRenaming}
        close={() => setRenaming(false)}
        initial={{ name: segment.name }}
        action={t.shell.save}
        submit={({ name }) => rename.mutateAsync({ params: { id: segment.id }, body: { name } })}
        onDone={() => toast(t.segments.renamed)}
        renderFields={(form) =>
          form.input('name', {
            label: t.segments.name,
            required: true,
            maxLength: 120,
            'data-autofocus': true,
          })
        }
      />
    </>
  );
}

/** A flow that adds to it stands in the way: the refusal names it, and the way there is offered. */
function RemoveButton({ segment: { id, name } }: { segment: Segment }) {
  const confirm = useConfirm();
  const navigate = useNavigate();
  const remove = useAction(deleteSegment, { changes: [listSegments] });
  const ask = async () => {
    const isDone = await confirm({
      title: t.segments.removeTitle(name),
      text: t.segments.removeWhy,
      action: t.segments.remove,
      isDestructive: true,
      run: () => remove.mutateAsync({ params: { id } }),
      wayOut: (error) => {
        const conflict = error instanceof CallError ? error.problem.conflict : undefined;
        if (conflict === undefined) return null;
        const go = () => void navigate(paths.flow(conflict.flowId));
        return { label: t.segments.usedBy(conflict.flowName), go };
      },
    });
    if (!isDone) return;
    toast(t.segments.removed(name));
    await navigate(paths.segments());
  };
  return (
    <Button color="red" variant="subtle" onClick={() => void ask()}>
      {t.segments.remove}
    </Button>
  );
}
