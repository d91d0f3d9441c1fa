/** How many texts in the inbox wait for a person. */
export function useInboxCount(): number {
  return 0;
}
