import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { z } from 'zod';
import { CallError, readProblem } from '#lib/endpoint.ts';
import { sandboxApiPath } from '#sandbox/contract.ts';
import { headers } from '../call.ts';
import { t } from '../catalogue/index.ts';

const badGateway = 502;

/** Asks the sandbox of this project, or with a body tells it something. Throws `CallError` as `send` does. */
export async function askSandbox<S extends z.ZodType>(
  answer: S,
  path: string,
  { body, signal }: { body?: object | undefined; signal?: AbortSignal } = {},
): Promise<z.output<S>> {
  const response = await fetch(sandboxApiPath + path, {
    headers: { ...headers(), ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
  if (response.ok) return answer.parse(await response.json());
  const problem = await readProblem(response);
  // The carrier took the text, and Segue did not: no refusal of the sandbox.
  if (response.status === badGateway) throw new CallError({ ...problem, detail: t.sandbox.notTaken });
  throw new CallError(problem);
}

/** What the sandbox answers, kept under its path. */
export function useSandbox<S extends z.ZodType>(
  answer: S,
  path: string,
  options: { enabled?: boolean; refetchInterval?: number | false; staleTime?: number } = {},
) {
  return useQuery<z.output<S>>({
    queryKey: ['sandbox', path],
    queryFn: ({ signal }) => askSandbox(answer, path, { signal }),
    ...options,
  });
}

/** Something told to the sandbox; afterwards everything on the page may have changed. */
export function useTellSandbox<S extends z.ZodType>(answer: S, path: string) {
  const client = useQueryClient();
  return useMutation<z.output<S>, Error, object>({
    mutationFn: (body) => askSandbox(answer, path, { body }),
    onSettled: () => client.invalidateQueries(),
  });
}
