import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import { listMembers } from '#accounts/contract.ts';
import { keyOf } from '../../../call.ts';

/** After a person changed themselves: who is signed in is read anew, and so are the lists that name them. */
export function useSessionAgain(): () => Promise<void> {
  const client = useQueryClient();
  return useCallback(async () => {
    await Promise.all([
      client.invalidateQueries({ queryKey: ['session'] }),
      client.invalidateQueries({ queryKey: keyOf(listMembers) }),
    ]);
  }, [client]);
}
