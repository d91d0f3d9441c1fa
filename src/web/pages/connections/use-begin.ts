import { useQuery } from '@tanstack/react-query';
import type { ConnectorDefinition } from '#connectors/connector.ts';
import { connectionAnswer, sandboxApiPath } from '#sandbox/contract.ts';
import { headers } from '../../call.ts';
import { useHere } from '../../session.ts';
import { beginOf, type Settings } from './settings-fields.tsx';

/**
 * What the form of a new connection begins with: in a test project what the sandbox's provider accepts,
 * so that it works at once; else the connector's defaults. Undefined: not known yet.
 */
export function useBegin({ id, settings }: ConnectorDefinition): Settings | undefined {
  const { project } = useHere();
  const accepted = useQuery({
    queryKey: ['sandbox settings', id],
    queryFn: async ({ signal }) => {
      const response = await fetch(`${sandboxApiPath}/${id}/settings`, { headers: headers(), signal });
      // Without a sandbox, or without settings of its own: the form is only emptier.
      if (!response.ok) return null;
      return connectionAnswer.parse(await response.json()).settings;
    },
    enabled: !project.isLive,
    retry: false,
    staleTime: Infinity,
  });
  if (project.isLive || accepted.isError) return beginOf(settings);
  if (accepted.data === undefined) return undefined;
  return { ...beginOf(settings), ...accepted.data };
}
