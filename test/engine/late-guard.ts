import { Agent, DecoratorHandler, type Dispatcher } from 'undici';

/**
 * A call that was started in time may still lie in this process when the process is paused: it would
 * leave when the process wakes, long after somebody else took over. So the age of a call is looked
 * at once more where its first byte is written.
 */
export function guardedAgent(lateAfterMs: number): Dispatcher {
  return new Agent().compose((dispatch) => (options, handler) => {
    const startedMs = performance.now();
    const guarded: Dispatcher.DispatchHandler = new DecoratorHandler(handler);
    const start = guarded.onRequestStart?.bind(guarded);
    guarded.onRequestStart = (controller, context) => {
      if (performance.now() - startedMs > lateAfterMs)
        controller.abort(new Error('woke too late to send this'));
      start?.(controller, context);
    };
    return dispatch(options, guarded);
  });
}
