/** Milliseconds that only grow, whatever is done to the machine's clock. */
export function uptime(): number {
  return performance.now();
}
