import { Button, Group, Skeleton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { posterWords } from '../catalogue/poster.ts';
import { Problem } from '../ui/problem.tsx';
import type { PosterContent } from './draw.ts';
import { posterFormats, type PosterFormat } from './layout.ts';
import styles from './posters.module.css';

const formats: readonly PosterFormat[] = ['poster', 'story'];

/** The poster and the story picture of something, to look at and to keep. `name` begins the files' names. */
export function Posters({ content, name }: { content: PosterContent; name: string }) {
  // Not at every key: a poster has nine million dots.
  const [settled] = useDebouncedValue(content, 500);
  return (
    <Group align="flex-start" gap="lg">
      {formats.map((format) => (
        <Poster key={format} content={settled} format={format} name={name} />
      ))}
    </Group>
  );
}

function Poster({ content, format, name }: { content: PosterContent; format: PosterFormat; name: string }) {
  const picture = useQuery({
    queryKey: ['poster', format, content],
    queryFn: async () => (await import('./draw.ts')).drawPoster(content, format),
    staleTime: Infinity,
    gcTime: 60_000,
  });
  const url = useBlobUrl(picture.data);
  const words = posterWords[format];
  const { width, height } = posterFormats[format];
  if (picture.error !== null) return <Problem error={picture.error} again={() => void picture.refetch()} />;
  return (
    <figure className={styles.poster}>
      {url === null ? (
        <Skeleton className={styles.picture ?? ''} style={{ aspectRatio: `${width} / ${height}` }} />
      ) : (
        <img
          className={styles.picture}
          src={url}
          alt={words.alt(content.action, content.title)}
          width={width}
          height={height}
        />
      )}
      <figcaption>
        {url === null ? (
          <Button size="compact-sm" disabled>
            {words.save}
          </Button>
        ) : (
          <Button size="compact-sm" component="a" href={url} download={`${name}-${format}.png`}>
            {words.save}
          </Button>
        )}
        <small>{words.hint}</small>
      </figcaption>
    </figure>
  );
}

/** An address of this page for what was drawn; it is given back when another is drawn. */
function useBlobUrl(blob: Blob | undefined): string | null {
  const url = useMemo(() => (blob === undefined ? null : URL.createObjectURL(blob)), [blob]);
  useEffect(() => {
    if (url === null) return undefined;
    // A moment later: who saves it while another is drawn still gets it.
    return () => void setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }, [url]);
  return url;
}
