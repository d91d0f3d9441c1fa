import { Suspense, lazy, type ComponentType } from 'react';

/** A part whose script comes when it is first shown: what the first screen does not need it does not wait for. */
export function later<Props extends object>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  const Part = lazy(async () => ({ default: await load() }));
  return function Later(props: Props) {
    return (
      <Suspense>
        <Part {...props} />
      </Suspense>
    );
  };
}
