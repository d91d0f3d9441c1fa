import { Button } from '@mantine/core';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import {
  deleteSegment,
  getSegment,
  listSegmentFans,
  listSegments,
  removeFromSegment,
  renameSegment,
} from '#fans/contract.ts';
import { useAction, useRead, useReadPages, type ResponseOf } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { DialogForm } from '../../forms/dialog-form.tsx';
import { useMay } from '../../may.ts';
import { paths } from '../../paths.ts';
import { useConfirm } from '../../ui/confirm.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { List, type Column } from '../../ui/list.tsx';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';
import { toast, toastProblem } from '../../ui/toast.ts';
import { fanColumns } from '../fans/fan-columns.tsx';
import { fanName, type Fan } from '../fans/fan-words.ts';

type Segment = ResponseOf<typeof getSegment>;

export function Component() {
  const { segmentId = '' } = useParams();
  const { data: segment, error, refetch } = useRead(getSegment, { params: { id: segmentId } });
  if (segment === undefined && error !== null) {
    return (
      <Page title={t.segments.title}>
        <Problem error={error} again={() => void refetch()} />
      </Page>
    );
  }
  return (
    <Page
      title={segment?.name ?? t.segments.title}
      of={t.segments.title}
      hint={segment === undefined ? ' ' : t.segments.size(segment.size)}
      actions={useMay('edit') && segment !== undefined && <Actions segment={segment} />}
    >
      <Members segmentId={segmentId} />
    </Page>
  );
}

function Actions({ segment }: { segment: Segment }) {
  const [isRenaming, setRenaming] = useState(false);
  const rename = useAction(renameSegment, { changes: [getSegment, listSegments] });
  return (
    <>
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

/** A flow that uses it stands in the way: the refusal names it. */
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

function Members({ segmentId }: { segmentId: string }) {
  const pages = useReadPages(listSegmentFans, { params: { id: segmentId } });
  const may = useMay('edit');
  const take: Column<Fan> = {
    label: '',
    name: t.segments.take,
    align: 'right',
    render: (fan) => <TakeOut fan={fan} segmentId={segmentId} />,
  };
  return (
    <List
      label={t.segments.members}
      pages={pages}
      columns={may ? [...fanColumns, take] : fanColumns}
      keyOf={({ id }) => id}
      to={({ id }) => paths.fan(id)}
      empty={<EmptyState title={t.segments.nobody} text={t.segments.nobodyWhy} />}
    />
  );
}

function TakeOut({ fan, segmentId }: { fan: Fan; segmentId: string }) {
  const remove = useAction(removeFromSegment, { changes: [listSegmentFans, getSegment, listSegments] });
  const name = fanName(fan);
  const run = async () => {
    try {
      await remove.mutateAsync({ params: { id: segmentId, fanId: fan.id } });
      toast(t.segments.taken(name));
    } catch (error) {
      toastProblem(error);
    }
  };
  return (
    <Button
      size="compact-sm"
      variant="subtle"
      loading={remove.isPending}
      aria-label={`${t.segments.take}: ${name}`}
      onClick={() => void run()}
    >
      {t.segments.take}
    </Button>
  );
}
