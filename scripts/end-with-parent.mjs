/**
 * Loaded by `with-node.mjs` and before the program that it starts or becomes, so that nothing is left
 * holding the port when what started it is gone: it is then asked to end as by a signal.
 */
import { readFileSync } from 'node:fs';

const end = () => process.kill(process.pid, 'SIGTERM');

if (process.env.SEGUE_PARENT === String(process.ppid)) {
  // A child: its parent's end, even by `kill -9`, closes the channel between them.
  process.on('disconnect', end);
  process.channel?.unref();
} else if (process.env.npm_lifecycle_event) {
  endWithNpm();
}
delete process.env.SEGUE_PARENT;

/**
 * npm runs a script in a shell and passes a signal on to that shell, which ends without telling
 * anybody; killed itself, npm leaves the shell waiting. In both cases only the number of a parent
 * changes. Who did not come by npm may outlive its parent.
 */
function endWithNpm() {
  const before = parents();
  const watch = setInterval(() => {
    if (parents() === before) return;
    clearInterval(watch);
    end();
  }, 300);
  watch.unref();
}

/** Our parent's number and, where the system tells, its parent's. */
function parents() {
  try {
    const stat = readFileSync(`/proc/${process.ppid}/stat`, 'utf8');
    // The second field, a name in brackets, may hold anything.
    return `${process.ppid} ${stat.slice(stat.lastIndexOf(')')).split(' ')[2]}`;
  } catch {
    return `${process.ppid}`;
  }
}
