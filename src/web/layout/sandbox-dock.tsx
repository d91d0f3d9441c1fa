/**
 * The sandbox beside the page, in test projects: a phone, a player, a clock. It is placed in the grid
 * area `dock`: a column on wide screens, below the page on small ones.
 */
export function SandboxDock() {
  return null;
}

/** What opens the dock, at the foot of the list of places. */
export function SandboxPlace() {
  return null;
}
