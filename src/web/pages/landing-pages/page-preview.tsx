import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { previewPage } from '#landing-pages/contract.ts';
import { keyOf, send } from '../../call.ts';
import { t } from '../../catalogue/index.ts';
import { Problem } from '../../ui/problem.tsx';
import type { PageDraft } from './page-fields.tsx';

/** The page itself, drawn by what draws it for fans, a moment after the last key. */
export function PagePreview({ draft, heading }: { draft: PageDraft; heading: string }) {
  const [settled] = useDebouncedValue(draft, 350);
  const preview = useQuery({
    queryKey: [...keyOf(previewPage), settled],
    queryFn: ({ signal }) => send(previewPage, { body: settled }, signal),
    placeholderData: keepPreviousData,
    // Its address is good for an hour.
    staleTime: 30 * 60_000,
  });
  if (preview.error !== null) return <Problem error={preview.error} again={() => void preview.refetch()} />;
  return (
    <iframe
      // Only looked at: it runs nothing and sends nothing.
      sandbox=""
      title={t.pages.previewOf(heading)}
      src={preview.data?.url ?? 'about:blank'}
      style={{
        width: '100%',
        maxWidth: 400,
        height: 720,
        border: '1px solid var(--rule)',
        borderRadius: 12,
        display: 'block',
        margin: '0 auto',
      }}
    />
  );
}
