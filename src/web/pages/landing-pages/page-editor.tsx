import { Button } from '@mantine/core';
import { useNavigate, useParams } from 'react-router';
import { deletePage, getPage, listPages, updatePage, type LandingPage } from '#landing-pages/contract.ts';
import { send, useAction, useRead } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { useMay } from '../../may.ts';
import { paths } from '../../paths.ts';
import { Columns } from '../../ui/columns.tsx';
import { useConfirm } from '../../ui/confirm.tsx';
import { Loading } from '../../ui/loading.tsx';
import { NextButton } from '../../ui/next-button.tsx';
import { Page } from '../../ui/page.tsx';
import { Problem } from '../../ui/problem.tsx';
import { toast } from '../../ui/toast.ts';
import { useForm } from '../../ui/use-form.ts';
import { EmbedCodes } from './embed-codes.tsx';
import { draftOf, PageFields } from './page-fields.tsx';
import { PagePreview } from './page-preview.tsx';
import { SharePage } from './share-page.tsx';

/** One page: what stands on it at the left, as fans will see it at the right, then how to share it. */
export function Component() {
  const { pageId = '' } = useParams();
  const { data: page, error, refetch } = useRead(getPage, { params: { id: pageId } });
  if (page === undefined) {
    return (
      <Page title={t.pages.one} of={t.pages.title}>
        {error === null ? <Loading /> : <Problem error={error} again={() => void refetch()} />}
      </Page>
    );
  }
  // Another version is another form: what somebody else changed must not be overwritten unseen.
  return <Editor key={`${page.id} ${page.version}`} page={page} reload={() => void refetch()} />;
}

function Editor({ page, reload }: { page: LandingPage; reload: () => void }) {
  const may = useMay('edit');
  const navigate = useNavigate();
  const confirm = useConfirm();
  const change = useAction(updatePage, { changes: [getPage, listPages] });
  const form = useForm({
    initial: draftOf(page),
    submit: (draft) =>
      change.mutateAsync({ params: { id: page.id }, body: { ...draft, version: page.version } }),
    onDone: () => toast(t.pages.saved),
  });
  const setPublished = (isPublished: boolean) =>
    change.mutate(
      { params: { id: page.id }, body: { ...form.values, version: page.version, isPublished } },
      { onSuccess: () => toast(isPublished ? t.pages.publishedNow : t.pages.takenBack) },
    );
  const remove = async () => {
    const isDone = await confirm({
      title: t.pages.removeTitle(page.heading),
      text: t.pages.removeWhy,
      action: t.pages.remove,
      isDestructive: true,
      run: () => send(deletePage, { params: { id: page.id } }),
    });
    if (!isDone) return;
    toast(t.pages.removed);
    void navigate(paths.pages());
  };
  const actions = may && (
    <>
      <Button onClick={() => void remove()}>{t.pages.remove}</Button>
      {page.isPublished && <Button onClick={() => setPublished(false)}>{t.pages.takeBack}</Button>}
      {page.isPublished ? (
        <NextButton type="submit" form="page" loading={form.isBusy} disabled={!form.isChanged}>
          {t.pages.save}
        </NextButton>
      ) : (
        <>
          <Button type="submit" form="page" loading={form.isBusy} disabled={!form.isChanged}>
            {t.pages.save}
          </Button>
          <NextButton loading={change.isPending && !form.isBusy} onClick={() => setPublished(true)}>
            {t.pages.publish}
          </NextButton>
        </>
      )}
    </>
  );
  return (
    <Page
      title={page.heading}
      of={t.pages.title}
      hint={page.isPublished ? t.pages.published : t.pages.draft}
      actions={actions}
    >
      {form.problem !== null && <Problem error={form.problem} again={reload} />}
      {form.problem === null && change.error !== null && <Problem error={change.error} again={reload} />}
      <Columns side={<PageFields form={form} heading={page.heading} isDisabled={!may} />}>
        <PagePreview draft={form.values} heading={page.heading} />
      </Columns>
      <SharePage page={page} />
      <EmbedCodes page={page} />
    </Page>
  );
}
