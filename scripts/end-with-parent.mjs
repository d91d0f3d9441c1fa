/**
 * Loaded before a program that `with-node.mjs` had to start as a child: when the parent is gone, even
 * by `kill -9`, the child is asked to end as by a signal, so that nothing is left holding the port.
 */
if (process.env.SEGUE_PARENT === String(process.ppid)) {
  process.on('disconnect', () => process.kill(process.pid, 'SIGTERM'));
  process.channel?.unref();
}
delete process.env.SEGUE_PARENT;
