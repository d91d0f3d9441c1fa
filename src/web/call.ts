import {
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
  type UseQueryOptions,
} from '@tanstack/react-query';
import {
  call,
  CallError,
  type CallInput,
  type Endpoint,
  type ParamsOf,
  type QueryOf,
  type ResponseOf,
} from '#lib/endpoint.ts';
import { currentProject, noteBuild, noteSignedOut } from './connection-state.ts';

/** Calls the API as the signed-in person, in the project of this page. Throws `CallError` with its problem. */
export async function send<E extends Endpoint>(
  door: E,
  input: CallInput<E> = {},
  signal?: AbortSignal,
  project = currentProject(),
): Promise<ResponseOf<E>> {
  try {
    return await call(door, input, { headers: headers(project), fetch: watched, ...(signal && { signal }) });
  } catch (error) {
    if (error instanceof CallError && error.problem.status === 401 && currentProject() !== null) {
      noteSignedOut();
    }
    throw error;
  }
}

/** What names the project to the API; a cookie names the person. */
export function headers(project = currentProject()): Record<string, string> {
  return { 'segue-project': project ?? 'none' };
}

async function watched(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, init);
  noteBuild(response.headers.get('segue-build'));
  return response;
}

/** The key under which an answer is kept; without input it is the beginning of all keys of the endpoint. */
export function keyOf<E extends Endpoint>(door: E, input?: CallInput<E>): readonly unknown[] {
  const base = [door.method, door.path];
  return input === undefined ? base : [...base, input.params ?? {}, input.query ?? {}];
}

type Options<E> = Pick<
  UseQueryOptions<ResponseOf<E>>,
  'enabled' | 'placeholderData' | 'refetchInterval' | 'staleTime'
>;

/** What an endpoint answers, kept and shared by all who ask the same. */
export function useRead<E extends Endpoint>(door: E, input: CallInput<E> = {}, options: Options<E> = {}) {
  return useQuery<ResponseOf<E>>({
    queryKey: keyOf(door, input),
    queryFn: ({ signal }) => send(door, input, signal),
    ...options,
  });
}

type PageOf<E> = ResponseOf<E> & { items: unknown[]; nextCursor: string | null };
export type ItemOf<E> = ResponseOf<E> extends { items: (infer Item)[] } ? Item : never;

/** A list with a cursor, a page at a time; `items` are all that were fetched so far. */
export function useReadPages<E extends Endpoint>(
  door: E,
  input: CallInput<E> = {},
  options: { enabled?: boolean; refetchInterval?: number } = {},
) {
  const pages = useInfiniteQuery({
    queryKey: [...keyOf(door, input), 'pages'],
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) => {
      // As: endpoints with `pageQuery` take a cursor and answer with a page.
      const filter = input.query as object | undefined;
      const query = {
        ...filter,
        ...(pageParam === null ? {} : { cursor: pageParam }),
      } as CallInput<E>['query'];
      return (await send(door, { ...input, query }, signal)) as PageOf<E>;
    },
    getNextPageParam: (last) => last.nextCursor,
    ...options,
  });
  const items = pages.data?.pages.flatMap((page) => page.items) as ItemOf<E>[] | undefined; // As: see PageOf.
  return { ...pages, items };
}

/**
 * Something that changes facts. `changes` names the endpoints whose answers are then read anew.
 * A refusal is thrown by `mutateAsync`, or stands in `error`.
 */
export function useAction<E extends Endpoint>(
  door: E,
  { changes = [] }: { changes?: readonly Endpoint[] } = {},
) {
  const client = useQueryClient();
  return useMutation<ResponseOf<E>, Error, CallInput<E>>({
    mutationFn: (input) => send(door, input),
    onSuccess: async () => {
      await Promise.all(changes.map((one) => client.invalidateQueries({ queryKey: keyOf(one) })));
    },
  });
}

export type { CallInput, ParamsOf, QueryOf, ResponseOf };
export { CallError };
